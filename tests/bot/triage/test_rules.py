"""Each rule finds its own examples and passes its near-misses; faults in the data are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.reply import LEVELS
from bot.triage import Triage
from bot.triage.rules import KINDS, MIN_EXAMPLES, load_rules, load_sources

SAFETY = Path(__file__).parents[3] / "data" / "safety"
TRIAGE = Triage.load(SAFETY)
BOOK = TRIAGE.book
EXAMPLES = [(rule.id, text) for rule in BOOK.rules for text in rule.examples]
NEAR_MISSES = [(rule.id, text) for rule in BOOK.rules for text in rule.not_examples]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_example_matches(rule: str, text: str) -> None:
    assert rule in {hit.rule for hit in TRIAGE.read(text).hits}


@pytest.mark.parametrize(("rule", "text"), NEAR_MISSES)
def test_near_miss_does_not_match(rule: str, text: str) -> None:
    assert rule not in {hit.rule for hit in TRIAGE.read(text).hits}


def test_every_rule_has_as_many_near_misses_as_examples_need() -> None:
    for rule in BOOK.rules:
        assert len(rule.examples) >= MIN_EXAMPLES
        assert len(rule.not_examples) >= MIN_EXAMPLES


def test_ids_are_unique_and_sources_exist() -> None:
    assert len({rule.id for rule in BOOK.rules}) == len(BOOK.rules)
    assert {rule.source for rule in BOOK.rules} <= load_sources(SAFETY / "sources.yml")


def test_every_kind_has_a_rule_in_english() -> None:
    english = {(rule.level, rule.kind) for rule in BOOK.rules if rule.lang == "en"}
    assert english == {(level, kind) for level, kinds in KINDS.items() for kind in kinds}


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("level: emergency", "level: grave", "level"),
        ("kind: not_breathing", "kind: breath", "kind"),
        ("action: call_911", "action: wait", "action"),
        ("source: policy_proposal", "source: hearsay", "source"),
        ("lang: en", "language: en", "lang"),
        ("@MYKID", "@NOBODY", "@NOBODY"),
        ("id: en_blue", "id: en_not_breathing", "id"),
        ("status: pending", "status: perhaps", "status"),
    ],
)
def test_a_fault_names_file_and_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    folder = tmp_path / "safety"
    shutil.copytree(SAFETY, folder)
    file = folder / "rules" / "en_emergency.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=field) as caught:
        load_rules(folder)
    assert "rules" in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"sources\.yml"):
        load_rules(tmp_path)


ASKS_FOR_HELP = (
    "what do i do", "i dont know what to do", "what should we do", "idk what 2 do",
    "do i call 911 or wait", "que hago", "no se que hacer",
)  # fmt: skip


@pytest.mark.parametrize("asks", ASKS_FOR_HELP)
def test_asking_what_to_do_never_lowers_a_sign(asks: str) -> None:
    lowered = {}
    for rule, text in EXAMPLES:
        level = TRIAGE.read(text).level
        for whole in (f"{asks} {text}", f"{asks}, {text}", f"{text} {asks}"):
            if LEVELS.index(TRIAGE.read(whole).level) > LEVELS.index(level):
                lowered[whole] = rule
    assert not lowered
