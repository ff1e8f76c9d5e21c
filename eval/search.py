"""Does search find the passage that answers? On questions labelled with their passages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.encoder import Encoder
from bot.errors import ContentError
from bot.retrieval import Retriever
from bot.source import Page, Passage
from eval.metrics import Estimate, estimate

QUESTIONS = Path(__file__).parent / "retrieval.jsonl"


@dataclass(frozen=True)
class Question:
    """A question and the texts of the passages that answer it."""

    id: str
    lang: str
    text: str
    passages: tuple[str, ...]


def load_questions(path: Path = QUESTIONS) -> list[Question]:
    """The labelled questions.

    Raises:
        ContentError: a line is not JSON or lacks a field.
    """
    try:
        raws = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [
            Question(raw["id"], raw["lang"], raw["question"], tuple(raw["passages"]))
            for raw in raws
        ]
    except (ValueError, KeyError) as error:
        raise ContentError(f"{path}: {error}") from error


def answers(question: Question, passage: Passage) -> bool:
    """Whether a passage is one of those labelled.

    A label may be the heading or the lead-in that a passage is read with, and may leave out an
    item's own name ("Hormonal treatment: ...").
    """
    named = (*passage.path, passage.lead_in, passage.text)
    return any(text in named or passage.text.endswith(f": {text}") for text in question.passages)


def rank(question: Question, retriever: Retriever) -> int | None:
    """Place of the first passage that answers, from 1; None where none is found."""
    hits = retriever.search(question.text, len(retriever.passages))
    return next((i for i, hit in enumerate(hits, 1) if answers(question, hit.passage)), None)


def searches(
    ours: Retriever, page: Page, synonyms: Mapping[str, str], encoder: Encoder, raw: Encoder
) -> dict[str, Retriever]:
    """Our search and its peers over the same passages, with the same lay words.

    Args:
        ours: as the service uses it.
        page: the source page.
        synonyms: lay word to the page's term.
        encoder: the fine-tuned one.
        raw: the pretrained one.
    """
    return {
        "hybrid (this bot)": ours,
        "BM25 alone": Retriever(page, encoder, synonyms, dense_weight=0.0),
        "dense alone, fine-tuned encoder": Retriever(page, encoder, dense_weight=1.0),
        "dense alone, raw encoder": Retriever(page, raw, dense_weight=1.0),
    }


def measure(
    questions: Sequence[Question], retrievers: Mapping[str, Retriever]
) -> dict[str, dict[str, dict[str, Estimate]]]:
    """hit@1, hit@3 and MRR, by search and language."""
    found: dict[str, dict[str, dict[str, Estimate]]] = {}
    for name, retriever in retrievers.items():
        ranks = [(q.lang, rank(q, retriever)) for q in questions]
        found[name] = {}
        for lang in ("en", "es"):
            places = [place for language, place in ranks if language == lang]
            found[name][lang] = {
                "hit@1": estimate([place == 1 for place in places]),
                "hit@3": estimate([place is not None and place <= 3 for place in places]),
                "MRR": estimate([1 / place if place else 0.0 for place in places]),
            }
    return found
