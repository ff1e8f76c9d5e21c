from __future__ import annotations

import copy
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Library, Sentence, load_library, read_answer, render
from bot.content import FORMS
from bot.errors import ContentError, PageChanged
from bot.topics import TOPICS
from tests.conftest import DATA

SIGNED = {"status": "approved", "by": "Dr. A", "on": dt.date(2026, 11, 23)}
QUOTE = "An electroencephalogram (EEG) is the main test for IESS."
GOOD: dict[str, Any] = {
    "topic": "eeg",
    "kind": "answer",
    "notice": "escalation",
    "question": {"en": "What is an EEG?"},
    "title": {"en": "EEG"},
    "web": {"en": [{"say": "The EEG is the main test.", "quotes": [QUOTE]}]},
    "sms": {"en": [{"say": "The EEG is the main test.", "quotes": [QUOTE]}]},
    "next": ["diagnosis", "signs"],
    "review": {form: {"status": "pending", "by": None, "on": None} for form in FORMS},
}
Change = Callable[[dict[str, Any]], object]


def put(*path: str | int, value: Any) -> Change:
    def change(raw: dict[str, Any]) -> None:
        at: Any = raw
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


def drop(field: str) -> Change:
    return lambda raw: raw.pop(field)


def test_good_answer_is_read() -> None:
    answer = read_answer(copy.deepcopy(GOOD), "eeg.yml")
    assert (answer.topic, answer.kind, answer.notice) == ("eeg", "answer", "escalation")
    assert answer.web["en"] == (Sentence("The EEG is the main test.", quotes=(QUOTE,)),)
    assert answer.next == ("diagnosis", "signs")


FIRST = ("web", "en", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop("topic"), "'topic' must be a str"),
        (put("topic", value="teething"), "'teething' is no topic"),
        (put("kind", value="smalltalk"), "the kind of eeg is answer"),
        (drop("kind"), "'kind' must be a str"),
        (drop("web"), "'web' must be a dict"),
        (drop("sms"), "'sms' must be a dict"),
        (put("sms", value=["x"]), "'sms' must be a dict"),
        (drop("question"), "'question' must be a dict"),
        (drop("title"), "'title' must be a dict"),
        (put("title", value={"es": "EEG"}), "title needs 'en'"),
        (put("title", value={"en": "EEG", "fr": "EEG"}), "title needs 'en'"),
        (put("next", value=[]), "'next' names"),
        (put("next", value=["eeg"]), "'next' names"),
        (put("next", value=["teething"]), "'next' names"),
        (put("next", value="signs"), "'next' must be a list"),
        (drop("review"), "'review' must be a dict"),
        (put("review", "es", "status", value="perhaps"), "status 'perhaps'"),
        (put("review", "en", "status", value="approved"), "names who approved it"),
        (put("review", "es_sms", value=SIGNED), "names its translator"),
        (put("review", value=SIGNED), "one block for each of en, es, es_sms"),
        (put(*FIRST, value={"quotes": [QUOTE]}), "'say' must be a str"),
        (put(*FIRST, value="The EEG."), "'say' must be a str"),
        (put(*FIRST, value={"say": "It."}), "exactly one of"),
        (put(*FIRST, value={"say": "It.", "quotes": []}), "exactly one of"),
        (put(*FIRST, value={"say": "It.", "quotes": [QUOTE], "advice": True}), "exactly one of"),
        (put(*FIRST, value={"say": "It.", "absent": ["x"], "empty_list": "y:"}), "exactly one of"),
        (put(*FIRST, value={"say": "It.", "quotes": QUOTE}), "'quotes' must be a list"),
        (put(*FIRST, value={"say": "It.", "absent": "x"}), "'absent' must be a list"),
        (
            put(*FIRST, value={"say": "It.", "advice": True, "quote": 1}),
            r"unknown fields \['quote'\]",
        ),
        (
            put(*FIRST, value={"say": "It:", "quotes": [QUOTE], "items": [{"say": "A"}]}),
            "'A': needs exactly one of",
        ),
    ],
)
def test_broken_answer_is_refused_by_name(change: Change, message: str) -> None:
    raw = copy.deepcopy(GOOD)
    change(raw)
    with pytest.raises(ContentError, match=message) as raised:
        read_answer(raw, "eeg.yml")
    assert "eeg.yml" in str(raised.value)


def test_each_form_is_signed_on_its_own() -> None:
    raw = copy.deepcopy(GOOD)
    raw["review"]["en"] = SIGNED
    raw["review"]["es"] = {**SIGNED, "translator": "T. B"}
    reviews = read_answer(raw, "eeg.yml").reviews
    assert reviews.of("en", "web").by == reviews.of("en", "sms").by == "Dr. A"
    assert reviews.of("es", "web").translator == "T. B"
    assert reviews.of("es", "sms").status == "pending"
    assert reviews.unsigned == ("es_sms",)


LIST = (
    Sentence("It may be:", items=(Sentence("Stiff"), Sentence("A nod."))),
    Sentence("Get help.", advice=True),
)


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("web", "It may be:\n- Stiff\n- A nod.\n\nGet help."),
        ("sms", "It may be: Stiff, A nod. Get help."),
    ],
)
def test_render(channel: str, text: str) -> None:
    assert render(LIST, channel) == text


def test_language_that_is_missing_falls_back_to_english() -> None:
    answer = read_answer(copy.deepcopy(GOOD), "eeg.yml")
    assert answer.sentences("web", "es") == answer.web["en"]
    assert answer.quotes("sms", "es") == (QUOTE,)


def test_library_holds_every_topic_in_order(library: Library) -> None:
    assert tuple(answer.topic for answer in library) == TOPICS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for room in ("answers", "source"):
        shutil.copytree(DATA / room, tmp_path / room)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_copied_library_loads(data: Path) -> None:
    assert load_library(data).page.sha256 == load_library(DATA).page.sha256


def test_lost_quote_is_named_with_its_answer(data: Path) -> None:
    edit(data / "answers" / "eeg.yml", "is the main test for IESS.", "is the only test for IESS.")
    with pytest.raises(ContentError, match=r"eeg \(web, en\): .*the only test"):
        load_library(data)


def test_changed_page_names_the_answers_that_lose_a_quote(data: Path) -> None:
    edit(data / "source" / "iess.txt", "for about one month", "for about two months")
    with pytest.raises(PageChanged) as raised:
        load_library(data)
    assert "hormonal_therapy (sms, en)" in str(raised.value)
    assert "ketogenic_diet" not in str(raised.value)


def test_missing_answer_is_named(data: Path) -> None:
    (data / "answers" / "pain.yml").unlink()
    with pytest.raises(ContentError, match="no answer for pain"):
        load_library(data)


def test_answer_in_the_wrong_file_is_named(data: Path) -> None:
    (data / "answers" / "pain.yml").rename(data / "answers" / "aches.yml")
    with pytest.raises(ContentError, match=r"aches\.yml: holds the answer to 'pain'"):
        load_library(data)


@pytest.mark.parametrize("content", ["", "topic: [", "- a\n- b\n"])
def test_unreadable_file_is_named(data: Path, content: str) -> None:
    (data / "answers" / "pain.yml").write_text(content)
    with pytest.raises(ContentError, match="pain"):
        load_library(data)
