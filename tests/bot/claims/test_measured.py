"""The gate: the check of claims holds eval/bounds.yml on the claims written for it."""

from __future__ import annotations

import pytest

from bot.claims import ClaimChecker
from bot.content import read_yaml
from eval.claims import load_sets, measure
from eval.safety import BOUNDS
from tests.conftest import DATA

LIMITS = {True: "claims_true", False: "claims_false", None: "claims_none"}


@pytest.mark.parametrize("name", ["development", "unseen"])
def test_share_of_right_verdicts_holds_its_bound(name: str) -> None:
    bounds = read_yaml(BOUNDS)
    measured = measure(ClaimChecker.load(DATA), load_sets()[name])
    for label, limit in LIMITS.items():
        assert measured.shares[label].value >= bounds[limit], (limit, measured.wrong)


def test_sets_share_no_text() -> None:
    development, unseen = ({text.casefold() for text, _ in rows} for rows in load_sets().values())
    assert not development & unseen
    assert len(unseen) >= 60
