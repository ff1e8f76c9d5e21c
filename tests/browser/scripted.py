"""A website to test in a browser: the real gateway with a scripted engine, and a hostile host."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import uvicorn

from bot.check_card import CheckWriter
from bot.check_steps import Heard, Step, advance, begin
from bot.compose import Composer, Voice
from bot.gateway.app import create_app
from bot.gateway.web.assets import Assets
from bot.language import detect
from bot.reply import Message, SafetyCatalogue
from bot.settings import load_settings
from bot.spasm_check import Guide
from bot.triage import Triage
from tests.gateway.conftest import ScriptedRasa, WatchedTrackers, make_service

TOPICS = ("treatment", "vigabatrin", "signs", "appointment")


@dataclass
class FamilyRasa(ScriptedRasa):
    """Answers by the words of a message from the real content, and walks the guided check."""

    guide: Guide | None = None
    safety: SafetyCatalogue | None = None
    seconds: float = 0.0
    checks: dict[str, Step] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        time.sleep(self.seconds)
        return super().__call__(request)

    def messages(self, sender: str, text: str, voice: Voice) -> list[Message]:
        assert self.guide is not None
        assert self.safety is not None
        writer = CheckWriter(self.guide, self.composer, self.safety)
        step = self.checks.get(sender)
        if step and step.slot:
            step = advance(self.guide, step.slot, step.answers, step.held, Heard(text))
            self.checks[sender] = step
            return writer.messages(step, voice)
        if text in self.guide.offer["text"].values():
            self.checks[sender] = begin(self.guide, {})
            return writer.messages(self.checks[sender], voice, fresh=True)
        if "how long" in text:
            return [self.composer.choice(["hormonal_therapy", "vigabatrin"], voice)]
        if "shots" in text:
            near = self.composer.otherwise(("vigabatrin",), voice)
            return [self.composer.answer("hormonal_therapy", voice), near]
        if "person" in text:
            return [self.composer.answer("human", voice)]
        named = [t for t in TOPICS if t in text.lower() or t[:5] in text.lower()]
        return [self.composer.answer(named[0] if named else "eeg", voice)]


@dataclass
class Site:
    """Where the gateway and the page that embeds the widget answer."""

    url: str
    host: str
    rasa: FamilyRasa
    trackers: WatchedTrackers
    database_url: str

    @property
    def unlisted(self) -> str:
        """The host page under a name that may not embed the widget."""
        return self.host.replace("127.0.0.1", "localhost")


HOSTILE_CSS = """
* { all: unset !important; font-size: 3px !important; display: inline !important; }
button, a, section, iess-chat { display: none !important; transform: rotate(9deg) !important; }
html { font-size: 4px; filter: none; } body { letter-spacing: 9px; text-transform: uppercase; }
"""
HOST_PAGE = """<!doctype html><html lang="en"><title>A host page</title>
<link rel="stylesheet" href="/hostile.css"><p id="own">The page's own words</p>
<script async src="{gateway}/widget/v1.js"></script>
<iess-chat endpoint="{gateway}" lang="en"></iess-chat></html>"""


def host_csp(gateway: str) -> str:
    """The lines that docs/widget.md asks of a hospital's page, and nothing else allowed."""
    return (
        f"default-src 'none'; script-src {gateway}; connect-src {gateway}; style-src 'self';"
        " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script';"
        " trusted-types iess-chat lit-html"
    )


@contextlib.contextmanager
def hostile_host(port: int, gateway: str) -> Iterator[None]:
    """Serve the host page; `/open` is the same without its policy and style."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            css = self.path == "/hostile.css"
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if css else "text/html")
            if self.path == "/":
                self.send_header("Content-Security-Policy", host_csp(gateway))
            self.end_headers()
            page = HOST_PAGE.format(gateway=gateway)
            self.wfile.write((HOSTILE_CSS if css else page).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serve_site(
    composer: Composer, guide: Guide, triage: Triage, safety: SafetyCatalogue, widget: Path
) -> Iterator[Site]:
    """Run the gateway and the host page, each on an origin of its own."""
    port, host_port = free_port(), free_port()
    url, host = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{host_port}"
    rasa = FamilyRasa(composer, guide=guide, safety=safety)
    with tempfile.TemporaryDirectory() as folder:
        environ = {"VAR_DIR": folder, "PORT": str(port), "WIDGET_ORIGINS": host}
        settings = load_settings(environ)
        service = make_service(settings, rasa, triage, safety)
        service.assets = Assets(widget, widget)
        detect("warm up")
        app = create_app(settings, service)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        with hostile_host(host_port, url):
            assert isinstance(service.trackers, WatchedTrackers)
            yield Site(url, host, rasa, service.trackers, settings.database_url)
        server.should_exit = True
        thread.join(10)
