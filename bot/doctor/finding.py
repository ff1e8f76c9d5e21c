"""What one check of the doctor says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's.

    Attributes:
        check: what was looked at.
        state: ok; warn, where families are served all the same; bad.
        says: what was found; no secret and nothing of a family's.
        mend: what to do; "" where there is nothing.
    """

    check: str
    state: str
    says: str
    mend: str = ""


def ok(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", says)


def warn(check: str, says: str, mend: str) -> Finding:
    """Families are served, but someone should see to it."""
    return Finding(check, "warn", says, mend)


def bad(check: str, says: str, mend: str) -> Finding:
    """The service would not start, or not answer well."""
    return Finding(check, "bad", says, mend)
