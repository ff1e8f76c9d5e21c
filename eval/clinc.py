"""CLINC150 through our own code: the public benchmark of intents with out-of-scope queries.

Larson et al., EMNLP 2019. 150 intents; the larger out-of-scope training set (250). Encoder
and classifier are trained by the project's code on CLINC150's training data; the limit of
confidence is chosen on its validation data; its test data are read once, at the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.encoder import Vectors
from bot.training_data import Example
from eval import encoders
from eval.benchmarks import CLINC150, CLINC150_OOS_PLUS
from eval.metrics import Estimate, estimate
from eval.systems import classifier
from tools.encoder_data import Recipe

OOS = "oos"
# Its queries are spelt well; they are half as many as our messages and half as long, for three
# times the classes: more rounds, and the usual dropout with them.
RECIPE = replace(Recipe(), misspelt=0.0, rounds=(1.0, 1.0, 1.0, 1.0), dropout=0.1)
# Room on validation data, so that the goal also holds on test data.
MARGIN = 0.002
GOAL = {"in_scope": 0.96, "oos_recall": 0.72}
# (in-scope accuracy, out-of-scope recall) as published: table 2 of the paper, oos-train and OOS+.
PUBLISHED = {
    "Rasa, 100 out-of-scope examples (paper)": (0.915, 0.453),
    "BERT, 100 out-of-scope examples (paper)": (0.969, 0.403),
    "Rasa, 250 out-of-scope examples (paper)": (0.909, 0.660),
}

Row = dict[str, Estimate | float]


@dataclass(frozen=True)
class Scores:
    """In-scope accuracy (out-of-scope said of an in-scope query is an error) and recall."""

    in_scope: npt.NDArray[np.bool_]
    oos: npt.NDArray[np.bool_]
    limit: float


def load() -> dict[str, list[Example]]:
    """train, val and test with the out-of-scope queries among them, labelled "oos"."""
    full = json.loads(CLINC150.read_text("utf-8"))
    plus = json.loads(CLINC150_OOS_PLUS.read_text("utf-8"))
    rows = {
        "train": full["train"] + plus,
        "val": full["val"] + full["oos_val"],
        "test": full["test"] + full["oos_test"],
    }
    return {
        name: [Example(text, intent, "routine", "") for text, intent in part]
        for name, part in rows.items()
    }


def out_of_scope(probabilities: Vectors, classes: Sequence[str]) -> Vectors:
    """A score of being out of scope: one minus the best in-scope probability, shape (n,)."""
    inside = [i for i, name in enumerate(classes) if name != OOS]
    score: Vectors = 1 - probabilities[:, inside].max(axis=1)
    return score


def judge(
    probabilities: Vectors, classes: Sequence[str], truth: Sequence[str], limit: float
) -> Scores:
    """Right or wrong for each query at a limit of the out-of-scope score."""
    inside = [name for name in classes if name != OOS]
    columns = [i for i, name in enumerate(classes) if name != OOS]
    best = np.asarray(inside)[probabilities[:, columns].argmax(axis=1)]
    said = np.where(out_of_scope(probabilities, classes) >= limit, OOS, best)
    labels = np.asarray(truth)
    return Scores((said == labels)[labels != OOS], (said == OOS)[labels == OOS], limit)


def choose_limit(
    probabilities: Vectors, classes: Sequence[str], truth: Sequence[str], in_scope: float
) -> float:
    """The lowest limit that keeps in-scope accuracy on validation data.

    Args:
        probabilities: (queries, classes).
        classes: their names.
        truth: labels of the queries.
        in_scope: accuracy to keep, 0 to 1; where none keeps it, the best.
    """
    limits = np.linspace(0.0, 1.0, 501)
    kept = [float(judge(probabilities, classes, truth, x).in_scope.mean()) for x in limits]
    enough = [x for x, share in zip(limits, kept, strict=True) if share >= in_scope]
    return float(enough[0] if enough else limits[int(np.argmax(kept))])


def _measure(folder: Path, data: Mapping[str, list[Example]], head: bool) -> Row:
    """Our classifier on an encoder, with its topic head's word where that was trained."""
    texts = {part: [e.text for e in rows] for part, rows in data.items()}
    labels = {part: [str(e.intent) for e in rows] for part, rows in data.items()}
    read = {part: encoders.read(folder, texts[part]) for part in data}
    trained = classifier().fit(read["train"].vectors, labels["train"])
    classes = list(trained.classes_)
    said = {}
    for part in ("val", "test"):
        said[part] = trained.predict_proba(read[part].vectors)
        if head:
            order = [read[part].names.index(name) for name in classes]
            said[part] = (said[part] + read[part].topics[:, order]) / 2
    limit = choose_limit(said["val"], classes, labels["val"], GOAL["in_scope"] + MARGIN)
    found = judge(said["test"], classes, labels["test"], limit)
    return {
        "in_scope": estimate(found.in_scope),
        "oos_recall": estimate(found.oos),
        "limit": limit,
    }


def measure() -> dict[str, Any]:
    """Our fine-tuned encoder and the raw one, each under our classifier; and what is published."""
    data = load()
    tuned = encoders.fine_tuned("clinc150", data["train"], RECIPE)
    measured = {
        "this bot's encoder, fine-tuned on CLINC150, and classifier": _measure(tuned, data, True),
        "this bot's classifier on the raw encoder": _measure(encoders.raw(), data, False),
    }
    return {"measured": measured, "published": PUBLISHED, "goal": GOAL}
