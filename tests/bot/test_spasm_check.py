"""What the questions of the guided check are, and what replies to them mean."""

from __future__ import annotations

import re

import pytest

from bot.answers import Library
from bot.check_card import SMS_UNITS, CheckWriter
from bot.check_steps import Step
from bot.compose import Voice
from bot.glossary import load_glossary
from bot.readability import grade
from bot.reply import SafetyCatalogue
from bot.spasm_check import Guide
from bot.text import sms_size
from bot.topics import CHANNELS, LANGUAGES
from tests.conftest import DATA
from tests.guided import CARRIER

READINGS: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("check_clusters", "1", "answer", ("yes",)),
    ("check_clusters", " 2. ", "answer", ("no",)),
    ("check_clusters", "3)", "answer", ("unsure",)),
    ("check_clusters", "9", "held", ()),
    ("check_clusters", "1 2", "held", ()),
    ("check_clusters", "YES!!", "answer", ("yes",)),
    ("check_clusters", "Sí", "answer", ("yes",)),
    ("check_clusters", "nope", "answer", ("no",)),
    ("check_clusters", "1 Yes", "answer", ("yes",)),
    ("check_clusters", "yeah like ten of them", "text", ("yes",)),
    ("check_clusters", "about ten", "text", ()),
    ("check_clusters", "no idea", "answer", ("unsure",)),
    ("check_clusters", "No sé", "answer", ("unsure",)),
    ("check_clusters", "i dont know tbh", "text", ("unsure",)),
    ("check_clusters", "skip", "skip", ()),
    ("check_clusters", "SALTAR", "skip", ()),
    ("check_clusters", "go back", "back", ()),
    ("check_clusters", "atrás", "back", ()),
    ("check_clusters", "never mind", "leave", ()),
    ("check_clusters", "nevermind ill call them", "leave", ()),
    ("check_clusters", "enough", "leave", ()),
    ("check_clusters", "ya no", "leave", ()),
    ("check_clusters", "ya no quiero", "leave", ()),
    ("check_clusters", "stop the check", "leave", ()),
    ("check_clusters", "salir", "leave", ()),
    ("check_clusters", "pare", "leave", ()),
    ("check_clusters", "ya basta", "leave", ()),
    ("check_clusters", "start over", "again", ()),
    ("check_clusters", "thanks", "held", ()),
    ("check_clusters", "", "held", ()),
    ("check_clusters", "???", "held", ()),
    ("check_age", "5", "answer", ()),
    ("check_age", "6 weeks", "answer", ()),
    ("check_age", "Casi 5 meses", "answer", ()),
    ("check_age", "5mo", "answer", ()),
    ("check_age", "she was born in may", "text", ()),
    ("check_age", "yes", "held", ()),
    ("check_age", "6 weeks and very limp", "text", ()),
    ("check_age", "400", "held", ()),
    ("check_age", "0", "held", ()),
    ("check_age", "not sure", "skip", ()),
    ("check_looks", "1 3", "answer", ("stiff", "bend")),
    ("check_looks", "1,3 and 5", "answer", ("stiff", "bend", "nod")),
    ("check_looks", "1 y 8", "answer", ("stiff",)),
    ("check_looks", "8 9", "answer", ("none",)),
    ("check_looks", "Arch their back", "answer", ("arch",)),
    ("check_looks", "tener un leve cabeceo", "answer", ("nod",)),
    ("check_looks", "12", "held", ()),
    ("check_looks", "like hes bowing", "text", ()),
    ("check_lost", "no longer babbles", "text", ()),
    ("check_lost", "ya no balbucea", "text", ()),
    ("check_since", "2", "answer", ("week",)),
    ("check_since", "2 weeks", "answer", ()),
    ("check_since", "desde el martes", "answer", ()),
    ("check_since", "hace unos días", "answer", ()),
    ("check_since", "for 10 minutes now", "text", ()),
    ("check_since", "since his shots", "text", ()),
    ("check_since", "not sure", "answer", ("unsure",)),
    ("check_now", "4", "answer", ("now",)),
]


@pytest.mark.parametrize(("slot", "text", "move", "picks"), READINGS)
def test_reading(guide: Guide, slot: str, text: str, move: str, picks: tuple[str, ...]) -> None:
    reading = guide.read(slot, text)
    assert (reading.move, reading.said.picks) == (move, picks)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sms_questions_fit_one_segment(guide: Guide, writer: CheckWriter, lang: str) -> None:
    for slot in guide.slots:
        message = writer.question(Step("ask", slot, {}), Voice(lang, "sms"), fresh=True)
        size = sms_size(message.text)
        assert (size.encoding, size.segments) == ("GSM-7", 1), (slot, size.units, message.text)
        assert not message.buttons


def test_no_reply_word_is_one_that_carriers_take(guide: Guide) -> None:
    for question in guide.questions:
        for text in (*question.texts["sms"].values(), *question.hint.values()):
            # Words in capitals are those to reply with.
            assert not CARRIER & set(re.findall(r"\b[A-Z]{3,}\b", text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_in_capitals_work(guide: Guide, lang: str) -> None:
    moves = {
        guide.read(question.slot, word).move
        for question in guide.questions
        for text in (question.texts["sms"][lang], question.hint.get(lang, ""))
        for word in re.findall(r"\b[A-Z]{4,}\b", text)
    }
    assert moves == {"skip", "back", "leave"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_button_is_understood_by_its_own_question(
    guide: Guide, writer: CheckWriter, lang: str
) -> None:
    for slot in guide.slots:
        message = writer.question(Step("ask", slot, {}), Voice(lang, "web"))
        readings = [guide.read(slot, button.text) for button in message.buttons]
        options = len(guide.question(slot).options)
        ids = [reading.said.picks for reading in readings[:options]]
        assert ids == [(option.id,) for option in guide.question(slot).options]
        assert {r.move for r in readings[options:]} <= {"skip", "back", "leave"}
        assert all(reading.fixed for reading in readings)
        assert all(button.topic is None for button in message.buttons)


def test_the_signs_are_the_pages_own_list(guide: Guide, library: Library) -> None:
    quotes = guide.question("check_looks").quotes
    assert len(quotes) == 8
    span = library.page.find(quotes[0])
    assert span is not None
    after = library.page.text[span[1] :].split("\n\n")[1]
    assert [line.strip(" •") for line in after.splitlines() if line.strip()] == list(quotes[1:])


def test_reading_grade(guide: Guide, library: Library, safety: SafetyCatalogue) -> None:
    glossary = load_glossary(DATA / "glossary.yml", library.page)
    texts = [question.texts[channel]["en"] for question in guide.questions for channel in CHANNELS]
    texts += [p["en"] for name, p in guide.phrases.items() if name in ("held", "aside", "resumed")]
    texts.append(guide.card["limit"]["web"]["en"])
    joined = grade(" ".join(texts), glossary)
    assert joined is not None
    assert joined.adjusted <= 6
    for text_id in ("check.quiet", "check.left"):
        told = grade(
            re.sub(r"\[([^]]*)\]\([^)]*\)|- ", r"\1", safety.say(text_id, "en", "web")), glossary
        )
        assert told is not None
        assert told.adjusted <= 6


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text_id", ["check.quiet", "check.left"])
def test_what_to_do_fits_two_segments(safety: SafetyCatalogue, text_id: str, lang: str) -> None:
    size = sms_size(safety.say(text_id, lang, "sms"))
    assert size.encoding == "GSM-7"
    assert size.units <= SMS_UNITS


@pytest.mark.parametrize(
    ("slot", "text", "move", "said"),
    [
        ("check_age", "cinco", "answer", "5"),
        ("check_age", "five", "answer", "5"),
        ("check_since", "cinco", "held", ""),
        ("check_since", "five", "held", ""),
        ("check_since", "cinco dias", "answer", "cinco dias"),
    ],
)
def test_a_number_in_words_needs_what_it_counts(
    guide: Guide, slot: str, text: str, move: str, said: str
) -> None:
    reading = guide.read(slot, text)
    assert (reading.move, reading.said.text) == (move, said)
