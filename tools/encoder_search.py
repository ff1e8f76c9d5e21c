"""What the encoder learns of search: each question near the passage of the page that answers it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.content import read_yaml, require
from bot.encoder import MAX_TOKENS
from bot.errors import ContentError
from bot.shorthand import write_out
from bot.source import Page
from tools.encoder_data import Asked, mistype

if TYPE_CHECKING:
    import torch

    from tools.encoder_network import Network


def read_questions(path: Path, page: Page) -> list[Asked]:
    """The questions of `data/source/questions.yml`.

    Raises:
        ContentError: a passage does not stand on the page, or a field is missing.
    """
    context = {passage.text: passage.context for passage in page.passages}
    found = []
    for block in require(read_yaml(path), "questions", list, path.name):
        passages = require(block, "passages", list, path.name)
        lost = [text for text in passages if text not in context]
        if lost or not passages:
            raise ContentError(f"{path.name}: no such passage on the page: {lost}.")
        contexts = tuple(context[text] for text in passages)
        found += [Asked(ask, contexts) for ask in require(block, "ask", list, path.name)]
    return found


class SearchLessons:
    """Batches of questions, each with one passage of its own; the others' passages are wrong.

    Source:
        van den Oord et al. 2018, InfoNCE with in-batch negatives.
    """

    def __init__(
        self,
        asked: Sequence[Asked],
        tokenizer: Any,
        *,
        batch: int,
        sharpness: float,
        misspelt: float,
        seed: int,
    ) -> None:
        """Take the questions.

        Args:
            asked: questions with their passages.
            tokenizer: of the pretrained weights.
            batch: questions a batch, at most.
            sharpness: what cosines are multiplied by before the softmax.
            misspelt: share of the questions that are shown misspelt.
            seed: of order and misspelling.
        """
        self._asked, self._tokenizer = list(asked), tokenizer
        self._batch, self._sharpness, self._misspelt = batch, sharpness, misspelt
        self._rng = random.Random(seed)

    def groups(self) -> Iterator[list[tuple[Asked, str]]]:
        """All questions once, in batches in which no passage stands twice."""
        waiting = self._asked[:]
        self._rng.shuffle(waiting)
        while waiting:
            group: list[tuple[Asked, str]] = []
            rest: list[Asked] = []
            taken: set[str] = set()
            for asked in waiting:
                free = [context for context in asked.contexts if context not in taken]
                if free and len(group) < self._batch:
                    group.append((asked, self._rng.choice(free)))
                    taken.add(group[-1][1])
                else:
                    rest.append(asked)
            yield group
            waiting = rest

    def endless(self) -> Iterator[list[tuple[Asked, str]]]:
        """Round after round."""
        while True:
            yield from self.groups()

    def loss(self, net: Network, group: Sequence[tuple[Asked, str]]) -> torch.Tensor:
        """How far the questions are from their own passages, against the others of the batch."""
        import torch
        from torch import nn

        texts = [self._said(asked.question) for asked, _ in group]
        contexts = [context for _, context in group]
        questions, passages = (
            nn.functional.normalize(net.pooled(x["input_ids"], x["attention_mask"]))
            for x in map(self._ids, (texts, contexts))
        )
        scores = self._sharpness * questions @ passages.T
        # Another passage of the batch may answer the question too: it is no wrong one.
        right = torch.tensor([[c in asked.contexts for c in contexts] for asked, _ in group])
        scores = scores.masked_fill(right & ~torch.eye(len(group), dtype=torch.bool), -1e4)
        return nn.functional.cross_entropy(scores, torch.arange(len(group)))

    def _said(self, question: str) -> str:
        misspelt = self._rng.random() < self._misspelt
        return mistype(question, self._rng) if misspelt else question

    def _ids(self, texts: Sequence[str]) -> Any:
        return self._tokenizer(
            [write_out(text) for text in texts],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
