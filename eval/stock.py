"""The peers of `make bench`: what people build with Rasa alone, dialogue policies included."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BuildError
from eval.encoders import PEERS, spacy_folder
from eval.pipelines import FALLBACK, stock
from eval.rasa_models import ENVIRON, Server, server
from tools.build import RASA
from tools.steps import ROOT

FOLDER = PEERS / "stock-project"
SPACY_FOLDER = PEERS / "spacy-project"


def stock_config(epochs: int = 100) -> dict[str, Any]:
    """What Rasa 3.6 fills in for the empty pipeline and policies of its template.

    Args:
        epochs: of every network; 100 is Rasa's own number, and takes over an hour on our data.
            The time of a reply does not depend on it.
    """
    network = {"max_history": 5, "epochs": epochs}
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": stock(epochs),
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", **network},
            {"name": "TEDPolicy", **network, "constrain_similarities": True},
        ],
    }


def spacy_config() -> dict[str, Any]:
    """Rasa with spaCy's small English model: its tokens and parts of speech, no network of Rasa's.

    The small model has no word vectors, so its SpacyFeaturizer would add nothing.
    """
    return {
        "recipe": "default.v1",
        "assistant_id": "spacy",
        "language": "en",
        "pipeline": [
            {"name": "SpacyNLP", "model": str(spacy_folder())},
            {"name": "SpacyTokenizer"},
            {
                "name": "LexicalSyntacticFeaturizer",
                "features": [["low", "pos"], ["BOS", "EOS", "low", "pos", "suffix3"], ["low"]],
            },
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 2,
                "max_ngram": 4,
                "min_df": 2,
            },
            {"name": "LogisticRegressionClassifier", "max_iter": 100},
            FALLBACK,
        ],
        "policies": [{"name": "MemoizationPolicy"}, {"name": "RulePolicy"}],
    }


def train(config: Mapping[str, Any], folder: Path) -> Path:
    """Train a pipeline on our examples with one canned response an intent; cached by content.

    Raises:
        BuildError: Rasa could not train; names its log.
    """
    nlu = [ROOT / "data" / name for name in ("nlu.yml", "nlu_es.yml")]
    blocks = [b for path in nlu for b in yaml.safe_load(path.read_text("utf-8"))["nlu"]]
    intents = sorted({block["intent"] for block in blocks})
    domain = {
        "version": "3.1",
        "intents": intents,
        "responses": {
            **{f"utter_{i}": [{"text": f"The answer to {i}."}] for i in intents},
            "utter_default": [{"text": "Please say it in other words."}],
        },
    }
    rules = [
        {"rule": i, "steps": [{"intent": i}, {"action": f"utter_{i}"}]}
        for i in intents
        if not i.startswith("follow_up")
    ]
    rules.append(
        {"rule": "unsure", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_default"}]}
    )
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
    content = repr([files, [path.read_text("utf-8") for path in nlu]]).encode()
    model = folder / f"{hashlib.sha256(content).hexdigest()[:12]}.tar.gz"
    if model.exists():
        return model
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, written in files.items():
        (folder / name).write_text(yaml.safe_dump(written), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    command = ["nice", "-n", "19", *RASA, "train", "--out", "."]
    command += ["--config", "config.yml", "--domain", "domain.yml"]
    command += ["--data", *map(str, nlu), "rules.yml", "stories.yml"]
    command += ["--fixed-model-name", model.name.removesuffix(".tar.gz")]
    log = folder / "train.log"
    with log.open("wb") as file:
        environ = {**os.environ, **ENVIRON}
        done = subprocess.run(command, cwd=folder, env=environ, stdout=file, stderr=file)
    if done.returncode or not model.exists():
        raise BuildError(f"the peer could not be trained; see {log}")
    return model


@contextmanager
def rasa_project(config: Mapping[str, Any], folder: Path = FOLDER) -> Iterator[Server]:
    """A peer behind its own REST channel, trained where that has not been done.

    Args:
        config: of the pipeline and policies.
        folder: where the project and the model are kept.
    """
    model = train(config, folder)
    credentials = ("--credentials", str(folder / "credentials.yml"))
    with server(model, folder / "run.log", *credentials) as running:
        yield running
