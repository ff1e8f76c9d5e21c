"""What staff publish is what families are told, in every process, within five seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from bot.settings import load_settings
from bot.store.database import open_database
from tests.bot.test_live import BEN, House, edited
from tests.bot.test_live import say as first_sentence
from tests.e2e.conftest import Say
from tools.serve import Stack

pytestmark = pytest.mark.e2e
SECONDS = 5.0
QUESTION = "What is an EEG?"
NEW = "The EEG is the main test for IESS."


@pytest.fixture
def house(stack: Stack) -> Iterator[House]:
    """The staff of the running stack, on its own database."""
    url = f"sqlite:///{stack.var_dir / 'bot.sqlite'}"
    settings = load_settings({"VAR_DIR": str(stack.var_dir), "DATABASE_URL": url})
    engine = open_database(url)
    house = House(settings, engine)
    yield house
    snapshot = house.store.snapshot()
    for kind, key in snapshot.live:
        house.publisher.put_back(kind, key, None, BEN, house.check)
    if not snapshot.answers_on:
        house.publisher.switch_answers(on=True, person=BEN, why="")
    engine.dispose()


def until(true: Callable[[], bool]) -> float:
    """Seconds until something is so."""
    began = time.perf_counter()
    while not true():
        assert time.perf_counter() - began < SECONDS
        time.sleep(0.1)
    return time.perf_counter() - began


def test_published_text_is_told_and_put_back(say: Say, house: House) -> None:
    def told(**body: str) -> str:
        text: str = say(QUESTION, **body)["messages"][0]["text"]
        return text

    before = told()
    assert NEW not in before
    house.publish("answer", "eeg", edited("eeg", first_sentence(NEW)))
    took = until(lambda: NEW in told())
    assert NEW not in told(channel="sms")
    house.publisher.put_back("answer", "eeg", None, BEN, house.check)
    back = until(lambda: told() == before)
    print(f"published after {took:.1f} s, put back after {back:.1f} s")


def test_answers_off_leaves_danger_and_phone_lines(say: Say, house: House) -> None:
    before = say(QUESTION)["messages"][0]
    assert before["kind"] == "answer"
    house.publisher.switch_answers(on=False, person=BEN, why="a test")
    until(lambda: say(QUESTION)["messages"][0]["kind"] == "fallback")
    for text in (QUESTION, "¿Qué es un EEG?", "how is vigabatrin used?"):
        for channel in ("web", "sms"):
            message = say(text, channel=channel)["messages"][0]
            assert message["kind"] == "fallback"
            assert "555" in message["text"]
            assert message["citations"] == []
    urgent = say("she is not breathing")
    assert (urgent["urgency"], "911" in urgent["messages"][0]["text"]) == ("emergency", True)
    assert "555" in say("I want to talk to a person")["messages"][0]["text"]
    house.publisher.switch_answers(on=True, person=BEN, why="")
    until(lambda: say(QUESTION)["messages"][0] == before)
