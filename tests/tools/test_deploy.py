"""What can be said of deploy/ without containers: it says the same as the code and the locks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import SECRETS, SETTINGS
from tools.install import LOCKED, PIP, excerpt
from tools.services import commands
from tools.steps import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PORTS = {"RASA_PORT": 5005, "ACTIONS_PORT": 5055}
# Read by Rasa and by programs of the images, and so no settings of ours.
FOREIGN = {"ACTIONS_URL", "TRACKER_DATABASE_URL", "REDIS_URL", "PYTHONPATH", "HOME", "MPLCONFIGDIR"}


def dockerfile(name: str) -> str:
    """Its text, each step in one line."""
    return re.sub(r"\\\n\s*", "", (DEPLOY / f"{name}.Dockerfile").read_text())


def step(name: str, keyword: str) -> list[str]:
    """Arguments of the last CMD or ENTRYPOINT."""
    found = re.findall(rf"(?m)^{keyword} (\[.*\])$", dockerfile(name))
    arguments: list[str] = json.loads(found[-1])
    return arguments


def started(command: list[str]) -> list[str]:
    """A command with what differs between a tree and a container taken out."""
    replaced = {str(ROOT): "/app", "127.0.0.1": "0.0.0.0"}
    for old, new in replaced.items():
        command = [part.replace(old, new) for part in command]
    return command[1:]


@pytest.fixture(scope="module")
def plain() -> dict[str, list[str]]:
    """The commands of `make serve`."""
    return commands(ROOT, ROOT / "var" / "models" / "iess.tar.gz", PORTS)


@pytest.mark.parametrize(("name", "lock"), [("engine", "rasa.lock"), ("service", "serve.lock")])
def test_an_image_installs_as_make_install_does(name: str, lock: str) -> None:
    installs = [line for line in dockerfile(name).split("&&") if "-m pip" in line]
    pip, locked = " ".join(PIP), " ".join(LOCKED).removeprefix("install ")
    for line in installs:
        assert f"{pip} install --no-cache-dir {locked} " in line
    assert installs[-1].split("-r ")[1].split()[0] == f"requirements/{lock}"
    assert (ROOT / "requirements" / lock).exists()


def test_the_engines_tools_are_cut_out_of_the_lock_as_make_install_does() -> None:
    program = re.findall(r"awk '(.*?)'", dockerfile("engine"))[0]
    lock = ROOT / "requirements" / "rasa.lock"
    cut = subprocess.run(["awk", program, str(lock)], capture_output=True, text=True, check=True)

    def lines(text: str) -> list[str]:
        return [line for line in text.splitlines() if line and not line.strip().startswith("#")]

    assert lines(cut.stdout) == lines(excerpt(lock, ("setuptools", "wheel")))


def test_the_images_start_what_make_serve_starts(plain: dict[str, list[str]]) -> None:
    assert step("engine", "CMD")[1:] == started(plain["rasa"])
    assert step("service", "CMD")[1:] == started(plain["gateway"])
    assert SERVICES["actions1"]["command"][1:] == started(plain["actions"])


@pytest.mark.parametrize("name", ["engine", "service"])
def test_what_an_image_copies_is_there_and_let_into_the_build(name: str) -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().split("\n") if "!" in line]
    for line in re.findall(r"(?m)^COPY (.*) \S+$", dockerfile(name)):
        for source in line.split():
            assert any(Path(source).match(a) or source.startswith(a) for a in allowed), source
            assert source.startswith("var/") or (ROOT / source).exists(), source


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_is_root_or_writes_or_is_reached_from_outside(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert not str(service["user"]).startswith(("0", "root"))
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    ports = service.get("ports", [])
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert bool(ports) == name.startswith("gateway") == ("front" in service["networks"])


def test_every_container_has_a_health_check() -> None:
    from_image = {"rasa1", "rasa2"}
    assert "HEALTHCHECK" in dockerfile("engine")
    assert {
        name for name, service in SERVICES.items() if "healthcheck" not in service
    } == from_image
    assert COMPOSE["networks"]["internal"]["internal"] is True


def test_secrets_come_as_files_that_are_declared() -> None:
    for name, service in SERVICES.items():
        environ: dict[str, str] = service.get("environment", {})
        for key, value in environ.items():
            assert not any(key == secret for secret in SECRETS if secret != "REDIS_URL"), name
            if key.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, key)
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_every_variable_is_a_setting() -> None:
    known = {name for name, _, _ in SETTINGS} | FOREIGN
    for name, service in SERVICES.items():
        if name in ("postgres", "redis"):
            continue
        for key in service["environment"]:
            assert key.removesuffix("_FILE") in known, (name, key)


def test_the_gateways_know_every_rasa_and_action_server() -> None:
    environ = SERVICES["gateway1"]["environment"]
    assert environ == SERVICES["gateway2"]["environment"]
    rasas = {f"http://{name}:5005" for name in SERVICES if name.startswith("rasa")}
    assert set(environ["RASA_URLS"].split()) == rasas
    asked = {SERVICES[name]["environment"]["ACTIONS_URL"] for name in ("rasa1", "rasa2")}
    assert set(environ["ACTIONS_URLS"].split()) == asked


@pytest.mark.parametrize("name", ["gateway", "actions"])
def test_what_reads_published_texts_reaches_the_database(name: str) -> None:
    assert "DATABASE_URL_FILE" in SERVICES[f"{name}1"]["environment"]
    assert "DATABASE_URL_FILE" in (DEPLOY / "systemd" / f"iess-{name}@.service").read_text()


def test_the_service_image_holds_what_the_staff_area_reads(tmp_path: Path) -> None:
    for line in re.findall(r"(?m)^COPY (.*)$", dockerfile("service")):
        *sources, place = line.split()
        for source in sources:
            if source.startswith("var/"):
                continue  # built, and not read by pages
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, tmp_path / place)
            else:
                target = tmp_path / place / Path(source).name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, target)
    program = """
from bot.gateway.replay import MESSAGES
from bot.gateway.staff.home_pages import document
from bot.gateway.staff.library_pages import SHEETS
from bot.settings import ROOT
for path in (*SHEETS, MESSAGES):
    assert path.read_text("utf-8")
for name in ("staff.md", "intended-use.md"):
    assert document(name)
print(ROOT)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str(tmp_path), done.stderr


def test_the_engines_shell_reads_secrets_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://u:p w@h/d\n")
    script = [str(DEPLOY / "engine.sh"), "sh", "-c", 'printf "%s" "$TRACKER_DATABASE_URL"']
    environ = {"TRACKER_DATABASE_URL_FILE": str(secret), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", *script], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "postgresql://u:p w@h/d"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_make_serve_starts(unit: Path, plain: dict[str, list[str]]) -> None:
    line = re.findall(r"(?m)^ExecStart=(.*)$", unit.read_text())[0]
    name = unit.name.removeprefix("iess-").partition("@")[0]
    ours = [part.replace(str(ROOT), "/opt/iess") for part in plain[name]]
    given = line.removeprefix("/bin/sh /opt/iess/deploy/engine.sh ").replace("%i", "5005").split()
    assert given == ours
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "User=iess"} <= set(
        unit.read_text().splitlines()
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in [*UNITS, DEPLOY / "systemd" / "iess.target"]:
        text = re.sub(r"/opt/iess/\.venv(-rasa)?/bin/python", "/bin/true", path.read_text())
        (tmp_path / path.name.replace("@.", "@1.")).write_text(text)
    names = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "iess" in line]
    assert ours == [], done.stderr
