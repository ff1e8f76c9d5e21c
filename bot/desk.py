"""Everything that an action needs to answer: the present content, with models and limits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.compose import Composer
from bot.danger import LearnedLimits, load_limits
from bot.decide import Thresholds, load_thresholds
from bot.encoder import Encoder
from bot.follow_ups import FollowUps
from bot.hospital import Hospital
from bot.live import Content, load_content
from bot.refusals import Refusals, load_refusals
from bot.reply import SafetyCatalogue
from bot.retrieval import Retriever
from bot.settings import Settings
from bot.spasm_check import Guide


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
    guide: Guide | None = None
    follow_ups: FollowUps | None = None


class DeskMaker:
    """Makes a desk of any content; the index is made anew only where page or words changed."""

    def __init__(self, settings: Settings) -> None:
        """Open the encoder and the limits.

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

    @cached_property
    def encoder(self) -> Encoder:
        """The sentence encoder, opened once."""
        return Encoder(self._settings.var_dir / "encoder" / "current")

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
            guide,
            content.follow_ups,
        )

    def _retriever(self, content: Content) -> Retriever:
        synonyms = content.glossary.synonyms()
        same = (content.library.page.sha256, synonyms)
        if self._index is None or self._index[0] != same:
            self._index = (same, Retriever(content.library.page, self.encoder, synonyms))
        return self._index[1]


def open_desk(settings: Settings) -> Desk:
    """The desk of the files in data/, whatever is published over them.

    Raises:
        ConfigError: curated content breaks its contract.
        BuildError: the encoder has not been built.
    """
    return DeskMaker(settings).make(load_content(settings))
