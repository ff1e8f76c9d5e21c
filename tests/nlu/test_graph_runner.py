from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.nlu.graph_runner import PlannedRunner


class Adds(GraphComponent):
    """Adds what it is given to what it was made with, and counts its runs."""

    runs = 0

    def __init__(self, by: int) -> None:
        self._by = by

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Adds:
        return cls(config["by"])

    def add(self, a: int, b: int = 0) -> int:
        Adds.runs += 1
        return a + b + self._by


def node(by: int, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Adds, constructor_name="create", fn="add", config={"by": by}, eager=True
    )


# Not in the order in which they run.
SCHEMA = GraphSchema(
    {
        "last": node(100, a="first", b="second"),
        "second": node(10, a="first"),
        "first": node(1, a="__given__"),
        "unrelated": node(1000, a="__given__"),
    }
)


def made(kind: type[DaskGraphRunner]) -> DaskGraphRunner:
    return kind.create(SCHEMA, None, ExecutionContext(SCHEMA))  # type: ignore[arg-type]


@pytest.mark.parametrize("targets", [["last"], ["second", "first"], ["unrelated"]])
def test_the_same_as_rasas_runner(targets: list[str]) -> None:
    planned, dask = made(PlannedRunner), made(DaskGraphRunner)
    for given in (5, 7):
        inputs = {"__given__": given}
        assert planned.run(inputs, targets) == dask.run(inputs, targets)


def test_only_what_is_needed_runs_and_each_once() -> None:
    runner = made(PlannedRunner)
    Adds.runs = 0
    assert runner.run({"__given__": 5}, ["last"]) == {"last": 122}
    assert Adds.runs == 3


def test_a_missing_input_is_an_error() -> None:
    with pytest.raises(GraphRunError):
        made(PlannedRunner).run({}, ["last"])
