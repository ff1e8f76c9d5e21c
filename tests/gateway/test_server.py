"""The real server: slow callers are let go, and only trusted proxies say who calls."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import httpx
import pytest

from bot.gateway.app import create_app
from bot.reply import SafetyCatalogue
from bot.settings import Settings
from bot.triage import Triage
from tests.gateway.conftest import ScriptedRasa, make_service
from tests.gateway.serving import serving
from tools.services import free_ports

Serve = Callable[..., AbstractContextManager[int]]
DANGER = b"she is not breathing"


@pytest.fixture
def serve(settings: Settings, rasa: ScriptedRasa, triage: Triage, safety: SafetyCatalogue) -> Serve:
    """Serves on a port of its own, with settings of operating that differ."""

    @contextmanager
    def running(**operating: object) -> Iterator[int]:
        changed = replace(
            settings,
            port=free_ports(1)[0],
            environment="production",
            operating=replace(settings.operating, **operating),  # type: ignore[arg-type]
        )
        app = create_app(changed, make_service(changed, rasa, triage, safety))
        with serving(app, changed):
            yield changed.port

    return running


def read_all(connection: socket.socket) -> bytes:
    connection.settimeout(20)
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_a_head_that_never_ends(serve: Serve) -> None:
    with (
        serve(header_seconds=0.2) as port,
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        connection.sendall(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        said = read_all(connection)
        assert said.startswith(b"HTTP/1.1 400")
        assert b"911" in said


def test_a_caller_that_says_nothing(serve: Serve) -> None:
    with (
        serve(header_seconds=0.2) as port,
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        assert b"911" in read_all(connection)


def test_a_body_that_never_ends_is_heard_as_far_as_it_came(serve: Serve) -> None:
    head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with serve(body_seconds=0.3) as port:
        for body, status in ((b'{"text": "hel', b"408"), (b'{"text": "' + DANGER, b"200")):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(head + b"Content-Length: 500\r\n\r\n" + body)
                said = read_all(connection)
            assert said.split(b" ")[1] == status
            assert b"911" in said


def test_what_is_no_http_is_told_whom_to_call(serve: Serve) -> None:
    with (
        serve() as port,
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        said = read_all(connection)
        assert said.startswith(b"HTTP/1.1 400")
        assert b"911" in said


def test_ten_megabytes_are_told_why_they_are_refused(serve: Serve) -> None:
    with serve() as port:
        response = httpx.post(
            f"http://127.0.0.1:{port}/api/messages", content=b"x" * 10_000_000, timeout=20
        )
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_long")


@pytest.mark.parametrize(("proxies", "apart"), [((), False), (("127.0.0.1",), True)])
def test_families_behind_a_trusted_proxy_are_told_apart(
    serve: Serve, proxies: tuple[str, ...], apart: bool
) -> None:
    with (
        serve(limit_address="1/hour", trusted_proxies=proxies) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client,
    ):
        said = [
            client.post(
                "/api/messages", json={"text": "hi"}, headers={"X-Forwarded-For": address}
            ).status_code
            for address in ("203.0.113.7", "203.0.113.8", "203.0.113.7")
        ]
    assert said == [200, 200 if apart else 429, 429]
