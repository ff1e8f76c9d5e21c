"""Make both environments from their locks: `python3 -m tools.install`.

.venv (Python 3.11 or later) and .venv-rasa (Python 3.10) are made side by side. A stamp in
each says what it was made from; where it still holds, nothing is done.
Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tools.interpreters import Python, find_python, probe
from tools.steps import ROOT, Commands, StepError, Ticker, report, say

SCHEME = "1"  # raise it when what is installed, or how, changes
STAMP = "install.stamp"
PIP = ("-m", "pip", "--no-input", "--disable-pip-version-check")
LOCKED = ("install", "--progress-bar=off", "--no-deps", "--require-hashes")
GIGABYTE = 10**9


@dataclass(frozen=True)
class Environment:
    """One virtual environment.

    Attributes:
        folder: where it is.
        lock: what is in it.
        pythons: versions that will do, best first.
        setting: variable that points to an interpreter.
        tools: locked packages that build the source-only ones, installed first.
        apart: requirements that pip picks a build of, unhashed.
        size: bytes on disk.
    """

    folder: Path
    lock: Path
    pythons: tuple[str, ...]
    setting: str
    tools: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    size: float = 3 * GIGABYTE

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def log(self) -> Path:
        """What pip printed."""
        return self.folder.parent / "var" / "log" / f"install-{self.lock.stem}.log"


def environments(root: Path = ROOT) -> tuple[Environment, Environment]:
    """Both environments of a tree."""
    requirements = root / "requirements"
    torch = re.findall(r"^torch==\S+", (requirements / "build.in").read_text("utf-8"), re.MULTILINE)
    return (
        Environment(
            root / ".venv",
            requirements / "main.lock",
            ("3.11", "3.12", "3.13"),
            "PYTHON_MAIN",
            apart=tuple(torch),
        ),
        Environment(
            root / ".venv-rasa",
            requirements / "rasa.lock",
            ("3.10",),
            "PYTHON_RASA",
            tools=("setuptools", "wheel"),
        ),
    )


def fingerprint(environment: Environment) -> str:
    """What an environment is made from: its lock, what stands apart, its interpreter."""
    digest = hashlib.sha256(SCHEME.encode())
    digest.update(environment.lock.read_bytes())
    digest.update(" ".join(environment.apart).encode())
    digest.update((environment.folder / "pyvenv.cfg").read_bytes())
    return digest.hexdigest()


def is_current(environment: Environment) -> bool:
    """Whether the stamp holds; no process is started to tell."""
    try:
        stamp = (environment.folder / STAMP).read_text(encoding="ascii").strip()
        return environment.python.exists() and stamp == fingerprint(environment)
    except (OSError, ValueError):
        return False


def check_disk(
    missing: Iterable[Environment],
    free: Callable[[Path], int] = lambda p: shutil.disk_usage(p).free,
) -> None:
    """Refuse before the first download where the disk cannot hold what is missing.

    Raises:
        StepError: with the space that is needed and the space there is.
    """
    folders = [e.folder for e in missing if not e.folder.exists()]
    needed = sum(e.size for e in missing if not e.folder.exists())
    if folders and free(folders[0].parent) < needed:
        raise StepError(
            f"The disk of {folders[0].parent} has {free(folders[0].parent) / GIGABYTE:.1f} GB free "
            f"and {needed / GIGABYTE:.0f} GB are needed. Free some, then run this again."
        )
    temporary = Path(tempfile.gettempdir())
    if folders and free(temporary) < 2 * GIGABYTE:
        raise StepError(
            f"{temporary} has {free(temporary) / GIGABYTE:.1f} GB free and downloads need 2 GB. "
            "Free some, or set TMPDIR to a larger folder."
        )


def excerpt(lock: Path, names: Sequence[str]) -> str:
    """The lines of a lock for a few of its packages, hashes included."""
    blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8"))
    return "\n".join(b for b in blocks if b.split("==")[0] in names) + "\n"


def explain(lines: Sequence[str]) -> str:
    """One line on why pip failed and what to do, from what it printed."""
    text = "\n".join(lines)
    fetched = re.findall(r"^\s*(?:Collecting|Downloading) ([^\s(]+)", text, re.MULTILINE)
    package = fetched[-1] if fetched else "the first package"
    if "No space left on device" in text:
        return f"The disk is full (at {package}). Free some space, then run this again."
    if "DO NOT MATCH THE HASHES" in text:
        return (
            f"{package} is not the file that was locked: a damaged or altered download. "
            "Run this again; if it stays so, do not install it."
        )
    named = re.findall(r"No matching distribution found for (\S+)", text)
    offline = re.search(r"ConnectionError|Timeout|Temporary failure|SSLError|ProxyError", text)
    if any(re.match(r"\S+ \S+ (?:has requirement|requires) ", line) for line in lines):
        return (
            "The packages do not fit together. Delete the folder of the environment and run again."
        )
    if named or offline:
        return (
            f"{named[-1] if named else package} could not be downloaded. Check the network and "
            "that pip reaches a package registry, then run this again; what is there is kept."
        )
    return f"pip failed at {package}. Read the log, then run this again."


def create(environment: Environment, python: Python | None, commands: Commands) -> None:
    """Make the environment, or keep the one there where its interpreter and pip still work.

    Raises:
        StepError: no interpreter will do, or making it failed.
    """
    there = probe(str(environment.python), module="pip") if environment.python.exists() else None
    wanted = (python.minor,) if python is not None else environment.pythons
    if there is not None and there.minor in wanted:
        return
    python = python or find_python(environment.pythons, environment.setting)
    command = [python.path, "-m", "venv", "--clear", str(environment.folder)]
    if commands.run(command, environment.log):
        raise StepError(f"{environment.folder.name} could not be made.", environment.log)


def install(environment: Environment, python: Python | None, commands: Commands) -> None:
    """Bring one environment to its lock and stamp it.

    Raises:
        StepError: with what to do.
    """
    environment.log.unlink(missing_ok=True)
    (environment.folder / STAMP).unlink(missing_ok=True)
    total = len(re.findall(r"^[a-z0-9][^ ]*==", environment.lock.read_text("utf-8"), re.MULTILINE))
    steps = 3 + bool(environment.tools) + bool(environment.apart)
    name, number = environment.folder.name, 1
    with Ticker(f"[{name} 1/{steps}] make the environment"):
        create(environment, python, commands)

    def pip(label: str, *arguments: str) -> None:
        nonlocal number
        number += 1
        lines: list[str] = []
        seen = 0
        with Ticker(f"[{name} {number}/{steps}] {label}") as ticker:

            def on_line(line: str) -> None:
                nonlocal seen
                lines.append(line)
                if line.startswith(("Collecting ", "Requirement already satisfied")):
                    seen += 1
                    ticker.detail = f"{seen} fetched"
                elif line.startswith("Installing collected"):
                    ticker.detail = "unpacking"

            command = [str(environment.python), *PIP, *arguments]
            if commands.run(command, environment.log, on_line=on_line):
                raise StepError(explain(lines), environment.log)

    if environment.tools:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write(excerpt(environment.lock, environment.tools))
            file.flush()
            pip(f"install {', '.join(environment.tools)}", *LOCKED, "-r", file.name)
    # What is built from source is built with the locked tools, never with fetched ones.
    build = ("--no-build-isolation",) if environment.tools else ("--only-binary=:all:",)
    pip(f"install {total} packages", *LOCKED, *build, "-r", str(environment.lock))
    if environment.apart:
        pip(
            f"install {', '.join(environment.apart)}",
            "install",
            "--progress-bar=off",
            *environment.apart,
        )
    pip("check that they fit together", "check")
    (environment.folder / STAMP).write_text(fingerprint(environment) + "\n", encoding="ascii")


def main(root: Path = ROOT, commands: Commands | None = None) -> int:
    """Install what is not current. Gives the exit code."""
    commands = commands or Commands()
    try:
        missing = [e for e in environments(root) if not is_current(e)]
        if not missing:
            say("Both environments are up to date.")
            return 0
        # Asked for before the first download, so that a missing one is told at once.
        found = {e: find_python(e.pythons, e.setting) for e in missing if not e.python.exists()}
        chosen = {
            e: find_python(e.pythons, e.setting) for e in missing if os.environ.get(e.setting)
        }
        check_disk(missing)
        with ThreadPoolExecutor() as pool:
            jobs = [pool.submit(install, e, (found | chosen).get(e), commands) for e in missing]
            try:
                for job in as_completed(jobs):
                    job.result()
            except BaseException:
                commands.stop()
                raise
    except StepError as error:
        report(error)
        return 1
    except OSError as error:
        report(StepError(f"{error.strerror or error} ({error.filename or root})."))
        return 1
    except KeyboardInterrupt:
        report(StepError("Interrupted. Run this again to go on."))
        return 1
    say("Both environments are ready.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
