"""Build the website widget into var/widget; `python -m tools.build_widget release` keeps it.

`make build` does it where a source has changed. A server without Node takes the widget that was
released with the sources, in widget/release, as long as it was built from these very sources.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.steps import LOGS, ROOT, Commands, StepError, Ticker, report, say

WIDGET = ROOT / "widget"
OUT = ROOT / "var" / "widget"
RELEASE = WIDGET / "release"
SOURCES = (
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tsconfig.json",
    "build.mjs",
    "src/*.ts",
    "src/*.css",
)
PACKAGES = SOURCES[:3]
NODE = (20, 19)
LOG = LOGS / "build-widget.log"


def fingerprint(names: Sequence[str] = SOURCES, root: Path = WIDGET) -> str:
    """A hash of the widget's sources, or of the named ones."""
    digest = hashlib.sha256()
    for path in sorted(path for name in names for path in root.glob(name)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def sources_of(folder: Path) -> str:
    """The fingerprint of what a built widget was made from; "" where there is none."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(manifest.get("sources", ""))


def has_node() -> bool:
    """Whether this machine has npm and a Node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= NODE


def install(commands: Commands, root: Path = WIDGET) -> None:
    """Bring node_modules to the lock; every package is checked against its hash.

    Raises:
        StepError: npm failed.
    """
    stamp = root / "node_modules" / "install.stamp"
    wanted = fingerprint(PACKAGES, root)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    with Ticker("Install the widget's packages"):
        if commands.run(["npm", "ci", "--prefix", str(root)], LOG):
            raise StepError("npm ci failed. Check that npm reaches a package registry.", LOG)
    stamp.write_text(wanted, encoding="ascii")


def build(commands: Commands, out: Path = OUT, *, node: bool | None = None) -> None:
    """Build the widget where its sources have changed; older files stay and go on being served.

    Args:
        commands: runs npm.
        out: where to.
        node: whether Node is there; found out otherwise.

    Raises:
        StepError: the build failed, or there is no Node and no release of these sources.
    """
    wanted = fingerprint()
    if sources_of(out) == wanted:
        say("The widget is up to date.")
        return
    out.mkdir(parents=True, exist_ok=True)
    if has_node() if node is None else node:
        LOG.unlink(missing_ok=True)
        install(commands)
        with Ticker("Build the widget"):
            command = ["npm", "run", "build", "--prefix", str(WIDGET), "--", str(out)]
            if commands.run(command, LOG):
                raise StepError("The widget could not be built.", LOG)
        stamp(out, wanted)
    elif sources_of(RELEASE) == wanted:
        say("No Node 20.19 or later here: the released widget is taken.")
        copy(RELEASE, out)
    else:
        raise StepError(
            "The widget's sources differ from the released widget, and building them needs Node "
            "20.19 or later. Install it, or check out a release."
        )


def stamp(folder: Path, sources: str) -> None:
    """Write into a manifest what its files were made from."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({"sources": sources, **manifest}, indent=2) + "\n", "utf-8")


def current(folder: Path) -> list[Path]:
    """The files of the newest build, the manifest last."""
    manifest = folder / "manifest.json"
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return [*(folder / one["file"] for one in files.values()), folder / "v1.js", manifest]


def copy(source: Path, target: Path) -> None:
    """Copy the newest build."""
    for path in current(source):
        shutil.copyfile(path, target / path.name)


def release(commands: Commands) -> None:
    """Build, and keep the result with the sources."""
    build(commands)
    shutil.rmtree(RELEASE, ignore_errors=True)
    RELEASE.mkdir()
    copy(OUT, RELEASE)
    say(f"Released into {RELEASE.relative_to(ROOT)}.")


def main(arguments: Sequence[str]) -> int:
    """Build, or release. Gives the exit code."""
    try:
        (release if list(arguments) == ["release"] else build)(Commands())
    except StepError as error:
        report(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
