"""A real OpenID Connect provider on loopback, and a person at its login page."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tools.npm import npm_ci
from tools.services import free_ports
from tools.steps import StepError, stop_group

FOLDER = Path(__file__).parent / "provider"
STAFF_URL = "http://staff.example"
CALLBACK = f"{STAFF_URL}/staff/oidc/callback"
START_SECONDS = 60.0


class OpenIdProvider:
    """The process; whoever signs in as "editor" is in the group "iess-editor", and so on."""

    def __enter__(self) -> OpenIdProvider:
        if shutil.which("npm") is None:
            pytest.skip("the provider comes with npm, and here is no Node")
        npm_ci(FOLDER)
        self.issuer = f"http://127.0.0.1:{free_ports(1)[0]}"
        port = self.issuer.rsplit(":", 1)[1]
        self._process = subprocess.Popen(
            ["node", "provider.mjs", port, CALLBACK],
            cwd=FOLDER,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                httpx.get(self.issuer, timeout=2, trust_env=False)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise StepError("the OpenID Connect provider did not start")

    def __exit__(self, *_: object) -> None:
        stop_group(self._process)

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a gateway that trusts it."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": "staff",
            "OIDC_CLIENT_SECRET": "a-secret-of-the-tests",
            "OIDC_ROLES": "iess-viewer=viewer; iess-editor=editor; iess-admin=admin",
            "STAFF_URL": STAFF_URL,
        }

    def log_in(self, url: str, login: str) -> str:
        """Walk through its pages as a person would, up to the address that leads back to us."""
        form = {"login": login, "password": "any"}
        with httpx.Client(trust_env=False, timeout=10) as browser:
            response = browser.get(url)
            for _ in range(20):
                if response.is_redirect:
                    url = urljoin(url, response.headers["location"])
                    if url.startswith(STAFF_URL):
                        return url.removeprefix(STAFF_URL)
                    response = browser.get(url)
                else:
                    prompt = re.search(r'name="prompt" value="(\w+)"', response.text)
                    action = re.search(r'action="([^"]+)"', response.text)
                    assert prompt, response.text
                    assert action
                    url = urljoin(url, action.group(1))
                    response = browser.post(url, data={**form, "prompt": prompt.group(1)})
        raise AssertionError("the provider never led back")
