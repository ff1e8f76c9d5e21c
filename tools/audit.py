"""`make audit`: known vulnerabilities of what both locks and the widget's packages hold.

It asks the public advisory databases, and fails where they cannot be reached: no answer is no
clean bill. Findings that were judged, with the reason, stand in requirements/accepted.txt.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.steps import ROOT, say

ACCEPTED = ROOT / "requirements" / "accepted.txt"
UNREACHABLE = re.compile(
    r"could not be audited|Failed to resolve|Max retries|audit endpoint returned an error|ENOTFOUND"
    r"|ECONNREFUSED|ServiceError|ConnectionError"
)


def accepted(path: Path = ACCEPTED) -> list[str]:
    """Ids of the findings that were judged; every line says why."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return [line.split()[0] for line in lines if line and not line.startswith("#")]


def commands() -> dict[str, tuple[list[str], Path]]:
    """The programs to run and where, by what they look at."""
    audit = [str(ROOT / ".venv" / "bin" / "pip-audit"), "--strict", "--disable-pip"]
    audit += ["--require-hashes", "--progress-spinner", "off", "--desc", "off"]
    for finding in accepted():
        audit += ["--ignore-vuln", finding]
    found = {
        lock: ([*audit, "--requirement", f"requirements/{lock}"], ROOT)
        for lock in ("main.lock", "rasa.lock")
    }
    npm = [shutil.which("npm") or "npm", "audit", "--package-lock-only"]
    found["widget"] = (npm, ROOT / "widget")
    return found


def verdict(code: int, printed: str) -> str:
    """What a run says: clean, findings, or unreachable."""
    if UNREACHABLE.search(printed):
        return "unreachable"
    return "findings" if code else "clean"


def main() -> int:
    """Run all; 0 clean, 1 findings, 2 where an advisory database could not be asked."""
    verdicts = {}
    for name, (command, folder) in commands().items():
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
            printed = done.stdout + done.stderr
            verdicts[name] = verdict(done.returncode, printed)
        except (OSError, subprocess.TimeoutExpired) as error:
            printed, verdicts[name] = str(error), "unreachable"
        say(f"== {name}: {verdicts[name]}")
        if verdicts[name] != "clean":
            say("\n".join(printed.splitlines()[-40:]))
    if "unreachable" in verdicts.values():
        say("An advisory database could not be asked; this is no clean bill. Run it with network.")
        return 2
    return 1 if "findings" in verdicts.values() else 0


if __name__ == "__main__":
    sys.exit(main())
