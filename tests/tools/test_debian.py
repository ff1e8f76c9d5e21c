from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tools.debian import ensure
from tools.steps import Commands, StepError


class Recorded(Commands):
    def __init__(self, code: int = 0) -> None:
        super().__init__()
        self.ran: list[Sequence[str]] = []
        self._code = code

    def run(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        on_line: object = len,
    ) -> int:
        self.ran.append(command)
        return self._code


def nothing_but_apt(name: str) -> str | None:
    return "/usr/bin/apt-get" if name == "apt-get" else None


def test_what_is_there_is_not_installed() -> None:
    commands = Recorded()
    ensure(["chromium"], commands, which=lambda name: f"/usr/bin/{name}", root=True)
    assert commands.ran == []


def test_root_installs_what_is_missing() -> None:
    commands = Recorded()
    ensure(["chromium"], commands, which=nothing_but_apt, root=True)
    assert [command[1] for command in commands.ran] == ["update", "install"]
    assert commands.ran[1][-1] == "chromium"


def test_another_user_is_told() -> None:
    with pytest.raises(StepError, match="apt-get install chromium"):
        ensure(["chromium"], Recorded(), which=nothing_but_apt, root=False)


def test_a_failed_installation_is_told() -> None:
    with pytest.raises(StepError, match="could not be installed"):
        ensure(["chromium"], Recorded(code=100), which=nothing_but_apt, root=True)
