"""What the encoder learns of search: each question near the passage of the page that answers it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.content import read_yaml, require
from bot.encoder import MAX_TOKENS
from bot.errors import ContentError
from bot.shorthand import write_out
from bot.source import Page
from tools.encoder_data import Asked, Recipe, mistype

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
    """Batches of questions, each to be nearer to a passage that answers it than to all others.

    Some of a batch's own passages (`Recipe.search_learning`) are read with it and learn, too; the
    others' vectors are read anew now and then. Without passages that learn, a right one was among
    the first three found for ten in a hundred questions fewer, in Spanish.

    Source:
        van den Oord et al. 2018, InfoNCE; He et al. 2020, keys from a memory without gradient.
    """

    def __init__(self, asked: Sequence[Asked], tokenizer: Any, recipe: Recipe) -> None:
        """Take the questions.

        Args:
            asked: questions with their passages.
            tokenizer: with the widened vocabulary (tools.encoder_vocabulary).
            recipe: gives batch size, sharpness, share of misspelt questions, and seed.
        """
        self._asked, self._tokenizer, self._recipe = list(asked), tokenizer, recipe
        self._rng = random.Random(recipe.seed)
        contexts = sorted({context for one in asked for context in one.contexts})
        self._numbers = {context: number for number, context in enumerate(contexts)}
        self._passages = self._ids(contexts)
        self._known: torch.Tensor | None = None
        self._given = 0

    def endless(self) -> Iterator[list[Asked]]:
        """Round after round of all questions in batches, each round in another order."""
        while True:
            self._rng.shuffle(self._asked)
            for start in range(0, len(self._asked), self._recipe.search_batch):
                yield self._asked[start : start + self._recipe.search_batch]

    def loss(self, net: Network, group: Sequence[Asked]) -> torch.Tensor:
        """How far the questions are from their own passages, against all others of the page."""
        import torch

        if self._known is None or self._given % self._recipe.search_refresh == 0:
            net.eval()
            with torch.no_grad():
                self._known = self._vectors(net, self._passages)
            net.train()
        self._given += 1
        questions = self._vectors(net, self._ids([self._said(one.question) for one in group]))
        chosen = sorted({self._rng.choice(one.contexts) for one in group})
        chosen = self._rng.sample(chosen, min(len(chosen), self._recipe.search_learning))
        learning = self._vectors(net, self._ids(chosen))
        places = torch.tensor([self._numbers[context] for context in chosen])
        passages = self._known.index_copy(0, places, learning)
        scores = self._recipe.search_sharpness * questions @ passages.T
        right = torch.zeros_like(scores, dtype=torch.bool)
        for row, one in enumerate(group):
            right[row, [self._numbers[context] for context in one.contexts]] = True
        # Any of its passages will do.
        own = scores.masked_fill(~right, -math.inf).logsumexp(1)
        loss: torch.Tensor = (scores.logsumexp(1) - own).mean()
        return loss

    @staticmethod
    def _vectors(net: Network, x: Any) -> torch.Tensor:
        from torch import nn

        return nn.functional.normalize(net.pooled(x["input_ids"], x["attention_mask"]))

    def _said(self, question: str) -> str:
        misspelt = self._rng.random() < self._recipe.misspelt
        return mistype(question, self._rng) if misspelt else question

    def _ids(self, texts: Sequence[str]) -> Any:
        return self._tokenizer(
            [write_out(text) for text in texts],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
