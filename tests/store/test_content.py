"""Drafts, signatures and what is live, on both databases, with several people at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import ContentError, EditConflict, StepRefused
from bot.store.audit import Audit
from bot.store.content import ContentStore, Text
from bot.store.content_tables import Person, Snapshot, Version
from bot.store.database import open_database
from bot.store.publishing import Publisher
from bot.store.staff import Staff
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]
ANNA, BEN, CARL = (
    Staff(number, name, f"{name.lower()}@hospital.example", "approver")
    for number, name in enumerate(("Anna", "Ben", "Carl"), 1)
)
TODAY = dt.date(2026, 11, 26)
LATER = dt.date(2027, 11, 26)
EN = Text("say: hello", ("en",))


def fine(_: Snapshot) -> None:
    """Everything may be served."""


@dataclass
class Db:
    engine: sa.Engine

    def __post_init__(self) -> None:
        self.content = ContentStore(self.engine)
        self.publisher = Publisher(self.engine)

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """Who did what to which text, as the audit log has it."""
        entries = Audit(self.engine).entries()
        return [(e.actor.partition("@")[0], e.action, e.subject) for e in entries]

    def draft(self, text: Text = EN, key: str = "eeg", **more: Any) -> Version:
        return self.content.begin("answer", key, text, ANNA, **{"base": None, **more})

    def submitted(self, text: Text = EN, key: str = "eeg", **more: Any) -> Version:
        draft = self.draft(text, key, **more)
        return self.content.submit(draft.id, draft.revision, ANNA)

    def sign(self, version: Version, *forms: str, by: Staff = BEN, **more: Any) -> Version:
        fields = {"on": TODAY, "expires": LATER, "translator": "T. Ruiz", **more}
        return self.content.approve(
            version.id, version.revision, forms or version.needs, by, **fields
        )

    def published(self, text: Text = EN, key: str = "eeg", **more: Any) -> Version:
        version = self.sign(self.submitted(text, key, **more))
        self.publisher.publish(version.id, CARL, fine)
        return version

    def live(self, key: str = "eeg", kind: str = "answer") -> int | None:
        found = self.content.snapshot().live.get((kind, key))
        return found.id if found else None


@pytest.fixture
def db(database_url: str) -> Iterator[Db]:
    engine = open_database(database_url)
    yield Db(engine)
    engine.dispose()


def test_in_the_beginning_answers_are_given_as_data_has_them(db: Db) -> None:
    assert db.content.snapshot() == Snapshot(0, True, {})


def test_a_draft_is_signed_by_a_second_person_and_goes_live(db: Db) -> None:
    version = db.published(Text("say: hola", ("es", "en"), note="clearer"))
    live = db.content.snapshot().live["answer", "eeg"]
    assert (live.id, live.state, live.body, live.note) == (
        version.id,
        "published",
        "say: hola",
        "clearer",
    )
    assert [a.form for a in live.approvals] == ["en", "es"]
    signed = {a.form: (a.person, a.on, a.expires, a.translator) for a in live.approvals}
    assert signed["en"] == (Person(2, "Ben"), TODAY, LATER, None)
    assert signed["es"] == (Person(2, "Ben"), TODAY, LATER, "T. Ruiz")
    assert db.steps == [
        ("anna", "content.begin", "answer/eeg"),
        ("anna", "content.submit", "answer/eeg"),
        ("ben", "content.approve", "answer/eeg"),
        ("carl", "content.publish", "answer/eeg"),
    ]
    assert db.content.mark() == 1


def test_nobody_approves_what_they_wrote(db: Db) -> None:
    version = db.submitted()
    with pytest.raises(StepRefused, match="second person"):
        db.sign(version, by=ANNA)
    draft = db.content.send_back(version.id, version.revision, BEN)
    changed = db.content.save(draft.id, draft.revision, EN, BEN, base=None)
    again = db.content.submit(changed.id, changed.revision, ANNA)
    for author in (ANNA, BEN):
        with pytest.raises(StepRefused, match="second person"):
            db.sign(again, by=author)
    assert db.sign(again, by=CARL).unsigned == ()


def test_what_is_not_signed_is_not_published(db: Db) -> None:
    draft = db.draft()
    with pytest.raises(StepRefused, match="not been handed in"):
        db.publisher.publish(draft.id, CARL, fine)
    waiting = db.submitted(Text("x", ("en", "es")))
    for _ in range(2):
        with pytest.raises(StepRefused, match="not been approved"):
            db.publisher.publish(waiting.id, CARL, fine)
        db.sign(waiting, "en")
    assert db.live() is None
    assert db.content.mark() == 0
    with pytest.raises(StepRefused, match="no such"):
        db.publisher.publish(99, CARL, fine)


@pytest.mark.parametrize(
    ("forms", "more", "said"),
    [
        ((), {}, "Choose"),
        (("fr",), {}, "Choose"),
        (("en",), {"expires": TODAY}, "after today"),
        (("en",), {"expires": TODAY + dt.timedelta(days=731)}, "2028-11-25"),
        (("es",), {"translator": " "}, "translator"),
        (("es_sms",), {}, "handed in"),
    ],
)
def test_a_signature_that_says_too_little(
    db: Db, forms: tuple[str, ...], more: dict[str, Any], said: str
) -> None:
    version = db.submitted(Text("x", ("en", "es")))
    fields = {"on": TODAY, "expires": LATER, "translator": "T. Ruiz", **more}
    with pytest.raises(StepRefused, match=said):
        db.content.approve(version.id, version.revision, forms, BEN, **fields)


def test_a_text_that_changes_nothing_is_not_handed_in(db: Db) -> None:
    draft = db.draft(Text("x", ()))
    with pytest.raises(StepRefused, match="nothing to sign"):
        db.content.submit(draft.id, draft.revision, ANNA)


def test_what_is_sent_back_loses_its_signatures(db: Db) -> None:
    version = db.sign(db.submitted())
    draft = db.content.send_back(version.id, version.revision, BEN)
    assert (draft.state, draft.approvals) == ("draft", ())


def test_a_signature_is_for_the_text_that_was_read(db: Db) -> None:
    version = db.submitted()
    draft = db.content.send_back(version.id, version.revision, ANNA)
    changed = db.content.save(draft.id, draft.revision, Text("other", ("en",)), ANNA, base=None)
    db.content.submit(changed.id, changed.revision, ANNA)
    with pytest.raises(EditConflict):
        db.sign(version)


def test_editors_at_the_same_time_never_overwrite_each_other(db: Db) -> None:
    draft = db.draft()

    def save(number: int) -> str:
        person = Staff(number + 10, f"Editor {number}", "e@hospital.example", "editor")
        text = Text(f"text of {number}", ("en",))
        try:
            return db.content.save(draft.id, draft.revision, text, person, base=None).body
        except EditConflict:
            return ""

    with ThreadPoolExecutor(8) as pool:
        saved = [body for body in pool.map(save, range(8)) if body]
    now = db.content.get(draft.id)
    assert now is not None
    assert saved == [now.body]
    assert now.revision == 2


def test_drafts_of_the_same_text_published_at_the_same_time_are_told(db: Db) -> None:
    ready = [db.sign(db.submitted(Text(f"text {n}", ("en",)))) for n in range(4)]

    def publish(version: Version) -> bool:
        try:
            db.publisher.publish(version.id, CARL, fine)
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, ready)) == [False, False, False, True]
    assert db.content.mark() == 1


def test_a_text_that_could_not_be_served_changes_nothing(db: Db) -> None:
    version = db.sign(db.submitted())

    def broken(snapshot: Snapshot) -> None:
        assert ("answer", "eeg") in snapshot.live
        raise ContentError("a quote is lost")

    with pytest.raises(ContentError):
        db.publisher.publish(version.id, CARL, broken)
    assert (db.live(), db.content.mark()) == (None, 0)
    known = db.content.get(version.id)
    assert known is not None
    assert known.state == "submitted"


def test_what_was_live_comes_back(db: Db) -> None:
    first = db.published()
    second = db.published(Text("second", ("en",)), base=first.id)
    assert db.live() == second.id
    db.publisher.put_back("answer", "eeg", first.id, CARL, fine)
    assert db.live() == first.id
    assert [v.state for v in db.content.history("answer", "eeg")] == ["superseded", "published"]
    db.publisher.put_back("answer", "eeg", None, CARL, fine)
    assert db.live() is None
    db.publisher.put_back("answer", "eeg", second.id, CARL, fine)
    assert db.live() == second.id
    assert db.content.mark() == 5
    with pytest.raises(StepRefused, match="already"):
        db.publisher.put_back("answer", "eeg", second.id, CARL, fine)


def test_what_families_never_read_is_not_put_back(db: Db) -> None:
    unborn = db.sign(db.submitted())
    elsewhere = db.published(key="pain")
    for target in (unborn.id, elsewhere.id):
        with pytest.raises(StepRefused, match="families have read"):
            db.publisher.put_back("answer", "eeg", target, CARL, fine)


def test_an_answer_is_taken_away_at_once(db: Db) -> None:
    first = db.published()
    gone = Text("withdrawn: true", (), withdraws=True)
    with pytest.raises(EditConflict):
        db.publisher.withdraw("answer", "eeg", gone, None, CARL, fine)
    db.publisher.withdraw("answer", "eeg", gone, first.id, CARL, fine)
    live = db.content.snapshot().live["answer", "eeg"]
    assert (live.withdraws, live.previous) == (True, first.id)


def test_a_page_takes_its_answers_along_and_back(db: Db) -> None:
    old = db.published()
    page = db.content.begin("page", "iess", Text("page", ("en",)), ANNA, base=None)
    db.content.submit(page.id, page.revision, ANNA)
    page = db.sign(page)
    edited = db.draft(Text("edited", ("en",)), page=page.id, base=old.id)
    with pytest.raises(StepRefused, match="not been handed in"):
        db.publisher.publish(page.id, CARL, fine)
    edited = db.content.submit(edited.id, edited.revision, ANNA)
    edited = db.sign(edited)
    with pytest.raises(StepRefused, match="together with the new page"):
        db.publisher.publish(edited.id, CARL, fine)
    db.publisher.publish(page.id, CARL, fine)
    assert (db.live("iess", "page"), db.live()) == (page.id, edited.id)
    db.publisher.put_back("page", "iess", None, CARL, fine)
    assert (db.live("iess", "page"), db.live()) == (None, old.id)
    db.publisher.put_back("page", "iess", page.id, CARL, fine)
    assert (db.live("iess", "page"), db.live()) == (page.id, edited.id)


def test_a_page_that_is_given_up_takes_its_drafts_along(db: Db) -> None:
    page = db.content.begin("page", "iess", Text("page", ("en",)), ANNA, base=None)
    draft = db.draft(page=page.id)
    db.content.give_up(page.id, page.revision, ANNA)
    assert db.content.open_versions() == []
    assert [v.id for v in db.content.written_for(page.id)] == [draft.id]
    with pytest.raises(StepRefused, match="moved on"):
        db.content.save(draft.id, draft.revision, EN, ANNA, base=None)


def test_the_switch(db: Db) -> None:
    db.publisher.switch_answers(on=False, person=CARL, why="wrong phone number")
    snapshot = db.content.snapshot()
    assert (snapshot.answers_on, snapshot.revision) == (False, 1)
    db.publisher.switch_answers(on=True, person=CARL, why="corrected")
    assert db.content.snapshot().answers_on
    assert [step[1] for step in db.steps] == ["answers.off", "answers.on"]


def test_a_step_that_cannot_be_recorded_is_not_taken(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr("bot.store.publishing.append", full)
    with pytest.raises(OSError, match="no space"):
        db.publisher.switch_answers(on=False, person=CARL, why="")
    assert db.content.snapshot().answers_on


def test_only_an_approver_signs(db: Db) -> None:
    editor = Staff(9, "Eve", "eve@hospital.example", "editor")
    with pytest.raises(StepRefused, match="Only an approver"):
        db.sign(db.submitted(), by=editor)
