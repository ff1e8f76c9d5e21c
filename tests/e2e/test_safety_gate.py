"""The gate: escalation on our sets stays within eval/bounds.yml."""

from __future__ import annotations

import pytest

from eval.accuracy import Row
from eval.benchmarks import CLINC150
from eval.falsealarms import BOUND, alarms
from eval.safety import broken_bounds

pytestmark = pytest.mark.e2e


def test_escalation_holds_its_bounds(rows: dict[str, list[Row]]) -> None:
    assert not broken_bounds(rows)


@pytest.mark.skipif(not CLINC150.exists(), reason="CLINC150 lies beside the project, not in it")
def test_text_that_has_nothing_to_do_with_us_raises_no_alarm() -> None:
    found, asked = alarms()
    assert len(found) / asked < BOUND
