"""Settings: typed, loud when wrong, read once from the environment.

`SETTINGS` is the one list; `docs/settings.md` is checked against it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError
from bot.operating import Operating, load_operating
from bot.setting_values import choice, number

ROOT = Path(__file__).resolve().parent.parent

# (name, default, help)
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("ENVIRONMENT", "development", "development or production; production refuses placeholders."),
    ("HOST", "127.0.0.1", "Address the gateway listens on."),
    ("PORT", "8000", "Port of the gateway."),
    ("RASA_PORT", "5005", "Loopback port of Rasa."),
    ("ACTIONS_PORT", "5055", "Loopback port of the action server."),
    (
        "RASA_URLS",
        "",
        "Addresses of several Rasa servers, separated by spaces or commas and the same in every"
        " gateway. Empty means the one at RASA_PORT.",
    ),
    (
        "ACTIONS_URLS",
        "",
        "Addresses of several action servers, for /ready. Empty means the one at ACTIONS_PORT.",
    ),
    (
        "ACTIONS_HOST",
        "127.0.0.1",
        "Address the action server listens on; only ever one of an internal network.",
    ),
    (
        "ENGINE_TIMEOUT",
        "3.0",
        "Seconds a family on the web waits for Rasa before the fixed help text.",
    ),
    (
        "SECRET_KEY",
        "",
        "Signs conversation tokens, 32 characters or more. When empty, one is made and kept in"
        " VAR_DIR; production wants it given.",
    ),
    (
        "SECRET_KEY_OLD",
        "",
        "The key before SECRET_KEY, still accepted for reading while keys are rotated.",
    ),
    ("DATABASE_URL", "", "SQLAlchemy address of the database; empty means SQLite in VAR_DIR."),
    ("VAR_DIR", str(ROOT / "var"), "Folder for built models, the database and logs."),
    ("DATA_DIR", str(ROOT / "data"), "Folder of the curated content."),
    ("SOURCE_URL", "", "Public address of the source page, for links from citations."),
    ("MAX_TEXT", "2000", "Longest message that is answered, in characters."),
    ("TOKEN_DAYS", "30", "Days after which a conversation token is no longer known."),
    (
        "GUIDED_CHECK",
        "",
        "on or off: offers the guided check. Empty means on, but off in production until clinicians"
        " have signed it.",
    ),
    (
        "WIDGET_ORIGINS",
        "",
        "Origins of the pages that embed the widget, separated by spaces or commas, like"
        " https://www.example.org. Empty means the gateway's own pages only.",
    ),
    ("LOG_LEVEL", "INFO", "Level of the logs; no level ever writes message text."),
)

# Each of these may instead be given as NAME_FILE, the path of a file that holds it.
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_OLD",
    "DATABASE_URL",
    "TRACKER_DATABASE_URL",
    "REDIS_URL",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN_SECONDARY",
    "SMS_KEY",
    "OIDC_CLIENT_SECRET",
)


@dataclass(frozen=True)
class Settings:
    """The settings of one process, frozen once read."""

    environment: str
    host: str
    port: int
    rasa_port: int
    actions_port: int
    rasa_urls: tuple[str, ...]
    actions_urls: tuple[str, ...]
    actions_host: str
    engine_timeout: float
    secret_key: str
    secret_key_old: str
    database_url: str
    var_dir: Path
    data_dir: Path
    source_url: str | None
    max_text: int
    token_days: int
    guided_check: bool
    widget_origins: tuple[str, ...]
    log_level: str
    operating: Operating

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys that are accepted, the present one first."""
        return tuple(filter(None, (self.secret_key, self.secret_key_old)))

    @property
    def production(self) -> bool:
        """True where real families are served."""
        return self.environment == "production"

    @property
    def operator_file(self) -> Path:
        """Where a running gateway leaves the key for its local operator's `--explain`."""
        return self.var_dir / f"operator-{self.port}.key"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        ConfigError: a value has the wrong type or range, or production lacks a secret.
    """
    environ = with_files(os.environ if environ is None else environ)
    raw = {name: environ.get(name) or default for name, default, _ in SETTINGS}

    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if raw["LOG_LEVEL"].upper() not in levels:
        raise ConfigError(f"LOG_LEVEL must be one of {', '.join(levels)}.")
    production = choice(raw, "ENVIRONMENT", ("development", "production")) == "production"
    guided = choice(raw, "GUIDED_CHECK", ("", "on", "off"))
    var_dir = Path(raw["VAR_DIR"])
    secret = raw["SECRET_KEY"]
    if production and len(secret) < 32:
        raise ConfigError("SECRET_KEY must have 32 characters or more in production.")
    rasa_port = int(number(raw, "RASA_PORT", 1, 65535))
    actions_port = int(number(raw, "ACTIONS_PORT", 1, 65535))
    return Settings(
        environment=raw["ENVIRONMENT"],
        host=raw["HOST"],
        port=int(number(raw, "PORT", 1, 65535)),
        rasa_port=rasa_port,
        actions_port=actions_port,
        rasa_urls=_urls("RASA_URLS", raw["RASA_URLS"], rasa_port),
        actions_urls=_urls("ACTIONS_URLS", raw["ACTIONS_URLS"], actions_port),
        actions_host=raw["ACTIONS_HOST"],
        engine_timeout=number(raw, "ENGINE_TIMEOUT", 0.05, 60),
        secret_key=secret or _kept_secret(var_dir),
        secret_key_old=raw["SECRET_KEY_OLD"],
        database_url=raw["DATABASE_URL"] or f"sqlite:///{var_dir / 'bot.sqlite'}",
        var_dir=var_dir,
        data_dir=Path(raw["DATA_DIR"]),
        source_url=raw["SOURCE_URL"] or None,
        max_text=int(number(raw, "MAX_TEXT", 1, 20_000)),
        token_days=int(number(raw, "TOKEN_DAYS", 1, 365)),
        guided_check=guided == "on" or not (guided or production),
        widget_origins=_origins(raw["WIDGET_ORIGINS"], production=production),
        log_level=raw["LOG_LEVEL"].upper(),
        operating=load_operating(environ, production=production),
    )


def with_files(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, with NAME_FILE read into NAME for each secret that a file holds.

    Container platforms hand over secrets as files; an environment is seen by too many.

    Raises:
        ConfigError: the file cannot be read, or NAME is set as well.
    """
    read = dict(environ)
    for name in SECRETS:
        path = environ.get(f"{name}_FILE")
        if not path:
            continue
        if environ.get(name):
            raise ConfigError(f"{name} and {name}_FILE are both set; keep one.")
        try:
            read[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name}_FILE={path} cannot be read.") from error
    return read


def _urls(name: str, value: str, port: int) -> tuple[str, ...]:
    """Addresses from a list; the one on loopback where it is empty."""
    urls = tuple(url.rstrip("/") for url in value.replace(",", " ").split())
    for url in urls:
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", url):
            raise ConfigError(f"{name}: {url!r} is no address like http://10.0.0.5:5005.")
    if len(set(urls)) < len(urls):
        raise ConfigError(f"{name} names an address twice.")
    return urls or (f"http://127.0.0.1:{port}",)


def _origins(value: str, *, production: bool) -> tuple[str, ...]:
    """Origins as a browser sends them: scheme, host, and port where it is not the usual one."""
    origins = tuple(value.replace(",", " ").split())
    scheme = "https" if production else "https?"
    for origin in origins:
        if not re.fullmatch(rf"{scheme}://[a-z0-9.-]+(:\d+)?", origin):
            raise ConfigError(
                f"WIDGET_ORIGINS: {origin!r} is no origin like https://www.example.org"
                " (lower case, no path; production wants https)."
            )
    return origins


def _kept_secret(var_dir: Path) -> str:
    """A secret that survives restarts of a development installation."""
    path = var_dir / "secret.key"
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error}. Set VAR_DIR or SECRET_KEY."
        ) from error
    return path.read_text(encoding="ascii").strip()
