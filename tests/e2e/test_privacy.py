"""Nothing that a run writes holds a family's words, name, number or token, at any log level."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tools.fake_twilio import FakeTwilio
from tools.serve import Stack
from tools.services import BUILT, free_ports
from tools.sms_demo import poster

pytestmark = pytest.mark.e2e
NUMBER = "+17735550147"
# Each stands in some message; none is a word of ours.
WORDS = [
    "Zyxmaria",
    "Quorrin",
    "88417723",
    "7735550147",
    "773-555-0147",
    "quorrin@example.org",
    "03/14/2026",
    "bluegrapefruit",
]
MESSAGES = [
    "What is an EEG? My daughter is Zyxmaria Quorrin, MRN 88417723",
    "and for how long? call me at 773-555-0147 or quorrin@example.org",
    "Zyxmaria is not breathing bluegrapefruit",
    "the ambulance is here, Quorrin",
    "¿qué es un EEG para Zyxmaria, nacida 03/14/2026?",
    "Zyxmaria 不呼吸了 bluegrapefruit",
    "how much vigabatrin for Zyxmaria. Also who treats bluegrapefruit?",
]
CHECK = ["Could this be infantile spasms? Start the check.", "yes", "Zyxmaria is 5 months", "bends"]
Sent = list[str]


def send(stack: Stack, client: httpx.Client, twilio: FakeTwilio) -> Sent:
    """Messages of every kind, good and broken; gives the tokens that were issued."""
    tokens: list[str] = []

    def say(text: Any, token: str | None = None, status: int = 200, **body: Any) -> str | None:
        sent = {"text": text, "conversation": token, **body}
        response = client.post("/api/messages", json=sent)
        assert response.status_code == status
        if status == 200:
            tokens.append(response.json()["conversation"])
        return tokens[-1] if tokens else None

    token = None
    for text in MESSAGES:
        token = say(text, token)
    token = None
    for text in CHECK:
        token = say(text, token)
    say("What is an EEG? It is for Zyxmaria Quorrin. " * 100, status=413)
    say(["Zyxmaria"], status=422)
    say("Zyxmaria", "Quorrin" * 200)
    for broken in (b'{"text": "Zyxmaria', b"\xff Zyxmaria", b"[" * 50_000 + b'"Zyxmaria"'):
        assert client.post("/api/messages", content=broken).status_code in (400, 422)
    for text in (*MESSAGES, "STOP", "START"):
        assert twilio.text(NUMBER, text)[0] == 200
    for port in ("RASA_PORT", "ACTIONS_PORT"):
        # What no gateway sends, straight to the inner processes.
        inner = f"http://127.0.0.1:{stack.environ[port]}"
        for path in ("/webhooks/rest/webhook", "/webhook", "/model/parse", "/Zyxmaria"):
            for content in (b'{"text": "Zyxmaria', b'{"next_action": "Zyxmaria", "tracker": 1}'):
                httpx.post(inner + path, content=content, timeout=20, trust_env=False)
    return tokens


def cripple(stack: Stack, client: httpx.Client) -> None:
    """Ask while a process is dead, then let the others die of a signal that leaves a trace."""
    stack.kill("actions")
    for text in (*MESSAGES[:2], CHECK[0]):
        assert client.post("/api/messages", json={"text": text}).status_code == 200
    os.killpg(stack.pids["rasa"], signal.SIGSTOP)
    assert client.post("/api/messages", json={"text": MESSAGES[0]}).status_code == 200
    os.killpg(stack.pids["rasa"], signal.SIGCONT)
    stack.kill("rasa", signal.SIGINT)
    assert client.post("/api/messages", json={"text": MESSAGES[0]}).status_code == 200
    stack.kill("gateway", signal.SIGTERM)


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] not in BUILT:
            yield str(path.relative_to(folder)), path.read_bytes()


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_a_run_writes_tells_of_a_family(form: str) -> None:
    metrics = free_ports(1)[0]
    with FakeTwilio(auto=True) as twilio:
        debug = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": form, "METRICS_PORT": str(metrics)}
        with Stack({**twilio.settings(), **debug}) as stack:
            client, twilio.post = poster(stack.url)
            with client:
                tokens = send(stack, client, twilio)
                figures = httpx.get(f"http://127.0.0.1:{metrics}/metrics", trust_env=False)
                cripple(stack, client)
            files = dict(written(stack.var_dir))
    files["metrics"] = figures.content
    assert {"log/gateway.log", "log/rasa.log", "log/actions.log", "bot.sqlite", "rasa.sqlite"} <= (
        set(files)
    )
    assert len(tokens) > 10
    found = {
        (name, word)
        for name, content in files.items()
        for word in (*WORDS, *tokens)
        # As JSON writes what is not ASCII, too.
        if word.encode() in content or json.dumps(word)[1:-1].encode() in content
    }
    assert not found
    logs = {n: files[f"log/{n}.log"].decode() for n in ("gateway", "rasa", "actions")}
    if form == "json":
        # One message, the same request in all three processes.
        said = {n: _requests(log) for n, log in logs.items()}
        assert len(said["gateway"] & said["rasa"] & said["actions"]) >= 8
    assert "Traceback" not in "".join(logs.values())


def _requests(log: str) -> set[str]:
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return {line["request"] for line in lines if line.get("request")}
