"""Hybrid search over the page's passages: BM25 and the sentence encoder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import bm25s
import numpy as np

from bot.encoder import Vectors
from bot.source import Page, Passage
from bot.text import fold

WORD = re.compile(r"[a-z0-9]+")
STOPWORDS = frozenset(
    "a an and are as at be but by can could do does for from had has have he her him his how i"
    " if in is it its my of on or our she so than that the their them there they this to was we"
    " what when which who why will with would you your el la los las de del que y en un una por"
    " para con se es mi su al lo le como".split()
)


class TextEncoder(Protocol):
    """Anything that turns n texts into an (n, dimension) array of unit vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 a text."""
        ...


@dataclass(frozen=True)
class Hit:
    """A passage with its scores: BM25 (scaled to the best, 0 to 1), cosine, and their mix."""

    passage: Passage
    score: float
    lexical: float
    dense: float


def words(text: str) -> list[str]:
    """Folded words without stop words, plural s taken off, as BM25 counts them."""
    found = (w for w in WORD.findall(fold(text)) if w not in STOPWORDS)
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found]


class Retriever:
    """Finds the passages of the page that fit a question."""

    def __init__(
        self,
        page: Page,
        encoder: TextEncoder,
        synonyms: Mapping[str, str] | None = None,
        dense_weight: float = 0.95,
    ) -> None:
        """Index the page.

        Args:
            page: the source page.
            encoder: gives the vectors.
            synonyms: lay word or phrase (folded) to the page's own term, added to a question.
            dense_weight: share of the cosine in the mixed score, 0 to 1.
        """
        if not 0 <= dense_weight <= 1:
            raise ValueError("dense_weight must lie between 0 and 1")
        # A lead-in alone answers nothing: its items do. Where the page lists none, it is all there
        # is.
        self.passages = tuple(
            p for p in page.passages if not p.text.endswith(":") or p.text in page.empty_lists
        )
        self._encoder = encoder
        self._weight = dense_weight
        self._vectors: Vectors = encoder.encode([p.context for p in self.passages])
        self._bm25 = bm25s.BM25()
        self._bm25.index([words(p.context) for p in self.passages], show_progress=False)
        self._synonyms = [
            (re.compile(rf"\b{re.escape(plain)}\b"), term)
            for plain, term in sorted((synonyms or {}).items(), key=lambda pair: -len(pair[0]))
        ]

    def expand(self, question: str) -> str:
        """The question with the page's term added for each lay word in it."""
        folded = fold(question)
        terms = dict.fromkeys(term for pattern, term in self._synonyms if pattern.search(folded))
        return " ".join([question, *(t for t in terms if t not in folded)])

    def search(self, question: str, limit: int = 5, vector: Vectors | None = None) -> list[Hit]:
        """The best passages, best first.

        Args:
            question: as the family wrote it.
            limit: how many at most.
            vector: the question's vector, shape (dimension,), where it is known already.
        """
        lexical = self._lexical(question)
        if vector is None:
            vector = self._encoder.encode([question])[0]
        dense = self._vectors @ vector
        score = self._weight * dense + (1 - self._weight) * lexical
        order = np.argsort(-score, kind="stable")[:limit]
        return [
            Hit(self.passages[i], float(score[i]), float(lexical[i]), float(dense[i]))
            for i in order
        ]

    @staticmethod
    def rank(spans: Sequence[tuple[int, int]], hits: Sequence[Hit]) -> list[int]:
        """Order of spans of the page by the best passage in them; ties keep their order."""
        best = [
            max(
                (h.score for h in hits if h.passage.start < end and start < h.passage.end),
                default=-1.0,
            )
            for start, end in spans
        ]
        return sorted(range(len(spans)), key=lambda i: -best[i])

    def _lexical(self, question: str) -> Vectors:
        tokens = [t for t in words(self.expand(question)) if t in self._bm25.vocab_dict]
        if not tokens:
            return np.zeros(len(self.passages), dtype=np.float32)
        scores = self._bm25.get_scores(tokens).astype(np.float32)
        top = float(scores.max())
        scaled: Vectors = scores / top if top > 0 else scores
        return scaled
