"""The Spanish renderings of quotes belong to literal quotes of the page."""

from __future__ import annotations

from bot.answers import Library
from bot.content import read_yaml
from tests.conftest import DATA


def test_every_rendering_has_its_literal_quote(library: Library) -> None:
    renderings = read_yaml(DATA / "source" / "iess.es.yml")["translations"]
    assert not [quote for quote in renderings if quote not in library.page.text]
    assert all(isinstance(text, str) and text.strip() for text in renderings.values())


def test_every_quote_of_an_answer_has_a_rendering(library: Library) -> None:
    renderings = read_yaml(DATA / "source" / "iess.es.yml")["translations"]
    quotes = {quote for answer in library for quote in answer.quotes("web", "es")}
    assert not quotes - set(renderings)
