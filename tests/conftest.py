"""Parts that many tests share: the real content, and small fakes at the seams."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.answers import Library, load_library
from bot.compose import Composer
from bot.encoder import Vectors
from bot.glossary import load_glossary
from bot.hospital import Hospital, load_hospital
from bot.phrases import load_phrases
from bot.reply import SafetyCatalogue, load_safety
from bot.retrieval import Retriever, words
from bot.translations import load_translations
from bot.triage import Triage
from tools.screenshots import FLAGS

DATA = Path(__file__).resolve().parent.parent / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop running in its thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


class WordEncoder:
    """Bag of hashed words: like texts are near, without a model."""

    dimension = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
            row /= max(float(np.linalg.norm(row)), 1e-6)
        return rows


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(DATA)


@pytest.fixture(scope="session")
def hospital(library: Library) -> Hospital:
    return load_hospital(DATA / "hospital.yml", library.page.text)


@pytest.fixture(scope="session")
def safety(hospital: Hospital) -> SafetyCatalogue:
    return load_safety(DATA / "safety", hospital)


@pytest.fixture(scope="session")
def triage() -> Triage:
    return Triage.load(DATA / "safety")


@pytest.fixture(scope="session")
def retriever(library: Library) -> Retriever:
    glossary = load_glossary(DATA / "glossary.yml", library.page)
    return Retriever(library.page, WordEncoder(), glossary.synonyms())


@pytest.fixture(scope="session")
def composer_of(
    library: Library, retriever: Retriever, hospital: Hospital, safety: SafetyCatalogue
) -> Callable[[bool], Composer]:
    def make(signed_only: bool) -> Composer:
        return Composer(
            library,
            retriever,
            hospital,
            safety,
            load_phrases(DATA / "phrases.yml").texts,
            signed_only=signed_only,
            translations=load_translations(DATA / "source" / "iess.es.yml", library.page),
        )

    return make


@pytest.fixture(scope="session")
def composer(composer_of: Callable[[bool], Composer]) -> Composer:
    return composer_of(False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    chromium = shutil.which("chromium")
    assert chromium, "install Debian's package chromium (`make test` does it as root)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
