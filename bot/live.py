"""What families are told at this moment, in every process: data/, and what staff published over it.

A thread looks every second whether anything has changed, and swaps in new content as a whole. A
database that does not answer, or a text that cannot be served, leaves the last good content.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answers import Library, load_library
from bot.content import Review, Reviews, content_version
from bot.errors import ContentError
from bot.follow_ups import FollowUps, load_follow_ups
from bot.glossary import Glossary, load_glossary
from bot.hospital import Hospital, load_hospital
from bot.overlay import laid_over
from bot.phrases import Phrases, load_phrases
from bot.reply import SafetyCatalogue, SafetyText, load_safety
from bot.reviews import all_reviews
from bot.settings import Settings
from bot.source import Page
from bot.spasm_check import Guide, load_guide
from bot.store.content import ContentStore
from bot.store.content_tables import Snapshot, Version
from bot.translations import Translations, load_translations

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
NOTHING = Snapshot(0, True, {})


@dataclass(frozen=True)
class Content:
    """Everything curated, as families are told it.

    Attributes:
        revision: rises with each publication; 0 is data/ as it is.
        version: of data/ and, behind a dot, the revision, the same on each machine.
        versions: what is published over data/, by (kind, key).
        answers_on: what the page says is told; else families are told to call.
        guide: the guided check, where it is switched on and stands on the page.
        check_reviews: who signed the guided check, switched on or not; None where it is lost.
        all_reviews: every signature, by kind of content, for alarms.
    """

    revision: int
    version: str
    answers_on: bool
    versions: Mapping[tuple[str, str], Version]
    library: Library
    hospital: Hospital
    safety: SafetyCatalogue
    phrases: Phrases
    glossary: Glossary
    translations: Translations
    follow_ups: FollowUps
    guide: Guide | None
    check_reviews: Reviews | None
    all_reviews: Mapping[str, tuple[Review, ...]]

    @property
    def page(self) -> Page:
        """The page that answers stand on."""
        return self.library.page


def load_content(settings: Settings, snapshot: Snapshot = NOTHING) -> Content:
    """Load data/ with what is published over it.

    Raises:
        ContentError: a text breaks its contract, or a quote does not stand on the page.
    """
    version = content_version(settings.data_dir)
    if snapshot.revision:
        version += f".{snapshot.revision}"
    with laid_over(settings.data_dir, snapshot) as data:
        library = load_library(data, settings.source_url)
        page = library.page
        hospital = load_hospital(data / "hospital.yml", page.text)
        try:
            guide = load_guide(data / "spasm_check.yml", page)
        except ContentError:
            # A new page may have lost words of the check: families do without it meanwhile.
            if ("page", "iess") not in snapshot.live:
                raise
            guide = None
        return Content(
            revision=snapshot.revision,
            version=version,
            answers_on=snapshot.answers_on,
            versions=snapshot.live,
            library=library,
            hospital=hospital,
            safety=load_safety(data / "safety", hospital),
            phrases=load_phrases(data / "phrases.yml"),
            glossary=load_glossary(data / "glossary.yml", page),
            translations=load_translations(data / "source" / "iess.es.yml", page),
            follow_ups=load_follow_ups(data / "follow_ups.yml", page),
            guide=guide if settings.guided_check else None,
            check_reviews=guide.reviews if guide else None,
            all_reviews=all_reviews(data),
        )


class Published(Protocol):
    """Where it is kept what is live: `bot.store.content.ContentStore`."""

    def mark(self) -> int:
        """A number that rises with each change."""
        ...

    def snapshot(self) -> Snapshot:
        """What is live."""
        ...


def with_draft(store: ContentStore, draft: Version) -> Snapshot:
    """What would be live with a draft, and where it is a page with all that was written for it."""
    together = [draft]
    page = draft.page if draft.kind != "page" else draft.id
    if page is not None:
        known = store.get(page)
        together = [*([known] if known else []), *store.written_for(page), draft]
    unborn = [v for v in together if v.id == draft.id or v.state in ("draft", "submitted")]
    snapshot = store.snapshot()
    laid = {(version.kind, version.key): version for version in unborn}
    return replace(snapshot, answers_on=True, live={**snapshot.live, **laid})


class LiveContent:
    """The present content of this process."""

    def __init__(
        self,
        settings: Settings,
        published: Published,
        changed: Callable[[Content], None] = lambda _: None,
    ) -> None:
        """Load what is live.

        Args:
            settings: name the folder of the files.
            published: where it is kept what is live.
            changed: told of new content before it is swapped in, from the thread that looks.

        Raises:
            ContentError: what is published cannot be served, or data/ is broken.
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        self._settings = settings
        self._published = published
        self._changed = changed
        self._tried = -1
        self._looking = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.fault = ""  # what staff should know: why the newest content is not told
        snapshot = published.snapshot()
        self._content = load_content(settings, snapshot)
        self._changed(self._content)
        self._tried = snapshot.revision

    @property
    def content(self) -> Content:
        """What families are told now."""
        return self._content

    def look(self) -> bool:
        """Take over what has been published since; False where there is nothing new, or a fault."""
        with self._looking:
            try:
                if self._published.mark() == self._tried:
                    return False
                snapshot = self._published.snapshot()
                self._tried = snapshot.revision
                content = load_content(self._settings, snapshot)
                self._changed(content)
            except Exception as error:  # noqa: BLE001 - families keep the last good content
                # The type only: an error's message may quote what an editor wrote.
                log.error("new content is not told: %s", type(error).__name__)  # noqa: TRY400
                self.fault = type(error).__name__
                return False
            self._content, self.fault = content, ""
            return True

    def start(self) -> None:
        """Look from now on, every second."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="live-content", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=5.0)

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look()


class LiveSafety(SafetyCatalogue):
    """The safety texts of this moment, for parts that keep the catalogue they were given."""

    def __init__(self, live: LiveContent) -> None:
        """Speak for the present content; sources and hospital do not change while it runs."""
        self._live = live
        self.sources = live.content.safety.sources
        self._hospital = live.content.hospital

    @property
    def texts(self) -> Mapping[str, SafetyText]:  # type: ignore[override]
        """The texts by id."""
        return self._live.content.safety.texts
