from __future__ import annotations

import pytest

from bot.errors import ConfigError
from bot.gateway.record.settings import RECORD_SETTINGS, RecordSettings, load_record_settings
from bot.settings import ROOT


def test_nothing_is_kept_by_default() -> None:
    assert load_record_settings({}) == RecordSettings(False, 30, 0.02, 0.1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEEP_QUESTIONS", "yes"),
        ("KEEP_DAYS", "0"),
        ("KEEP_DAYS", "400"),
        ("WATCH_SHARE", "2"),
        ("WATCH_SHARE", "nan"),
        ("WATCH_MARGIN", "-0.1"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_record_settings({name: value})


@pytest.mark.parametrize("name", [name for name, _, _ in RECORD_SETTINGS])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
