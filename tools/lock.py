"""Write requirements/*.lock: every package, version and hash, and no registry's address.

Run in .venv: `python -m tools.lock [--upgrade]`. PyTorch and its GPU libraries stay out:
tools/install.py lets pip choose PyTorch's build, so that a CPU build is used where there is one.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
# lock -> (Python it is resolved for, what it is made from)
LOCKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "main.lock": ("3.11", ("serve.in", "build.in", "dev.in")),
    "rasa.lock": ("3.10", ("rasa.in",)),
    "serve.lock": ("3.11", ("serve.in",)),
}
# What a container of the service holds: the same versions, without building and checks.
WITHIN = {"serve.lock": "main.lock"}
APART = re.compile(r"^(torch|triton|(?:nvidia|cuda)-[a-z0-9-]+)==", re.MULTILINE)


def command(lock: str, without: Sequence[str], options: Sequence[str]) -> list[str]:
    """The uv command that writes one lock."""
    python, sources = LOCKS[lock]
    return [
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "compile",
        *sources,
        *("--python-version", python, "--python-platform", "x86_64-manylinux_2_28"),
        *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command", "make lock", "--quiet", "--output-file", lock),
        *(f"--no-emit-package={name}" for name in without),
        *(["--constraint", WITHIN[lock]] if lock in WITHIN else []),
        *options,
    ]


def main(arguments: Sequence[str]) -> int:
    """Write all locks; pins already there stay unless `--upgrade` is given."""
    for lock in LOCKS:
        written = FOLDER / lock
        if subprocess.run(command(lock, [], arguments), cwd=FOLDER).returncode:
            return 1
        apart = APART.findall(written.read_text(encoding="utf-8"))
        if apart and subprocess.run(command(lock, apart, arguments), cwd=FOLDER).returncode:
            return 1
        count = len(
            re.findall("^[a-z0-9][^ ]*==", written.read_text(encoding="utf-8"), re.MULTILINE)
        )
        print(f"requirements/{lock}: {count} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
