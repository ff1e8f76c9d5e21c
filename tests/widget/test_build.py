"""The built widget: what is released is what the sources build, and it stays small."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.content import read_yaml
from bot.store.feedback import REASONS
from tests.conftest import DATA
from tools.build_widget import OUT, RELEASE, WIDGET, build, current, fingerprint, sources_of
from tools.steps import Commands, StepError

FIRST_VIEW_BYTES = 15_000  # gzip, loader and first view together
PART_BYTES = 4_000  # gzip, each part on demand


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def manifest(folder: Path = RELEASE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_the_release_is_of_these_sources() -> None:
    assert sources_of(RELEASE) == fingerprint(), "run `make widget-release`"


def test_the_release_is_what_was_built_here() -> None:
    assert sources_of(OUT) == fingerprint(), "run `make build`"
    for path in current(RELEASE):
        assert path.read_bytes() == (OUT / path.name).read_bytes(), path.name
    assert {p.name for p in RELEASE.iterdir()} == {p.name for p in current(RELEASE)}


def test_loader_and_first_view_are_small() -> None:
    files = manifest()["files"]
    assert packed(RELEASE / "v1.js") + packed(RELEASE / files["chat"]["file"]) <= FIRST_VIEW_BYTES
    parts = {name: packed(RELEASE / one["file"]) for name, one in files.items() if name != "chat"}
    assert set(parts) == {"card", "es", "form", "print", "talk"}
    assert max(parts.values()) <= PART_BYTES, parts


def test_every_file_has_the_hash_that_is_asked_of_it() -> None:
    files = manifest()["files"]
    chat = (RELEASE / files["chat"]["file"]).read_text(encoding="utf-8")
    loader = (RELEASE / "v1.js").read_text(encoding="utf-8")
    for name, one in files.items():
        digest = hashlib.sha256((RELEASE / one["file"]).read_bytes()).digest()
        assert one["integrity"] == f"sha256-{base64.b64encode(digest).decode()}"
        asks = loader if name == "chat" else chat
        assert one["integrity"] in asks
        assert one["file"] in asks


def test_nothing_in_it_names_another_host() -> None:
    addresses = {
        found
        for path in RELEASE.glob("*.js")
        for found in re.findall(r"https?://[\w.]+", path.read_text(encoding="utf-8"))
    }
    assert addresses <= {"http://www.w3.org"}  # the name of SVG, not an address
    lock = (WIDGET / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert lock.count('"integrity"') == len(json.loads(lock)["packages"]) - 1


def test_without_node_the_release_is_taken(tmp_path: Path) -> None:
    build(Commands(), tmp_path, node=False)
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in RELEASE.iterdir()}


def test_without_node_changed_sources_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.build_widget.RELEASE", tmp_path / "none")
    with pytest.raises(StepError, match="Node"):
        build(Commands(), tmp_path / "out", node=False)


def words(name: str) -> str:
    return (WIDGET / "src" / name).read_text(encoding="utf-8")


def test_the_widget_knows_the_texts_it_looks_for() -> None:
    check = read_yaml(DATA / "spasm_check.yml")
    contract = words("contract.ts")
    for lang in ("en", "es"):
        assert f'"{check["card"]["title"]["web"][lang]}"' in contract
        for move in ("skip", "back", "leave"):
            assert f'"{check["phrases"][move][lang]}"' in contract


def test_its_own_help_is_the_reviewed_text() -> None:
    reviewed = read_yaml(DATA / "safety" / "texts.yml")["fallback.engine_down"]["web"]
    for lang, name in (("en", "words.ts"), ("es", "es.ts")):
        lines = [line for line in reviewed[lang].splitlines() if line.startswith("- ")]
        assert len(lines) == 2
        assert "\\n".join(lines) in words(name)


def test_every_reason_has_its_words() -> None:
    for name in ("more.ts", "es.ts"):
        block = words(name).split("reasons: {")[1].split("}")[0]
        assert tuple(re.findall(r"(\w+):", block)) == REASONS
