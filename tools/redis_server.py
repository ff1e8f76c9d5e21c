"""A Redis server for tests: Debian's, on loopback and a free port, gone afterwards."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time

from tools.debian import ensure
from tools.services import free_ports, ticks
from tools.steps import Commands, StepError, stop_group

PROGRAM = "redis-server"


class RedisServer:
    """A server that writes nothing to the disk; what it holds is short-lived by nature."""

    def __enter__(self) -> RedisServer:
        ensure([PROGRAM], Commands())
        self.port = free_ports(1)[0]
        self._folder = tempfile.TemporaryDirectory(prefix="iess-redis-")
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        stop_group(self._process)
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def start(self) -> None:
        """Start it, at first or after `kill`, and wait until it answers."""
        command = [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--appendonly", "no", "--dir", self._folder.name]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in ticks(10.0, time.monotonic, time.sleep):
            if self._answers():
                return
        raise StepError("Redis does not answer.")

    def kill(self) -> None:
        """Let it die at once, as in a crash."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1.0) as one:
                one.sendall(b"PING\r\n")
                return one.recv(16).startswith(b"+PONG")
        except OSError:
            return False
