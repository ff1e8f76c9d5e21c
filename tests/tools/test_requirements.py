"""The locks and the page that explains them say the same as requirements/*.in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.lock import LOCKS
from tools.steps import ROOT

FOLDER = ROOT / "requirements"
SOURCES = sorted(FOLDER.glob("*.in"))


def direct(path: Path) -> list[str]:
    """Names of the requirements of one file, as a lock writes them."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [re.split(r"[\[<>=!~ ]", line)[0].lower() for line in lines if line]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_requirement_says_why(source: Path) -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text().lower()
    section = next(
        part for part in page.split("\n## ") if f"`{source.name}`" in part.split("\n")[0]
    )
    assert [name for name in direct(source) if f"**{name}**" not in section] == []
    for line in source.read_text().splitlines():
        assert "#" in line, line


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_locked_with_hashes(lock: str) -> None:
    text = (FOLDER / lock).read_text()
    wanted = {name for source in LOCKS[lock][1] for name in direct(FOLDER / source)} - {"torch"}
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert wanted <= {block.split("==")[0] for block in blocks}
    assert [b.splitlines()[0] for b in blocks if "--hash=sha256:" not in b] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_registry_or_a_gpu(lock: str) -> None:
    text = (FOLDER / lock).read_text()
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", text) == []
    assert re.findall(r"(?m)^(?:torch|triton|nvidia-\S+|cuda-\S+)==", text) == []


def test_both_environments_share_what_decides_vectors() -> None:
    pins = [
        re.findall(r"(?m)^(?:spacy|onnxruntime|tokenizers)==\S+", (FOLDER / k).read_text())
        for k in LOCKS
    ]
    assert len(pins[0]) == 3
    assert pins[0] == pins[1]
