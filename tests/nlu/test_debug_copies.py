from __future__ import annotations

import ast
import inspect
from types import ModuleType

import pytest

from bot.nlu import debug_copies


@pytest.mark.parametrize("module", debug_copies.MODULES, ids=lambda module: module.__name__)
def test_only_the_debug_log_copies(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    logged = [
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
        for node in ast.walk(call)
    ]
    copies = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "copy"
    ]
    assert copies
    assert all(node.attr == "deepcopy" for node in copies)
    assert all(node in logged for node in copies)


def test_nothing_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in debug_copies.MODULES:
        monkeypatch.setattr(module, "copy", module.copy)
    debug_copies.install()
    events = [{"text": "a reply"}]
    assert all(module.copy.deepcopy(events) is events for module in debug_copies.MODULES)
