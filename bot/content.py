"""Reading curated YAML files: every fault names its file and field."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.errors import ContentError

T = TypeVar("T")

# libyaml's loader reads the same files ten times faster where it is there.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# Each is signed on its own: what is right in one is not therefore right in another. Spanish by SMS
# goes without accents, which can change a word.
FORMS: tuple[str, ...] = ("en", "es", "es_sms")


@dataclass(frozen=True)
class Review:
    """Who signed a text: status is pending, approved or retired; dates are inclusive.

    Attributes:
        by: the clinician.
        translator: the qualified translator; what is not English needs both.
    """

    status: str = "pending"
    by: str | None = None
    on: dt.date | None = None
    expires: dt.date | None = None
    translator: str | None = None

    def valid(self, today: dt.date) -> bool:
        """True where a person approved the text and the approval has not expired."""
        return self.status == "approved" and (self.expires is None or today <= self.expires)


@dataclass(frozen=True)
class Reviews:
    """The reviews of a text, one for each of FORMS."""

    by_form: Mapping[str, Review]

    def of(self, lang: str, channel: str) -> Review:
        """The review of what a family reads in a language by a channel."""
        form = f"{lang}_{channel}"
        return self.by_form[form if form in self.by_form else lang]

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The forms that nobody has ever signed."""
        return tuple(form for form, review in self.by_form.items() if review.status == "pending")


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


def read_review(raw: Any, where: object, field: str = "review") -> Review:
    """A review block; an approved text needs a name and a date.

    Raises:
        ContentError: the block is missing, or an approval lacks its name or date.
    """
    block = require(raw, field, dict, where)
    status = require(block, "status", str, f"{where}, review")
    if status not in ("pending", "approved", "retired"):
        raise ContentError(
            f"{where}: review status {status!r} is none of pending, approved, retired."
        )
    # YAML 1.1 reads a bare `on` as the truth value.
    signed_on = block.get("on", block.get(True))
    review = Review(
        status, block.get("by"), signed_on, block.get("expires"), block.get("translator")
    )
    if status == "approved" and not (review.by and isinstance(review.on, dt.date)):
        raise ContentError(f"{where}: an approved text names who approved it and on which day.")
    return review


def read_translated_review(raw: Any, where: object, field: str = "review") -> Review:
    """A review block of a text that is not English: approved, it names its translator too.

    Raises:
        ContentError: as `read_review`, or an approval lacks its translator.
    """
    review = read_review(raw, where, field)
    if review.status == "approved" and not review.translator:
        raise ContentError(f"{where}, {field}: an approved translation names its translator.")
    return review


def read_reviews(raw: Any, where: object) -> Reviews:
    """The review blocks of a text, one for each of FORMS.

    Raises:
        ContentError: a form has no review, is unknown, or its block breaks its contract.
    """
    block = require(raw, "review", dict, where)
    if set(block) != set(FORMS):
        raise ContentError(f"{where}: 'review' has one block for each of {', '.join(FORMS)}.")
    where = f"{where}, review"
    return Reviews(
        {
            form: (read_review if form == "en" else read_translated_review)(block, where, form)
            for form in FORMS
        }
    )


def content_version(data_dir: Path) -> str:
    """A short hash of all curated files: the same content has the same version on each machine."""
    digest = hashlib.sha256()
    for path in sorted(path for path in data_dir.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(data_dir).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]
