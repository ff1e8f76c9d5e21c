"""Programs that only Debian has: `python -m tools.debian chromium` installs what is missing.

`make test` calls it, so that a bare machine tests everything. As another user than root it says
what to install.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence

from tools.steps import LOGS, Commands, StepError, Ticker, report

LOG = LOGS / "debian.log"


def ensure(
    names: Sequence[str],
    commands: Commands,
    *,
    which: Callable[[str], str | None] = shutil.which,
    root: bool | None = None,
) -> None:
    """Install the packages whose programs are missing; each bears its program's name.

    Raises:
        StepError: this user may not install, or the installation failed.
    """
    missing = [name for name in names if which(name) is None]
    if not missing:
        return
    packages = " ".join(missing)
    may = os.geteuid() == 0 if root is None else root
    if not may or which("apt-get") is None:
        raise StepError(f"Install {packages} first, on Debian with: apt-get install {packages}")
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    with Ticker(f"Install {packages} from Debian"):
        for command in (["apt-get", "update"], install):
            if commands.run(command, LOG, {"DEBIAN_FRONTEND": "noninteractive"}):
                raise StepError(f"{packages} could not be installed.", LOG)


def main(arguments: Sequence[str]) -> int:
    """Install what is named and missing. Gives the exit code."""
    try:
        ensure(arguments, Commands())
    except StepError as error:
        report(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
