"""The built widget: a loader under a fixed name, and files whose names hold their hash."""

from __future__ import annotations

import gzip
import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)
LOADER = "v1.js"
HASHED = re.compile(r"[a-z]+-[0-9a-f]{12}\.js")
# A fix reaches families within minutes; what carries its hash never changes.
SHORT, FOREVER = "public, max-age=300", "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent; `packed` is the same with gzip."""

    plain: bytes
    packed: bytes
    cache: str


class Assets:
    """The files of the widget, read once.

    Attributes:
        integrity: of the current widget, for a line that pins it; "" where none is built.
        file: its name.
    """

    def __init__(self, folder: Path, released: Path) -> None:
        """Read what was built here, or else what was released.

        Args:
            folder: what `make build` left; it keeps the files of earlier builds, which pages that
                are open, or that pin a file, still ask for.
            released: the built widget that comes with the sources.
        """
        self._files: dict[str, Asset] = {}
        self.file = self.integrity = ""
        for place in (folder, released):
            manifest = place / "manifest.json"
            if manifest.exists():
                chat = json.loads(manifest.read_text(encoding="utf-8"))["files"]["chat"]
                self.file, self.integrity = chat["file"], chat["integrity"]
                self._read(place)
                return
        log.warning("no widget in %s or %s: run `make build`", folder, released)

    def _read(self, folder: Path) -> None:
        for path in folder.glob("*.js"):
            if path.name == LOADER or HASHED.fullmatch(path.name):
                plain = path.read_bytes()
                packed = gzip.compress(plain, 9, mtime=0)
                cache = SHORT if path.name == LOADER else FOREVER
                self._files[path.name] = Asset(plain, packed, cache)

    def find(self, name: str) -> Asset | None:
        """A file by its name, or None."""
        return self._files.get(name)
