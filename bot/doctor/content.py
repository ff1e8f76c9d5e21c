"""Secrets, proxies, the hospital's details, and what clinicians have signed."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator

from bot.answers import load_library
from bot.doctor.databases import published
from bot.doctor.finding import Finding, bad, ok, warn
from bot.errors import ConfigError
from bot.hospital import load_hospital
from bot.overlay import laid_over
from bot.reviews import all_reviews, count_expired, count_unsigned
from bot.settings import Settings

# Without a signature on these, production does not start (the guided check may be off).
NEEDED = ("safety", "phrases")


def secrets(settings: Settings) -> Iterator[Finding]:
    """Keys: given, private, and not half rotated."""
    kept = settings.var_dir / "secret.key"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        yield bad("secrets", f"{kept} can be read by others", f"Run: chmod 600 {kept}")
    elif settings.secret_key_old:
        says = "SECRET_KEY_OLD is still accepted"
        mend = f"Take it away {settings.token_days} days after the rotation."
        yield warn("secrets", says, mend)
    else:
        yield ok("secrets", "SECRET_KEY is there")


def proxies(settings: Settings) -> Iterator[Finding]:
    """Behind a proxy that is not trusted, all families count as one address."""
    trusted = settings.operating.trusted_proxies
    if trusted:
        yield ok("proxies", f"{len(trusted)} trusted")
    elif settings.production:
        yield warn(
            "proxies",
            "none is trusted: behind one, all families would count as one address",
            "Set TRUSTED_PROXIES to the address of the proxy that ends TLS.",
        )
    else:
        yield ok("proxies", "none")


def hospital(settings: Settings) -> Iterator[Finding]:
    """Whose hospital this is."""
    path = settings.data_dir / "hospital.yml"
    try:
        library = load_library(settings.data_dir, settings.source_url)
        found = load_hospital(path, library.page.text)
    except ConfigError as error:
        yield bad("content", str(error), "Mend the file; no answer is given from a broken one.")
        return
    if found.placeholder:
        state = bad if settings.production else warn
        yield state("hospital", f"{found.phone} is a placeholder", f"Edit {path}.")
    else:
        yield ok("hospital", f"{found.name}, {found.phone}")


def texts(settings: Settings) -> Iterator[Finding]:
    """What nobody has signed, here or in the staff area, and what was signed too long ago."""
    with laid_over(settings.data_dir, published(settings)) as data:
        found = all_reviews(data)
    for name, reviews in found.items():
        unsigned = count_unsigned(reviews)
        expired = count_expired(reviews, dt.date.today())
        says = f"{unsigned} of {len(reviews)} never signed, {expired} expired"
        check = f"texts: {name}"
        if unsigned and settings.production and name in NEEDED:
            yield bad(check, says, "Production needs a clinician's signature: docs/safety.md.")
        elif unsigned or expired:
            yield warn(check, says, "Ask the clinicians named in the files.")
        else:
            yield ok(check, says)
