"""The peer: the pipeline that `rasa init` writes, trained on the same examples."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

import httpx
import yaml

from bot.errors import BuildError
from bot.settings import ROOT
from tools.services import free_ports

FOLDER = ROOT / "var" / "stock"
RASA = [str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "rasa"]
ENVIRON = {
    **os.environ,
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def stock_config(epochs: int = 100) -> dict[str, object]:
    """What Rasa 3.6 fills in for the empty pipeline and policies of its template.

    Args:
        epochs: of every network; 100 is Rasa's own number, and takes over an hour on our data.
            The time of a reply does not depend on it.
    """
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", "epochs": epochs, "constrain_similarities": True},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {
                "name": "TEDPolicy",
                "max_history": 5,
                "epochs": epochs,
                "constrain_similarities": True,
            },
        ],
    }


def train(config: dict[str, object], folder: Path) -> Path:
    """Train a pipeline on our examples with one canned response an intent; cached by content.

    Raises:
        BuildError: Rasa could not train; names its log.
    """
    nlu = [ROOT / "data" / name for name in ("nlu.yml", "nlu_es.yml")]
    blocks = [b for path in nlu for b in yaml.safe_load(path.read_text("utf-8"))["nlu"]]
    intents = sorted({block["intent"] for block in blocks})
    content = repr([config, [path.read_text("utf-8") for path in nlu]]).encode()
    model = folder / f"{hashlib.sha256(content).hexdigest()[:12]}.tar.gz"
    if model.exists():
        return model
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    domain = {
        "version": "3.1",
        "intents": intents,
        "responses": {f"utter_{i}": [{"text": f"The answer to {i}."}] for i in intents},
    }
    rules = [
        {"rule": i, "steps": [{"intent": i}, {"action": f"utter_{i}"}]}
        for i in intents
        if not i.startswith("follow_up")
    ]
    story = {
        "story": "one",
        "steps": [
            {"intent": "eeg"},
            {"action": "utter_eeg"},
            {"intent": "follow_up_why"},
            {"action": "utter_follow_up_why"},
        ],
    }
    files = {
        "config.yml": config,
        "domain.yml": domain,
        "rules.yml": {"version": "3.1", "rules": rules},
        "stories.yml": {"version": "3.1", "stories": [story]},
    }
    for name, written in files.items():
        (folder / name).write_text(yaml.safe_dump(written), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    command = [*RASA, "train", "--config", "config.yml", "--domain", "domain.yml", "--out", "."]
    command += ["--data", *map(str, nlu), "rules.yml", "stories.yml"]
    command += ["--fixed-model-name", model.name.removesuffix(".tar.gz")]
    log = folder / "train.log"
    with log.open("wb") as file:
        done = subprocess.run(command, cwd=folder, env=ENVIRON, stdout=file, stderr=file)
    if done.returncode or not model.exists():
        raise BuildError(f"the peer could not be trained; see {log}")
    return model


class StockRasa:
    """A peer behind its own REST channel, on a free port of loopback."""

    def __init__(self, config: dict[str, object], folder: Path = FOLDER) -> None:
        """Train it where that has not been done.

        Args:
            config: of the pipeline and policies.
            folder: where the project and the model are kept.
        """
        self._folder = folder
        self._model = train(config, folder)

    def __enter__(self) -> StockRasa:
        port = free_ports(1)[0]
        command = [*RASA, "run", "--model", str(self._model), "-i", "127.0.0.1"]
        command += ["--port", str(port), "--enable-api", "--credentials", "credentials.yml"]
        started = time.monotonic()
        with (self._folder / "run.log").open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=ENVIRON,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        while time.monotonic() - started < 180:
            try:
                self.client.get("/status").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        self.ready_seconds = time.monotonic() - started
        return self

    def ask(self, sender: str, text: str) -> None:
        """Send a message and wait for the reply."""
        body = {"sender": sender, "message": text}
        self.client.post("/webhooks/rest/webhook", json=body).raise_for_status()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
