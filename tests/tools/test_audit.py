from __future__ import annotations

from pathlib import Path

import pytest

from tools.audit import accepted, commands, verdict


@pytest.mark.parametrize(
    ("code", "printed", "expected"),
    [
        (0, "No known vulnerabilities found", "clean"),
        (1, "Found 2 known vulnerabilities in 1 package", "findings"),
        # A package that the database does not know is no clean one.
        (0, "Dependency not found and could not be audited: wrapt (2.5.2)", "unreachable"),
        (1, "requests.exceptions.ConnectionError: Failed to resolve", "unreachable"),
        (1, "npm error audit endpoint returned an error", "unreachable"),
    ],
)
def test_what_a_run_says(code: int, printed: str, expected: str) -> None:
    assert verdict(code, printed) == expected


def test_every_accepted_finding_says_why(tmp_path: Path) -> None:
    path = tmp_path / "accepted.txt"
    path.write_text("# a comment\n\nGHSA-1 not reachable on loopback\n", "utf-8")
    assert accepted(path) == ["GHSA-1"]
    assert all("--strict" in command for command, _ in list(commands().values())[:2])
