from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import ROOT, SETTINGS, load_settings


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings({"VAR_DIR": str(tmp_path)})
    assert (settings.host, settings.port, settings.production) == ("127.0.0.1", 8000, False)
    assert settings.database_url == f"sqlite:///{tmp_path / 'bot.sqlite'}"


def test_the_made_secret_is_kept_and_private(tmp_path: Path) -> None:
    first = load_settings({"VAR_DIR": str(tmp_path)}).secret_key
    assert len(first) >= 32
    assert load_settings({"VAR_DIR": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("ENGINE_TIMEOUT", "-1"),
        ("ENGINE_TIMEOUT", "nan"),
        ("ENVIRONMENT", "prod"),
        ("LOG_LEVEL", "LOUD"),
        ("GUIDED_CHECK", "yes"),
        ("RASA_URLS", "rasa1:5005"),
        ("RASA_URLS", "http://a:1 http://a:1/"),
        ("ACTIONS_URLS", "http://a:1/path"),
        ("WIDGET_ORIGINS", "*"),
        ("WIDGET_ORIGINS", "www.hospital.example"),
        ("WIDGET_ORIGINS", "https://www.hospital.example/page"),
        ("WIDGET_ORIGINS", "https://www.hospital.example, null"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_settings({"VAR_DIR": str(tmp_path), name: value})


def test_one_engine_on_loopback_or_several(tmp_path: Path) -> None:
    one = load_settings({"VAR_DIR": str(tmp_path), "RASA_PORT": "7000"})
    assert (one.rasa_urls, one.actions_urls) == (
        ("http://127.0.0.1:7000",),
        ("http://127.0.0.1:5055",),
    )
    given = {"RASA_URLS": "http://rasa1:5005, http://10.0.0.2:5005/", "VAR_DIR": str(tmp_path)}
    assert load_settings(given).rasa_urls == ("http://rasa1:5005", "http://10.0.0.2:5005")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("k" * 40 + "\n")
    environ = {"VAR_DIR": str(tmp_path), "SECRET_KEY_FILE": str(path)}
    assert load_settings(environ).secret_key == "k" * 40
    with pytest.raises(ConfigError, match="both set"):
        load_settings({**environ, "SECRET_KEY": "x" * 40})
    path.unlink()
    with pytest.raises(ConfigError, match="SECRET_KEY_FILE=.* cannot be read"):
        load_settings(environ)


def test_origins_are_a_list(tmp_path: Path) -> None:
    given = "https://www.hospital.example, http://localhost:8080"
    settings = load_settings({"VAR_DIR": str(tmp_path), "WIDGET_ORIGINS": given})
    assert settings.widget_origins == ("https://www.hospital.example", "http://localhost:8080")


def test_production_embeds_over_https_only(tmp_path: Path) -> None:
    environ = {"VAR_DIR": str(tmp_path), "ENVIRONMENT": "production", "SECRET_KEY": "x" * 32}
    with pytest.raises(ConfigError, match="WIDGET_ORIGINS"):
        load_settings({**environ, "WIDGET_ORIGINS": "http://www.hospital.example"})


def test_production_needs_a_secret(tmp_path: Path) -> None:
    environ = {"VAR_DIR": str(tmp_path), "ENVIRONMENT": "production"}
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load_settings(environ)


@pytest.mark.parametrize(
    ("environment", "value", "on"),
    [
        ("development", "", True),
        ("development", "off", False),
        ("production", "", False),
        ("production", "on", True),
    ],
)
def test_the_guided_check_waits_for_clinicians_in_production(
    tmp_path: Path, environment: str, value: str, on: bool
) -> None:
    environ = {"VAR_DIR": str(tmp_path), "ENVIRONMENT": environment, "GUIDED_CHECK": value}
    assert load_settings({**environ, "SECRET_KEY": "x" * 32}).guided_check is on


@pytest.mark.parametrize("name", [name for name, _, _ in SETTINGS])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
