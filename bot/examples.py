"""Questions with their right topic as training examples, in the form of `data/nlu.yml`.

They are for review: nothing trains on them until somebody moves them into `data/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

HEAD = """\
# Questions of families that staff have given a topic, for review before they go into {into}.
# Names, numbers and dates are masked: reduced, not de-identified. Read each before it is kept.
version: "3.1"
nlu:
"""
FILES: Mapping[str, str] = {"en": "data/nlu.yml", "es": "data/nlu_es.yml"}
# Rasa reads "[text](entity)" and "[text]{...}" as an annotation.
ANNOTATION = re.compile(r"\](?=[({])")


def nlu_yaml(examples: Iterable[tuple[str, str]], lang: str) -> str:
    """A file of examples.

    Args:
        examples: (topic, text).
        lang: en or es.
    """
    lines = [HEAD.format(into=FILES[lang])]
    by_topic = groupby(sorted(set(examples)), key=lambda pair: pair[0])
    for topic, pairs in by_topic:
        lines.append(f"  - intent: {topic}\n    examples: |\n")
        lines += [f"      - {_line(text)}\n" for _, text in pairs]
    return "".join(lines) if len(lines) > 1 else f"{lines[0].rstrip()} []\n"


def _line(text: str) -> str:
    """One line that YAML and Rasa read as it stands; what is no printable character goes."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return ANNOTATION.sub("] ", " ".join(printable.split())) or "?"


def by_language(rows: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """A file for each language that has examples, from (language, topic, text)."""
    return {
        lang: nlu_yaml([(topic, text) for of, topic, text in rows if of == lang], lang)
        for lang in FILES
        if any(of == lang for of, _, _ in rows)
    }
