"""Imports point inward: gateway and actions, then reply, then answers, then source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Who alone may import what.
ONLY = {
    "rasa": ("bot/nlu/",),
    "rasa_sdk": ("actions/",),
    "fastapi": ("bot/gateway/",),
    "starlette": ("bot/gateway/",),
    "torch": ("tools/build_encoder.py", "tools/encoder_", "eval/"),
    "sqlalchemy": ("bot/store/", "bot/nlu/", "bot/gateway/", "bot/doctor/"),
}
INNER = (
    "source",
    "answers",
    "encoder",
    "retrieval",
    "reply",
    "text",
    "topics",
    "content",
    "decide",
)
OUTER = ("bot.gateway", "bot.nlu", "bot.store", "actions", "tools", "eval")
FILES = sorted(
    p for folder in ("bot", "actions", "eval", "tools") for p in (ROOT / folder).rglob("*.py")
)


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_outside_libraries_stay_in_their_rooms(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for name in imported(path):
        rooms = ONLY.get(name.split(".")[0])
        assert rooms is None or place.startswith(rooms), f"{place} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_inner_rooms_do_not_look_out(path: Path) -> None:
    place = path.relative_to(ROOT)
    inner = place.parts[0] == "bot" and (place.stem in INNER or place.parts[1] == "triage")
    if inner and place.parts[1] not in ("gateway", "nlu", "store"):
        looks_out = [name for name in imported(path) if name.startswith(OUTER)]
        assert not looks_out
