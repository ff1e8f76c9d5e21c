"""The desk that actions answer from, without a database or a model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions import turn
from bot.compose import Composer
from bot.danger import LearnedLimits
from bot.decide import Thresholds
from bot.desk import Desk
from bot.follow_ups import load_follow_ups
from bot.hospital import Hospital
from bot.refusals import load_refusals
from bot.reply import SafetyCatalogue
from tests.conftest import DATA


def use_desk(monkeypatch: pytest.MonkeyPatch, made: Any) -> None:
    """Let every turn be answered from a desk that a test has made."""
    turn.forget()
    monkeypatch.setattr(turn, "office", lambda: SimpleNamespace(desk=lambda draft="": made))


@pytest.fixture
def desk(
    monkeypatch: pytest.MonkeyPatch, composer: Composer, hospital: Hospital, safety: SafetyCatalogue
) -> None:
    """Real content under limits that no test has to look up, and a desk without an encoder."""
    limits = Thresholds(
        sure=0.5,
        agreed=0.25,
        outside=0.3,
        pleasantry=0.7,
        plain=0.75,
        near=0.1,
        part=0.6,
        passage=0.6,
    )
    learned = LearnedLimits(danger=0.35, emergency=0.6, crisis=0.5)
    refusals = load_refusals(DATA / "safety" / "refused.yml")
    follow_ups = load_follow_ups(DATA / "follow_ups.yml", composer.library.page)
    made = Desk(composer, limits, hospital, safety, learned, refusals, "none", follow_ups)
    use_desk(monkeypatch, made)
