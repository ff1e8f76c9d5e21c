from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tools.install import (
    Environment,
    check_disk,
    environments,
    excerpt,
    explain,
    is_current,
    main,
)
from tools.interpreters import find_python, probe
from tools.steps import ROOT, Commands, StepError

OFFLINE = "ERROR: No matching distribution found for spacy==3.8.11"


class FakeCommands(Commands):
    """Makes folders in place of environments, and pip's lines in place of downloads."""

    def __init__(self, fail_at: str = "", output: Sequence[str] = ()) -> None:
        super().__init__()
        self.ran: list[list[str]] = []
        self.fail_at = fail_at
        self.output = output

    def run(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], object] = len,
    ) -> int:
        self.ran.append(list(command))
        if "venv" in command:
            folder = Path(command[-1])
            version = "3.10.13" if "rasa" in folder.name else "3.11.4"
            fake_python(folder / "bin" / "python", version)
            (folder / "pyvenv.cfg").write_text(f"version = {version}\n")
        failing = bool(self.fail_at) and any(self.fail_at in part for part in command)
        if failing:
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text("\n".join(self.output))
        for line in self.output if failing else ["Collecting numpy==2.4.6 (from -r main.lock)"]:
            on_line(line)
        return int(failing)

    def named(self, folder: str) -> list[str]:
        """What was run for one environment, without the path of the program."""
        return [" ".join(c[1:]) for c in self.ran if folder in " ".join(c)]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with locks, and an interpreter for both environments on the PATH."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    fake_python(tmp_path / "pythons" / "python3.10", "3.10.13")
    for version in ("3.11", "3.12", "3.13"):
        fake_python(tmp_path / "pythons" / f"python{version}", f"{version}.4")
    monkeypatch.setenv("PATH", f"{tmp_path / 'pythons'}:/usr/bin:/bin")
    monkeypatch.delenv("PYTHON_MAIN", raising=False)
    monkeypatch.delenv("PYTHON_RASA", raising=False)
    return tmp_path


def fake_python(path: Path, version: str) -> Path:
    """A program that says it is this Python; `refuses` does what a pyenv shim may do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "exit 127" if version == "refuses" else f"echo {version} {path}"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_installs_both_in_order_then_does_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = FakeCommands()
    assert main(tree, first) == 0
    steps = first.named("/.venv/")
    assert "--require-hashes" in steps[0]
    assert "main.lock" in steps[0]
    assert steps[1].endswith("torch==2.13.0")
    assert steps[2].endswith("pip --no-input --disable-pip-version-check check")
    rasa = first.named("/.venv-rasa/")
    assert "--no-build-isolation" not in rasa[0]
    assert "--no-build-isolation" in rasa[1]
    assert all("--require-hashes" in step for step in rasa[:2])
    assert "[.venv-rasa 4/4]" in capsys.readouterr().out
    second = FakeCommands()
    assert main(tree, second) == 0
    assert second.ran == []


def test_a_changed_lock_or_a_lost_interpreter_is_stale(tree: Path) -> None:
    assert main(tree, FakeCommands()) == 0
    main_env, rasa_env = environments(tree)
    assert is_current(main_env)
    assert is_current(rasa_env)
    main_env.lock.write_text(main_env.lock.read_text() + "# changed\n")
    (rasa_env.folder / "bin" / "python").unlink()
    assert not is_current(main_env)
    assert not is_current(rasa_env)


def test_an_environment_that_works_is_kept(tree: Path) -> None:
    assert main(tree, FakeCommands()) == 0
    (tree / ".venv" / "install.stamp").unlink()
    again = FakeCommands()
    assert main(tree, again) == 0
    assert [c for c in again.ran if "venv" in c] == []
    assert is_current(environments(tree)[0])


def test_a_failed_download_names_the_package_and_leaves_no_stamp(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tree, FakeCommands("main.lock", ["Collecting spacy==3.8.11", OFFLINE])) == 1
    printed = capsys.readouterr().out
    assert "ERROR: spacy==3.8.11 could not be downloaded. Check the network" in printed
    assert "install-main.log" in printed
    assert OFFLINE in printed
    assert "Traceback" not in printed
    assert not is_current(environments(tree)[0])


def test_a_missing_interpreter_is_told_before_anything_runs(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHON_RASA", str(fake_python(tree / "old", "3.9.2")))
    commands = FakeCommands()
    assert main(tree, commands) == 1
    assert commands.ran == []
    assert "is not a working Python 3.10." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Collecting torch", "[Errno 28] No space left on device"], "The disk is full (at torch)"),
        (["Collecting rasa==3.6.21", "THESE PACKAGES DO NOT MATCH THE HASHES"], "rasa==3.6.21 is"),
        (["Downloading blis-1.whl (5 MB)", "ReadTimeoutError"], "blis-1.whl could not be downl"),
        ([OFFLINE], "spacy==3.8.11 could not be downloaded"),
        (["x 1.0 has requirement y<2, but you have y 3."], "Delete the folder"),
        (["Collecting docopt==0.6.2", "error: something else"], "pip failed at docopt==0.6.2."),
        ([], "pip failed at the first package."),
    ],
)
def test_explain(lines: list[str], said: str) -> None:
    assert said in explain(lines)


def test_disk_is_checked_only_for_what_is_missing(tmp_path: Path) -> None:
    missing = Environment(tmp_path / "a", tmp_path / "a.lock", ("3.11",), "X")
    there = Environment(tmp_path, tmp_path / "a.lock", ("3.11",), "X")
    check_disk([there], free=lambda _: 0)
    check_disk([missing], free=lambda _: 4 * 10**9)
    with pytest.raises(StepError, match=r"has 1\.0 GB free and 3 GB are needed"):
        check_disk([missing, there], free=lambda _: 10**9)


def test_excerpt_keeps_hashes() -> None:
    kept = excerpt(ROOT / "requirements" / "rasa.lock", ("setuptools", "wheel"))
    names = [line.split("==")[0] for line in kept.splitlines() if "==" in line]
    assert names == ["setuptools", "wheel"]
    assert kept.count("--hash=sha256:") >= 4


def test_a_shim_that_refuses_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_python(tmp_path / "shims" / "python3.99", "refuses")
    older = fake_python(tmp_path / "pyenv/versions/3.99.1/bin/python", "3.99.1")
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert find_python(("3.99",), "PYTHON_X", {}).path == str(older)


def test_no_interpreter_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(StepError, match=r"No Python 3\.99 .* set PYTHON_X=/path/to/python"):
        find_python(("3.99",), "PYTHON_X", {})


def test_probe_sees_through_links(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    python = probe(str(tmp_path / "python"))
    assert python is not None
    assert python.minor == ".".join(map(str, sys.version_info[:2]))
    assert Path(python.path).resolve() == Path(sys.executable).resolve()
    assert probe(str(tmp_path / "nothing")) is None


def test_commands_log_stop_and_report(tmp_path: Path) -> None:
    commands = Commands()
    seen: list[str] = []
    script = "import os; print('hello', os.environ['GIVEN']); raise SystemExit(3)"
    log = tmp_path / "log" / "x.log"
    assert commands.run([sys.executable, "-c", script], log, {"GIVEN": "1"}, seen.append) == 3
    assert seen == ["hello 1"]
    assert log.read_text().endswith("hello 1\n")
    commands.stop()
    assert commands.run([sys.executable, "-c", script], log) < 0


def test_runs_from_any_python_without_a_traceback(tmp_path: Path) -> None:
    """Nothing but the standard library is imported: -S leaves no site-packages."""
    code = "import tools.install, sys; sys.exit(0)"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True)
    assert done.stderr == b""
    assert done.returncode == 0
