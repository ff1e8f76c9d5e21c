"""What is noted of a message, by the real gateway around a scripted engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot.gateway.dialogue import Incoming
from bot.gateway.record.recorder import Recorder
from bot.gateway.service import Service
from bot.reply import Message
from bot.store.figures import Cell
from bot.store.inbox import INBOX, WATCH
from tests.gateway.conftest import ScriptedRasa

Say = Callable[..., dict[str, Any]]
QUESTION = "what is an eeg for Mateo"
MASKED = "what is an eeg for [name]"


@pytest.fixture
def recorder(service: Service) -> Recorder:
    assert service.recorder
    return service.recorder


@pytest.fixture
def settled(recorder: Recorder) -> Callable[[], None]:
    """Waits until everything was noted, and goes on."""

    def wait() -> None:
        recorder.close()
        recorder.start()

    return wait


def counted(service: Service) -> dict[tuple[str, str], int]:
    assert service.recorder
    figures = service.recorder.figures
    cells = [pair for month in figures.months() for pair in figures.of_month(month)]
    return {(cell.measure, cell.value): count for cell, count in cells if cell.measure != "time"}


def kept(recorder: Recorder, reasons: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(text.reason, text.text) for text in recorder.inbox.waiting(reasons)]


def test_a_message_is_counted_after_its_reply(
    say: Say, service: Service, settled: Callable[[], None]
) -> None:
    say(QUESTION)
    say(QUESTION)
    settled()
    assert counted(service) == {
        ("topic", "eeg"): 2,
        ("urgency", "routine"): 2,
        ("outcome", "answered"): 2,
    }


def test_a_sure_answer_keeps_no_text(
    say: Say, recorder: Recorder, settled: Callable[[], None]
) -> None:
    say(QUESTION)
    settled()
    assert kept(recorder, (*INBOX, *WATCH)) == []


@pytest.mark.parametrize("said", ["unanswered", "choice", "close"])
def test_questions_not_answered_well_are_kept_masked(
    said: str,
    say: Say,
    rasa: ScriptedRasa,
    recorder: Recorder,
    settled: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    messages = {
        "unanswered": [Message("fallback", "other_medical", "The page does not say.")],
        "choice": [Message("choice", None, "Which one?")],
        "close": [Message("answer", "eeg", "An EEG is a test.")],
    }
    monkeypatch.setattr(ScriptedRasa, "messages", lambda *_: messages[said])
    rasa.intents = (("eeg", 0.45), ("signs", 0.4))
    say(QUESTION)
    settled()
    reason = "unanswered" if said == "unanswered" else "unsure"
    assert kept(recorder, INBOX) == [(reason, MASKED)]


def test_a_no_keeps_the_question_and_a_yes_does_not(
    say: Say, client: TestClient, recorder: Recorder, settled: Callable[[], None]
) -> None:
    token = say(QUESTION)["conversation"]
    head = {"Authorization": f"Bearer {token}"}
    vote = {"topic": "eeg", "lang": "en", "helpful": True}
    assert client.post("/api/feedback", json=vote, headers=head).status_code == 204
    settled()
    assert kept(recorder, INBOX) == []
    for _ in range(2):
        client.post("/api/feedback", json={**vote, "helpful": False}, headers=head)
    settled()
    assert kept(recorder, INBOX) == [("unhelpful", MASKED)]
    assert {vote.helpful: n for vote, n in recorder.feedback.totals()} == {False: 1}


def test_what_came_close_to_danger_goes_to_the_watch_list(
    say: Say, rasa: ScriptedRasa, recorder: Recorder, settled: Callable[[], None]
) -> None:
    rasa.levels = {"routine": 0.7, "urgent": 0.28, "crisis": 0.01, "emergency": 0.01}
    say(QUESTION)
    settled()
    assert kept(recorder, WATCH) == [("near", MASKED)]


def test_a_share_of_routine_replies_is_drawn(
    say: Say, recorder: Recorder, settled: Callable[[], None]
) -> None:
    recorder.settings = replace(recorder.settings, share=1.0)
    say(QUESTION)
    settled()
    assert kept(recorder, WATCH) == [("sample", MASKED)]


def test_nothing_is_kept_unless_the_hospital_wants_it(
    say: Say, rasa: ScriptedRasa, recorder: Recorder, service: Service
) -> None:
    recorder.close()
    recorder.settings = replace(recorder.settings, keep=False, share=1.0)
    recorder._mask = None
    recorder.start()
    rasa.intents = (("eeg", 0.45), ("signs", 0.4))
    say(QUESTION)
    recorder.close()
    assert kept(recorder, (*INBOX, *WATCH)) == []
    assert counted(service)[("topic", "eeg")] == 1


def test_nothing_is_kept_where_the_masker_fails(
    say: Say, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Callable[[str], str]:
        raise OSError(QUESTION)

    recorder.close()
    recorder.settings = replace(recorder.settings, share=1.0)
    recorder._mask, recorder.open_masker = None, fail
    recorder.start()
    say(QUESTION)
    recorder.close()
    assert kept(recorder, (*INBOX, *WATCH)) == []
    assert "Mateo" not in caplog.text
    assert "OSError" in caplog.text


def test_a_cleared_conversation_takes_its_texts_along(
    say: Say, client: TestClient, recorder: Recorder, settled: Callable[[], None]
) -> None:
    recorder.settings = replace(recorder.settings, share=1.0)
    token = say(QUESTION)["conversation"]
    other = say(QUESTION)["conversation"]
    settled()
    head = {"Authorization": f"Bearer {token}"}
    assert client.delete("/api/conversation", headers=head).status_code == 204
    vote = {"topic": "eeg", "lang": "en", "helpful": False}
    client.post("/api/feedback", json=vote, headers=head)
    settled()
    assert kept(recorder, (*INBOX, *WATCH)) == [("sample", MASKED)]
    client.post("/api/feedback", json=vote, headers={"Authorization": f"Bearer {other}"})
    settled()
    assert ("unhelpful", MASKED) in kept(recorder, INBOX)


async def respond(service: Service, preview: bool) -> None:
    await service.dialogue.respond(Incoming(None, QUESTION, "web", preview=preview))


def test_what_staff_try_out_is_not_counted(
    client: TestClient, service: Service, recorder: Recorder
) -> None:
    assert client.portal
    client.portal.call(respond, service, True)
    recorder.close()
    assert counted(service) == {}
    recorder.start()
    client.portal.call(respond, service, False)
    recorder.close()
    assert counted(service)[("topic", "eeg")] == 1


def test_a_family_is_answered_while_the_figures_fail(
    say: Say,
    service: Service,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    add = recorder.figures.add

    def locked(_: dict[Cell, int]) -> None:
        raise OperationalError(QUESTION, None, Exception(QUESTION))

    monkeypatch.setattr(recorder.figures, "add", locked)
    assert say(QUESTION)["topic"] == "eeg"
    recorder.close()
    assert counted(service) == {}
    monkeypatch.setattr(recorder.figures, "add", add)
    recorder.start()
    recorder.close()
    # What waited for the database is counted when it is back.
    assert counted(service)[("topic", "eeg")] == 1
    assert "Mateo" not in caplog.text


def test_a_slow_masker_makes_no_reply_wait(
    say: Say, recorder: Recorder, settled: Callable[[], None]
) -> None:
    blocked = {"on": True}

    def slow(text: str) -> str:
        while blocked["on"]:
            time.sleep(0.005)
        return text.replace("Mateo", "[name]")

    recorder._mask = slow
    recorder.settings = replace(recorder.settings, share=1.0)
    # Both replies are there while the masker still holds the first.
    say(QUESTION)
    say(QUESTION)
    assert kept(recorder, WATCH) == []
    blocked["on"] = False
    settled()
    assert len(kept(recorder, WATCH)) == 2
