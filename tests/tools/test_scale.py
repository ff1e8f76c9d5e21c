"""What is started where there are two of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.scale import plan_scale
from tools.services import free_ports
from tools.steps import StepError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    model = tmp_path / "var" / "models" / "iess.tar.gz"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"")
    return tmp_path


def test_each_process_has_its_own_ports_and_all_know_all(tree: Path) -> None:
    names = ("PORT", "RASA_PORT", "ACTIONS_PORT")
    given = dict(zip(names, map(str, free_ports(3)), strict=True))
    services = plan_scale({**given, "DATABASE_URL": "postgresql://u@h/d"}, tree)
    assert list(services.commands) == [
        *("rasa1", "rasa2", "actions1", "gateway1", "actions2", "gateway2")
    ]
    environs = {name: services.environ_of(name) for name in services.commands}
    assert len({environs[name]["PORT"] for name in ("gateway1", "gateway2")}) == 2
    assert len(set(services.urls)) == 2
    for number in "12":
        mine = environs[f"rasa{number}"]
        assert mine["RASA_PORT"] in services.commands[f"rasa{number}"]
        assert mine["ACTIONS_URL"].endswith(environs[f"actions{number}"]["ACTIONS_PORT"])
        assert f":{mine['RASA_PORT']}" in environs["gateway1"]["RASA_URLS"]
    assert environs["gateway1"]["RASA_URLS"] == environs["gateway2"]["RASA_URLS"]


def test_sqlite_is_not_for_several_machines(tree: Path) -> None:
    with pytest.raises(StepError, match="cannot share SQLite"):
        plan_scale({"DATABASE_URL": "sqlite:////x.sqlite"}, tree)
