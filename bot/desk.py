"""Everything that an action needs to answer: the present content, with models and limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.compose import Composer
from bot.danger import LearnedLimits, load_limits
from bot.decide import Thresholds, load_thresholds
from bot.encoder import Encoder
from bot.follow_ups import FollowUps
from bot.hospital import Hospital
from bot.live import Content, LiveContent, load_content, with_draft
from bot.refusals import Refusals, load_refusals
from bot.reply import SafetyCatalogue
from bot.retrieval import Retriever
from bot.settings import Settings
from bot.spasm_check import Guide
from bot.store.content import ContentStore


@dataclass(frozen=True)
class Desk:
    """Everything that an action needs to answer."""

    composer: Composer
    limits: Thresholds
    hospital: Hospital
    safety: SafetyCatalogue
    learned: LearnedLimits
    refusals: Refusals
    encoder_version: str
    follow_ups: FollowUps
    guide: Guide | None = None
    content_version: str = ""


class DeskMaker:
    """Makes a desk of any content; the index is made anew only where page or words changed."""

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        """Open the encoder and the limits.

        Args:
            settings: name the folders.
            encoder: one that is open already.

        Raises:
            ConfigError: a file breaks its contract.
            BuildError: the encoder has not been built.
        """
        data: Path = settings.data_dir
        self._settings = settings
        self._limits = load_thresholds(data / "thresholds.yml")
        self._learned = load_limits(data / "safety" / "learned.yml")
        self._refusals = load_refusals(data / "safety" / "refused.yml")
        self._index: tuple[object, Retriever] | None = None
        self.encoder = encoder or Encoder(settings.var_dir / "encoder" / "current")

    def make(self, content: Content, *, signed_only: bool | None = None) -> Desk:
        """The desk that answers from some content.

        Args:
            content: what is told.
            signed_only: unsigned answers become "please call"; None as the settings say.
        """
        guide = content.guide if content.answers_on else None
        composer = Composer(
            content.library,
            self._retriever(content),
            content.hospital,
            content.safety,
            content.phrases.texts,
            signed_only=self._settings.production if signed_only is None else signed_only,
            offer=guide.offer if guide else None,
            translations=content.translations,
            answers_on=content.answers_on,
        )
        return Desk(
            composer,
            self._limits,
            content.hospital,
            content.safety,
            self._learned,
            self._refusals,
            self.encoder.version,
            content.follow_ups,
            guide,
            content.version,
        )

    def _retriever(self, content: Content) -> Retriever:
        synonyms = content.glossary.synonyms()
        same = (content.library.page.sha256, synonyms)
        if self._index is None or self._index[0] != same:
            self._index = (same, Retriever(content.library.page, self.encoder, synonyms))
        return self._index[1]


class LiveDesk:
    """The desk of this moment, and for staff that of a draft laid over it."""

    def __init__(self, settings: Settings, store: ContentStore) -> None:
        """Open everything once, at start.

        Raises:
            ConfigError: curated content breaks its contract.
            BuildError: the encoder has not been built.
        """
        self._settings = settings
        self._store = store
        self._maker = DeskMaker(settings)
        # A draft's page has an index of its own; the families' one stays.
        self._drafts = DeskMaker(settings, self._maker.encoder)
        self._draft: tuple[object, Desk] | None = None
        self.live = LiveContent(settings, store, self._swap)

    def _swap(self, content: Content) -> None:
        self._desk = self._maker.make(content)

    def desk(self, draft: str = "") -> Desk:
        """The present desk.

        Args:
            draft: id of a version that is laid over it; the gateway alone names one.

        Raises:
            ContentError: the draft cannot be served.
        """
        version = self._store.get(int(draft)) if draft.isdigit() else None
        if version is None:
            return self._desk
        same = (self.live.content.revision, version)
        if self._draft is None or self._draft[0] != same:
            snapshot = with_draft(self._store, version)
            content = load_content(self._settings, snapshot)
            self._draft = (same, self._drafts.make(content, signed_only=False))
        return self._draft[1]


def open_desk(settings: Settings) -> Desk:
    """The desk of the files in data/, whatever is published over them.

    Raises:
        ConfigError: curated content breaks its contract.
        BuildError: the encoder has not been built.
    """
    return DeskMaker(settings).make(load_content(settings))
