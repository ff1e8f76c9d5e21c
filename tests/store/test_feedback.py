from __future__ import annotations

from pathlib import Path

from bot.store import Feedback, Store, Vote
from bot.store.feedback import FEEDBACK


def test_votes_are_counted(tmp_path: Path) -> None:
    feedback = Feedback(Store(f"sqlite:///{tmp_path / 'bot.sqlite'}").engine)
    yes, no = Vote("eeg", "en", True), Vote("eeg", "en", False)
    for vote in (yes, no, yes, Vote("eeg", "en", False, "unclear")):
        feedback.add(vote)
    totals = dict(feedback.totals())
    assert totals == {yes: 2, no: 1, Vote("eeg", "en", False, "unclear"): 1}


def test_no_column_could_hold_a_text_or_a_conversation() -> None:
    assert set(FEEDBACK.c.keys()) == {"day", "topic", "lang", "helpful", "reason", "count"}
