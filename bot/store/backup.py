"""One file with all that the service remembers, made while it runs, and its way back.

The file is a ZIP: `manifest.json`, and a part for each database: SQLite's own online backup, or
what `pg_dump` writes. It holds no text or number in clear, and opens with the keys it was made
with: SECRET_KEY for Rasa's conversations, SMS_KEY for numbers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.errors import BotError

FORMAT = 1
MANIFEST = "manifest.json"
WAIT_SECONDS = 600


class BackupError(BotError):
    """A backup could not be made, or is not one."""


def backup(databases: Mapping[str, str], path: Path) -> list[str]:
    """Write every database into one file that only its owner can read.

    Args:
        databases: SQLAlchemy addresses by name; the same address twice is kept once.
        path: of the new file.

    Returns:
        The names that are in it.

    Raises:
        BackupError: the file is there already, or a database cannot be read.
    """
    if path.exists():
        raise BackupError(f"{path} is there already; a backup never overwrites one.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        parts = {}
        for name, url in _distinct(databases).items():
            part = Path(folder) / name
            _dump(make_url(url), part)
            parts[name] = {
                "kind": make_url(url).get_backend_name(),
                "sha256": _sha256(part),
            }
        made = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "made": made, "parts": parts}
        whole = Path(folder) / "whole.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
            for name in parts:
                archive.write(Path(folder) / name, name)
        whole.chmod(0o600)
        # It appears whole, or not at all.
        whole.rename(path)
    return list(parts)


def restore(databases: Mapping[str, str], path: Path) -> list[str]:
    """Put a backup in place of what the databases hold now. The service should be stopped.

    Args:
        databases: as `backup` took them; of the same kind as those it was made from.
        path: of the backup.

    Returns:
        The names that were restored.

    Raises:
        BackupError: it is no whole backup, or of another kind; nothing is changed then.
    """
    targets = _distinct(databases)
    with tempfile.TemporaryDirectory(prefix="iess-restore-") as folder:
        parts = _unpack(path, Path(folder))
        for name, kind in parts.items():
            if name not in targets:
                raise BackupError(f"{path} holds {name}, which this installation has not.")
            if make_url(targets[name]).get_backend_name() != kind:
                raise BackupError(f"{path} was made from {kind}; {name} is another kind here.")
        for name in parts:
            _load(Path(folder) / name, make_url(targets[name]))
    return list(parts)


def _distinct(databases: Mapping[str, str]) -> dict[str, str]:
    """The databases, each once: trackers may stand in that of the gateway."""
    kept: dict[str, str] = {}
    seen = set()
    for name, address in databases.items():
        url = make_url(address)
        place = (url.get_backend_name(), url.host, url.port, url.database)
        if place not in seen:
            kept[name] = address
        seen.add(place)
    return kept


def _unpack(path: Path, folder: Path) -> dict[str, str]:
    """The parts of a backup as files, each name with the kind of its database."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise BackupError(f"{path} is of format {manifest['format']}, not {FORMAT}.")
            for name, part in manifest["parts"].items():
                with archive.open(name) as inside, (folder / Path(name).name).open("wb") as file:
                    shutil.copyfileobj(inside, file)
                if _sha256(folder / Path(name).name) != part["sha256"]:
                    raise BackupError(f"{path} is damaged at {name}.")
            return {name: part["kind"] for name, part in manifest["parts"].items()}
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} is no backup of ours: {type(error).__name__}.") from error


def _dump(url: URL, path: Path) -> None:
    if url.get_backend_name() == "sqlite":
        source = Path(url.database or "")
        if not source.exists():
            raise BackupError(f"{source} does not exist; has the service ever run?")
        _copy(source, path)
        return
    _postgres("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def _load(path: Path, url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        target = Path(url.database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(path, target)
        return
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _postgres("pg_restore", url, *options, f"--dbname={url.database}", str(path))


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: a consistent copy, whoever writes meanwhile."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=30)) as one,
            closing(sqlite3.connect(target, timeout=30)) as other,
        ):
            one.backup(other)
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied to {target}: {error}") from error


def _postgres(program: str, url: URL, *options: str) -> None:
    found = shutil.which(program) or next(
        (
            str(p)
            for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
        ),
        None,
    )
    if found is None:
        raise BackupError(f"{program} is not installed. Install PostgreSQL's client programs.")
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGDATABASE": url.database,
        # By the environment, as a command line is seen by all.
        "PGPASSWORD": str(url.password) if url.password else None,
        **{
            f"PG{n.upper()}": str(url.query[n])
            for n in ("sslmode", "sslrootcert")
            if n in url.query
        },
    }
    environ = {**os.environ, **{name: value for name, value in given.items() if value}}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, and no shell
        [found, *options], env=environ, capture_output=True, text=True, timeout=WAIT_SECONDS
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
