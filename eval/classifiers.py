"""Which classifier: cross-validation by Rasa's own `rasa test nlu`, on the same features.

The encoder has seen all examples, so both figures are high; what counts is their difference.
"""

from __future__ import annotations

import argparse
import copy
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from eval.stock import ENVIRON, RASA

DIET = {
    "name": "DIETClassifier",
    "epochs": 40,
    "entity_recognition": False,
    "constrain_similarities": True,
    "model_confidence": "softmax",
    "random_seed": 7,
}


def pipelines() -> dict[str, dict[str, Any]]:
    """Our pipeline with logistic regression, as it stands, and with DIET in its place."""
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    diet = copy.deepcopy(ours)
    diet["pipeline"] = [
        DIET if part["name"] == "LogisticRegressionClassifier" else part
        for part in diet["pipeline"]
        if part["name"] != "FallbackClassifier"
    ]
    return {"logistic regression": ours, "DIET": diet}


def cross_validate(config: dict[str, Any], folds: int) -> float:
    """Mean intent accuracy over the folds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        # Rasa takes one file here.
        blocks = []
        for file in ("nlu.yml", "nlu_es.yml"):
            blocks += yaml.safe_load((ROOT / "data" / file).read_text("utf-8"))["nlu"]
        merged: dict[str, str] = {}
        for block in blocks:
            merged[block["intent"]] = merged.get(block["intent"], "") + block["examples"]
        data = {"version": "3.1", "nlu": [{"intent": i, "examples": e} for i, e in merged.items()]}
        (folder / "nlu.yml").write_text(yaml.safe_dump(data, width=10_000), encoding="utf-8")
        command = [*RASA, "test", "nlu", "--nlu", str(folder / "nlu.yml"), "--cross-validation"]
        command += ["--folds", str(folds), "--config", str(folder / "config.yml")]
        command += ["--out", str(folder / "out"), "--no-plot", "--no-errors"]
        environ = {**ENVIRON, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
        report = folder / "out" / "intent_report.json"
        if not report.exists():
            raise RuntimeError(f"rasa test failed: {done.stderr[-500:]}")
        found = json.loads(report.read_text("utf-8"))
        return float(found.get("accuracy") or found["micro avg"]["f1-score"])


def main() -> int:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=3)
    options = parser.parse_args()
    for name, config in pipelines().items():
        started = time.monotonic()
        accuracy = cross_validate(config, options.folds)
        print(f"{name:20} {accuracy:.1%}  ({time.monotonic() - started:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
