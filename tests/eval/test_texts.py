from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.answers import Library, Sentence, render
from bot.glossary import load_glossary
from bot.hospital import Hospital
from bot.reply import SafetyCatalogue
from eval.texts import grounded, grounded_replies, readings
from tests.conftest import DATA


def test_a_sentence_without_its_fact_on_the_page_is_told(library: Library) -> None:
    glossary = load_glossary(DATA / "glossary.yml", library.page)
    whole, none = grounded(library, glossary)
    assert (whole.k, none) == (whole.n, {})
    eeg = library["eeg"]
    false = Sentence("An EEG takes 72 hours.", quotes=eeg.web["en"][0].quotes)
    bad = replace(eeg, web={**eeg.web, "en": (false, *eeg.web["en"][1:])})
    share, rules = grounded(replace(library, answers={**library.answers, "eeg": bad}), glossary)
    assert share.k == share.n - 1
    assert sum(rules.values()) >= 1


@pytest.mark.parametrize(
    ("text", "quote", "verbatim", "good"),
    [
        ("own", "literal", False, True),
        ("own", "An EEG takes 72 hours.", False, False),
        ("Something else.", "literal", False, False),
        ("In the page's own words: literal", "literal", True, True),
        ("In the page's own words: another", "literal", True, False),
    ],
)
def test_an_answer_is_reviewed_text_or_a_quote(
    library: Library, hospital: Hospital, text: str, quote: str, verbatim: bool, good: bool
) -> None:
    literal = library["eeg"].web["en"][0].quotes[0]
    own = hospital.fill(render(library["eeg"].web["en"], "web"), "web")
    message: dict[str, Any] = {
        "kind": "answer",
        "text": own if text == "own" else text.replace("literal", literal),
        "citations": [{"quote": literal if quote == "literal" else quote}],
        "verbatim": verbatim,
    }
    share = grounded_replies([{"messages": [message, {"kind": "safety"}]}], library, hospital)
    assert (share.k, share.n) == (int(good), 1)


def test_every_answer_and_safety_text_has_a_grade(
    library: Library, safety: SafetyCatalogue
) -> None:
    glossary = load_glossary(DATA / "glossary.yml", library.page)
    found = list(readings(library, safety, DATA / "phrases.yml", glossary))
    kinds = {(r.kind, r.lang) for r in found}
    assert kinds == {(k, lang) for k in ("answer", "safety", "phrase") for lang in ("en", "es")}
    answers = [r for r in found if r.kind == "answer"]
    languages = sum(len(a.web) + len(a.sms) for a in library)
    assert len(answers) == languages
    assert all(r.raw >= r.grade - 2 for r in answers)
