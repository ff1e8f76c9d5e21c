"""Logs hold our own words only, whoever writes them, and however a process ends."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from bot.logs import REQUEST, Discreet, describe
from bot.settings import ROOT

SECRET = "Maria Lopez is not breathing"


def record(name: str, message: str = SECRET, **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.INFO, "x.py", 7, message, (), None)
    for key, value in extra.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", ["rasa.core.processor", "sqlalchemy.engine", "root", "botany"])
def test_a_library_is_not_quoted(form: str, name: str) -> None:
    told = Discreet("rasa", form).format(record(name))
    assert "Maria" not in told
    assert name in told
    assert "x:7" in told


def test_our_own_words_stand_with_their_figures() -> None:
    token = REQUEST.set("0123456789abcdef")
    try:
        made = record("bot.gateway.dialogue", "answered", channel="web", ms=3.5, text=SECRET)
        told = json.loads(Discreet("gateway", "json").format(made))
        line = Discreet("gateway", "text").format(made)
    finally:
        REQUEST.reset(token)
    assert told.pop("time").endswith("Z")
    assert told == {
        "level": "INFO",
        "service": "gateway",
        "logger": "bot.gateway.dialogue",
        "message": "answered",
        "request": "0123456789abcdef",
        "channel": "web",
        "ms": 3.5,
    }
    assert line == "INFO bot.gateway.dialogue answered request=0123456789abcdef channel=web ms=3.5"


def fail() -> None:
    try:
        dict[str, int]()[SECRET]
    except KeyError as error:
        raise ValueError(SECRET) from error


def test_an_error_is_its_type_and_places() -> None:
    with pytest.raises(ValueError, match="Maria") as caught:
        fail()
    told = describe(caught.value)
    assert told.startswith("ValueError at test_logs.py:")
    assert "because of KeyError at test_logs.py:" in told
    assert "Maria" not in told
    made = record("bot.x", "failed")
    made.exc_info = (ValueError, caught.value, caught.value.__traceback__)
    for form in ("text", "json"):
        said = Discreet("gateway", form).format(made)
        assert "ValueError" in said
        assert "Maria" not in said


PROGRAM = f"""
import asyncio, logging, threading, warnings
from bot import logs
logging.basicConfig(level="DEBUG")
noisy = logging.getLogger("noisy.library")
noisy.addHandler(logging.StreamHandler())
noisy.setLevel("DEBUG")
logs.set_up("gateway", level="DEBUG", form="json")
noisy.debug("{SECRET}")
noisy.error("{SECRET}")
logging.getLogger("bot.x").debug("ours")
warnings.warn("{SECRET}")
def die(): raise RuntimeError("{SECRET}")
thread = threading.Thread(target=die)
thread.start(); thread.join()
async def leave(): asyncio.ensure_future(fail()); await asyncio.sleep(0)
async def fail(): raise RuntimeError("{SECRET}")
asyncio.run(leave())
die()
"""


def test_a_whole_process_is_quiet_even_when_it_crashes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Maria" not in done.stdout + done.stderr
    told = [json.loads(line) for line in done.stderr.splitlines()]
    said = [(line["logger"], line["message"].split(":")[0]) for line in told]
    assert ("bot.x", "ours") in said
    assert [logger for logger, _ in said].count("noisy.library") == 1
    assert said.count(("bot", "crashed")) == 2
    assert "RuntimeError" in told[-1]["message"]
