"""The desk that actions answer from, without a database or a model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions import turn


def use_desk(monkeypatch: pytest.MonkeyPatch, made: Any) -> None:
    """Let every turn be answered from a desk that a test has made."""
    turn.forget()
    monkeypatch.setattr(turn, "office", lambda: SimpleNamespace(desk=lambda draft="": made))
