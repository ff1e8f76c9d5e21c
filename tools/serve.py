"""Start everything and watch over it: `python -m tools.serve`, in .venv.

Rasa, the action server and the gateway; one dying stops all. `Stack` is the same three
for end-to-end tests, where one may be killed and started again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from honcho.manager import Manager

from tools.services import Services, free_ports, link_built, plan, ticks
from tools.steps import ROOT, StepError, report, say, stop_group, tail

START_SECONDS = 180.0
STOP_SECONDS = 8.0
LONGEST_STOP = 20.0  # for who is asked kindly, and has work in hand


class LogPrinter:
    """Takes what honcho would print: each process gets a log file of bounded size."""

    width = 0

    def __init__(self, folder: Path, *, echo: bool) -> None:
        self._folder = folder
        self._echo = echo
        self._logs: dict[str, logging.Logger] = {}
        self.last: dict[str, deque[str]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, message: Any) -> None:
        """Write one of honcho's messages."""
        text = (
            message.data.decode("utf-8", "replace")
            if isinstance(message.data, bytes)
            else message.data
        )
        if message.name not in self._logs:
            handler = RotatingFileHandler(
                self._folder / f"{message.name}.log",
                maxBytes=5_000_000,
                backupCount=1,
                encoding="utf-8",
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            # Not of the logging tree: nothing else may write or silence it.
            self._logs[message.name] = logging.Logger(message.name)
            self._logs[message.name].addHandler(handler)
            self.last[message.name] = deque(maxlen=12)
        for line in text.splitlines():
            self._logs[message.name].info("%s", line)
            self.last[message.name].append(line)
            if self._echo:
                say(f"{message.name}: {line}")


class Supervisor(Manager):
    """honcho's manager, which says when all is ready, who died, and stops in bounded time."""

    def __init__(self, services: Services, printer: LogPrinter) -> None:
        super().__init__(printer)
        self.died: dict[str, int] = {}
        self.late = False
        self._services = services
        for name, command in services.commands.items():
            # exec: no shell stays between us and the process.
            line = f"exec {shlex.join(command)}"
            self.add_process(name, line, env=services.environ_of(name), cwd=str(services.root))

    def _start(self) -> None:
        super()._start()
        # Only now: the processes are forked, and a fork wants no other thread.
        threading.Thread(target=self._announce, daemon=True).start()

    def _announce(self) -> None:
        began = time.monotonic()
        sys.stdout.write("Starting ")
        for count in ticks(START_SECONDS, time.monotonic, time.sleep):
            if self._terminating:
                return
            if self._services.ready():
                elapsed = time.monotonic() - began
                urls = " ".join(self._services.urls)
                say(f"\nReady: {urls}  (after {elapsed:.0f} s; Ctrl-C stops)")
                return
            if count % 5 == 0:
                sys.stdout.write(".")
                sys.stdout.flush()
        self.late = True
        self.terminate()

    def terminate(self) -> None:
        """Ask all to stop; whoever has not after STOP_SECONDS is killed."""
        if self._terminating:
            return
        if not self._all_started():
            # Asked to stop while starting; honcho could not yet tell whom.
            self._later(0.2, self.terminate)
            return
        self.died = {n: p["returncode"] for n, p in self._processes.items() if "returncode" in p}
        say("\nStopping ...")
        self._later(STOP_SECONDS, self.kill)
        super().terminate()

    @staticmethod
    def _later(seconds: float, what: Any) -> None:
        timer = threading.Timer(seconds, what)
        timer.daemon = True
        timer.start()


def run(
    environ: Mapping[str, str],
    *,
    root: Path = ROOT,
    echo: bool = False,
    plan: Callable[[Mapping[str, str], Path], Services] = plan,
) -> int:
    """Serve until told to stop, or until a process dies. Gives the exit code."""
    try:
        services = plan(environ, root)
    except StepError as error:
        report(error)
        return 1
    logs = services.var_dir / "log"
    printer = LogPrinter(logs, echo=echo)
    supervisor = Supervisor(services, printer)
    supervisor.loop()
    for name, code in supervisor.died.items():
        say(f"ERROR: {name} stopped by itself with exit code {code}, so all were stopped.")
        say(f"  Log: {logs / name}.log. Its last lines:")
        say("\n".join(f"    {line[:300]}" for line in printer.last.get(name, ())))
    if supervisor.late:
        say(f"ERROR: not ready after {START_SECONDS:.0f} s. The logs are in {logs}.")
    return 1 if supervisor.died or supervisor.late else 0


class Stack:
    """The real three processes for tests: own ports, own database, this tree's built models.

    Attributes:
        url: where the gateway answers; urls, where all gateways do.
        var_dir: temporary folder of the database and logs.
    """

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        start_seconds: float = 120.0,
        root: Path = ROOT,
        plan: Callable[[Mapping[str, str], Path], Services] = plan,
    ) -> None:
        """Prepare.

        Args:
            environ: settings that differ from this process's environment.
            start_seconds: how long all may take until ready.
            root: the tree to run.
            plan: settles what is started.
        """
        self._plan = plan
        self._given = dict(environ or {})
        self._start_seconds = start_seconds
        self._root = root
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Stack:
        self._folder = tempfile.TemporaryDirectory(prefix="iess-stack-")
        try:
            self.var_dir = Path(self._folder.name).resolve()
            link_built(self.var_dir, self._root / "var")
            port, rasa, actions = map(str, free_ports(3))
            kept = {k: v for k, v in os.environ.items() if not k.endswith("DATABASE_URL")}
            ports = {"HOST": "127.0.0.1", "PORT": port, "RASA_PORT": rasa, "ACTIONS_PORT": actions}
            ports |= {"VAR_DIR": str(self.var_dir)}
            self._services = self._plan({**kept, **ports, **self._given}, self._root)
            self.url, self.urls = self._services.url, self._services.urls
            for name in self._services.commands:
                self.start(name)
            self.wait_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name of those running."""
        return {name: p.pid for name, p in self._processes.items() if p.poll() is None}

    @property
    def environ(self) -> dict[str, str]:
        """The environment of each process, with the ports that were chosen."""
        return self._services.environ

    def command(self, name: str) -> list[str]:
        """Program and arguments of a process; a change counts when it is started next."""
        return self._services.commands[name]

    def start(self, name: str) -> None:
        """Start one process; `wait_ready` tells when it answers."""
        if name in self.pids:
            raise StepError(f"{name} is running already.")
        with self.log(name).open("ab") as log:
            self._processes[name] = subprocess.Popen(
                self._services.commands[name],
                cwd=self._services.root,
                env=self._services.environ_of(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to one process and its children, and see to its end."""
        process = self._processes[name]
        if process.poll() is None:
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LONGEST_STOP)
        # As systemd and Docker do with who takes too long.
        stop_group(process)

    def log(self, name: str) -> Path:
        """The file with what a process printed."""
        folder = self.var_dir / "log"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.log"

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until a message would be answered.

        Raises:
            StepError: a process died, or time ran out; with the end of its log.
        """
        for _ in ticks(seconds or self._start_seconds, time.monotonic, time.sleep):
            for name, process in self._processes.items():
                if process.poll() is not None:
                    ending = tail(self.log(name))
                    raise StepError(
                        f"{name} stopped with exit code {process.returncode}:\n{ending}"
                    )
            if self._services.ready():
                return
        logs = "\n".join(f"{name}:\n{tail(self.log(name))}" for name in self._processes)
        raise StepError(f"The stack is not ready in time.\n{logs}")

    def close(self) -> None:
        """Stop all, and leave nothing behind."""
        for process in self._processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._processes.values():
            stop_group(process)
        self._folder.cleanup()


def main() -> int:
    """Serve with this process's environment; `--verbose` shows what the processes print."""
    return run(os.environ, echo="--verbose" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
