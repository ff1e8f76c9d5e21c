"""The family of errors, drawn once.

    BotError
    ├── ConfigError        a setting, hospital detail or file is missing or wrong
    │   └── ContentError   a curated file breaks its contract (names file and field)
    │       └── PageChanged  the source page is not the one the answers were written from
    ├── BuildError         the encoder or an index cannot be built or is corrupt
    ├── EngineError        Rasa or the action server failed, was slow, or said nothing
    │   ├── EngineTimeout
    │   └── EngineOutrun   another Rasa has moved the conversation on meanwhile
    ├── AccountError       a change of a staff account is not possible (names the field)
    ├── SignInError        the hospital's own sign-in gave no good answer
    ├── SettledError       somebody else has settled it, or its time was over
    ├── AuditError         the audit log is not as it was written
    ├── StepRefused        a step of editing, signing or publishing is not possible now
    │   └── EditConflict     someone else has changed the same text in the meantime
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


class AccountError(BotError):
    """A change of a staff account is not possible; `field` names the one that is wrong, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class SignInError(BotError):
    """The hospital's own sign-in gave no answer that is good."""


class SettledError(BotError):
    """A text or an incident is gone, or another member of staff has settled it."""


class AuditError(BotError):
    """The audit log is not as it was written."""


class StepRefused(BotError):
    """A step of editing, signing or publishing is not possible; the message tells staff why."""


class EditConflict(StepRefused):
    """Someone else has changed the same text in the meantime."""


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
