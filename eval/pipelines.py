"""The pipelines of ours and of the peers, as Rasa configures them."""

from __future__ import annotations

import copy
import os
from typing import Any

import yaml

from tools.steps import ROOT

# Rasa's own number is 100. On our examples an epoch takes about 48 seconds of two cores, so
# that would be over an hour for each network; the report prints what was used and how well the
# network fitted its own examples by then.
EPOCHS = int(os.environ.get("PEER_EPOCHS", "8"))
DIET_EPOCHS = int(os.environ.get("DIET_EPOCHS", "6"))  # in place of our classifier, a fold
FOLDS = int(os.environ.get("CV_FOLDS", "3"))  # how many of the five are run
BASE_ENCODER = "var/peers/base-encoder"
FALLBACK = {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}

Pipeline = list[dict[str, Any]]


def ours() -> Pipeline:
    """What `config.yml` says, up to the intent."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    pipeline: Pipeline = config["pipeline"]
    return pipeline


def classifier_alone(pipeline: Pipeline) -> Pipeline:
    """The same without the encoder's own word on the topic, which has seen every example."""
    return [part for part in pipeline if not part["name"].endswith("TopicVoices")]


def with_encoder(pipeline: Pipeline, folder: str) -> Pipeline:
    """The same with another encoder, by its folder."""
    changed = copy.deepcopy(pipeline)
    for part in changed:
        if part["name"].endswith("EncoderFeaturizer"):
            part["folder"] = folder
    return changed


def with_diet(pipeline: Pipeline, epochs: int) -> Pipeline:
    """The same features with DIET in the place of logistic regression."""
    diet = {
        "name": "DIETClassifier",
        "epochs": epochs,
        "entity_recognition": False,
        "constrain_similarities": True,
        "random_seed": 7,
    }
    return [
        diet if part["name"].endswith("TopicClassifier") else part
        for part in pipeline
        if part["name"] != "FallbackClassifier"
    ]


def stock(epochs: int) -> Pipeline:
    """What Rasa 3.6 fills in for the empty pipeline of its `rasa init` template."""
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": epochs, "constrain_similarities": True},
        FALLBACK,
    ]
