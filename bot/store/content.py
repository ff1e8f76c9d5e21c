"""Drafts of what families are told: written, submitted, signed by a second person.

Who wrote in a version never signs it, and nothing unsigned is published: both are refused here,
whatever a page allowed. Every step is in the audit log by the transaction that takes it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.content import FORMS
from bot.errors import EditConflict, StepRefused
from bot.store.audit import Value, append
from bot.store.content_tables import (
    APPROVALS,
    AUTHORS,
    KINDS,
    LIVE,
    STATE,
    VERSIONS,
    Snapshot,
    Version,
    new_id,
    read_snapshot,
    read_versions,
)
from bot.store.database import reading
from bot.store.staff import Staff

# An approval ends after two years at the latest: who signed may be gone, and what is known move on.
MAX_DAYS = 2 * 365
# Raises ContentError where what would be live could not be served.
Check = Callable[[Snapshot], None]


@dataclass(frozen=True)
class Text:
    """What an author hands in; the fields are those of `Version`."""

    body: str
    needs: tuple[str, ...]
    withdraws: bool = False
    note: str = ""


class ContentStore:
    """Versions, in the database of the conversations."""

    def __init__(self, engine: sa.Engine) -> None:
        """Take the database."""
        self._engine = engine
        self._reads = reading(engine)

    # --- reading ---------------------------------------------------------------------

    def mark(self) -> int:
        """A number that rises whenever what is live changes: a cheap look."""
        with self._reads.connect() as connection:
            return int(connection.execute(sa.select(STATE.c.revision)).scalar_one())

    def snapshot(self) -> Snapshot:
        """What is live."""
        with self._reads.connect() as connection:
            return read_snapshot(connection)

    def get(self, version: int) -> Version | None:
        """A version, or None where there is none."""
        with self._reads.connect() as connection:
            return next(iter(read_versions(connection, VERSIONS.c.id == version)), None)

    def history(self, kind: str, key: str) -> list[Version]:
        """Every version of a text, newest first."""
        with self._reads.connect() as connection:
            same = sa.and_(VERSIONS.c.kind == kind, VERSIONS.c.key == key)
            return read_versions(connection, same)[::-1]

    def open_versions(self) -> list[Version]:
        """Drafts and what waits for a second person, newest first."""
        with self._reads.connect() as connection:
            return read_versions(connection, VERSIONS.c.state.in_(("draft", "submitted")))[::-1]

    def written_for(self, page: int) -> list[Version]:
        """The versions that go live with a page version, oldest first."""
        with self._reads.connect() as connection:
            return read_versions(connection, VERSIONS.c.page == page)

    # --- writing ---------------------------------------------------------------------

    def begin(
        self,
        kind: str,
        key: str,
        text: Text,
        author: Staff,
        *,
        base: int | None,
        page: int | None = None,
    ) -> Version:
        """A new draft.

        Args:
            kind: of KINDS.
            key: the topic, id or name.
            text: what it says.
            author: who writes it.
            base: the version that the author began from; None for the text in data/.
            page: the page version that it is written for.
        """
        if kind not in KINDS:
            raise ValueError(f"no kind {kind!r}")
        values = {"kind": kind, "key": key, "base": base, "page": page, "state": "draft"}
        with self._engine.begin() as connection:
            added = connection.execute(VERSIONS.insert().values(**values, revision=1, **_row(text)))
            version = new_id(added)
            self._sign_in(connection, version, author)
            begun = _only(connection, version)
            note_step(connection, author, "content.begin", begun)
            return begun

    def save(
        self, version: int, revision: int, text: Text, author: Staff, *, base: int | None
    ) -> Version:
        """Replace a draft's text.

        Args:
            version: of the draft.
            revision: that the author began from.
            text: what it says now.
            author: who writes.
            base: the live version that the author has seen beside it; None for that in data/.

        Raises:
            EditConflict: someone else has saved it since.
            StepRefused: it is no draft any more.
        """
        with self._engine.begin() as connection:
            before = self._at(connection, version, revision, "draft")
            change = VERSIONS.update().where(VERSIONS.c.id == version)
            connection.execute(change.values(revision=revision + 1, base=base, **_row(text)))
            self._sign_in(connection, version, author)
            note_step(connection, author, "content.save", before)
            return _only(connection, version)

    def submit(self, version: int, revision: int, author: Staff) -> Version:
        """Hand a draft to a second person.

        Raises:
            EditConflict, StepRefused: as `save`; nothing in it needs a signature.
        """
        with self._engine.begin() as connection:
            before = self._at(connection, version, revision, "draft")
            if not before.needs and not before.withdraws:
                raise StepRefused("Nothing in it has changed, so there is nothing to sign.")
            self._move(connection, before, "submitted")
            note_step(connection, author, "content.submit", before)
            return _only(connection, version)

    def approve(
        self,
        version: int,
        revision: int,
        forms: Sequence[str],
        signer: Staff,
        *,
        on: dt.date,
        expires: dt.date,
        translator: str = "",
    ) -> Version:
        """Sign forms of a submitted version.

        Args:
            version: to be signed.
            revision: that the signer has read.
            forms: of FORMS.
            signer: an approver who did not write in it.
            on: the day of the signature.
            expires: its last day, within MAX_DAYS.
            translator: the qualified translator, for what is not English.

        Raises:
            EditConflict: the text is no longer the one that was read.
            StepRefused: the signer wrote in it or is no approver, a date is missing or too late, or
                a name is missing.
        """
        translator = translator.strip()
        if not signer.may("approver"):
            raise StepRefused("Only an approver may approve a text.")
        if not forms or set(forms) - set(FORMS):
            raise StepRefused("Choose which texts you approve.")
        if expires <= on:
            raise StepRefused("An approval ends on a day after today.")
        if (expires - on).days > MAX_DAYS:
            latest = (on + dt.timedelta(days=MAX_DAYS)).isoformat()
            raise StepRefused(f"An approval lasts two years at most, until {latest}.")
        if set(forms) != {"en"} and not translator:
            raise StepRefused("An approved translation names its qualified translator.")
        with self._engine.begin() as connection:
            before = self._at(connection, version, revision, "submitted")
            if before.written_by(signer.id):
                raise StepRefused("You wrote in it, so a second person has to approve it.")
            if set(forms) - set(before.needs):
                raise StepRefused("Only texts that were changed or handed in can be approved.")
            for form in forms:
                same = sa.and_(APPROVALS.c.version == version, APPROVALS.c.form == form)
                connection.execute(APPROVALS.delete().where(same))
                row = APPROVALS.insert().values(
                    version=version,
                    form=form,
                    staff_id=signer.id,
                    name=signer.name,
                    signed_on=on,
                    expires=expires,
                    translator=None if form == "en" else translator[:200],
                )
                connection.execute(row)
            detail = {"forms": ",".join(forms), "expires": expires.isoformat()}
            note_step(connection, signer, "content.approve", before, **detail)
            return _only(connection, version)

    def send_back(self, version: int, revision: int, person: Staff) -> Version:
        """Make a draft again of what was submitted; its signatures are gone."""
        with self._engine.begin() as connection:
            before = self._at(connection, version, revision, "submitted")
            connection.execute(APPROVALS.delete().where(APPROVALS.c.version == version))
            self._move(connection, before, "draft")
            note_step(connection, person, "content.send_back", before)
            return _only(connection, version)

    def give_up(self, version: int, revision: int, person: Staff) -> Version:
        """Put a draft away; a page's answers go with it."""
        with self._engine.begin() as connection:
            before = self._at(connection, version, revision, "draft", "submitted")
            self._move(connection, before, "withdrawn")
            if before.kind == "page":
                unborn = VERSIONS.c.state.in_(("draft", "submitted"))
                with_it = VERSIONS.update().where(VERSIONS.c.page == version, unborn)
                connection.execute(with_it.values(state="withdrawn"))
            note_step(connection, person, "content.give_up", before)
            return _only(connection, version)

    # --- inside a transaction ------------------------------------------------------------

    def _at(self, connection: sa.Connection, version: int, revision: int, *states: str) -> Version:
        """The version, locked, in one of the states and at that revision."""
        lock = sa.select(VERSIONS.c.id).where(VERSIONS.c.id == version).with_for_update()
        if connection.execute(lock).scalar_one_or_none() is None:
            raise StepRefused("There is no such draft.")
        found = _only(connection, version)
        if found.state not in states:
            raise StepRefused("It has moved on in the meantime. Please look at it again.")
        if found.revision != revision:
            raise EditConflict("Someone else has changed it in the meantime.")
        return found

    @staticmethod
    def _move(connection: sa.Connection, version: Version, state: str) -> None:
        change = VERSIONS.update().where(VERSIONS.c.id == version.id)
        connection.execute(change.values(state=state, changed_at=time.time()))

    @staticmethod
    def _sign_in(connection: sa.Connection, version: int, author: Staff) -> None:
        same = sa.and_(AUTHORS.c.version == version, AUTHORS.c.staff_id == author.id)
        if connection.execute(sa.select(AUTHORS.c.name).where(same)).first() is None:
            row = {"version": version, "staff_id": author.id, "name": author.name}
            connection.execute(AUTHORS.insert().values(row))


def note_step(
    connection: sa.Connection, person: Staff, action: str, version: Version, **more: Value
) -> None:
    """Put a step into the audit log; it names versions and forms, never words."""
    detail = {"version": version.id, "revision": version.revision, **more}
    append(connection, person, action, f"{version.kind}/{version.key}", detail)


def live_version(connection: sa.Connection, kind: str, key: str) -> int | None:
    """The version that families read; None where it is the text in data/."""
    same = sa.and_(LIVE.c.kind == kind, LIVE.c.key == key)
    found = connection.execute(sa.select(LIVE.c.version).where(same)).scalar_one_or_none()
    return None if found is None else int(found)


def _only(connection: sa.Connection, version: int) -> Version:
    return read_versions(connection, VERSIONS.c.id == version)[0]


def _row(text: Text) -> dict[str, Any]:
    return {
        "body": text.body,
        "needs": ",".join(form for form in FORMS if form in text.needs),
        "withdraws": text.withdraws,
        "note": text.note[:500],
        "changed_at": time.time(),
    }
