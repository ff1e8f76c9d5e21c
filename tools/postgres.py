"""A PostgreSQL server for tests: Debian's, on loopback and a free port, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from tools.services import free_ports, ticks
from tools.steps import StepError

FOLDERS = Path("/usr/lib/postgresql")
USER = "postgres"


def binaries() -> Path:
    """Folder of PostgreSQL's programs; installs Debian's package where there is none.

    Raises:
        StepError: it is not there and cannot be installed.
    """
    found = sorted(FOLDERS.glob("*/bin/initdb"))
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "-qq", "update"],
            ["apt-get", "-qq", "install", "--no-install-recommends", "postgresql"],
        ):
            if subprocess.run(command, env=environ, stdout=subprocess.DEVNULL).returncode:
                break
        found = sorted(FOLDERS.glob("*/bin/initdb"))
    if not found:
        raise StepError("PostgreSQL is not installed. Install Debian's postgresql.")
    return found[-1].parent


class Postgres:
    """A server in a folder of its own, trusting whoever reaches it on loopback."""

    def __enter__(self) -> Postgres:
        programs = binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="iess-postgres-"))
        # The server refuses to run as root.
        self._as: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        self._control = [*self._as, str(programs / "pg_ctl"), "-D", str(self._folder / "data")]
        self.port = free_ports(1)[0]
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        # What this server holds is thrown away: it need not outlive a power cut.
        options += " -c fsync=off -c full_page_writes=off"
        initdb = [str(programs / "initdb"), "-D", str(self._folder / "data"), "-U", USER]
        self._start = [
            *self._control,
            "-w",
            "-l",
            str(self._folder / "log"),
            "-o",
            options,
            "start",
        ]
        try:
            self._run([*self._as, *initdb, "-A", "trust", "-E", "UTF8", "--no-sync"])
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(
            [*self._control, "-m", "immediate", "-w", "stop"],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, at first or after `kill`, and wait until it answers."""
        self._run(self._start)

    def pids(self) -> list[int]:
        """Process ids of the server and its workers."""
        first = (self._folder / "data" / "postmaster.pid").read_text().splitlines()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [int(first), *map(int, children)]

    def kill(self) -> None:
        """Let it die at once, as in a crash; clients lose their connections."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = ticks(10.0, time.monotonic, time.sleep)
        while self._is_open() and next(deadline, None) is not None:
            pass
        # Where nobody has collected the dead process yet, it would be taken for a living one.
        (self._folder / "data" / "postmaster.pid").unlink()

    def _is_open(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def url(self, database: str = USER) -> str:
        """SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Make an empty database; gives its address."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, dbname=USER, autocommit=True
        ) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    @staticmethod
    def _run(command: list[str]) -> None:
        done = subprocess.run(
            command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            raise StepError(f"PostgreSQL did not start: {done.stdout[-500:]}")
