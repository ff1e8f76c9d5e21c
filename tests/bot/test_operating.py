from __future__ import annotations

import pytest

from bot.errors import ConfigError
from bot.operating import OPERATING, load_operating
from bot.settings import ROOT


@pytest.mark.parametrize("name", [name for name, _, _ in OPERATING])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIMIT_CONVERSATION", "many"),
        ("LIMIT_ADDRESS", "0/minute"),
        ("LIMIT_OVERALL", "20/minute;"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("BODY_SECONDS", "0"),
        ("OPENAPI", "yes"),
        ("METRICS_PORT", "-1"),
        ("LOG_FORMAT", "xml"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("RETENTION_DAYS", "0"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_operating({name: value}, production=False)


def test_proxies_are_a_list() -> None:
    given = {"TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1 2001:db8::/32"}
    operating = load_operating(given, production=True)
    assert operating.trusted_proxies == ("10.0.0.0/8", "192.0.2.1", "2001:db8::/32")


def test_a_password_is_not_quoted() -> None:
    with pytest.raises(ConfigError) as error:
        load_operating({"REDIS_URL": "rediss:/:hush@host"}, production=True)
    assert "hush" not in str(error.value)
