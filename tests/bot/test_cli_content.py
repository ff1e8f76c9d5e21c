"""What is published comes back as the files of data/, to the letter where nothing changed."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answers import load_library
from bot.live import LiveContent
from bot.overlay import base_body
from tests.bot.test_live import House, edited, house, say
from tests.conftest import DATA

__all__ = ["house"]


def different(left: Path, right: Path) -> set[str]:
    files = {p.relative_to(left).as_posix() for p in left.rglob("*") if p.is_file()}
    assert files == {p.relative_to(right).as_posix() for p in right.rglob("*") if p.is_file()}
    return {name for name in files if not filecmp.cmp(left / name, right / name, shallow=False)}


def export(house: House, target: Path, monkeypatch: pytest.MonkeyPatch, expected: int = 0) -> None:
    monkeypatch.setenv("VAR_DIR", str(house.settings.var_dir))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["content", "export", "--to", str(target)]) == expected


def test_nothing_published_changes_no_file(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(house, tmp_path / "out", monkeypatch)
    assert different(DATA, tmp_path / "out") == set()


def test_published_texts_are_written_into_their_files(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    house.publish("answer", "eeg", edited("eeg", say("The EEG is the main test for IESS.")))
    for kind, key in (("safety", "emergency.choking"), ("check", "spasm_check")):
        house.publish(kind, key, base_body(DATA, kind, key))
    target = tmp_path / "out"
    export(house, target, monkeypatch)
    assert "3 files differ" in capsys.readouterr().out
    changed = {"answers/eeg.yml", "safety/texts.yml", "spasm_check.yml"}
    assert different(DATA, target) == changed
    assert load_library(target) == LiveContent(house.settings, house.store).content.library
    old = (DATA / "answers" / "eeg.yml").read_text().splitlines()
    new = (target / "answers" / "eeg.yml").read_text().splitlines()
    assert len(old) == len(new)
    # One sentence, and the three signatures.
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 4
    export(house, target, monkeypatch)
    assert "0 files differ" in capsys.readouterr().out


def test_a_folder_that_holds_no_answers_is_left_alone(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "other"
    target.mkdir()
    export(house, target, monkeypatch, expected=1)
    assert "has no answers/" in capsys.readouterr().err
    assert list(target.iterdir()) == []
