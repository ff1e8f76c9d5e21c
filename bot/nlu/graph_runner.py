"""Runs the components of a model one after the other, in an order that is found once.

Rasa 3.6 hands each run to dask, which plans it anew with queues and callbacks for work in
parallel; there is none, and it happens three times a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any

import rasa.core.processor
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Plan = Sequence[tuple[str, GraphNode, tuple[str, ...]]]


class PlannedRunner(DaskGraphRunner):
    """Takes the place of Rasa's runner where messages are served."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The outputs of the target nodes, by name.

        Args:
            inputs: outputs of what is no node, by name.
            targets: nodes that are wanted, with all that they need; those of the schema by default.

        Raises:
            GraphRunError: a node lacks an input.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        found: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            # What is missing goes in as its bare name, of which the node makes an error.
            found[name] = node(*(found.get(need, need) for need in needs))
        return dict(found[name] for name in wanted)

    def _plan(self, wanted: tuple[str, ...]) -> Plan:
        nodes = self._graph_schema.minimal_graph_schema(list(wanted)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()
        return [(n, self._instantiated_nodes[n], needs[n]) for n in order if n in needs]


def install() -> None:
    """Use it for the models that this process loads."""
    rasa.core.processor.DaskGraphRunner = PlannedRunner
