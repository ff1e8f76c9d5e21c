"""The parts behind the pages that change what families are told, opened once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException

from bot.draft_checks import DraftChecker, Problem
from bot.drafting import Raw, live_raw
from bot.errors import ContentError
from bot.gateway.engine import Engine
from bot.gateway.replay import PATIENCE, Replayer
from bot.gateway.service import Service
from bot.gateway.staff.desk import service_of
from bot.live import Content, LiveContent, load_content, with_draft
from bot.overlay import parse
from bot.page_change import read_page
from bot.settings import Settings
from bot.store.content import ContentStore
from bot.store.content_tables import Snapshot, Version
from bot.store.publishing import Publisher
from bot.store.replays import Replays

KIND_NAMES = {
    "answer": "Answer",
    "safety": "Safety text",
    "check": "Guided check",
    "phrases": "Short phrases",
    "page": "The hospital's page",
}
STATE_NAMES = {
    "draft": "Being written",
    "submitted": "Waiting for a second person",
    "published": "Families read it",
    "superseded": "Families read it before",
    "withdrawn": "Given up",
}


@dataclass
class ContentDesk:
    """Store, checks and replay of drafts."""

    settings: Settings
    store: ContentStore
    publisher: Publisher
    live: LiveContent
    checker: DraftChecker
    replays: Replays
    replayer: Replayer

    def check(self, snapshot: Snapshot) -> None:
        """Refuse what could not be served (`bot.store.content.Check`)."""
        load_content(self.settings, snapshot)

    def live_raw(self, kind: str, key: str) -> dict[str, Any]:
        """What families are told now."""
        return live_raw(self.settings.data_dir, self.live.content, kind, key)

    def raw(self, version: Version) -> dict[str, Any]:
        """The contents of a version."""
        return parse(version.body, f"version {version.id}")

    def beside(self, version: Version) -> Content:
        """What a draft is checked against: what is live, or the new page that it is written for."""
        if version.page is None:
            return self.live.content
        page = self.store.get(version.page)
        if page is None:
            return self.live.content
        try:
            return load_content(self.settings, with_draft(self.store, page))
        except ContentError:
            # Not all is settled yet: the new page, under the answers as they are.
            content = self.live.content
            new = read_page(page, self.settings.source_url)
            return replace(content, library=replace(content.library, page=new))

    def problems(self, version: Version, raw: Raw) -> list[Problem]:
        """What stands against a draft."""
        live = self.live_raw(version.kind, version.key)
        return self.checker.check(version.kind, version.key, raw, self.beside(version), live)


def open_content(service: Service) -> ContentDesk:
    """Open every part."""
    settings, engine = service.settings, service.store.engine
    replays = Replays(engine)
    replayer = Replayer(
        settings,
        service.content,
        service.live,
        replays,
        service.dialogue,
        lambda: Engine(settings.rasa_urls, PATIENCE),
    )
    return ContentDesk(
        settings,
        service.content,
        Publisher(engine),
        service.live,
        DraftChecker(settings),
        replays,
        replayer,
    )


def content_of(request: Request) -> ContentDesk:
    """The parts of this process."""
    state = request.app.state
    service = service_of(request)
    if getattr(state, "content", None) is None or state.content.store is not service.content:
        state.content = open_content(service)
    desk: ContentDesk = state.content
    return desk


def found(request: Request, version: int) -> Version:
    """A version, or a page that says there is none."""
    known = content_of(request).store.get(version)
    if known is None:
        raise HTTPException(404)
    return known


def name_of(content: Content, kind: str, key: str) -> str:
    """What a text is called on the pages."""
    if kind == "answer" and key in content.library.answers:
        return content.library[key].title["en"]
    if kind == "safety" and key in content.safety.texts:
        return content.safety.texts[key].title.get("en") or key
    return KIND_NAMES.get(kind, key)
