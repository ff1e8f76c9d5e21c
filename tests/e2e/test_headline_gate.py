"""The gate: no headline figure leaves the interval it was accepted with."""

from __future__ import annotations

import pytest

from eval.accuracy import Row
from eval.gate import got_worse, headline, table

pytestmark = pytest.mark.e2e


def test_no_headline_figure_got_worse(rows: dict[str, list[Row]]) -> None:
    worse = got_worse(headline(rows))
    assert not worse, f"\n{table(worse)}"
