"""Rasa pipelines that are measured: trained once, kept by the hash of what they are made from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.errors import BuildError
from bot.training_data import Example
from eval.encoders import PEERS
from eval.systems import FALLBACK, Prediction
from tools.build import RASA, RASA_ENVIRON, TRAIN
from tools.services import free_ports
from tools.steps import LOGS, ROOT, Commands, StepError, Ticker, stop_group

ENVIRON = {
    **RASA_ENVIRON,
    "RASA_CACHE_DIRECTORY": str(PEERS / "rasa-cache"),
}
READY_SECONDS = 300.0

Pipeline = Sequence[Mapping[str, Any]]


def _nlu(examples: Sequence[Example]) -> str:
    """Examples in Rasa's own format, one block an intent."""
    blocks: dict[str, list[str]] = {}
    for example in examples:
        blocks.setdefault(str(example.intent), []).append(f"- {example.text}\n")
    nlu = [{"intent": intent, "examples": "".join(lines)} for intent, lines in blocks.items()]
    return yaml.safe_dump({"version": "3.1", "nlu": nlu}, width=10_000, allow_unicode=True)


def _key(pipeline: Pipeline, examples: Sequence[Example]) -> str:
    """Hash of settings, data and, where one is used, the encoder."""
    made_from: list[Any] = [list(pipeline), [(e.text, e.intent) for e in examples]]
    for part in pipeline:
        if folder := part.get("folder"):
            meta = ROOT / folder / "meta.json"
            made_from.append(meta.read_text("utf-8") if meta.exists() else folder)
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Trained:
    """A trained model and what its training cost.

    Attributes:
        model: Rasa's archive.
        seconds: wall time of the training.
        fit: accuracy on its own examples at the end, as a network's progress bar printed it;
            None where there is none. Tells whether more epochs would have changed much.
    """

    model: Path
    seconds: float
    fit: float | None


def train(name: str, pipeline: Pipeline, examples: Sequence[Example]) -> Trained:
    """Train an NLU pipeline on examples, or find it trained.

    Args:
        name: for people, and for the folder.
        pipeline: Rasa components.
        examples: with intents.

    Raises:
        BuildError: Rasa could not train; names its log.
    """
    folder = PEERS / f"{name}-{_key(pipeline, examples)}"
    described = folder / "trained.json"
    if not described.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        config = {"recipe": "default.v1", "assistant_id": name, "language": "en"}
        (folder / "config.yml").write_text(
            yaml.safe_dump({**config, "pipeline": [dict(part) for part in pipeline]}), "utf-8"
        )
        (folder / "nlu.yml").write_text(_nlu(examples), encoding="utf-8")
        # Our own way to train has no TensorFlow, and is quicker.
        network = any("DIET" in str(part["name"]) for part in pipeline)
        command = ["nice", "-n", "10", *((*RASA, "train") if network else TRAIN)]
        command += ["nlu", "--nlu", str(folder / "nlu.yml")]
        command += ["--config", str(folder / "config.yml"), "--out", str(folder)]
        command += ["--fixed-model-name", "model"]
        log, started = folder / "train.log", time.monotonic()
        fits: list[str] = []

        def on_line(line: str) -> None:
            # "Epochs: 100%|####| 20/20 [.., t_loss=1.8, i_acc=0.97]", redrawn in one line
            fits.extend(part.split("]")[0].split(",")[0] for part in line.split("i_acc=")[1:])

        with Ticker(f"train {name} ({len(examples)} examples)", every=60):
            if Commands().run(command, log, ENVIRON, on_line):
                raise BuildError(f"{name} could not be trained; see {log}")
        if not (folder / "model.tar.gz").exists():
            raise BuildError(f"{name} left no model; see {log}")
        found = {"seconds": time.monotonic() - started, "fit": float(fits[-1]) if fits else None}
        described.write_text(json.dumps(found), encoding="utf-8")
    raw = json.loads(described.read_text("utf-8"))
    return Trained(folder / "model.tar.gz", raw["seconds"], raw["fit"])


@dataclass(frozen=True)
class Server:
    """A Rasa server that runs: its client, its process, and the seconds until it was ready."""

    client: httpx.Client
    pid: int
    seconds: float


@contextmanager
def server(model: Path, log: Path, *options: str) -> Iterator[Server]:
    """A Rasa server that holds the model, on a free port of loopback.

    Args:
        model: Rasa's archive.
        log: file for what the server prints.
        options: more of `rasa run`.

    Raises:
        StepError: it did not come up.
    """
    port = free_ports(1)[0]
    command = [*RASA, "run", "--enable-api", "--model", str(model), "-i", "127.0.0.1"]
    log.parent.mkdir(parents=True, exist_ok=True)
    # Without a file of its own it would take our project's tracker store and action server.
    nothing = log.with_name("no-endpoints.yml")
    nothing.write_text("", encoding="utf-8")
    command += ["--port", str(port), "--endpoints", str(nothing), *options]
    began = time.monotonic()
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **ENVIRON},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as c:
            _wait(c, process, log)
            yield Server(c, process.pid, time.monotonic() - began)
    finally:
        stop_group(process)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server has loaded its model."""
    started = time.monotonic()
    while process.poll() is None and time.monotonic() - started < READY_SECONDS:
        try:
            if client.get("/status").status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise StepError("The Rasa server of a measured model did not start.", log)


def parse(model: Path, texts: Sequence[str]) -> list[Prediction]:
    """What the model makes of each text."""
    found = []
    with server(model, LOGS / "parse.log") as running:
        for text in texts:
            response = running.client.post("/model/parse", json={"text": text})
            response.raise_for_status()
            found.append(read_parse(response.json()))
    return found


def predict(trained: Trained, texts: Sequence[str]) -> list[Prediction]:
    """As `parse`, kept beside a model that is known by its hash."""
    digest = hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()[:16]
    kept = trained.model.with_name(f"predicted-{digest}.json")
    if not kept.exists():
        found = [[p.ranking, p.answered] for p in parse(trained.model, texts)]
        kept.write_text(json.dumps(found), encoding="utf-8")
    return [
        Prediction(tuple((name, score) for name, score in ranking), answered)
        for ranking, answered in json.loads(kept.read_text("utf-8"))
    ]


def read_parse(parsed: Mapping[str, Any]) -> Prediction:
    """A prediction from Rasa's parse result; the fallback's own entry is no topic."""
    ranking = [
        (str(one["name"]), float(one["confidence"]))
        for one in parsed["intent_ranking"]
        if one["name"] != FALLBACK
    ]
    return Prediction(tuple(ranking), parsed["intent"]["name"] != FALLBACK)
