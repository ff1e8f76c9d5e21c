"""Deterministic danger triage: reviewed rules read a message before any model does.

`Triage.load(data/safety)` once, then `read(text)` for each message.
"""

from __future__ import annotations

from bot.triage.engine import Finding, Triage
from bot.triage.rules import Hit

__all__ = ["Finding", "Hit", "Triage"]
