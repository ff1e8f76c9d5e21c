"""Alarms, dashboard and runbook speak of the same figures, and of ones that there are."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import bot.gateway.metrics  # noqa: F401 - registers the figures
from bot.content import Review
from bot.gateway.metrics import Stock
from bot.operating import OPERATING
from bot.settings import ROOT, SETTINGS
from tools.dashboard import FILE, PANELS, text

RULES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8")
)["groups"][0]["rules"]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
OUTSIDE = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}


class Counts:
    def counts(self) -> dict[str, int]:
        return {}


def exposed() -> set[str]:
    stock = Stock(Counts(), lambda: {"answers": (Review(),)})  # type: ignore[arg-type]
    families = [*REGISTRY.collect(), *stock.collect()]
    kinds = {"counter": "_total", "histogram": "_bucket"}
    return {family.name + kinds.get(family.type, "") for family in families}


def used(query: str) -> set[str]:
    return set(re.findall(r"\b(?:iess_\w+|process_\w+)", query)) | (
        {"up"} if re.search(r"\bup\{", query) else set()
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_every_alarm_has_its_section_and_its_figures(rule: dict[str, Any]) -> None:
    section = re.search(rf"^### {rule['alert']}\n(.+)", RUNBOOK, re.MULTILINE)
    assert section
    assert section[1].lower().startswith(rule["labels"]["severity"])
    assert rule["annotations"]["summary"]
    names = used(rule["expr"])
    assert names
    assert names - OUTSIDE <= exposed()


def test_no_section_is_of_an_alarm_that_there_is_not() -> None:
    sections = re.findall(r"^### (\w+)$", RUNBOOK, re.MULTILINE)
    assert sorted(sections) == sorted(rule["alert"] for rule in RULES)


def test_the_dashboard_is_the_one_that_the_tool_writes_and_shows_what_there_is() -> None:
    assert FILE.read_text("utf-8") == text(), "run: python -m tools.dashboard"
    for title, _, queries in PANELS:
        for query, _ in queries:
            assert used(query), title
            assert used(query) - OUTSIDE <= exposed(), title


def test_the_runbook_names_settings_that_there_are() -> None:
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", RUNBOOK))
    known = {name for name, _, _ in (*SETTINGS, *OPERATING)} | {"TRACKER_DATABASE_URL"}
    assert {n for n in named if not n.startswith(("SMS_", "TWILIO_"))} <= known
