"""An action server that cannot start says why, in one line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.__main__ import main
from actions.turn import office
from bot import logs
from tests.conftest import DATA


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.sqlite'}")
    # It takes over the loggers of its process, and this one is the test runner's.
    monkeypatch.setattr(logs, "set_up", lambda *_, **__: None)
    office.cache_clear()
    yield
    office.cache_clear()


def test_a_broken_answer_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "answers" / "eeg.yml").write_text("topic: [")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert main() == 1
    assert "eeg.yml" in capsys.readouterr().err


def test_a_changed_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    with (tmp_path / "data" / "source" / "iess.txt").open("a") as file:
        file.write("\nOne more line.\n")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert main() == 1
    assert "error:" in capsys.readouterr().err


def test_a_corrupt_encoder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "encoder" / "current"
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text('{"sha256": "0"}')
    (folder / "model.onnx").write_bytes(b"not a network")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert main() == 1
    assert "model.onnx is corrupt. Run: make build" in capsys.readouterr().err
