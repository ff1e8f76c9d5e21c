"""The command line, against a small server of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.__main__ import main


class Echo(BaseHTTPRequestHandler):
    """Answers every message with its text and channel."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = json.dumps({"said": body["text"], "channel": body["channel"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PORT", str(server.server_port))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("served")
def test_ask_prints_the_reply(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "hello", "--channel", "sms"]) == 0
    assert json.loads(capsys.readouterr().out) == {"said": "hello", "channel": "sms"}


@pytest.mark.usefixtures("served")
def test_ask_reads_lines_in_order(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id": "b", "text": "one"}\n\n{"id": 7, "text": "dós"}\n', encoding="utf-8")
    assert main(["ask", "--jsonl", str(path)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["id"], line["said"]) for line in lines] == [("b", "one"), (7, "dós")]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("nonsense\n", "line 1"),
        ('{"id": 1, "text": "a"}\n{"id": 2}\n', "line 2"),
        ("[1]\n", "line 1"),
    ],
)
def test_a_bad_line_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, told: str
) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(content, encoding="utf-8")
    assert main(["ask", "--jsonl", str(path)]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_no_service_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert main(["ask", "hello"]) == 1
    assert "make run" in capsys.readouterr().err
    assert main(["ask", "--jsonl", str(tmp_path / "missing")]) == 1
    assert main(["ask", "hello", "--explain"]) == 1


@pytest.mark.parametrize("arguments", [[], ["ask"], ["ask", "a", "--jsonl", "b"], ["dance"]])
def test_wrong_words_show_the_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
