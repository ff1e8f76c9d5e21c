from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.hospital import Hospital, load_hospital
from tests.conftest import DATA

PAGE = "Lurie Children's cares for your child."


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (DATA / "hospital.yml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "hospital.yml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_interpreters_are_asked_for_at_the_clinic_line_unless_there_is_another(
    tmp_path: Path,
) -> None:
    shipped = load_hospital(DATA / "hospital.yml", PAGE)
    assert shipped.interpreter == shipped.phone
    own = "interpreter_phone: 312-227-0000 #"
    other = load_hospital(changed(tmp_path, "interpreter_phone: null #", own), PAGE)
    assert other.fill("{phone} {interpreter}", "sms") == "312-555-0142 312-227-0000"
    assert "[312-227-0000](tel:+13122270000)" in other.fill("{interpreter}", "web")


@pytest.mark.parametrize("number", ["call us", "'1'"])
def test_what_is_no_phone_number_is_refused(tmp_path: Path, number: str) -> None:
    path = changed(tmp_path, "interpreter_phone: null #", f"interpreter_phone: {number} #")
    with pytest.raises(ConfigError, match="phone number"):
        load_hospital(path, PAGE)


def test_a_placeholder_on_either_line_is_one() -> None:
    assert not Hospital("H", "312-227-0001", "911", None).placeholder
    assert Hospital("H", "312-227-0001", "911", None, "312-555-0199").placeholder
