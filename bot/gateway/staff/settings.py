"""Settings of the staff area."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import ConfigError
from bot.setting_values import choice, number
from bot.settings import Settings, with_files
from bot.store.staff import ROLES

# (name, default, help)
STAFF_SETTINGS: tuple[tuple[str, str, str], ...] = (
    (
        "STAFF",
        "",
        "on or off: the staff area at /staff. Empty means on, but off in production.",
    ),
    ("STAFF_IDLE_MINUTES", "30", "Minutes without a request after which staff are signed out."),
    ("STAFF_SESSION_HOURS", "12", "Hours after which staff sign in again in any case."),
    ("STAFF_LOCK_FAILURES", "5", "Failed sign-ins in a row that lock an account for a while."),
    (
        "STAFF_LOCK_ADDRESS",
        "30",
        "Failed sign-ins in a row that lock a network address for a while; a hospital has few.",
    ),
    ("STAFF_LOCK_MINUTES", "15", "Minutes that such a lock lasts."),
    (
        "SMS_SEGMENT_PRICE",
        "0.0083",
        "US dollars that one SMS segment costs by your contract, for the costs that staff see.",
    ),
    (
        "STAFF_PASSWORDS",
        "",
        "on or off: local accounts sign in with a password. Empty means on, but off where"
        " OIDC_ISSUER is set.",
    ),
    (
        "STAFF_URL",
        "",
        "Address at which staff reach this gateway, like https://chat.hospital.example; OpenID"
        " Connect needs it.",
    ),
    ("OIDC_ISSUER", "", "OpenID Connect: the hospital's provider; empty switches it off."),
    ("OIDC_CLIENT_ID", "", "The id that the provider has given this service."),
    ("OIDC_CLIENT_SECRET", "", "The secret that belongs to it."),
    ("OIDC_SCOPES", "openid profile email", "What is asked of the provider."),
    ("OIDC_ROLE_CLAIM", "groups", "The claim that names a person's groups or roles."),
    (
        "OIDC_ROLES",
        "",
        "Which group is which role, like iess-editors=editor; iess-admins=admin. The highest"
        " counts; who is in none is not let in.",
    ),
)


@dataclass(frozen=True)
class OidcSettings:
    """How to reach the hospital's provider, and what its groups may do here.

    Attributes:
        issuer: the provider's address, as it stands in its tokens.
        client_id: ours there.
        client_secret: ours there.
        scopes: separated by spaces.
        role_claim: name of the claim with a person's groups.
        roles: group -> role.
        redirect_uri: where the provider sends people back to.
    """

    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    role_claim: str
    roles: Mapping[str, str]
    redirect_uri: str


@dataclass(frozen=True)
class StaffSettings:
    """Settings of the staff area, frozen once read; times in seconds, the price in US dollars."""

    idle: float
    longest: float
    lock_failures: int
    lock_address: int
    lock_seconds: float
    segment_price: float
    passwords: bool
    url: str
    oidc: OidcSettings | None


def load_staff_settings(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> StaffSettings | None:
    """Read the settings; None where the staff area is off.

    Raises:
        ConfigError: a value is wrong, or one that is needed is missing.
    """
    environ = with_files(os.environ if environ is None else environ)
    raw = {name: environ.get(name) or default for name, default, _ in STAFF_SETTINGS}

    for name in ("STAFF", "STAFF_PASSWORDS"):
        choice(raw, name, ("", "on", "off"))
    if raw["STAFF"] == "off" or (settings.production and not raw["STAFF"]):
        return None
    oidc = _oidc(raw, production=settings.production) if raw["OIDC_ISSUER"] else None
    if raw["STAFF_PASSWORDS"] == "off" and oidc is None:
        raise ConfigError("STAFF_PASSWORDS=off without OIDC_ISSUER: nobody could sign in.")
    return StaffSettings(
        idle=60 * number(raw, "STAFF_IDLE_MINUTES", 1, 24 * 60),
        longest=3600 * number(raw, "STAFF_SESSION_HOURS", 0.1, 24 * 7),
        lock_failures=int(number(raw, "STAFF_LOCK_FAILURES", 1, 100)),
        lock_address=int(number(raw, "STAFF_LOCK_ADDRESS", 1, 10_000)),
        lock_seconds=60 * number(raw, "STAFF_LOCK_MINUTES", 1, 24 * 60),
        segment_price=number(raw, "SMS_SEGMENT_PRICE", 0, 10),
        passwords=raw["STAFF_PASSWORDS"] == "on" or not (raw["STAFF_PASSWORDS"] or oidc),
        url=raw["STAFF_URL"].rstrip("/"),
        oidc=oidc,
    )


def _oidc(raw: Mapping[str, str], *, production: bool) -> OidcSettings:
    for name in ("OIDC_ISSUER", "STAFF_URL"):
        url = urlsplit(raw[name])
        if url.scheme not in ("http", "https") or not url.netloc or url.query or url.fragment:
            raise ConfigError(f"{name} must be an address like https://host.")
        if production and url.scheme != "https":
            raise ConfigError(f"{name} must be https in production.")
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ROLES"):
        if not raw[name]:
            raise ConfigError(f"{name} is missing; OIDC_ISSUER needs it.")
    if "openid" not in raw["OIDC_SCOPES"].split():
        raise ConfigError("OIDC_SCOPES must name openid.")
    roles = {}
    for pair in filter(None, (part.strip() for part in raw["OIDC_ROLES"].split(";"))):
        # From the right: a group's name may hold "=" itself, as in a directory.
        group, _, role = pair.rpartition("=")
        if not group or role.strip() not in ROLES:
            raise ConfigError(f"OIDC_ROLES: {pair!r} is not like group=role ({', '.join(ROLES)}).")
        roles[group.strip()] = role.strip()
    return OidcSettings(
        issuer=raw["OIDC_ISSUER"],
        client_id=raw["OIDC_CLIENT_ID"],
        client_secret=raw["OIDC_CLIENT_SECRET"],
        scopes=raw["OIDC_SCOPES"],
        role_claim=raw["OIDC_ROLE_CLAIM"],
        roles=roles,
        redirect_uri=raw["STAFF_URL"].rstrip("/") + "/staff/oidc/callback",
    )
