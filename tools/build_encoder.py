"""Fine-tune the sentence encoder on the project's messages and export it to ONNX.

One network, three heads: topic (which also shapes the space that Rasa's classifier
works in), danger level, and kind of danger. Run by `make build`; does nothing where
an encoder for the same data and settings is there already.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from bot.encoder import MAX_TOKENS
from bot.errors import BotError
from bot.reply import LEVELS
from bot.settings import load_settings
from bot.shorthand import write_out
from bot.source import load_page
from bot.training_data import Example, intent_examples, level_examples
from tools.encoder_data import (
    Asked,
    Recipe,
    bury,
    kept_aside,
    misspell,
    version_of,
)
from tools.encoder_search import SearchLessons, read_questions
from tools.encoder_vocabulary import read_glosses, widen

if TYPE_CHECKING:
    import torch

    from tools.encoder_network import Network


class Lessons:
    """The messages in batches, as numbers; each round in another order and misspelt elsewhere."""

    def __init__(self, examples: Sequence[Example], recipe: Recipe, tokenizer: Any) -> None:
        """Write the messages out as numbers.

        Args:
            examples: to learn from.
            recipe: gives batch size, seed, and shares of buried and misspelt messages.
            tokenizer: with the widened vocabulary (tools.encoder_vocabulary).
        """
        self._recipe, self._tokenizer = recipe, tokenizer
        self._rng = random.Random(recipe.seed)
        self.examples = [*examples, *bury(examples, recipe.buried, self._rng)]
        self._plain = [self._ids(e.text) for e in self.examples]
        self.heads: dict[str, Sequence[str]] = {
            "level": LEVELS,
            # Messages with topics alone still need a head of one kind; nothing trains it.
            "kind": sorted({f"{e.level}.{e.kind}" for e in examples if e.kind}) or ["none"],
            "topic": sorted({e.intent for e in examples if e.intent}),
        }
        many = len({e.level for e in examples}) > 1
        self._labels = {
            "level": [e.level if many else "" for e in self.examples],
            "kind": [f"{e.level}.{e.kind}" if e.kind else "" for e in self.examples],
            "topic": [e.intent or "" for e in self.examples],
        }

        asks = [bool(example.intent) for example in self.examples]
        self._groups = [[i for i, ask in enumerate(asks) if ask is kind] for kind in (True, False)]

    def steps(self, share: float) -> int:
        """Batches of a round that shows this share of the messages."""
        shown = sum(round(share * len(group)) for group in self._groups)
        return -(-shown // self._recipe.batch)

    def _hardest(self, share: float, hardness: Sequence[float]) -> list[int]:
        """The share of the questions, and that of the danger messages, with the greatest loss."""
        return [
            i
            for group in self._groups
            for i in sorted(group, key=lambda i: -hardness[i])[: round(share * len(group))]
        ]

    def _ids(self, text: str) -> list[int]:
        # Written out as the encoder will read them (bot.encoder).
        found = self._tokenizer(write_out(text), truncation=True, max_length=MAX_TOKENS)
        ids: list[int] = found["input_ids"]
        return ids

    def targets(self) -> dict[str, torch.Tensor]:
        """Class numbers by head, -1 where a message has no label."""
        import torch

        return {
            name: torch.tensor([list(classes).index(x) if x else -1 for x in self._labels[name]])
            for name, classes in self.heads.items()
        }

    def weights(self, head: str) -> torch.Tensor:
        """Milder than inverse frequency: rare classes count more, not absurdly so."""
        import torch

        counts = Counter(self._labels[head])
        array = np.asarray([max(1, counts[name]) for name in self.heads[head]], dtype=float)
        return torch.tensor((array.sum() / array / len(array)) ** 0.5, dtype=torch.float32)

    def batches(
        self, share: float, hardness: Sequence[float] | None
    ) -> Iterator[tuple[list[int], Any]]:
        """Numbers of the messages in a batch, with their padded ids and mask.

        Messages of like length share a batch, so that little padding is computed.

        Args:
            share: of the messages, the hardest.
            hardness: of each message; None in the first round, which shows all.
        """
        rng, ids = self._rng, list(self._plain)
        shown = range(len(ids)) if hardness is None else self._hardest(share, hardness)
        for i in shown:
            if rng.random() < self._recipe.misspelt:
                ids[i] = self._ids(misspell(self.examples[i], rng))
        order = sorted(shown, key=lambda i: len(ids[i]) + rng.random() * 6)
        size = self._recipe.batch
        groups = [order[i : i + size] for i in range(0, len(order), size)]
        rng.shuffle(groups)
        for group in groups:
            padded = self._tokenizer.pad(
                {"input_ids": [ids[i] for i in group]}, return_tensors="pt"
            )
            yield group, padded


def fit(net: Network, lessons: Lessons, search: SearchLessons | None, recipe: Recipe) -> None:
    """Train the network, and print the loss of each round and the time that is left."""
    import torch
    from torch import nn

    heads = list(net.heads.parameters())
    body = net.body_parameters()
    groups = [
        {"params": body, "lr": recipe.learning_rate},
        {"params": heads, "lr": recipe.head_learning_rate},
    ]
    optimizers: tuple[torch.optim.Optimizer, ...] = (
        torch.optim.AdamW(groups, weight_decay=0.01, fused=True),
        torch.optim.SparseAdam([net.pieces.weight], lr=recipe.pieces_learning_rate),
    )
    # Without rounds the weights stay as they are.
    steps = max(1, sum(lessons.steps(share) for share in recipe.rounds))
    warm = recipe.warm_up * steps

    def pace(step: int) -> float:
        """Share of the learning rate: a linear rise, then a linear fall."""
        return min(1.0, step / warm) * max(0.0, 1 - step / steps)

    schedules = [torch.optim.lr_scheduler.LambdaLR(o, pace) for o in optimizers]
    smooth = {"level": recipe.level_smoothing, "kind": recipe.level_smoothing}
    losses = {
        name: nn.CrossEntropyLoss(
            None if name == "kind" else lessons.weights(name),
            ignore_index=-1,
            label_smoothing=smooth.get(name, recipe.topic_smoothing),
        )
        for name in net.heads
    }
    share = {"level": 1.0, "topic": 1.0, "kind": recipe.kind_weight}
    targets = lessons.targets()
    questions = search.endless() if search else None
    started, done = time.monotonic(), 0
    hardness = torch.zeros(len(lessons.examples))
    for number, shown in enumerate(recipe.rounds, 1):
        net.train()
        total = 0.0
        for batch, x in lessons.batches(shown, hardness.tolist() if number > 1 else None):
            pooled = net.drop(net.pooled(x["input_ids"], x["attention_mask"]))
            loss = torch.zeros(())
            hardness[batch] = 0.0
            for name, head in net.heads.items():
                target = targets[name][batch]
                known = (target >= 0).float().mean()
                if known > 0:
                    logits = head(pooled)
                    loss = loss + share[name] * known * losses[name](logits, target)
                    hardness[batch] += share[name] * nn.functional.cross_entropy(
                        logits.detach(), target, ignore_index=-1, reduction="none"
                    )
            if search and questions and done % recipe.search_every == 0:
                loss = loss + recipe.search_weight * search.loss(net, next(questions))
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            for optimizer, schedule in zip(optimizers, schedules, strict=True):
                optimizer.step()
                optimizer.zero_grad()
                schedule.step()
            total += loss.item()
            done += 1
            if done % 50 == 0:
                left = (time.monotonic() - started) / done * (steps - done)
                at = f"round {number}/{len(recipe.rounds)}, {left / 60:.1f} min left"
                print(f"\r  {at} ", end="", flush=True)
        average = total / lessons.steps(shown)
        print(f"\r  round {number}/{len(recipe.rounds)}: loss {average:.3f}      ", flush=True)
    net.eval()


def temperature(net: Network, tokenizer: Any, aside: Sequence[Example]) -> float:
    """The temperature under which the level's probabilities fit the messages kept aside best."""
    import torch

    texts = [write_out(e.text) for e in aside]
    x = tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    with torch.no_grad():
        logits = net.heads["level"](net.pooled(x["input_ids"], x["attention_mask"]))
    truth = torch.tensor([LEVELS.index(e.level) for e in aside])
    options = [0.5 + 0.05 * i for i in range(51)]
    losses = [torch.nn.functional.cross_entropy(logits / t, truth).item() for t in options]
    accuracy = (logits.argmax(1) == truth).float().mean().item()
    print(f"  level right on {accuracy:.1%} of {len(aside)} messages kept aside", flush=True)
    return round(options[int(np.argmin(losses))], 2)


def train(
    examples: Sequence[Example],
    asked: Sequence[Asked],
    glosses: Mapping[str, str],
    recipe: Recipe,
    out: Path,
) -> None:
    """Train, export and describe one encoder into an empty folder."""
    import torch

    from tools.encoder_network import Network, export

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(2)
    vocabulary = widen(glosses)
    tokenizer = vocabulary.tokenizer
    lessons = Lessons([e for e in examples if not kept_aside(e)], recipe, tokenizer)
    print(f"  {len(lessons.examples)} messages, {len(recipe.rounds)} rounds", flush=True)
    search = SearchLessons(asked, tokenizer, recipe) if asked else None
    net = Network(lessons.heads, vocabulary, recipe.dropout)
    fit(net, lessons, search, recipe)
    aside = [e for e in examples if kept_aside(e)]
    meta = {
        "version": out.name,
        "dimension": net.size,
        "levels": list(LEVELS),
        "kinds": list(lessons.heads["kind"]),
        "topics": list(lessons.heads["topic"]),
        "temperature": temperature(net, tokenizer, aside),
        "recipe": asdict(recipe),
        "base": "all-MiniLM-L6-v2",
    }
    export(net, tokenizer, out / "model.onnx")
    vocabulary.save(out / "tokenizer.json")
    meta["sha256"] = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    (out / "meta.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")


def main() -> int:
    """Build what is missing; 0 on success."""
    settings = load_settings()
    root = settings.var_dir / "encoder"
    try:
        examples = [*intent_examples(settings.data_dir), *level_examples(settings.data_dir)]
        page = load_page(settings.data_dir / "source")
        asked = read_questions(settings.data_dir / "source" / "questions.yml", page)
        recipe = Recipe()
        glosses = read_glosses(settings.data_dir / "glosses_es.tsv")
        version = version_of(examples, asked, glosses, recipe)
        folder, current = root / version, root / "current"
        if not (folder / "meta.json").exists():
            print(f"Building the encoder {version} (about 10 minutes on 2 cores)", flush=True)
            # A build that was broken off leaves no folder that looks whole.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            train(examples, asked, glosses, recipe, folder)
        if not current.is_symlink() or current.resolve() != folder.resolve():
            current.unlink(missing_ok=True)
            current.symlink_to(version)
    except BotError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"Encoder {version} is ready.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
