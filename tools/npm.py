"""Installs the Node programs that tests need from their package-lock.json."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.steps import StepError


def npm_ci(folder: Path) -> None:
    """Install what a folder's package-lock.json says, where it is not there yet.

    Raises:
        StepError: npm is missing or failed.
    """
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".stamp"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    if shutil.which("npm") is None:
        raise StepError("npm is not installed. Install Node.js 20 with npm.")
    done = subprocess.run(
        ["npm", "ci", "--loglevel=error", "--prefer-offline"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise StepError(f"npm ci failed in {folder}: {done.stdout[-500:]}")
    shutil.copyfile(lock, stamp)
