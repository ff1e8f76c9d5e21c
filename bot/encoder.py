"""The sentence encoder as it serves: ONNX Runtime, no PyTorch.

A built encoder is a folder with `model.onnx`, `tokenizer.json` and `meta.json`;
`tools/build_encoder.py` makes it. Besides the embedding it gives what the same network was
trained to tell: topic, danger level and kind of danger.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import BuildError
from bot.shorthand import write_out

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.floating[Any]]
MAX_TOKENS = 128
BATCH = 32
# The topic of what has nothing to do with us, and the level without danger.
OUTSIDE, CALM = "off_topic", "routine"


@dataclass(frozen=True)
class Encoding:
    """What the network says of one or more texts.

    Attributes:
        vectors: (n, dimension), each of length 1.
        levels: (n, number of levels), calibrated probabilities in `Encoder.level_names` order;
            danger is weighed by how likely the text has to do with us at all.
        kinds: (n, number of kinds), probabilities in `Encoder.kind_names` order.
        topics: (n, number of intents), probabilities in `Encoder.topic_names` order.
    """

    vectors: Vectors
    levels: Vectors
    kinds: Vectors
    topics: Vectors


class Encoder:
    """Text to vector, topic and danger level."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Open a built encoder.

        Args:
            folder: as `tools/build_encoder.py` wrote it.
            threads: of ONNX Runtime; a second one takes a short text from 6 to 4 ms.

        Raises:
            BuildError: a file is missing, or is not the one that was built.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        self.meta, model = _read_build(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            # By its path: from bytes the runtime keeps a second copy, 90 MB in each process.
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # noqa: BLE001 - tokenizers raises nothing narrower
            raise BuildError(f"no usable encoder in {folder}: {error}. Run: make build") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self.version: str = self.meta["version"]
        self.dimension: int = self.meta["dimension"]
        self.level_names: tuple[str, ...] = tuple(self.meta["levels"])
        self.kind_names: tuple[str, ...] = tuple(self.meta["kinds"])
        self.topic_names: tuple[str, ...] = tuple(self.meta["topics"])
        self._temperature = float(self.meta["temperature"])

    def read(self, texts: Sequence[str]) -> Encoding:
        """Encode texts, those with equally many tokens together, so that no padding is computed.

        For fp32 alone: the values of an int8 network would shift with its company.
        """
        ids = [self._tokenizer.encode(self._keep_ends(write_out(text))).ids for text in texts]
        names = (self.level_names, self.kind_names, self.topic_names)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        levels, kinds, topics = (
            np.empty((len(texts), len(classes)), dtype=np.float32) for classes in names
        )
        for group in _by_length(ids):
            tokens = np.asarray([ids[i] for i in group], dtype=np.int64)
            vectors[group], level, kind, topic = self._session.run(
                ["embedding", "level", "kind", "topic"],
                {"input_ids": tokens, "attention_mask": np.ones_like(tokens)},
            )
            kinds[group], topics[group] = _softmax(kind), _softmax(topic)
            levels[group] = self._weighed(_softmax(level / self._temperature), topics[group])
        return Encoding(vectors, levels, kinds, topics)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (n, dimension)."""
        return self.read(texts).vectors

    def _weighed(self, levels: Numbers, topics: Numbers) -> Numbers:
        """Levels of texts in the light of their topics, each with shape (n, number of them).

        "Turn the light off for good" sounds like a farewell to a network that is asked for danger
        alone, and like nothing of ours to the same network asked for the topic.
        """
        if OUTSIDE not in self.topic_names or CALM not in self.level_names:
            return levels
        weighed: Numbers = levels * (1 - topics[:, [self.topic_names.index(OUTSIDE)]])
        weighed[:, self.level_names.index(CALM)] = 0
        weighed[:, self.level_names.index(CALM)] = 1 - weighed.sum(axis=1)
        return weighed

    @staticmethod
    def _keep_ends(text: str) -> str:
        """A long story keeps its start and its end, where the question tends to stand."""
        words = text.split()
        return text if len(words) <= 90 else " ".join(words[:30] + words[-60:])


def _read_build(folder: Path) -> tuple[dict[str, Any], Path]:
    """Description of a build and the file of its network, checked against each other."""
    model = folder / "model.onnx"
    digest = hashlib.sha256()
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        expected = meta["sha256"]
        with model.open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    except (OSError, ValueError, KeyError) as error:
        raise BuildError(f"no usable encoder in {folder}: {error}. Run: make build") from error
    if digest.hexdigest() != expected:
        raise BuildError(f"{model} is corrupt. Run: make build")
    return meta, model


def pack(vector: Vectors) -> str:
    """A vector as base64 text of half-precision numbers, to travel inside JSON."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def unpack(packed: str) -> Vectors:
    """The vector in a packed text, shape (dimension,).

    Raises:
        ValueError: the text holds no vector.
    """
    vector: Vectors = np.frombuffer(base64.b64decode(packed), dtype="<f2").astype(np.float32)
    return vector


def _by_length(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Places of the texts that have equally many tokens, at most `BATCH` together."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    for _, same in groupby(order, key=lambda i: len(ids[i])):
        places = list(same)
        for start in range(0, len(places), BATCH):
            yield places[start : start + BATCH]


def _softmax(values: Numbers) -> Numbers:
    """Softmax of each row."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result
