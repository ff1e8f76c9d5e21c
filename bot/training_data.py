"""The messages that the encoder and the classifiers learn from."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml
from bot.errors import ContentError
from bot.reply import LEVELS

# Name of a file to the language of its messages.
NLU_FILES = {"nlu.yml": "en", "nlu_es.yml": "es"}
LEVEL_FILES = {"messages_en.tsv": "en", "messages_es.tsv": "es"}


@dataclass(frozen=True)
class Example:
    """A message with its labels: intent (None where unlabelled), danger level, kind of danger."""

    text: str
    intent: str | None
    level: str
    kind: str
    lang: str = "en"


def intent_examples(data_dir: Path) -> Iterable[Example]:
    """The examples of `nlu.yml`; a calm question is routine.

    Raises:
        ContentError: a file is not Rasa's NLU format.
    """
    for name, lang in NLU_FILES.items():
        try:
            for block in read_yaml(data_dir / name)["nlu"]:
                for line in block["examples"].splitlines():
                    yield Example(line[2:].strip(), block["intent"], "routine", "", lang)
        except (KeyError, TypeError) as error:
            raise ContentError(f"{name}: is not Rasa's NLU format ({error}).") from error


def level_examples(data_dir: Path) -> Iterable[Example]:
    """The messages of `safety/messages_*.tsv` with level and kind.

    Raises:
        ContentError: a line names an unknown level or lacks its text.
    """
    for name, lang in LEVEL_FILES.items():
        with (data_dir / "safety" / name).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            for number, row in enumerate(rows, start=2):
                if row["level"] not in LEVELS or not row["text"]:
                    raise ContentError(f"{name}, line {number}: needs a level and a text.")
                yield Example(row["text"], None, row["level"], row["kind"], lang)
