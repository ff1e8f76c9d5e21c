"""The Spanish renderings of quotes belong to literal quotes of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import Library
from bot.compose import Composer, Voice, merge_spans
from bot.content import read_yaml
from bot.errors import ContentError
from bot.text import sms_size, to_gsm7
from bot.topics import TOPICS
from bot.translations import Translations, load_translations
from tests.conftest import DATA

FILE = DATA / "source" / "iess.es.yml"


@pytest.fixture(scope="module")
def translations(library: Library) -> Translations:
    return load_translations(FILE, library.page)


def test_every_passage_of_the_page_has_a_rendering(
    library: Library, translations: Translations
) -> None:
    assert not [p.text for p in library.page.passages if not translations.of(p.text)]


def test_every_quote_that_a_family_sees_has_a_rendering(
    library: Library, translations: Translations
) -> None:
    page = library.page
    for answer in library:
        for channel in ("web", "sms"):
            found = [page.find(quote) for quote in answer.quotes(channel, "es")]
            for span in merge_spans(page, [span for span in found if span]):
                assert translations.of(page.text[slice(*span)]), answer.topic


def test_a_quoted_list_keeps_its_lines(library: Library, composer: Composer) -> None:
    quotes = composer.answer("genetic_causes", Voice("es", "web")).citations
    block = next(c for c in quotes if "Aicardi" in c.quote)
    assert block.translation
    assert "\n• Síndrome de Aicardi\n" in block.translation
    assert block.translation.count("•") == block.quote.count("•")


def test_a_part_is_never_shown_for_the_whole(translations: Translations) -> None:
    known = next(iter(translations.pieces))
    assert translations.of(known)
    assert translations.of(f"{known} And one more.") is None
    assert translations.of("") is None


@pytest.mark.parametrize("topic", ["eeg", "vigabatrin", "genetic_causes"])
def test_english_has_no_translation(composer: Composer, topic: str) -> None:
    assert all(c.translation is None for c in composer.answer(topic, Voice("en", "web")).citations)


def test_a_passage_is_followed_by_its_translation(composer: Composer) -> None:
    quote = "Your child receives this treatment for about one month."
    said = composer.passage(quote, "hormonal_therapy", Voice("es", "web")).text
    assert f"“{quote}”\nTraducción: " in said
    assert "Translation" not in composer.passage(quote, "signs", Voice("en", "web")).text


def test_sources_by_sms_are_translated_where_that_fits(
    library: Library, composer: Composer
) -> None:
    voice, translated = Voice("es", "sms"), 0
    for topic in TOPICS:
        quotes = library[topic].quotes("sms", "es")
        if quotes:
            text = to_gsm7(composer.sources(topic, quotes, voice).text)
            if "Traduccion: " in text:
                translated += 1
                assert sms_size(text).segments <= 2
    assert translated > 10


def test_an_unsigned_translation_is_not_shown_in_production(
    library: Library, composer: Composer, translations: Translations
) -> None:
    strict = Composer(
        library,
        composer.retriever,
        composer._hospital,
        composer._safety,
        composer._phrases,
        signed_only=True,
        translations=translations,
    )
    quote = next(iter(translations.pieces))
    assert strict.citations([quote], Voice("es", "web"))[0].translation is None
    assert composer.citations([quote], Voice("es", "web"))[0].translation


def test_a_rendering_of_what_is_not_on_the_page_is_refused(
    library: Library, tmp_path: Path
) -> None:
    assert read_yaml(FILE)["review"]["es"]["status"] == "pending"
    path = tmp_path / "iess.es.yml"
    text = FILE.read_text(encoding="utf-8")
    path.write_text(text.replace('"Aicardi syndrome"', '"Aicardy syndrome"'), encoding="utf-8")
    with pytest.raises(ContentError, match="Aicardy"):
        load_translations(path, library.page)
