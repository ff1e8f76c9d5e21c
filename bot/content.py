"""Reading curated YAML files: every fault names its file and field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.errors import ContentError

T = TypeVar("T")

# libyaml's loader reads the same files ten times faster where it is there.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Review:
    """Who signed a text: status is pending, approved or retired; dates are inclusive."""

    status: str = "pending"
    by: str | None = None
    on: dt.date | None = None
    expires: dt.date | None = None

    def valid(self, today: dt.date) -> bool:
        """True where a person approved the text and the approval has not expired."""
        return self.status == "approved" and (self.expires is None or today <= self.expires)


def read_yaml(path: Path) -> Any:
    """Contents of a YAML file.

    Raises:
        ContentError: the file is missing, unreadable, empty or not YAML.
    """
    try:
        with path.open(encoding="utf-8") as file:
            data = yaml.load(file, Loader=LOADER)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path} cannot be read: {error}") from error
    if data is None:
        raise ContentError(f"{path} is empty.")
    return data


def require(raw: Any, field: str, kind: type[T], where: object) -> T:
    """The value of a field, checked for its type.

    Raises:
        ContentError: the field is missing or of another type.
    """
    value = raw.get(field) if isinstance(raw, Mapping) else None
    if not isinstance(value, kind):
        raise ContentError(f"{where}: field {field!r} must be a {kind.__name__}.")
    return value


def read_review(raw: Any, where: object) -> Review:
    """A review block; an approved text needs a name and a date.

    Raises:
        ContentError: the block is missing, or an approval lacks its name or date.
    """
    block = require(raw, "review", dict, where)
    status = require(block, "status", str, f"{where}, review")
    if status not in ("pending", "approved", "retired"):
        raise ContentError(
            f"{where}: review status {status!r} is none of pending, approved, retired."
        )
    # YAML 1.1 reads a bare `on` as the truth value.
    signed_on = block.get("on", block.get(True))
    review = Review(status, block.get("by"), signed_on, block.get("expires"))
    if status == "approved" and not (review.by and isinstance(review.on, dt.date)):
        raise ContentError(f"{where}: an approved text names who approved it and on which day.")
    return review
