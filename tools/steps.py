"""Long commands for a person who waits: a log file, progress, and one line when one fails.

Standard library only: tools/install.py runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "log"


class StepError(Exception):
    """A step failed. The message is the one line a person reads; it says what to do."""

    def __init__(self, message: str, log: Path | None = None) -> None:
        super().__init__(message)
        self.log = log


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, indented; empty when there is none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line[:300]}" for line in text.splitlines()[-lines:])


def report(error: StepError) -> None:
    """Print why a step failed, and the end of its log."""
    say(f"ERROR: {error}")
    if error.log is not None and error.log.exists():
        say(f"  Log: {error.log}. Its last lines:\n{tail(error.log)}")


class Ticker:
    """A line every few seconds while a step takes its time, with what it last did."""

    def __init__(self, label: str, every: float = 10.0) -> None:
        self.label = label
        self.detail = ""
        self._every = every
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    @property
    def elapsed(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._began

    def __enter__(self) -> Ticker:
        self._began = time.monotonic()
        say(f"{self.label} ...")
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._done.set()
        self._thread.join()
        say(f"{self.label}: {'done' if kind is None else 'FAILED'} after {self.elapsed:.0f} s")

    def _tick(self) -> None:
        while not self._done.wait(self._every):
            say(f"{self.label}: {self.detail or 'working'} ({self.elapsed:.0f} s)")


class Commands:
    """Runs commands, from several threads if need be, and can stop those under way."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def run(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], object] = len,
    ) -> int:
        """Run one command to its end and give its exit code.

        Args:
            command: program and arguments.
            log: file its output is added to.
            env: added to the environment.
            on_line: told of each line of output.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {' '.join(command)}\n")
            file.flush()
            with self._lock:
                if self._stopped:
                    return -signal.SIGTERM
                process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**os.environ, **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,
                )
                self._running.add(process)
            try:
                assert process.stdout is not None
                with process.stdout as output:
                    for line in output:
                        file.write(line)
                        on_line(line.rstrip())
                return process.wait()
            finally:
                if process.poll() is None:
                    stop_group(process)
                with self._lock:
                    self._running.discard(process)

    def stop(self) -> None:
        """Stop the commands under way, and start no more."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def stop_group(process: subprocess.Popen[str] | subprocess.Popen[bytes], wait: float = 5.0) -> None:
    """End a process that leads its own group, and all of that group: asked first, then killed."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(wait)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
