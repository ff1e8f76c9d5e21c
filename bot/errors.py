"""The family of errors, drawn once.

    BotError
    ├── ConfigError        a setting, hospital detail or file is missing or wrong
    │   └── ContentError   a curated file breaks its contract (names file and field)
    │       └── PageChanged  the source page is not the one the answers were written from
    ├── BuildError         the encoder or an index cannot be built or is corrupt
    ├── EngineError        Rasa or the action server failed, was slow, or said nothing
    │   ├── EngineTimeout
    │   └── EngineOutrun   another Rasa has moved the conversation on meanwhile
    └── CarrierError       the SMS carrier's API did not take a message
        ├── CarrierBusy      it has not taken it; later it may
        ├── CarrierRefused   it never will (carries the carrier's code)
        └── CarrierUnknown   it may or may not have taken it

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


class EngineOutrun(EngineError):
    """Another Rasa has moved the conversation on meanwhile; the message was not kept."""


class CarrierError(BotError):
    """The SMS carrier's API did not take a message, or did not answer a question."""


class CarrierBusy(CarrierError):
    """The carrier has not taken the message; later it may."""


class CarrierRefused(CarrierError):
    """The carrier will never take the message; `code` is its own."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the carrier refused a message with code {code}")
        self.code = code


class CarrierUnknown(CarrierError):
    """The carrier may or may not have taken the message."""
