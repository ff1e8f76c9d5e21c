"""A mock of Twilio's API made from its OpenAPI description, for tests of the client."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time

import httpx

from tools.npm import npm_ci
from tools.services import free_ports
from tools.steps import ROOT, StepError, stop_group

FOLDER = ROOT / "tests" / "gateway" / "sms" / "openapi"
DESCRIPTION = FOLDER / "twilio_messages.json"
START_SECONDS = 90.0


class Prism:
    """The mock server; it refuses requests that the description does not allow, with 422."""

    def __enter__(self) -> Prism:
        npm_ci(FOLDER)
        program = FOLDER / "node_modules" / ".bin" / "prism"
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
