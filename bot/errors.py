"""The family of errors, drawn once.

    BotError
    ├── ConfigError        a setting, hospital detail or file is missing or wrong
    │   └── ContentError   a curated file breaks its contract (names file and field)
    │       └── PageChanged  the source page is not the one the answers were written from
    ├── BuildError         the encoder or an index cannot be built or is corrupt
    └── EngineError        Rasa or the action server failed, was slow, or said nothing
        └── EngineTimeout

Every message says what is wrong and what to do; none carries a family's text.
"""

from __future__ import annotations


class BotError(Exception):
    """Anything this project raises on purpose."""


class ConfigError(BotError):
    """A setting, a hospital detail or a needed file is missing or wrong."""


class ContentError(ConfigError):
    """A curated file breaks its contract."""


class PageChanged(ContentError):
    """The source page is not the one the curated answers were written from."""


class BuildError(BotError):
    """The encoder or an index cannot be built, or a built file is corrupt."""


class EngineError(BotError):
    """Rasa or the action server failed or said nothing."""


class EngineTimeout(EngineError):
    """Rasa or the action server was slower than the family can wait."""
