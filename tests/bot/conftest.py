"""The guided check with its real content."""

from __future__ import annotations

import pytest

from bot.answers import Library
from bot.check_card import CheckWriter
from bot.compose import Composer
from bot.reply import SafetyCatalogue
from bot.spasm_check import Guide, load_guide
from tests.conftest import DATA


@pytest.fixture(scope="session")
def guide(library: Library) -> Guide:
    return load_guide(DATA / "spasm_check.yml", library.page)


@pytest.fixture(scope="session")
def writer(guide: Guide, composer: Composer, safety: SafetyCatalogue) -> CheckWriter:
    return CheckWriter(guide, composer, safety)
