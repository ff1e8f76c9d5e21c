"""Settings of the SMS channel; it is off until an account is named."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import ConfigError
from bot.setting_values import number
from bot.settings import Settings, with_files

ACCOUNT = re.compile(r"^AC[0-9a-fA-F]{32}$")

# (name, default, help)
SMS_SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("TWILIO_ACCOUNT_SID", "", "Twilio account; empty switches SMS off."),
    ("TWILIO_AUTH_TOKEN", "", "Its auth token: checks webhooks and opens the REST API."),
    (
        "TWILIO_AUTH_TOKEN_SECONDARY",
        "",
        "A second token that webhooks may be signed with, while tokens are rotated.",
    ),
    ("PUBLIC_URL", "", "Address of this gateway as Twilio calls it; signatures cover it."),
    ("TWILIO_API_URL", "https://api.twilio.com", "Twilio's REST API; tests name a fake."),
    (
        "SMS_KEY",
        "",
        "Hides phone numbers (hash and encryption), 32 characters or more; never change it: numbers"
        " that opted out would no longer be known. Empty means from SECRET_KEY, not in production.",
    ),
    ("SMS_WEBHOOK_SECONDS", "5", "Seconds a webhook waits for the reply; Twilio waits 15."),
    ("SMS_HELP_SECONDS", "30", "Seconds after which a family without a reply gets the help text."),
    ("SMS_RETENTION_DAYS", "30", "Days that messages' records are kept; opt-outs stay."),
    ("SMS_HOURLY_LIMIT", "40", "Messages of one number answered in an hour; danger always is."),
    ("SMS_DAILY_SEGMENTS", "20000", "Segments sent in a day, all numbers; danger always is."),
)


@dataclass(frozen=True)
class SmsSettings:
    """Settings of the channel, frozen once read."""

    account: str
    tokens: tuple[str, ...]
    public_url: str
    api_url: str
    key: str
    webhook_seconds: float
    help_seconds: float
    retention_days: int
    hourly_limit: int
    daily_segments: int


def load_sms_settings(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> SmsSettings | None:
    """Read the settings; None where SMS is off.

    Raises:
        ConfigError: a value is wrong, or one that is needed is missing.
    """
    environ = with_files(os.environ if environ is None else environ)
    raw = {name: environ.get(name) or default for name, default, _ in SMS_SETTINGS}
    if not raw["TWILIO_ACCOUNT_SID"]:
        return None

    if not ACCOUNT.match(raw["TWILIO_ACCOUNT_SID"]):
        raise ConfigError("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits.")
    if not raw["TWILIO_AUTH_TOKEN"]:
        raise ConfigError("TWILIO_AUTH_TOKEN is missing; no webhook could be trusted.")
    public = urlsplit(raw["PUBLIC_URL"])
    if public.scheme not in ("http", "https") or not public.netloc or public.query:
        raise ConfigError("PUBLIC_URL must be the address that Twilio calls, like https://host.")
    if settings.production and public.scheme != "https":
        raise ConfigError("PUBLIC_URL must be https in production.")
    key = raw["SMS_KEY"] or settings.secret_key
    if settings.production and not raw["SMS_KEY"]:
        raise ConfigError("SMS_KEY must be set in production.")
    if raw["SMS_KEY"] and len(key) < 32:
        raise ConfigError("SMS_KEY must have 32 characters or more.")
    return SmsSettings(
        account=raw["TWILIO_ACCOUNT_SID"],
        tokens=tuple(filter(None, (raw["TWILIO_AUTH_TOKEN"], raw["TWILIO_AUTH_TOKEN_SECONDARY"]))),
        public_url=raw["PUBLIC_URL"].rstrip("/"),
        api_url=raw["TWILIO_API_URL"].rstrip("/"),
        key=key,
        webhook_seconds=number(raw, "SMS_WEBHOOK_SECONDS", 0.1, 12),
        help_seconds=number(raw, "SMS_HELP_SECONDS", 1, 300),
        retention_days=int(number(raw, "SMS_RETENTION_DAYS", 1, 365)),
        hourly_limit=int(number(raw, "SMS_HOURLY_LIMIT", 1, 10_000)),
        daily_segments=int(number(raw, "SMS_DAILY_SEGMENTS", 1, 10_000_000)),
    )
