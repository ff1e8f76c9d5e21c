"""Encoders made for measuring: the raw one, and one fine-tuned on other data. Kept by hash."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.encoder import Encoder, Vectors
from bot.training_data import Example
from tools.build_encoder import Recipe, train, version_of
from tools.steps import ROOT, say

PEERS = ROOT / "var" / "peers"
THREADS = 2


def fine_tuned(name: str, examples: Sequence[Example], recipe: Recipe) -> Path:
    """Folder of an encoder trained by our own training code, or found trained."""
    folder = PEERS / f"{name}-{version_of(examples, recipe)}"
    if not (folder / "meta.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        say(f"train the encoder {name} (about 10 minutes on 2 cores)")
        train(examples, recipe, folder)
    return folder


def raw() -> Path:
    """Folder of the pretrained encoder as its authors publish it, in our format."""
    folder = PEERS / "base-encoder"
    if not (folder / "meta.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # Its heads stay untrained and are not used; some messages are needed to shape them.
        anything = [Example(f"question {i}", "any", "routine", "") for i in range(200)]
        train(anything, replace(Recipe(), epochs=0), folder)
    return folder


def vectors(folder: Path, texts: Sequence[str]) -> Vectors:
    """Vectors of length 1, shape (texts, dimension), kept beside the encoder."""
    encoder = Encoder(folder, threads=THREADS)
    digest = hashlib.sha256("\n".join([encoder.version, *texts]).encode()).hexdigest()[:16]
    kept = PEERS / "vectors" / f"{digest}.npy"
    if kept.exists():
        found: Vectors = np.load(kept)
        return found
    kept.parent.mkdir(parents=True, exist_ok=True)
    say(f"encode {len(texts)} texts by {encoder.version}")
    found = encoder.encode(texts)
    np.save(kept, found)
    return found
