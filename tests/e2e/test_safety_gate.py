"""The gate: escalation on our sets stays within eval/bounds.yml."""

from __future__ import annotations

import httpx
import pytest

from eval.falsealarms import BOUND, CLINC150, alarms
from eval.messages import SETS, ask_all, load
from eval.safety import broken_bounds
from tools.serve import Stack

pytestmark = pytest.mark.e2e


def test_escalation_holds_its_bounds(stack: Stack) -> None:
    rows = {}
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        for name in SETS:
            messages = load(name)
            rows[name] = list(zip(messages, ask_all(client, messages), strict=True))
    assert not broken_bounds(rows)


@pytest.mark.skipif(not CLINC150.exists(), reason="CLINC150 lies beside the project, not in it")
def test_text_that_has_nothing_to_do_with_us_raises_no_alarm() -> None:
    found, asked = alarms()
    assert len(found) / asked < BOUND
