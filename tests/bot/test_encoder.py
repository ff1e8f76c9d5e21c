from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import Encoder, pack, unpack
from bot.errors import BuildError
from bot.reply import LEVELS
from bot.settings import ROOT

BUILT = ROOT / "var" / "encoder" / "current"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(BUILT)


def test_vectors_have_length_one_and_like_texts_are_near(encoder: Encoder) -> None:
    texts = ["what is an eeg", "wut is a eeg test", "how do i book an appointment"]
    vectors = encoder.encode(texts)
    assert vectors.shape == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_levels_are_probabilities_that_tell_danger(encoder: Encoder) -> None:
    read = encoder.read(["he stopped breathing and is blue", "what does the clinic offer"])
    assert set(encoder.level_names) == set(LEVELS)
    assert np.allclose(read.levels.sum(axis=1), 1, atol=1e-4)
    assert encoder.level_names[int(read.levels[0].argmax())] == "emergency"
    assert encoder.level_names[int(read.levels[1].argmax())] == "routine"


def test_danger_weighs_less_in_what_has_nothing_to_do_with_us(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "text mark and tell him to leave now"
    weighed = encoder.read([text])
    monkeypatch.setattr(encoder, "topic_names", ("none",) * len(encoder.topic_names))
    plain = encoder.read([text])
    outside = weighed.topics[0][list(Encoder(BUILT).topic_names).index("off_topic")]
    crisis = encoder.level_names.index("crisis")
    assert weighed.levels[0][crisis] == pytest.approx(plain.levels[0][crisis] * (1 - outside))
    assert weighed.levels[0].sum() == pytest.approx(1)


def test_a_text_is_read_alike_alone_and_among_others(encoder: Encoder) -> None:
    # More than a batch of one length, with others between them.
    texts = [w for n in range(40) for w in (f"does it hurt {n}", "a long story " * (n % 7))]
    together = encoder.read(texts)
    for place in (0, 1, 39, 79):
        alone = encoder.read([texts[place]])
        for name in ("vectors", "levels", "kinds", "topics"):
            here = getattr(together, name)[place]
            assert np.allclose(here, getattr(alone, name)[0], atol=1e-5), name


@pytest.mark.parametrize("text", ["", " ", "🚑", "word " * 5000, "\u0000"])
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_packed_vectors_come_back(encoder: Encoder) -> None:
    vector = encoder.encode(["what is an eeg"])[0]
    assert float(unpack(pack(vector)) @ vector) > 0.999


@pytest.mark.parametrize("fault", ["missing", "corrupt", "meta"])
def test_a_broken_build_is_told(tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(BUILT, folder)
    if fault == "missing":
        (folder / "tokenizer.json").unlink()
    elif fault == "corrupt":
        (folder / "model.onnx").write_bytes(b"not a model")
    else:
        (folder / "meta.json").write_text(json.dumps({"sha256": 1}), encoding="utf-8")
    with pytest.raises(BuildError, match="make build"):
        Encoder(folder)
