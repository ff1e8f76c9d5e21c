"""The doctor names what is wrong, says what to mend, and tells no secret."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.doctor import Finding, content, databases, examine, machine
from bot.settings import ROOT, Settings, load_settings
from bot.store.database import open_database
from tests.databases import database_url, postgres
from tools.services import free_ports

__all__ = ["database_url", "postgres"]
PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 40}
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def settings(**environ: str) -> Settings:
        ports = dict(
            zip(("PORT", "RASA_PORT", "ACTIONS_PORT"), map(str, free_ports(3)), strict=True)
        )
        return load_settings({"VAR_DIR": str(tmp_path), **ports, **environ})

    return settings


def states(findings: Iterable[Finding]) -> list[str]:
    return [finding.state for finding in findings]


def test_a_wrong_setting_is_the_only_finding(tmp_path: Path) -> None:
    (finding,) = examine({"VAR_DIR": str(tmp_path), "PORT": "eight"})
    assert (finding.check, finding.state) == ("settings", "bad")
    assert "PORT" in finding.says
    assert finding.mend


def test_every_fault_says_what_to_mend(tmp_path: Path) -> None:
    findings = examine({"VAR_DIR": str(tmp_path), **PRODUCTION, "PORT": str(free_ports(1)[0])})
    faults = [f for f in findings if f.state != "ok"]
    # Nothing is built in an empty folder, and nothing is signed.
    assert {"encoder", "model of Rasa", "hospital", "texts: safety"} <= {
        f.check for f in faults if f.state == "bad"
    }
    assert all(fault.mend for fault in faults)
    assert "k" * 40 not in json.dumps([vars(f) for f in findings])


def test_the_command_has_an_exit_code_and_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", "eight")
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["findings"][0]["check"] == "settings"
    assert main(["doctor"]) == 1
    assert "-> Correct the variable" in capsys.readouterr().out


def test_a_check_that_fails_itself_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk(_: Settings) -> list[Finding]:
        raise RuntimeError("a password")

    monkeypatch.setattr("bot.doctor.checks.CHECKS", (disk, content.secrets))
    findings = examine({"VAR_DIR": str(tmp_path)})
    assert [f.check for f in findings] == ["settings", "disk", "secrets"]
    assert "password" not in findings[1].says


def test_the_database_is_at_its_revision(database_url: str, load: Load) -> None:
    settings = load(DATABASE_URL=database_url)
    assert states(databases.gateway(settings)) == ["ok"]
    engine = open_database(database_url)
    assert "at revision" in next(databases.gateway(settings)).says
    for revision, state in (("0001", "warn"), ("9999", "bad")):
        with engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        finding = next(databases.gateway(settings))
        assert (finding.state, revision in finding.says) == (state, True)
    engine.dispose()


def test_a_database_that_is_gone(load: Load) -> None:
    settings = load(
        DATABASE_URL="postgresql://u:hush@127.0.0.1:1/x", REDIS_URL="redis://127.0.0.1:1"
    )
    found = [*databases.gateway(settings), *databases.trackers(settings)]
    found += databases.redis(settings)
    assert states(found) == ["bad", "bad", "warn"]
    assert "hush" not in str(found)


def test_looking_makes_no_database(load: Load, tmp_path: Path) -> None:
    settings = load()
    assert states([*databases.gateway(settings), *databases.trackers(settings)]) == ["ok", "ok"]
    assert list(tmp_path.glob("*.sqlite")) == []


def test_ports_that_others_have(load: Load) -> None:
    settings = load()
    assert states(machine.ports(settings)) == ["ok"]
    with socket.create_server(("127.0.0.1", settings.rasa_port)):
        finding = next(machine.ports(settings))
    assert finding.state == "bad"
    assert f"RASA_PORT {settings.rasa_port}" in finding.says


def test_a_full_disk(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    for free, state in ((10**6, "bad"), (5 * 10**8, "warn"), (10**12, "ok")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, f=free: usage._replace(free=f))
        assert states(machine.disk(load())) == [state]


def test_a_folder_that_is_not_ours(load: Load, tmp_path: Path) -> None:
    settings = load(SECRET_KEY="k" * 40, VAR_DIR=str(tmp_path / "none"))
    assert "cannot be written" in next(machine.disk(settings)).says


def test_a_clock_before_our_time(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    assert states(machine.clock(load())) == ["bad"]


def test_a_damaged_model(load: Load, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "iess.tar.gz").write_bytes(b"\x1f\x8b broken")
    assert states(machine.built(load())) == ["bad", "bad"]


def test_a_widget_that_lacks_a_file(load: Load, tmp_path: Path) -> None:
    assert states(machine.widget(load())) == ["ok"]  # the released one
    shutil.copytree(ROOT / "widget" / "release", tmp_path / "widget")
    (tmp_path / "widget" / "v1.js").unlink()
    finding = next(machine.widget(load()))
    assert (finding.state, "v1.js" in finding.says) == ("bad", True)


def test_secrets_are_private_and_a_rotation_ends(load: Load, tmp_path: Path) -> None:
    assert states(content.secrets(load())) == ["ok"]
    (tmp_path / "secret.key").chmod(0o644)
    assert states(content.secrets(load())) == ["bad"]
    (tmp_path / "secret.key").chmod(0o600)
    finding = next(content.secrets(load(SECRET_KEY_OLD="o" * 40)))
    assert (finding.state, "o" * 40 in finding.says) == ("warn", False)


def test_production_is_told_of_proxies(load: Load) -> None:
    assert states(content.proxies(load())) == ["ok"]
    assert states(content.proxies(load(**PRODUCTION))) == ["warn"]
    assert states(content.proxies(load(**PRODUCTION, TRUSTED_PROXIES="10.0.0.1"))) == ["ok"]


def test_packages_are_those_of_the_locks(load: Load) -> None:
    assert [f.check for f in machine.interpreters(load())] == ["python", "python of Rasa"]
    other = machine._packages("python", (3, 11), (3, 11), {"fastapi": "0.1"}, "main.lock")
    assert (other.state, "fastapi" in other.says) == ("warn", True)
    assert machine._packages("p", (3, 9), (3, 11), {}, "main.lock").state == "bad"
