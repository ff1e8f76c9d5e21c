"""The machine: Pythons, what is built, disk, clock and ports."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import httpx

from bot.doctor.finding import Finding, bad, ok, warn
from bot.encoder import Encoder
from bot.errors import BuildError
from bot.settings import ROOT, Settings

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)", re.MULTILINE)
VERSIONS = """
import importlib.metadata as m, json, sys
found = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in m.distributions()}
print(json.dumps([list(sys.version_info[:2]), found]))
"""
GIGABYTE = 10**9


def interpreters(_settings: Settings) -> Iterator[Finding]:
    """Both Pythons, each with the packages of its lock."""
    mine = {
        (d.metadata["Name"] or "").lower().replace("_", "-"): d.version
        for d in metadata.distributions()
    }
    yield _packages("python", sys.version_info[:2], (3, 11), mine, "main.lock")
    python = ROOT / ".venv-rasa" / "bin" / "python"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [str(python), "-c", VERSIONS], capture_output=True, text=True, timeout=60, check=True
        )
        version, found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        yield bad("python of Rasa", f"{python} does not run", "Run: make install")
        return
    yield _packages("python of Rasa", tuple(version), (3, 10), found, "rasa.lock")


def _packages(
    check: str, version: tuple[int, ...], wanted: tuple[int, int], found: dict[str, str], lock: str
) -> Finding:
    name = ".".join(map(str, version))
    if version < wanted or (lock == "rasa.lock" and version != wanted):
        return bad(check, f"is {name}", f"Install Python {wanted[0]}.{wanted[1]}; make install")
    pins = dict(PINNED.findall((ROOT / "requirements" / lock).read_text("utf-8")))
    # torch and its libraries are not in the lock, and tools need not be in an image.
    other = sorted(n for n, v in pins.items() if found.get(n, v) != v)
    if other:
        few = ", ".join(other[:5])
        return warn(check, f"{name}; not the locked version: {few}", "Run: make install")
    return ok(check, f"{name}; packages as in {lock}")


def built(settings: Settings) -> Iterator[Finding]:
    """The encoder and Rasa's model, whole."""
    try:
        encoder = Encoder(settings.var_dir / "encoder" / "current")
        yield ok("encoder", f"version {encoder.version}, its hash is right")
    except BuildError as error:
        yield bad("encoder", str(error), "Run: make build")
    model = settings.var_dir / "models" / "iess.tar.gz"
    try:
        with tarfile.open(model) as archive:
            archive.getmembers()
    except (OSError, EOFError, tarfile.TarError):
        yield bad("model of Rasa", f"{model} is missing or damaged", "Run: make build")
        return
    stamp = model.with_name("iess.stamp")
    try:
        from tools.build import fingerprint
        from tools.steps import StepError
    except ImportError:
        yield ok("model of Rasa", "whole")
        return
    try:
        current = stamp.exists() and stamp.read_text("ascii").strip() == fingerprint()
    except StepError:
        current = False
    if current:
        yield ok("model of Rasa", "whole, and trained from what stands here")
    else:
        yield warn("model of Rasa", "trained from other data or code", "Run: make build")


def widget(settings: Settings) -> Iterator[Finding]:
    """The files that a hospital's page loads."""
    for folder in (settings.var_dir / "widget", ROOT / "widget" / "release"):
        if (folder / "manifest.json").exists():
            names = re.findall(r'"([\w.-]+\.js)"', (folder / "manifest.json").read_text("utf-8"))
            missing = [name for name in {*names, "v1.js"} if not (folder / name).exists()]
            if missing:
                yield bad("widget", f"{folder} lacks {', '.join(missing)}", "Run: make build")
            else:
                yield ok("widget", f"{len(names)} files in {folder}")
            return
    yield bad("widget", "there are no files of it", "Run: make build")


def disk(settings: Settings) -> Iterator[Finding]:
    """Room for the database and logs, and the right to write."""
    folder = settings.var_dir
    try:
        probe = folder / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield bad("disk", f"{folder} cannot be written: {error.strerror}", "Give it to this user.")
        return
    free = shutil.disk_usage(folder).free
    says = f"{free / GIGABYTE:.1f} GB free at {folder}"
    if free < GIGABYTE / 5:
        yield bad("disk", says, "Make room: an answer must be kept before it is given.")
    elif free < GIGABYTE:
        yield warn("disk", says, "Make room.")
    else:
        yield ok("disk", says)


def clock(_settings: Settings) -> Iterator[Finding]:
    """A clock that is wrong ends conversations, tokens and approvals at the wrong time."""
    newest = max(p.stat().st_mtime for p in Path(ROOT, "bot").glob("*.py"))
    now = time.time()
    shown = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    if now < newest - 86_400:
        yield bad("clock", f"{shown} is before this version was installed", "Set up NTP.")
        return
    control = shutil.which("timedatectl")
    if control:
        command = [control, "show", "--property=NTPSynchronized", "--value"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)  # noqa: S603
        if done.stdout.strip() == "no":
            yield warn("clock", f"{shown}, not synchronised", "Set up NTP.")
            return
    yield ok("clock", shown)


def ports(settings: Settings) -> Iterator[Finding]:
    """Whether the service runs and answers, or could."""
    url = f"http://{settings.host}:{settings.port}"
    try:
        ready = httpx.get(f"{url}/ready", timeout=10, trust_env=False)
        missing = ready.json()["missing"]
    except httpx.ConnectError:
        wanted = {"PORT": settings.port}
        wanted |= {"RASA_PORT": settings.rasa_port, "ACTIONS_PORT": settings.actions_port}
        taken = [f"{name} {port}" for name, port in wanted.items() if _listens(port)]
        if taken:
            says = f"taken by something else: {', '.join(taken)}"
            yield bad("ports", says, "Stop it, or set another port.")
        else:
            yield ok("ports", f"free; the service is not running at {url}")
        return
    except (httpx.HTTPError, ValueError, KeyError):
        yield bad("ports", f"what answers at {url} is not this service", "Set another PORT.")
        return
    if missing:
        says = f"the service runs at {url}; not answering: {', '.join(missing)}"
        yield bad("ports", says, "See its log in VAR_DIR/log, and docs/runbook.md.")
    else:
        yield ok("ports", f"the service runs at {url} and answers")


def _listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
