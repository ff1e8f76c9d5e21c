"""The command line: `python -m bot serve`, `ask`, `check`, `feedback`, `sms`, `doctor` and more."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.cli_check import add_check, check
from bot.cli_feedback import feedback
from bot.cli_operate import COMMANDS, add_operate, operate
from bot.cli_sms import add_sms, sms
from bot.errors import BotError
from bot.settings import ROOT, Settings, load_settings


def main(argv: list[str] | None = None) -> int:
    """Run a command; 0 on success, 1 with one clear line on a fault."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the gateway")
    ask = commands.add_parser("ask", help="print the reply of the running service")
    ask.add_argument("text", nargs="?", help="a message")
    ask.add_argument("--jsonl", type=Path, help='lines of {"id", "text"}; each a conversation')
    ask.add_argument("--explain", action="store_true", help="add the reasons (this machine only)")
    ask.add_argument("--channel", choices=("web", "sms"), default="web")
    ask.add_argument("--lang", choices=("en", "es"))
    add_check(commands)
    commands.add_parser("feedback", help="print what families found helpful")
    add_sms(commands)
    add_operate(commands)
    options = parser.parse_args(argv)
    try:
        if options.command in COMMANDS:
            return operate(options)
        settings = load_settings()
        if options.command == "serve":
            return serve(settings)
        if options.command == "check":
            return check(settings.data_dir, options)
        if options.command == "feedback":
            return feedback(settings)
        if options.command == "sms":
            return sms(settings, options)
        if (options.text is None) == (options.jsonl is None):
            parser.error('ask needs either a message or --jsonl FILE, e.g. ask "What is an EEG?"')
        return answer(settings, options)
    except (BotError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def serve(settings: Settings) -> int:
    """Run the gateway until it is told to stop."""
    from bot import logs, tracing
    from bot.gateway.app import create_app
    from bot.gateway.server import serve as run
    from bot.gateway.service import open_service

    logs.set_up("gateway", level=settings.log_level, form=settings.operating.log_format)
    tracing.set_up("gateway", settings.operating.otlp_endpoint)
    return run(create_app(settings, open_service(settings)), settings)


def answer(settings: Settings, options: argparse.Namespace) -> int:
    """Ask the running service and print its replies."""
    import httpx

    path, headers = "/api/messages", {}
    if options.explain:
        path = "/api/operator/messages"
        headers = {"X-Operator-Key": _operator_key(settings)}
    url = f"http://{settings.host}:{settings.port}"
    with httpx.Client(base_url=url, timeout=30.0, headers=headers) as client:
        for line in _lines(options):
            body = {"text": line["text"], "channel": options.channel, "lang": options.lang}
            try:
                response = client.post(path, json=body)
            except httpx.HTTPError as error:
                raise BotError(f"no service answers at {url}. Start it with: make run") from error
            reply = response.json()
            if options.jsonl:
                print(json.dumps({"id": line["id"], **reply}, ensure_ascii=False), flush=True)
            else:
                print(json.dumps(reply, ensure_ascii=False, indent=2))
    return 0


def _operator_key(settings: Settings) -> str:
    try:
        return settings.operator_file.read_text(encoding="ascii")
    except OSError as error:
        raise BotError(
            "--explain works on the machine of a running service only, by its own user."
        ) from error


def _lines(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if options.jsonl is None:
        yield {"id": None, "text": options.text}
        return
    with options.jsonl.open(encoding="utf-8") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            try:
                line = json.loads(raw)
                yield {"id": line["id"], "text": str(line["text"])}
            except (ValueError, KeyError, TypeError) as error:
                raise BotError(
                    f'{options.jsonl}, line {number}: needs {{"id": ..., "text": ...}}.'
                ) from error


def enter_environment() -> None:
    """Go on in .venv where this Python lacks what the project needs, so that `python` is enough."""
    python = ROOT / ".venv" / "bin" / "python"
    if importlib.util.find_spec("httpx") is None and python.exists():
        # The same command in our own interpreter; nothing comes from outside.
        os.execv(python, [str(python), "-m", "bot", *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    enter_environment()
    sys.exit(main())
