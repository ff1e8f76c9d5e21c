"""Inbox, outbox and families of the SMS channel, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from bot.store.database import open_database
from bot.store.sms_families import Families, Family, save_family
from bot.store.sms_inbox import Inbox, Letter, Received
from bot.store.sms_outbox import Outbox
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]
NOW = 1_800_000_000.0
ANSWER = Letter("answer", False, "sealed", 1)
SAFETY = Letter("safety", True, "sealed", 2)


@dataclass
class Db:
    engine: sa.Engine
    inbox: Inbox
    outbox: Outbox
    families: Families

    def receive(self, sid: str, conversation: str = "c", at: float = NOW) -> bool:
        return self.inbox.receive(Received(sid, conversation, at, "sealed"), at + 15)

    def save(self, family: Family) -> None:
        with self.engine.begin() as connection:
            save_family(connection, family)

    def reply(self, sid: str, *letters: Letter, late: bool = True, at: float = NOW) -> None:
        """A message and its reply, which the outbox sends where the webhook was late."""
        self.receive(sid)
        if late:
            self.inbox.close_webhook(sid)
        self.inbox.finish(sid, letters, "given", at, 15.0)


@pytest.fixture
def db(database_url: str) -> Iterator[Db]:
    engine = open_database(database_url)
    yield Db(engine, Inbox(engine), Outbox(engine), Families(engine))
    engine.dispose()


def test_a_message_is_received_once(db: Db) -> None:
    assert db.receive("a")
    assert not db.receive("a", at=NOW + 5)
    assert db.inbox.count_since("c", NOW - 1) == 1
    assert db.inbox.count_since("c", NOW + 1) == 0


def test_the_webhook_or_the_outbox_gives_the_reply_never_both(db: Db) -> None:
    db.receive("early")
    assert db.inbox.finish("early", [ANSWER], "given", NOW, 15)
    assert db.inbox.close_webhook("early") == "given"
    db.receive("late")
    assert db.inbox.close_webhook("late") == ""
    assert not db.inbox.finish("late", [ANSWER], "given", NOW, 15)
    assert db.inbox.close_webhook("late") == ""
    assert [row.state for row in db.outbox.find("handed", "pending")] == ["handed", "pending"]
    loaded = db.inbox.load("late")
    assert loaded is not None
    assert loaded.sealed is None


def test_a_message_is_finished_once(db: Db) -> None:
    db.reply("a", ANSWER)
    assert not db.inbox.finish("a", [ANSWER], "again", NOW, 15)
    assert len(db.outbox.find("pending")) == 1


def test_what_a_reply_changes_of_the_family_is_part_of_it(db: Db) -> None:
    db.receive("a")
    family = Family("c", lang="es", greeted=True, seen_at=NOW)
    db.inbox.finish("a", [ANSWER], "given", NOW, 15, family, opted_out=True)
    assert db.families.load("c") == replace(family, opted_out=True)
    # Finished is finished: what comes later changes nothing.
    db.inbox.finish("a", [ANSWER], "given", NOW, 15, Family("c"), opted_out=False)
    assert db.families.load("c") == replace(family, opted_out=True)


def test_help_is_sent_once_and_only_while_there_is_no_reply(db: Db) -> None:
    db.receive("a")
    assert [m.sid for m in db.inbox.waiting(NOW + 1)] == ["a"]
    assert db.inbox.help("a", SAFETY, NOW)
    assert not db.inbox.help("a", SAFETY, NOW)
    assert db.inbox.waiting(NOW + 1) == []
    db.reply("b", ANSWER)
    assert not db.inbox.help("b", SAFETY, NOW)


def test_one_process_takes_over_what_another_left(db: Db) -> None:
    db.receive("a")
    assert db.inbox.abandoned(NOW + 10) == []
    db.inbox.renew(["a"], NOW + 30)
    assert db.inbox.abandoned(NOW + 20) == []
    assert [m.sid for m in db.inbox.abandoned(NOW + 31)] == ["a"]
    assert db.inbox.claim("a", NOW + 31, NOW + 46)
    assert not db.inbox.claim("a", NOW + 31, NOW + 46)


def test_a_family_gets_its_messages_in_order(db: Db) -> None:
    db.reply("a", ANSWER, ANSWER)
    db.reply("b", SAFETY)
    first, safety = db.outbox.due(NOW)
    assert (first.position, safety.kind) == (0, "safety")
    assert db.outbox.claim(first, NOW, NOW + 20)
    assert not db.outbox.claim(first, NOW, NOW + 20)
    assert [row.kind for row in db.outbox.due(NOW)] == ["safety"]
    db.outbox.taken(first.id, "SM1")
    # The second answer still waits for the safety text before it... which came later: it does not.
    assert [row.position for row in db.outbox.due(NOW)] == [1, 0]


def test_what_is_given_to_the_webhook_is_asked_after_when_no_report_comes(db: Db) -> None:
    db.reply("a", ANSWER, late=False)
    assert db.outbox.due(NOW + 14) == []
    (row,) = db.outbox.due(NOW + 16)
    assert row.state == "handed"
    db.outbox.status("a", 0, "SM1", "sent", "")
    assert db.outbox.due(NOW + 16) == []


def test_a_dead_workers_message_is_of_unknown_fate(db: Db) -> None:
    db.reply("a", ANSWER)
    (row,) = db.outbox.due(NOW)
    db.outbox.claim(row, NOW, NOW + 20)
    assert db.outbox.due(NOW + 19) == []
    (row,) = db.outbox.due(NOW + 21)
    assert row.state == "sending"
    assert db.outbox.claim(row, NOW + 21, NOW + 41)
    assert [r.state for r in db.outbox.find("unknown")] == ["unknown"]


@pytest.mark.parametrize(
    ("reports", "status"),
    [
        (["queued", "sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["sent", "sent", "queued"], "sent"),
        (["delivered", "failed"], "delivered"),
        (["sent", "nonsense"], "sent"),
    ],
)
def test_a_report_never_moves_a_state_back(db: Db, reports: list[str], status: str) -> None:
    db.reply("a", ANSWER)
    for report in reports:
        db.outbox.status("a", 0, "SM1", report, "")
    (row,) = db.outbox.find("sent")
    assert row.carrier_status == status
    assert (row.sealed is None) is (status == "delivered")


def test_a_message_that_did_not_arrive_waits_for_staff(db: Db) -> None:
    db.reply("a", SAFETY)
    db.outbox.status("a", 0, "SM1", "undelivered", "30003")
    (row,) = db.outbox.find("dead")
    assert (row.error, row.sealed) == ("30003", "sealed")
    assert db.families.counter("dead") == 1
    assert db.outbox.settle(row.id)
    assert not db.outbox.settle(row.id)
    assert db.outbox.find("settled")[0].sealed is None


def test_an_opt_out_that_the_carrier_reports_names_the_family(db: Db) -> None:
    db.reply("a", ANSWER)
    assert db.outbox.status("a", 0, "SM1", "failed", "21610") == "c"
    assert db.outbox.find("blocked")[0].sealed is None


def test_two_carrier_ids_for_one_message_are_counted(db: Db) -> None:
    db.reply("a", ANSWER)
    assert db.outbox.status("a", 0, "SM1", "sent", "") == "c"
    assert db.outbox.status("a", 0, "SM1", "sent", "") is None
    assert db.outbox.status("a", 0, "SM2", "delivered", "") is None
    assert db.families.counter("duplicates") == 1
    assert db.outbox.carrier_sids("c") == {"SM1"}


def test_where_the_carrier_cannot_be_asked(db: Db) -> None:
    db.reply("a", SAFETY, ANSWER)
    for row in db.outbox.find("pending"):
        db.outbox.unsure(row.id, NOW, "no answer")
        db.outbox.unanswerable(row, NOW)
    assert [row.kind for row in db.outbox.find("pending")] == ["safety"]
    assert [(row.kind, row.error) for row in db.outbox.find("dead")] == [("answer", "unknown")]
    assert db.families.counter("sent again unasked") == 1
    assert db.families.counter("left to staff unasked") == 1
    (again,) = db.outbox.find("pending")
    db.outbox.unanswerable(replace(again, attempts=2), NOW)
    assert len(db.outbox.find("dead")) == 2


def test_only_an_opt_changes_the_opt_out(db: Db) -> None:
    db.families.opt("c", out=True)
    db.save(Family("c", lang="es", seen_at=NOW))
    assert db.families.load("c") == Family("c", lang="es", opted_out=True, seen_at=NOW)
    db.families.opt("c", out=False)
    assert not db.families.opted_out("c")
    assert db.families.load("unknown") == Family("unknown")


def test_forgotten_is_all_but_an_opt_out(db: Db) -> None:
    for conversation, out in (("c", False), ("d", True)):
        db.save(Family(conversation, more="sealed", greeted=True, seen_at=NOW))
        db.families.opt(conversation, out=out)
        db.families.forget(conversation)
    db.reply("a", ANSWER)
    db.families.forget("c")
    assert db.inbox.load("a") is None
    assert db.outbox.find("pending") == []
    assert db.families.load("c") == Family("c")
    assert db.families.load("d").opted_out
    assert db.families.load("d").more is None


def test_the_purge_keeps_what_is_young_and_who_opted_out(db: Db) -> None:
    old = NOW - 40 * 86_400
    for conversation, seen_at in (("old", old), ("out", old), ("young", NOW)):
        db.save(Family(conversation, greeted=True, seen_at=seen_at))
    db.families.opt("out", out=True)
    db.receive("old", at=old)
    db.receive("yesterday", at=NOW - 2 * 86_400)
    db.inbox.finish("yesterday", [ANSWER], "given", NOW - 2 * 86_400, 15)
    db.outbox.status("yesterday", 0, "SM1", "sent", "")
    assert sorted(db.families.purge(NOW, 30)) == ["old", "out"]
    assert db.families.purge(NOW, 30) == []
    assert db.inbox.load("old") is None
    kept = db.inbox.load("yesterday")
    assert kept is not None
    assert kept.answer == ""
    assert db.outbox.find("sent")[0].sealed is None
    assert db.families.load("out").opted_out
    assert db.families.load("young").seen_at == NOW


def test_counters_add_up(db: Db) -> None:
    db.reply("a", SAFETY, ANSWER)
    db.families.count("x")
    db.families.count("x", 4)
    assert db.families.counters() == {f"segments {int(NOW // 86_400)}": 3, "x": 5}
