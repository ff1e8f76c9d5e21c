"""A mock of Twilio's API made from its OpenAPI description, for tests of the client."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

from tools.services import free_ports
from tools.steps import ROOT, StepError, stop_group

FOLDER = ROOT / "tests" / "gateway" / "sms" / "openapi"
DESCRIPTION = FOLDER / "twilio_messages.json"
START_SECONDS = 90.0


def install() -> Path:
    """The program, installed from package-lock.json where it is not there.

    Raises:
        StepError: npm is missing or failed.
    """
    program = FOLDER / "node_modules" / ".bin" / "prism"
    lock, stamp = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".stamp"
    if program.exists() and stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return program
    if shutil.which("npm") is None:
        raise StepError("npm is not installed. Install Node.js 20 with npm.")
    done = subprocess.run(
        ["npm", "ci", "--loglevel=error", "--prefer-offline"],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise StepError(f"npm ci failed in {FOLDER}: {done.stdout[-500:]}")
    shutil.copyfile(lock, stamp)
    return program


class Prism:
    """The mock server; it refuses requests that the description does not allow, with 422."""

    def __enter__(self) -> Prism:
        program = install()
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        # Not --errors: the examples in the description do not all keep to it themselves.
        command = [str(program), "mock", "-p", str(port), str(DESCRIPTION)]
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SCARF_ANALYTICS": "false"},
            start_new_session=True,
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                httpx.get(self.url, timeout=2, trust_env=False)
            except httpx.HTTPError:
                time.sleep(0.2)
            else:
                return self
        self._log.seek(0)
        said = self._log.read().decode(errors="replace")[-500:]
        self.__exit__()
        raise StepError(f"prism did not start: {said}")

    def __exit__(self, *_: object) -> None:
        stop_group(self._process)
        self._log.close()
