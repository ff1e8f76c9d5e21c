from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli_feedback import feedback
from bot.settings import load_settings
from bot.store import Feedback, Store, Vote
from bot.store.feedback import FEEDBACK


def test_votes_are_counted(tmp_path: Path) -> None:
    feedback = Feedback(Store(f"sqlite:///{tmp_path / 'bot.sqlite'}").engine)
    yes, no = Vote("eeg", "en", True), Vote("eeg", "en", False)
    for vote in (yes, no, yes, Vote("eeg", "en", False, "unclear")):
        feedback.add(vote)
    totals = dict(feedback.totals())
    assert totals == {yes: 2, no: 1, Vote("eeg", "en", False, "unclear"): 1}


def test_staff_read_the_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings({"VAR_DIR": str(tmp_path)})
    assert feedback(settings) == 0
    assert "No family" in capsys.readouterr().out
    Feedback(Store(settings.database_url).engine).add(Vote("eeg", "es", False, "unclear"))
    assert feedback(settings) == 0
    assert capsys.readouterr().out.split() == ["1", "eeg", "es", "unclear"]


def test_no_column_could_hold_a_text_or_a_conversation() -> None:
    assert set(FEEDBACK.c.keys()) == {"day", "topic", "lang", "helpful", "reason", "count"}
