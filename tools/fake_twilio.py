"""A stand-in for Twilio: its REST API on loopback, and signed webhooks to a gateway.

It remembers what it was given, as Twilio does, and can be told to misbehave. Tests, the load run
and `make sms-demo` speak with the real gateway through it.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-a-fake-account"  # noqa: S105 - opens nothing
PUBLIC_URL = "https://sms.hospital.example"
HOSPITAL = "+13125550100"

# Gives a webhook to the gateway: path with query, form body, headers; its status and text.
Post = Callable[[str, str, Mapping[str, str]], tuple[int, str]]


@dataclass
class Sent:
    """A message that the carrier has taken."""

    sid: str
    to: str
    sender: str
    body: str
    created: float
    callback: str
    direction: str
    status: str = "queued"

    def resource(self) -> dict[str, Any]:
        """As the REST API shows it."""
        made = formatdate(self.created, localtime=False).replace("-0000", "+0000")
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "status": self.status,
            "direction": self.direction,
            "date_created": made,
            "date_updated": made,
            "date_sent": None,
            "error_code": None,
            "num_segments": "1",
        }


@dataclass
class FakeTwilio:
    """The carrier.

    Attributes:
        behave: what the next sends meet, then `ok`: `ok`, a status code that takes nothing,
            `500 taken`, `silence` (taken, and never answered), `silence lost`, or an error code
            like `21610`.
        lists: what questions meet: `ok` or a status code.
        silence: seconds of silence.
        auto: report every message as sent and delivered, as soon as it is taken.
    """

    post: Post | None = None
    behave: deque[str] = field(default_factory=deque)
    lists: str = "ok"
    silence: float = 11.0
    auto: bool = False
    sent: list[Sent] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    on_sent: Callable[[Sent], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> FakeTwilio:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length).decode()
                fake._create(self, {k: v[0] for k, v in parse_qs(body, True).items()})

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                fake._list(self, {k: v[0] for k, v in query.items()})

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self) -> dict[str, str]:
        """A gateway's settings that make this its carrier."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": self.url,
            "PUBLIC_URL": PUBLIC_URL,
        }

    def text(
        self, number: str, body: str, sid: str | None = None, **fields: str
    ) -> tuple[int, list[Sent]]:
        """A family's message: the webhook's status, and the messages that its answer gave."""
        sid = sid or "SM" + secrets.token_hex(16)
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": ACCOUNT,
            "From": number,
            "To": HOSPITAL,
            "Body": body,
            "NumMedia": "0",
            "FromCity": "",
            **fields,
        }
        status, answer = self.webhook("/sms/inbound", form)
        given = self._twiml(answer, number) if status == 200 else []
        return status, given

    def webhook(
        self, path: str, form: Mapping[str, str], signature: str | None = None
    ) -> tuple[int, str]:
        """A signed webhook: its status and text."""
        assert self.post is not None
        validator = RequestValidator(TOKEN)
        signed = signature or validator.compute_signature(PUBLIC_URL + path, dict(form))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signed,
        }
        return self.post(path, urlencode(form), headers)

    def report(self, sent: Sent, status: str, error: str = "") -> int:
        """Tell the gateway what became of a message; gives the webhook's status."""
        path = sent.callback.removeprefix(PUBLIC_URL)
        form = {"MessageSid": sent.sid, "MessageStatus": status, "AccountSid": ACCOUNT}
        form |= {"To": sent.to, "From": sent.sender} | ({"ErrorCode": error} if error else {})
        return self.webhook(path, form)[0]

    def to(self, number: str) -> list[str]:
        """Texts that a number got, in the order that they were taken."""
        with self._lock:
            return [sent.body for sent in self.sent if sent.to == number]

    def _twiml(self, answer: str, number: str) -> list[Sent]:
        given = []
        for message in ET.fromstring(answer).iter("Message"):
            callback = message.get("statusCallback", "")
            given.append(self._take(number, HOSPITAL, message.text or "", callback, "reply"))
        return given

    def _take(self, to: str, sender: str, body: str, callback: str, how: str) -> Sent:
        sid = "SM" + secrets.token_hex(16)
        sent = Sent(sid, to, sender, body, time.time(), callback, f"outbound-{how}")
        with self._lock:
            self.sent.append(sent)
        if self.on_sent:
            self.on_sent(sent)
        if self.auto:
            threading.Thread(target=self._deliver, args=(sent,), daemon=True).start()
        return sent

    def _deliver(self, sent: Sent) -> None:
        for status in ("queued", "sent", "delivered"):
            try:
                self.report(sent, status)
            except (OSError, RuntimeError, httpx.HTTPError):
                # The gateway is gone or too slow, or who gives webhooks to it is: no second try.
                continue

    def _create(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        with self._lock:
            how = self.behave.popleft() if self.behave else "ok"
            self.requests.append(("POST", handler.path, form))
        if not self._known(handler):
            return self._answer(handler, 401, {"code": 20003, "message": "Authenticate"})
        if how == "silence lost":
            time.sleep(self.silence)
            return None
        if how in ("ok", "500 taken", "silence"):
            taken = self._take(
                form["To"], form["From"], form["Body"], form.get("StatusCallback", ""), "api"
            )
            if how == "silence":
                time.sleep(self.silence)
                return None
            if how == "ok":
                return self._answer(handler, 201, taken.resource())
        # Three digits are a status; five are Twilio's code of a refusal.
        number = int(how.split()[0])
        status, code = (number, 20000 + number) if number < 1000 else (400, number)
        return self._answer(handler, status, {"code": code, "message": how, "status": status})

    def _list(self, handler: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        with self._lock:
            self.requests.append(("GET", handler.path, query))
            found = [
                sent.resource()
                for sent in reversed(self.sent)
                if query.get("To") in (None, sent.to) and query.get("From") in (None, sent.sender)
            ]
        if self.lists != "ok":
            return self._answer(handler, int(self.lists), {"code": 20500, "message": "no"})
        return self._answer(handler, 200, {"messages": found, "next_page_uri": None})

    def _known(self, handler: BaseHTTPRequestHandler) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return handler.headers.get("Authorization") == f"Basic {expected}"

    @staticmethod
    def _answer(handler: BaseHTTPRequestHandler, status: int, body: Mapping[str, Any]) -> None:
        raw = json.dumps(body).encode()
        try:
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(raw)))
            handler.end_headers()
            handler.wfile.write(raw)
        except OSError:
            return
