"""Backup and restore of both kinds of database, as the two commands do it."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.store import Conversation, Store
from bot.store.backup import BackupError, backup, restore
from bot.store.database import connect
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]


def fill(url: str, *names: str) -> None:
    store = Store(url)
    for name in names:
        store.save(Conversation(name, "urgent", "spasms", "", "es"))
    store.close()


def kept(url: str) -> set[str]:
    engine = connect(url)
    with engine.connect() as connection:
        found = set(connection.execute(sa.text("SELECT id FROM conversations")).scalars())
    engine.dispose()
    return found


def environment(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str) -> None:
    monkeypatch.setenv("VAR_DIR", str(folder))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("PORT", "1")
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)


def test_what_was_lost_comes_back_by_two_commands(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, tmp_path, database_url)
    fill(database_url, "a", "b")
    trackers = database_url if "postgres" in database_url else f"sqlite:///{tmp_path}/rasa.sqlite"
    engine = connect(trackers)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE rasa_trackers (sender_id text, tracker text)"))
        connection.execute(sa.text("INSERT INTO rasa_trackers VALUES ('a', 'sealed')"))
    path = tmp_path / "backup.zip"
    # The service goes on meanwhile: its connections are open.
    store = Store(database_url)
    assert main(["backup", str(path)]) == 0
    store.delete("a")
    store.save(Conversation("c"))
    store.close()
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM rasa_trackers"))
    engine.dispose()
    assert main(["restore", str(path)]) == 0
    assert kept(database_url) == {"a", "b"}
    engine = connect(trackers)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT tracker FROM rasa_trackers")).scalars().all()
    engine.dispose()
    assert found == ["sealed"]
    # The schema is whole, too.
    fill(database_url, "d")
    assert kept(database_url) == {"a", "b", "d"}


def test_a_backup_restores_into_an_empty_database(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    fill(database_url, "a")
    backup({"gateway": database_url}, tmp_path / "backup.zip")
    if "postgres" in database_url:
        other = request.getfixturevalue("postgres").create("restored")
    else:
        other = f"sqlite:///{tmp_path / 'new' / 'bot.sqlite'}"
    assert restore({"gateway": other}, tmp_path / "backup.zip") == ["gateway"]
    assert kept(other) == {"a"}


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, str]:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    fill(url, "a")
    backup({"gateway": url, "rasa": url}, tmp_path / "backup.zip")
    return tmp_path / "backup.zip", url


def test_only_its_owner_reads_it_and_it_is_never_overwritten(made: tuple[Path, str]) -> None:
    path, url = made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="already"):
        backup({"gateway": url}, path)
    with zipfile.ZipFile(path) as archive:
        # One database under two names is kept once.
        assert archive.namelist() == ["manifest.json", "gateway"]
    assert [p.name for p in path.parent.glob(".backup-*")] == []


def test_a_damaged_backup_changes_nothing(made: tuple[Path, str]) -> None:
    path, url = made
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    damaged = path.with_name("damaged.zip")
    for content, parts in ((b"not a database", manifest), (b"", {"format": 7})):
        with zipfile.ZipFile(damaged, "w") as archive:
            archive.writestr("manifest.json", json.dumps(parts))
            archive.writestr("gateway", content)
        with pytest.raises(BackupError, match=r"damaged|format"):
            restore({"gateway": url}, damaged)
    damaged.write_bytes(b"PK nonsense")
    with pytest.raises(BackupError, match="no backup of ours"):
        restore({"gateway": url}, damaged)
    assert kept(url) == {"a"}


def test_another_kind_of_database_is_refused(made: tuple[Path, str]) -> None:
    path, _ = made
    with pytest.raises(BackupError, match="another kind"):
        restore({"gateway": "postgresql://u@127.0.0.1:1/x"}, path)
    with pytest.raises(BackupError, match="has not"):
        restore({"other": "sqlite:///x"}, path)


def test_a_database_that_was_never_made(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="does not exist"):
        backup({"gateway": f"sqlite:///{tmp_path / 'none.sqlite'}"}, tmp_path / "backup.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump failed") as error:
        backup({"gateway": "postgresql://u:hush@127.0.0.1:1/x"}, tmp_path / "backup.zip")
    assert "hush" not in str(error.value)


def test_no_restore_under_a_running_service(
    made: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import httpx

    path, url = made
    environment(monkeypatch, path.parent, url)
    monkeypatch.setattr(httpx, "get", lambda *_, **__: httpx.Response(200))
    assert main(["restore", str(path)]) == 1
    assert "running" in capsys.readouterr().err
