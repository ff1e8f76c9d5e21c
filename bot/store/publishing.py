"""What goes live, and what comes back: each in one transaction, checked before it ends."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.content import FORMS
from bot.errors import EditConflict, StepRefused
from bot.store.audit import append
from bot.store.content import Check, Text, live_version, note_step
from bot.store.content_tables import (
    AUTHORS,
    LIVE,
    STATE,
    VERSIONS,
    Version,
    new_id,
    read_snapshot,
    read_versions,
)
from bot.store.staff import Staff


class Publisher:
    """Changes what families are told, for every process at once."""

    def __init__(self, engine: sa.Engine) -> None:
        """Take the database."""
        self._engine = engine

    def publish(self, version: int, person: Staff, check: Check) -> None:
        """Put a signed version live; a page takes the answers that were written for it along.

        Args:
            version: submitted, each form that needs it signed.
            person: who publishes.
            check: raises where what would be live could not be served; then nothing changes.

        Raises:
            StepRefused: a signature is missing, or it is not submitted.
            EditConflict: something else went live since it was begun.
            ContentError: from the check.
        """
        with self._engine.begin() as connection:
            self._lock(connection)
            chosen = _known(connection, version)
            if chosen.page is not None:
                raise StepRefused("It goes live together with the new page.")
            together = [chosen]
            if chosen.kind == "page":
                open_ = VERSIONS.c.state.in_(("draft", "submitted"))
                together += read_versions(connection, sa.and_(VERSIONS.c.page == version, open_))
            for one in together:
                self._put_live(connection, one)
                note_step(connection, person, "content.publish", one)
            self._finish(connection, check)

    def put_back(
        self, kind: str, key: str, target: int | None, person: Staff, check: Check
    ) -> None:
        """Make live what was live before.

        Args:
            kind: of the text.
            key: of the text.
            target: a version that has been published; None for the text in data/.
            person: who does it.
            check: as in `publish`.

        Raises:
            StepRefused: it was never published, or is live already.
            ContentError: from the check.
        """
        with self._engine.begin() as connection:
            self._lock(connection)
            now = live_version(connection, kind, key)
            if target == now:
                raise StepRefused("This is what families read already.")
            if target is not None:
                wanted = _known(connection, target)
                if (wanted.kind, wanted.key) != (kind, key) or wanted.published_at is None:
                    raise StepRefused("Only a text that families have read can be put back.")
            if kind == "page":
                # Answers stand on a page: those that came with it go, those of the target return.
                for one in read_snapshot(connection).live.values():
                    if now is not None and one.page == now:
                        self._set_live(connection, one.kind, one.key, one.previous)
                if target is not None:
                    born = VERSIONS.c.published_at.is_not(None)
                    for one in read_versions(connection, sa.and_(VERSIONS.c.page == target, born)):
                        self._set_live(connection, one.kind, one.key, one.id)
            self._set_live(connection, kind, key, target)
            detail = {"from": now, "to": target}
            append(connection, person, "content.put_back", f"{kind}/{key}", detail)
            self._finish(connection, check)

    def withdraw(
        self, kind: str, key: str, text: Text, base: int | None, person: Staff, check: Check
    ) -> None:
        """Take an answer away at once: families are told to call. It needs no second person.

        Raises:
            EditConflict: another version went live since `base`.
            ContentError: from the check.
        """
        if not text.withdraws:
            raise ValueError("this text takes nothing away")
        with self._engine.begin() as connection:
            self._lock(connection)
            if live_version(connection, kind, key) != base:
                raise EditConflict("Another version went live in the meantime.")
            now = time.time()
            row: dict[str, Any] = {"kind": kind, "key": key, "base": base, "body": text.body}
            row |= {"needs": "", "withdraws": True, "note": text.note[:500], "revision": 1}
            row |= {"state": "submitted", "changed_at": now}
            added = connection.execute(VERSIONS.insert().values(row))
            version = new_id(added)
            author = {"version": version, "staff_id": person.id, "name": person.name}
            connection.execute(AUTHORS.insert().values(author))
            one = _known(connection, version)
            self._put_live(connection, one)
            note_step(connection, person, "content.withdraw", one)
            self._finish(connection, check)

    def switch_answers(self, *, on: bool, person: Staff, why: str) -> None:
        """Give answers, or tell every family to call; safety texts and phone lines stay.

        Args:
            on: whether answers are given.
            person: who decides.
            why: in a few words, for the record.
        """
        with self._engine.begin() as connection:
            self._lock(connection)
            connection.execute(STATE.update().values(answers_on=on))
            action = "answers.on" if on else "answers.off"
            append(connection, person, action, "answers", {"why": why[:200]})
            self._finish(connection, lambda _: None)

    def _put_live(self, connection: sa.Connection, one: Version) -> None:
        if one.state != "submitted":
            raise StepRefused(f"{one.key} has not been handed in for a second person.")
        if one.unsigned or not (one.needs or one.withdraws):
            missing = ", ".join(one.unsigned or FORMS)
            raise StepRefused(f"{one.key} has not been approved yet ({missing}).")
        before = live_version(connection, one.kind, one.key)
        if before != one.base:
            raise EditConflict(f"Another version of {one.key} went live in the meantime.")
        stamp: Mapping[str, Any] = {"published_at": time.time(), "previous": before}
        connection.execute(VERSIONS.update().where(VERSIONS.c.id == one.id).values(**stamp))
        self._set_live(connection, one.kind, one.key, one.id)

    @staticmethod
    def _set_live(connection: sa.Connection, kind: str, key: str, version: int | None) -> None:
        same = sa.and_(LIVE.c.kind == kind, LIVE.c.key == key)
        before = live_version(connection, kind, key)
        connection.execute(LIVE.delete().where(same))
        for number, state in ((before, "superseded"), (version, "published")):
            if number is not None:
                moved = VERSIONS.update().where(VERSIONS.c.id == number)
                connection.execute(moved.values(state=state))
        if version is not None:
            connection.execute(LIVE.insert().values(kind=kind, key=key, version=version))

    @staticmethod
    def _lock(connection: sa.Connection) -> None:
        """One publication at a time."""
        connection.execute(sa.select(STATE.c.id).with_for_update())

    @staticmethod
    def _finish(connection: sa.Connection, check: Check) -> None:
        connection.execute(STATE.update().values(revision=STATE.c.revision + 1))
        check(read_snapshot(connection))


def _known(connection: sa.Connection, version: int) -> Version:
    lock = sa.select(VERSIONS.c.id).where(VERSIONS.c.id == version).with_for_update()
    if connection.execute(lock).scalar_one_or_none() is None:
        raise StepRefused("There is no such version.")
    return read_versions(connection, VERSIONS.c.id == version)[0]
