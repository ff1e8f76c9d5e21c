"""Find the Pythons of this machine. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.steps import StepError

PROBE = "import os, sys, ssl, {}; print(sys.version.split()[0], os.path.realpath(sys.executable))"


@dataclass(frozen=True)
class Python:
    """An interpreter that truly runs: its real path (no shim) and its version."""

    path: str
    version: str

    @property
    def minor(self) -> str:
        """Such as 3.11."""
        return ".".join(self.version.split(".")[:2])


def output(command: Sequence[str]) -> str | None:
    """What a command prints, or None where it does not run."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def probe(path: str, module: str = "ensurepip") -> Python | None:
    """Run an interpreter: a pyenv shim may refuse, a system Python may lack ensurepip."""
    printed = output([path, "-c", PROBE.format(module)])
    if not printed or " " not in printed:
        return None
    version, real = printed.split(" ", 1)
    return Python(real, version)


def candidates(minor: str) -> Iterator[str]:
    """Where an interpreter of this version may be, nearest first."""
    if sys.version_info[:2] == tuple(int(part) for part in minor.split(".")):
        yield sys.executable
    on_path = shutil.which(f"python{minor}")
    if on_path:
        yield on_path
    for fixed in (f"/usr/bin/python{minor}", f"/usr/local/bin/python{minor}"):
        if fixed != on_path and Path(fixed).exists():
            yield fixed
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    kept = [p for p in pyenv.glob(f"{minor}.*/bin/python") if p.exists()]
    yield from map(str, sorted(kept, key=lambda p: p.parts[-3], reverse=True))
    uv = shutil.which("uv")
    if uv:
        yield from filter(None, [output([uv, "python", "find", "--no-project", minor])])


def find_python(
    minors: Sequence[str], setting: str, environ: Mapping[str, str] | None = None
) -> Python:
    """The best interpreter of this machine, or the one that a setting points to.

    Raises:
        StepError: there is none; the message says how to get or name one.
    """
    chosen = (os.environ if environ is None else environ).get(setting)
    wanted = " or ".join(minors)
    if chosen:
        python = probe(chosen)
        if python is None or python.minor not in minors:
            raise StepError(f"{setting}={chosen} is not a working Python {wanted}.")
        return python
    for minor in minors:
        for path in candidates(minor):
            python = probe(path)
            if python is not None and python.minor == minor:
                return python
    raise StepError(
        f"No Python {wanted} was found. Install one, with its venv module (for example "
        f"`apt-get install python{minors[0]} python{minors[0]}-venv`, `pyenv install {minors[0]}` "
        f"or `uv python install {minors[0]}`), or set {setting}=/path/to/python."
    )
