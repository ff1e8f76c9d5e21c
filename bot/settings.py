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


@dataclass(frozen=True)
class Settings:
    """The settings of one process, frozen once read."""

    environment: str
    host: str
    port: int
    rasa_port: int
    actions_port: int
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
    def rasa_url(self) -> str:
        """Address of Rasa on loopback."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Address of the action server on loopback."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def operator_file(self) -> Path:
        """Where a running gateway leaves the key for its local operator's `--explain`."""
        return self.var_dir / f"operator-{self.port}.key"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        ConfigError: a value has the wrong type or range, or production lacks a secret.
    """
    environ = os.environ if environ is None else environ
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
    return Settings(
        environment=raw["ENVIRONMENT"],
        host=raw["HOST"],
        port=int(number(raw, "PORT", 1, 65535)),
        rasa_port=int(number(raw, "RASA_PORT", 1, 65535)),
        actions_port=int(number(raw, "ACTIONS_PORT", 1, 65535)),
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
