"""The page is built from the figures alone; these are made up."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from eval.accuracy import judge
from eval.metrics import estimate
from eval.peers import OURS, System, ahead, figures
from eval.report import curve, groups, mistakes, plain
from eval.sections import build, headline
from eval.systems import Prediction
from tests.eval.test_accuracy import labelled, reply


def report(right: int) -> dict[str, Any]:
    """A report of ten messages, `right` of them answered rightly by this bot."""
    said = ["eeg"] * right + ["pain"] * (10 - right)
    rows = [
        ("dev", (labelled("eeg", lang="es" if i % 2 else "en"), reply(topic)))
        for i, topic in enumerate(said)
    ]
    pairs = [row for _, row in rows]
    places = groups(rows)
    for name in ("all", "like families"):
        places[f"{name}, in scope"] = places[name]
    predictions = tuple(Prediction(((topic, 0.8),)) for topic in said)
    verdicts = tuple(judge(m, r) for m, r in pairs)
    first = tuple(v.first for v in verdicts)
    systems = [
        System(OURS, "a <note>", verdicts),
        System("classifier", "note", verdicts, predictions, first, True),
        System("a peer", "note", verdicts, predictions, first, True),
    ]
    share = {"k": 9, "n": 10}
    searched = {m: estimate([1.0, 0.0]) for m in ("hit@1", "hit@3", "MRR")}
    found = {
        "made": {
            "at": "now", "encoder": "x", "examples": 1, "peer epochs": 1, "DIET epochs": 1,
            "sets": {"dev": 10},
        },
        "topics": {
            "groups": {name: len(chosen) for name, chosen in places.items()},
            "systems": [
                {
                    "name": s.name,
                    "note": s.note,
                    "figures": {name: figures(s, where) for name, where in places.items()},
                    "this bot ahead by": ahead(systems[0], s, places["all"]),
                    "curve": curve(s, range(len(s.predictions))) if s.predictions else None,
                    "reliability": [
                        {"low": 0.8, "high": 0.9, "n": 10, "confidence": 0.8, "accuracy": 0.7}
                    ] if s.probability else None,
                }
                for s in systems
            ],
            "calibration": {"dev en": {"n": 5, "ECE": 0.1}},
            "mistakes": mistakes(pairs, predictions),
        },
        "search": {"hybrid (this bot)": {"en": searched, "es": searched}},
        "grounded": {"sentences": share, "replies": share, "faults": {"number": 1}},
        "readings": [
            {"text": "eeg (web)", "kind": "answer", "lang": "en", "grade": 5.0, "raw": 7.0}
        ],
        "escalation": {"dev": {"over": share}},
    }  # fmt: skip
    return dict(plain(found))


def test_the_page_holds_every_section_and_asks_nothing_of_the_network() -> None:
    page = build(report(7))
    assert re.findall(r'<section id="(\w+)"', page) == [
        "summary", "peers", "confidence", "mistakes", "crossval", "search", "texts", "clinc",
        "escalation",
    ]  # fmt: skip
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page) == []
    assert "@import" not in page
    assert "a &lt;note&gt;" in page
    assert "eeg taken for pain" in page
    assert page.count("Left out of this run") == 2


def test_ids_of_the_plots_are_unique_and_the_plots_are_whole() -> None:
    page = build(report(7))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    plots = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(plots) >= 6
    for plot in plots:
        ElementTree.fromstring(plot)


@pytest.mark.parametrize(("right", "met"), [(10, True), (9, False)])
def test_a_goal_is_reached_or_missed(right: int, met: bool) -> None:
    first = headline(report(right))[0]
    assert first[1:] == ("right at first (in scope)", "goal at least 92 %", met)
    assert first[0] == f"{10 * right:.1f} %"


def test_what_is_no_number_is_null() -> None:
    assert plain({"a": float("nan"), "b": (1.23456789,)}) == {"a": None, "b": [1.23457]}
