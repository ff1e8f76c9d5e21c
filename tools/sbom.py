"""`make sbom`: what is installed, as CycloneDX lists in reports/, for the hospital's own tools."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.steps import ROOT, StepError, report, say

FOLDER = ROOT / "reports"
VERSION = "0.0.0"


def environment(name: str, python: Path) -> None:
    """List the packages of an environment.

    Raises:
        StepError: they cannot be listed.
    """
    command = [str(ROOT / ".venv" / "bin" / "python"), "-m", "cyclonedx_py", "environment"]
    command += [str(python), "--output-format", "JSON", "--output-file", str(FOLDER / name)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise StepError(f"{python}: {done.stderr.strip()[-300:]}")


def widget(name: str) -> None:
    """List what the widget is built from. npm wants a version, which a widget has not.

    Raises:
        StepError: npm is missing or fails.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise StepError("npm is not installed; the widget's packages are not listed.")
    with tempfile.TemporaryDirectory() as folder:
        for file in ("package.json", "package-lock.json"):
            content = json.loads((ROOT / "widget" / file).read_text("utf-8"))
            content["version"] = VERSION
            if "packages" in content:
                content["packages"][""]["version"] = VERSION
            Path(folder, file).write_text(json.dumps(content), encoding="utf-8")
        command = [npm, "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise StepError(f"npm sbom: {done.stderr.strip()[-300:]}")
    (FOLDER / name).write_text(done.stdout, encoding="utf-8")


def main() -> int:
    """Write all three."""
    FOLDER.mkdir(exist_ok=True)
    try:
        environment("sbom-main.json", ROOT / ".venv" / "bin" / "python")
        environment("sbom-rasa.json", ROOT / ".venv-rasa" / "bin" / "python")
        widget("sbom-widget.json")
    except StepError as error:
        report(error)
        return 1
    for path in sorted(FOLDER.glob("sbom-*.json")):
        count = len(json.loads(path.read_text("utf-8"))["components"])
        say(f"{path.relative_to(ROOT)}: {count} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
