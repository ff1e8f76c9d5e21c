"""What a family gets for what it writes, through the signed webhook."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.gateway.dialogue import Incoming
from bot.reply import Reply
from bot.text import is_gsm7, sms_size
from tests.gateway.sms.conftest import MOTHER, Phone, wait_for

DANGER = "he is not breathing and his lips are blue"
INTRO = "Automated guide of Lurie Children's"


def others(phone: Phone, *words: str) -> Iterator[str]:
    """Each of these words from a phone of its own."""
    for count, word in enumerate(words):
        phone.number = f"+1312555{count:04}"
        yield word


def test_the_first_answer_says_who_answers(phone: Phone) -> None:
    intro, answer, notice = phone.write("What is an EEG?")
    assert INTRO in intro
    assert sms_size(intro).segments == 1
    assert "EEG" in answer
    # What is urgent about it did not fit under it.
    assert "that is urgent" in notice
    assert INTRO not in " ".join(phone.write("What is an EEG?"))


def test_an_emergency_is_answered_at_once_and_alone(phone: Phone) -> None:
    safety, intro = phone.write(DANGER)
    assert safety.startswith("Call 911")
    assert INTRO in intro
    assert phone.rasa.seen == []


def test_a_crisis_does_not_wait_for_the_engine(phone: Phone) -> None:
    assert "988" in phone.write("i want to kill myself")[0]
    assert phone.rasa.seen == []


def test_the_safety_text_goes_first_and_alone(phone: Phone) -> None:
    phone.write("hello")
    safety, answer, *_ = phone.write(
        "he has clusters of head drops when he wakes up. What is an EEG?"
    )
    assert "infantile spasms" in safety
    assert "brain wave test" in answer


def test_an_emergency_stands_over_later_answers(phone: Phone) -> None:
    phone.write(DANGER)
    reminder, answer = phone.write("ok thank you. What is an EEG?")
    assert reminder.startswith("Call 911 before you read on")
    assert "EEG" in answer


def test_a_danger_told_in_pieces_is_heard(phone: Phone) -> None:
    phone.write("his lips are")
    assert phone.write("blue")[0].startswith("Call 911")


def test_a_danger_overtakes_a_slow_question(phone: Phone) -> None:
    phone.write("hello")
    phone.delay = 2.0
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(phone.write, "What is an EEG?")
        wait_for(lambda: phone.sms.line._tasks)
        assert phone.write(DANGER)[0].startswith("Call 911")
        assert not slow.done()
        # And the answer that comes after it does not make it forgotten.
        assert slow.result()[0].startswith("Call 911 before you read on")


def test_a_repeated_webhook_gets_the_same_and_causes_nothing(phone: Phone) -> None:
    first = phone.write("What is an EEG?", "SM" + "1" * 32)
    asked = len(phone.rasa.seen)
    assert phone.write("What is an EEG?", "SM" + "1" * 32) == first
    assert len(phone.rasa.seen) == asked


@pytest.mark.parametrize("environ", [{"SMS_WEBHOOK_SECONDS": "0.1", "SMS_HELP_SECONDS": "1"}])
def test_a_slow_reply_follows_and_help_comes_before_it(phone: Phone) -> None:
    phone.delay = 2.5
    assert phone.write("What is an EEG?") == []
    got = phone.got(4)
    assert "can't answer right now" in got[0]
    assert INTRO in got[1]
    assert "EEG" in got[2]


@pytest.mark.parametrize("environ", [{"SMS_WEBHOOK_SECONDS": "0.1", "SMS_HELP_SECONDS": "1"}])
def test_help_is_not_said_twice(phone: Phone) -> None:
    phone.rasa.fail = "timeout"
    phone.delay = 2.5
    phone.write("What is an EEG?")
    got = phone.got(2)
    wait_for(lambda: not phone.sms.line._tasks and not phone.sms.outbox.find("pending", "sending"))
    assert ["can't answer right now" in text for text in phone.fake.to(MOTHER)] == [True, False]
    assert INTRO in got[1]


def test_the_engine_down_is_said(phone: Phone) -> None:
    phone.write("hello")
    phone.rasa.fail = "refused"
    assert "this service has trouble" in phone.write("What is an EEG?")[0]


def test_stop_is_the_last_word(phone: Phone) -> None:
    for word in others(phone, "STOP", "stop.", " Unsubscribe ", "PARAR", "Opt Out"):
        phone.write("What is an EEG?")
        (said,) = phone.write(word)
        assert said.startswith(("This number can no longer reply. Emergency: call 911.", "Este"))
        assert sms_size(said).segments == 1
        assert phone.write("What is an EEG?") == []
        assert phone.write(DANGER) == []
        assert "911" in phone.write("YES")[0]
        assert "EEG" in phone.write("What is an EEG?")[0]


def test_a_wish_to_stop_in_free_words_is_honoured(phone: Phone) -> None:
    for wish in others(
        phone,
        "please stop texting me",
        "dont text me anymore!!",
        "no more messages please",
        "Take me off this list",
        "Stop please",
        "ya no me manden mensajes, no me escriban mas",
        "no quiero mas mensajes",
    ):
        phone.write("hello")
        assert "START" in phone.write(wish)[0]
        assert phone.write("What is an EEG?") == []


def test_ordinary_words_are_no_wish_to_stop(phone: Phone) -> None:
    for words in others(
        phone,
        "how do i make it stop",
        "he wont stop crying",
        "should we stop the medicine",
        "when do the spasms end",
        "can i cancel an appointment",
        "they said stop sending him to daycare",
        "no quiero que pare la medicina",
        "my phone wont send messages to the doctor",
        "YES",
        "INFO",
    ):
        phone.write("hello")
        assert "START" not in phone.write(words)[0]
        assert phone.write("What is an EEG?")


def test_a_keyword_inside_a_cry_for_help_is_a_cry_for_help(phone: Phone) -> None:
    assert phone.write("HELP he stopped breathing")[0].startswith("Call 911")
    assert phone.write("STOP TEXTING ME i want to kill myself")[0].startswith("Call")
    assert phone.write("What is an EEG?")


def test_help_names_hospital_line_and_911(phone: Phone) -> None:
    (said,) = phone.write("HELP")
    assert said.startswith("Emergency: call 911.")
    assert "Lurie Children's" in said
    assert "312-555-0142" in said
    assert phone.write("AYUDA")[0].startswith("Emergenc")


def test_help_in_a_standing_emergency_is_the_emergency_text(phone: Phone) -> None:
    safety = phone.write(DANGER)[0]
    assert phone.write("HELP") == [safety]


def test_what_the_carrier_has_answered_is_not_answered_twice(phone: Phone) -> None:
    for kind in others(phone, "STOP", "HELP", "START"):
        phone.write("hello")
        assert phone.write(kind, OptOutType=kind) == []
        assert bool(phone.write("What is an EEG?")) is (kind != "STOP")


def test_a_yes_is_a_yes_whatever_the_carrier_took_it_for(phone: Phone) -> None:
    phone.write("hello")
    assert phone.write("yes", OptOutType="START")


def test_a_video_is_not_fetched_and_its_caption_is_read(phone: Phone) -> None:
    media = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.example/x", "MediaContentType0": "v"}
    said = phone.write("", **media)
    assert "show it to your child's doctor" in said[-1]
    assert phone.rasa.seen == []
    safety, *rest = phone.write(DANGER, **media)
    assert safety.startswith("Call 911")
    assert "show it" in rest[-1]
    # Nor is a keyword under a picture a keyword.
    assert phone.write("stop", **media)


def test_no_words_are_answered_with_how_to_go_on(phone: Phone) -> None:
    for body in others(phone, "", "   ", "😭😭😭", "❤️", "?!", "\u200b"):
        phone.write("hello")
        (said,) = phone.write(body)
        assert "I did not get any words" in said
        assert is_gsm7(said)


def test_a_tap_on_a_text_of_ours_is_no_message(phone: Phone) -> None:
    safety = phone.write(DANGER)[0]
    for tap in (f"Liked “{safety}”", f"Reacted 👍 to “{safety}”", f"👍 to “ {safety} ”"):
        assert phone.write(tap) == []
    assert phone.write(f"Liked it. {DANGER}")[0].startswith("Call 911")


def test_1600_characters_are_answered(phone: Phone) -> None:
    phone.write("hello")
    assert phone.write(("What is an EEG? " * 100)[:1600])


def test_a_burst_is_answered_in_order(phone: Phone) -> None:
    phone.write("hello")
    topics = ["eeg", "surgery", "pain"]
    for topic in topics:
        phone.rasa.topic = topic
        assert phone.write(f"question about {topic}")
    assert [body["message"].split()[-1] for body in phone.rasa.seen[1:]] == topics


def test_more_gives_the_rest(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    phone.write("hello")
    long = "A sentence about nothing much. " * 20
    respond = phone.sms.line._answering._dialogue.respond

    async def at_length(incoming: Incoming) -> Reply:
        reply = await respond(incoming)
        return replace(reply, messages=(replace(reply.messages[0], text=long, notice=None),))

    monkeypatch.setattr(phone.sms.line._answering._dialogue, "respond", at_length)
    (first,) = phone.write("What is an EEG?")
    assert first.endswith("Reply MORE for the rest.")
    assert sms_size(first).segments == 2
    (second,) = phone.write("MORE")
    (third,) = phone.write("more")
    said = [text.replace("Reply MORE for the rest.", "") for text in (first, second, third)]
    assert " ".join(" ".join(said).split()) == long.strip()
    # With nothing left it is an ordinary word.
    asked = len(phone.rasa.seen)
    phone.write("more")
    assert len(phone.rasa.seen) == asked + 1


def test_delete_forgets_the_family(phone: Phone) -> None:
    phone.write(DANGER)
    assert "erased" in phone.write("DELETE")[0]
    assert phone.sms._store.load(phone.conversation) is None
    assert INTRO in phone.write("What is an EEG?")[0]


@pytest.mark.parametrize("environ", [{"SMS_HOURLY_LIMIT": "3"}])
def test_over_the_limit_one_notice_then_silence_but_never_for_danger(phone: Phone) -> None:
    for _ in range(3):
        assert phone.write("What is an EEG?")
    assert "an hour" in phone.write("What is an EEG?")[0]
    assert phone.write("What is an EEG?") == []
    assert phone.write("HELP") == []
    assert phone.write(DANGER)[0].startswith("Call 911")
    assert phone.write("STOP")


@pytest.mark.parametrize("environ", [{"SMS_HOURLY_LIMIT": "3"}])
def test_over_the_limit_a_short_reply_may_still_answer_what_was_asked(phone: Phone) -> None:
    # "No" tells of danger only together with our question "Is your baby breathing?".
    for _ in range(4):
        phone.write("What is an EEG?")
    assert phone.write("What is an EEG?") == []
    assert phone.write("No")
    # Twice the limit is the bound that cost needs.
    assert phone.write("no") == []


@pytest.mark.parametrize("environ", [{"SMS_DAILY_SEGMENTS": "1"}])
def test_over_the_limit_of_all(phone: Phone) -> None:
    assert phone.write("What is an EEG?")
    assert "today" in phone.write("What is an EEG?")[0]
    assert phone.write("What is an EEG?") == []
    assert phone.write(DANGER)[0].startswith("Call 911")


def test_spanish_is_answered_in_seven_bits(phone: Phone) -> None:
    intro, answer, notice = phone.write("¿qué es un electroencefalograma?")
    assert "Guia automatica" in intro
    assert all(is_gsm7(text) for text in (intro, answer, notice))
    assert "Emergencia" in phone.write("AYUDA")[0]


def test_nothing_readable_is_kept(phone: Phone, tmp_path: Path) -> None:
    phone.write("a very private question")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("bot.sqlite*"))
    assert phone.conversation.encode() in kept
    assert MOTHER.encode() not in kept
    assert b"very private" not in kept


def test_without_a_database_danger_is_answered(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("INSERT ...", {}, Exception("gone"))

    monkeypatch.setattr(phone.sms.inbox, "receive", broken)
    monkeypatch.setattr(phone.sms.inbox, "close_webhook", broken)
    assert phone.write(DANGER)[0].startswith("Call 911")
    assert "this service has trouble" in phone.write("What is an EEG?")[0]
