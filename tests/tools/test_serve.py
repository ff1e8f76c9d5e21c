"""The supervisor and the test stack, with small programs in place of the three processes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.serve import Stack
from tools.services import free_ports, is_free, link_built, plan, tracker_url
from tools.steps import ROOT, StepError

ARGUMENTS = "import os, sys; from pathlib import Path; from tools.serve import run; "


def everything_free(host: str, port: int) -> bool:
    return True


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose Pythons are scripts: sleepers, and a gateway that is ready."""
    web = tmp_path / "web"
    web.mkdir()
    (web / "ready").write_text("{}")
    model = tmp_path / "var" / "models" / "iess.tar.gz"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"")
    script = f"""#!/bin/sh
echo "$* on $PORT"
case "$2" in
  bot) exec {sys.executable} -m http.server "$PORT" --bind 127.0.0.1 -d {web} ;;
  actions) if [ -n "$ACTIONS_DIE" ]; then sleep "$ACTIONS_DIE"; echo gone; exit 7; fi ;;
esac
if [ -n "$STUBBORN" ]; then trap '' TERM; sleep 600 & wait; wait; sleep 600; fi
exec sleep 600
"""
    for environment in (".venv", ".venv-rasa"):
        python = tmp_path / environment / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(script)
        python.chmod(0o755)
    return tmp_path


@pytest.fixture
def listener() -> Iterator[int]:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield int(server.getsockname()[1])


def test_the_defaults_reach_every_process(tree: Path) -> None:
    services = plan({"PATH": "/bin"}, tree, everything_free)
    assert services.url == "http://127.0.0.1:8000"
    environ = services.environ
    assert environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert environ["PYTHONPATH"] == str(tree)
    assert (environ["PORT"], environ["RASA_PORT"], environ["ACTIONS_PORT"]) == (
        "8000",
        "5005",
        "5055",
    )
    assert environ["PATH"] == "/bin"
    rasa = " ".join(services.commands["rasa"])
    assert "-m bot.nlu.server" in rasa
    assert rasa.endswith("--port 5005")
    assert list(services.commands) == ["rasa", "actions", "gateway"]


def test_a_taken_port_is_one_line_that_says_what_to_do(tree: Path, listener: int) -> None:
    with pytest.raises(StepError, match=rf"^Port {listener} is taken\. Set PORT=\d+"):
        plan({"PORT": str(listener)}, tree)


def test_a_taken_internal_port_moves_unless_it_was_asked_for(tree: Path) -> None:
    def rasa_taken(host: str, port: int) -> bool:
        return port != 5005

    moved = plan({}, tree, rasa_taken)
    assert moved.environ["RASA_PORT"] not in ("5005", "5055", "8000")
    assert moved.environ["RASA_PORT"] in moved.commands["rasa"]
    with pytest.raises(StepError, match=r"^Port 5005 is taken\. Set RASA_PORT"):
        plan({"RASA_PORT": "5005"}, tree, rasa_taken)


def test_a_wrong_setting_and_a_missing_model_are_told(tree: Path) -> None:
    with pytest.raises(StepError, match="PORT='x' is not a number"):
        plan({"PORT": "x"}, tree, everything_free)
    (tree / "var" / "models" / "iess.tar.gz").unlink()
    with pytest.raises(StepError, match="Run `make build` first"):
        plan({}, tree, everything_free)


def test_all_addresses_are_reached_on_loopback(tree: Path) -> None:
    assert plan({"HOST": "0.0.0.0"}, tree, everything_free).url == "http://127.0.0.1:8000"
    with pytest.raises(StepError, match="HOST=no such is not an address"):
        is_free("no such", 1)


@pytest.mark.parametrize(
    ("database", "tracker"),
    [
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("sqlite:////x/bot.sqlite", "sqlite:////v/rasa.sqlite"),
    ],
)
def test_rasa_gets_the_database_under_its_drivers_name(database: str, tracker: str) -> None:
    assert tracker_url(database, Path("/v")) == tracker


def test_built_models_are_seen_from_another_folder(tree: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    link_built(elsewhere, tree / "var")
    link_built(elsewhere, tree / "var")
    assert (elsewhere / "models" / "iess.tar.gz").exists()
    assert not (elsewhere / "encoder").exists()


def serve(tree: Path, **environ: str) -> subprocess.Popen[str]:
    """The supervisor in a process of its own; honcho takes over its signals."""
    port, rasa, actions = map(str, free_ports(3))
    given = {
        "PATH": "/usr/bin:/bin",
        "VAR_DIR": str(tree / "var"),
        **{"PORT": port, "RASA_PORT": rasa, "ACTIONS_PORT": actions},
        **environ,
    }
    code = ARGUMENTS + f"sys.exit(run({given!r}, root=Path({str(tree)!r})))"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def of_group(tree: Path) -> list[str]:
    """Command lines of processes that still run the tree's scripts or its web page."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = entry.read_bytes().replace(b"\0", b" ").decode()
            if str(tree) in line and "tools.serve" not in line:
                found.append(line)
    return found


def test_one_dying_stops_all_and_says_which(tree: Path) -> None:
    with serve(tree, ACTIONS_DIE="2") as process:
        printed, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Ready: http://127.0.0.1:" in printed
    assert "ERROR: actions stopped by itself with exit code 7" in printed
    assert "    gone" in printed
    assert of_group(tree) == []
    assert "gone" in (tree / "var" / "log" / "actions.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_cleanly(tree: Path, number: signal.Signals) -> None:
    with serve(tree) as process:
        assert process.stdout is not None
        while "Ready:" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert of_group(tree) == []


def test_who_does_not_listen_is_killed(tree: Path) -> None:
    with serve(tree, STUBBORN="1") as process:
        assert process.stdout is not None
        while "Ready:" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert of_group(tree) == []


def test_the_stack_kills_and_starts_one(tree: Path) -> None:
    with Stack({"PATH": "/usr/bin:/bin"}, root=tree) as stack:
        pids = stack.pids
        assert list(pids) == ["rasa", "actions", "gateway"]
        stack.kill("actions")
        assert list(stack.pids) == ["rasa", "gateway"]
        os.kill(pids["rasa"], 0)
        stack.start("actions")
        stack.wait_ready()
        assert stack.pids["actions"] != pids["actions"]
        assert stack.log("gateway").read_text().startswith("-m bot serve on ")
        folder = stack.var_dir
    assert stack.pids == {}
    assert not folder.exists()
    assert of_group(tree) == []


def test_a_stack_that_cannot_start_says_why(tree: Path) -> None:
    with pytest.raises(StepError, match=r"actions stopped with exit code 7:\n.*\n    gone"):
        Stack({"PATH": "/usr/bin:/bin", "ACTIONS_DIE": "0"}, root=tree).__enter__()
    assert of_group(tree) == []
