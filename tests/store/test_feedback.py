from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli_feedback import feedback
from bot.settings import load_settings
from bot.store import Feedback, Store, Vote
from bot.store.feedback import DAY, FEEDBACK, VOTES
from tests.databases import database_url, engine, postgres

__all__ = ["database_url", "engine", "postgres"]
YES, NO = Vote("eeg", "en", True), Vote("eeg", "en", False)
UNCLEAR = Vote("eeg", "en", False, "unclear")
WRONG = Vote("eeg", "en", False, "wrong")


def test_votes_of_many_are_counted(engine: sa.Engine) -> None:
    feedback = Feedback(engine)
    for voter, vote in enumerate((YES, NO, YES, UNCLEAR)):
        feedback.add(vote, f"voter {voter}")
    # A reason is a "no" that says more.
    assert dict(feedback.totals()) == {YES: 2, NO: 2, UNCLEAR: 1}


@pytest.mark.parametrize(
    ("votes", "counted"),
    [
        ((YES, YES, YES), {YES: 1}),
        ((YES, NO), {NO: 1}),
        ((NO, UNCLEAR), {NO: 1, UNCLEAR: 1}),
        ((NO, UNCLEAR, YES), {YES: 1}),
        (
            (UNCLEAR, Vote("eeg", "en", False, "wrong")),
            {NO: 1, Vote("eeg", "en", False, "wrong"): 1},
        ),
        ((NO, Vote("eeg", "es", False)), {Vote("eeg", "es", False): 1}),
    ],
)
def test_the_last_vote_of_a_conversation_on_an_answer_counts(
    engine: sa.Engine, votes: tuple[Vote, ...], counted: dict[Vote, int]
) -> None:
    feedback = Feedback(engine)
    for vote in votes:
        feedback.add(vote, "the same")
    assert dict(feedback.totals()) == counted


def test_voters_who_click_at_once_are_counted_once_each(engine: sa.Engine) -> None:
    feedback = Feedback(engine)
    clicks = [(vote, f"voter {n}") for n in range(8) for vote in (YES, NO, UNCLEAR, YES, NO)]
    random.Random(7).shuffle(clicks)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda click: feedback.add(*click), clicks))
    totals = dict(feedback.totals())
    assert totals.get(YES, 0) + totals.get(NO, 0) == 8
    assert totals.get(UNCLEAR, 0) <= totals.get(NO, 0)


def test_who_voted_is_forgotten_after_a_day_and_the_counts_stay(engine: sa.Engine) -> None:
    feedback = Feedback(engine)
    feedback.add(YES, "the same")
    with engine.begin() as connection:
        at = connection.execute(sa.select(VOTES.c.at)).scalar_one()
    feedback.purge(at + DAY - 1)
    feedback.add(NO, "the same")
    assert dict(feedback.totals()) == {NO: 1}
    feedback.purge(at + 2 * DAY)
    with engine.begin() as connection:
        assert not connection.execute(sa.select(VOTES)).all()
    assert dict(feedback.totals()) == {NO: 1}


def test_counts_of_a_month(engine: sa.Engine) -> None:
    feedback = Feedback(engine)
    feedback.add(YES, "a")
    with engine.begin() as connection:
        connection.execute(
            FEEDBACK.insert().values(
                day="2020-02-29", topic="eeg", lang="en", helpful=True, reason="", count=4
            )
        )
    assert Counter(dict(feedback.totals())) == {YES: 5}
    assert dict(feedback.totals("2020-02")) == {YES: 4}
    assert dict(feedback.totals("20%")) == {}


def test_staff_read_the_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings({"VAR_DIR": str(tmp_path)})
    assert feedback(settings) == 0
    assert "No family" in capsys.readouterr().out
    store = Store(settings.database_url)
    Feedback(store.engine).add(Vote("eeg", "es", False, "unclear"), "a")
    store.close()
    assert feedback(settings) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["1", "eeg", "es", "not", "helpful"],
        ["1", "eeg", "es", "unclear"],
    ]


def test_no_column_could_hold_a_text_or_a_conversation() -> None:
    assert set(FEEDBACK.c.keys()) == {"day", "topic", "lang", "helpful", "reason", "count"}
    assert set(VOTES.c.keys()) - set(FEEDBACK.c.keys()) == {"voter", "at"}
