from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.gateway.staff.settings import STAFF_SETTINGS, StaffSettings, load_staff_settings
from bot.settings import ROOT, load_settings

OIDC = {
    "OIDC_ISSUER": "https://login.hospital.example",
    "OIDC_CLIENT_ID": "staff",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_ROLES": "CN=Editors,OU=IESS = editor; admins=admin;",
    "STAFF_URL": "https://chat.hospital.example/",
}


def load(tmp_path: Path, environ: dict[str, str], **main: str) -> StaffSettings | None:
    given = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "k" * 32, **main}
    return load_staff_settings(load_settings(given), environ)


@pytest.mark.parametrize(
    ("environment", "value", "on"),
    [
        ("development", "", True),
        ("development", "off", False),
        ("production", "", False),
        ("production", "on", True),
    ],
)
def test_production_shows_it_only_when_told(
    tmp_path: Path, environment: str, value: str, on: bool
) -> None:
    assert bool(load(tmp_path, {"STAFF": value}, ENVIRONMENT=environment)) is on


def test_defaults(tmp_path: Path) -> None:
    staff = load(tmp_path, {})
    assert staff
    assert (staff.idle, staff.longest, staff.lock_seconds) == (1800, 12 * 3600, 900)
    assert staff.passwords
    assert staff.oidc is None


def test_the_provider_takes_the_place_of_passwords(tmp_path: Path) -> None:
    staff = load(tmp_path, OIDC, ENVIRONMENT="production")
    assert staff is None
    staff = load(tmp_path, {**OIDC, "STAFF": "on"}, ENVIRONMENT="production")
    assert staff
    assert staff.oidc
    assert not staff.passwords
    assert staff.oidc.roles == {"CN=Editors,OU=IESS": "editor", "admins": "admin"}
    assert staff.oidc.redirect_uri == "https://chat.hospital.example/staff/oidc/callback"
    both = load(tmp_path, {**OIDC, "STAFF_PASSWORDS": "on"})
    assert both
    assert both.passwords


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAFF", "yes"),
        ("STAFF_PASSWORDS", "no"),
        ("STAFF_IDLE_MINUTES", "0"),
        ("STAFF_SESSION_HOURS", "long"),
        ("STAFF_LOCK_FAILURES", "0"),
        ("STAFF_LOCK_ADDRESS", "-1"),
        ("STAFF_LOCK_MINUTES", "nan"),
        ("STAFF_URL", "chat.hospital.example"),
        ("STAFF_URL", ""),
        ("OIDC_ISSUER", "login.hospital.example"),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_CLIENT_SECRET", ""),
        ("OIDC_SCOPES", "profile"),
        ("OIDC_ROLES", ""),
        ("OIDC_ROLES", "editors"),
        ("OIDC_ROLES", "editors=owner"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load(tmp_path, {**OIDC, name: value})


@pytest.mark.parametrize("name", ["OIDC_ISSUER", "STAFF_URL"])
def test_production_wants_https(tmp_path: Path, name: str) -> None:
    environ = {**OIDC, "STAFF": "on", name: "http://hospital.example"}
    with pytest.raises(ConfigError, match=name):
        load(tmp_path, environ, ENVIRONMENT="production")


def test_somebody_can_sign_in(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="STAFF_PASSWORDS"):
        load(tmp_path, {"STAFF_PASSWORDS": "off"})


@pytest.mark.parametrize(("name", "default", "text"), STAFF_SETTINGS)
def test_every_setting_is_documented(name: str, default: str, text: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"| `{name}` | `{default or '(empty)'}` |" in page
    assert text.split(",")[0].split(";")[0][:30] in page
