from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.errors import SettledError
from bot.store import Audit, Inbox, Incidents, Staff
from bot.store.audit import Filter
from bot.store.inbox import DAY, INBOX, WATCH, NewText
from tests.databases import database_url, engine, postgres

__all__ = ["database_url", "engine", "postgres"]
EDITOR = Staff(1, "Ed", "ed@hospital.example", "editor")
OTHER = Staff(2, "Ann", "ann@hospital.example", "editor")
NOW = 1_800_000_000.0
TEXT = NewText("unsure", "web", "en", "eeg", "routine", "is [name] too small", None, "origin")


@pytest.fixture
def inbox(engine: sa.Engine) -> Inbox:
    return Inbox(engine)


def keys(inbox: Inbox, reasons: tuple[str, ...] = INBOX) -> list[int]:
    return [kept.id for kept in inbox.waiting(reasons)]


def test_each_list_holds_its_own(inbox: Inbox) -> None:
    inbox.add([TEXT, replace(TEXT, reason="near")], NOW)
    assert [kept.reason for kept in inbox.waiting(INBOX)] == ["unsure"]
    assert [kept.reason for kept in inbox.waiting(WATCH)] == ["near"]
    assert inbox.count(INBOX) == 1


def test_an_accepted_text_has_its_right_topic_and_stands_in_the_log(
    inbox: Inbox, engine: sa.Engine
) -> None:
    inbox.add([TEXT], NOW)
    (key,) = keys(inbox)
    assert inbox.settle(EDITOR, [key], "accepted", "signs") == 1
    assert keys(inbox) == []
    assert [(kept.text, kept.right_topic) for kept in inbox.accepted()] == [(TEXT.text, "signs")]
    (entry,) = Audit(engine).page(Filter())
    assert (entry.actor, entry.action, entry.subject) == (EDITOR.email, "inbox.accepted", str(key))
    assert TEXT.text not in entry.detail


def test_of_two_who_settle_at_once_one_does(inbox: Inbox, engine: sa.Engine) -> None:
    inbox.add([replace(TEXT, text=f"text {n}") for n in range(20)], NOW)
    all_keys = keys(inbox)
    jobs = [(who, key) for key in all_keys for who in (EDITOR, OTHER)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda job: inbox.settle(job[0], [job[1]], "dismissed"), jobs))
    assert sum(done) == 20
    assert Audit(engine).verify()[0] == 20


def test_texts_are_deleted_after_their_days_and_unlinked_after_one(inbox: Inbox) -> None:
    inbox.add([TEXT], NOW)
    inbox.purge(30, NOW + DAY / 2)
    inbox.forget("another")
    assert len(keys(inbox)) == 1
    inbox.purge(30, NOW + 2 * DAY)
    inbox.forget("origin")  # too late: nothing links them any more
    assert len(keys(inbox)) == 1
    assert inbox.purge(30, NOW + 31 * DAY) == 1
    assert keys(inbox) == []


def test_a_cleared_conversation_takes_its_texts_along(inbox: Inbox) -> None:
    inbox.add([TEXT, replace(TEXT, origin="another")], NOW)
    inbox.forget("origin")
    assert len(keys(inbox)) == 1


def test_an_incident_from_opening_to_closing(inbox: Inbox, engine: sa.Engine) -> None:
    incidents = Incidents(engine, Audit(engine))
    inbox.add([replace(TEXT, reason="near")], NOW)
    (text,) = keys(inbox, WATCH)
    key = incidents.open(EDITOR, text, "emergency")
    with pytest.raises(SettledError):
        incidents.open(OTHER, text, "urgent")
    incidents.note(OTHER, key, "<b>called them</b>")
    incidents.close(EDITOR, key, "rule_added")
    with pytest.raises(SettledError):
        incidents.close(OTHER, key, "no_danger")
    with pytest.raises(SettledError):
        incidents.note(OTHER, key, "too late")
    found = incidents.find(key)
    assert found
    incident, notes = found
    assert (incident.text, incident.said, incident.expected) == (TEXT.text, "routine", "emergency")
    assert (incident.closed_by, incident.closing) == (EDITOR.email, "rule_added")
    assert [(note.author, note.note) for note in notes] == [(OTHER.email, "<b>called them</b>")]
    log = Audit(engine).page(Filter())
    assert [entry.action for entry in log] == ["incident.close", "incident.note", "incident.open"]
    assert not any("called" in entry.detail or TEXT.text in entry.detail for entry in log)


def test_an_incident_outlives_its_text_until_it_is_long_closed(
    inbox: Inbox, engine: sa.Engine
) -> None:
    incidents = Incidents(engine, Audit(engine))
    inbox.add([replace(TEXT, reason="near")], NOW)
    key = incidents.open(EDITOR, keys(inbox, WATCH)[0], "urgent")
    inbox.purge(30, NOW + 900 * DAY)
    assert [incident.text for incident in incidents.all()] == [TEXT.text]
    incidents.close(EDITOR, key, "no_danger")
    closed = incidents.all()[0].closed_at
    assert closed
    inbox.purge(30, closed + 31 * DAY)
    assert [incident.text for incident in incidents.all()] == [None]


def test_of_many_who_open_an_incident_one_does(inbox: Inbox, engine: sa.Engine) -> None:
    incidents = Incidents(engine, Audit(engine))
    inbox.add([replace(TEXT, reason="sample")], NOW)
    (text,) = keys(inbox, WATCH)

    def open_it(_: int) -> bool:
        try:
            incidents.open(EDITOR, text, "urgent")
        except SettledError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(open_it, range(6))) == 1
    assert len(incidents.all()) == 1
