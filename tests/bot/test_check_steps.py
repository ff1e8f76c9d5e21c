"""Every way through the guided check ends in what to do, and none in a diagnosis."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from bot.check_card import CheckWriter
from bot.check_steps import EMERGENCY, PATIENCE, SPASMS, Heard, Step, begin
from bot.compose import Voice
from bot.reply import Message
from bot.spasm_check import Guide, Said
from tests.guided import ALL_NO, ALL_YES, HOSTILE, VOICES, go


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1", "ask"),
        ("yes he is breathing fine", "ask"),
        ("4", "ask"),
        ("skip", "ask"),
        ("2", "emergency"),
        ("No", "emergency"),
        ("3", "emergency"),
        ("not sure", "emergency"),
        ("no he is not breathing normally", "emergency"),
        ("no se", "emergency"),
        ("Yes, he's breathing fine.", "ask"),
        ("she is fine", "ask"),
        ("sí, respira bien", "ask"),
        ("yes he is breathing fine but he is grey", "held"),
        ("yes he is not breathing fine", "held"),
        ("is he breathing fine", "held"),
        ("he is breathing fine?", "held"),
        ("he is breathing", "held"),
        ("no problem, he is fine", "held"),
        ("yes but a little fast", "held"),
        ("si, pero respira raro", "held"),
        ("he is asleep", "held"),
        ("It's not happening right now.", "ask"),
        ("no le está pasando ahora", "ask"),
        ("not right now", "held"),
        ("it's not happening right now but he feels floppy", "held"),
    ],
)
def test_breathing_is_never_guessed(guide: Guide, text: str, outcome: str) -> None:
    step = go(guide, [text])[-1]
    assert (step.raised == EMERGENCY) is (outcome == "emergency")
    assert step.slot == ("check_age" if outcome == "ask" else "check_now")
    assert step.move == ("ask" if outcome == "ask" else "held")


def test_a_spell_that_goes_on_is_urgent_at_once_and_the_check_goes_on(guide: Guide) -> None:
    step = go(guide, ["4"])[-1]
    assert (step.raised, step.slot) == (SPASMS, "check_age")


def test_after_an_emergency_the_check_goes_on_or_is_left(guide: Guide) -> None:
    assert go(guide, ["2", Heard("1", standing="emergency")])[-1].slot == "check_age"
    left = go(guide, ["2", Heard("never mind", standing="emergency")])[-1]
    assert (left.move, left.slot) == ("left", None)
    other = Heard("they are at the door", standing="emergency")
    assert go(guide, ["1", "5", "1", other])[-1].slot == "check_clusters"


# After an emergency nobody may read on the card that the baby breathes well.
@pytest.mark.parametrize(
    ("level", "kept"), [("emergency", {}), ("crisis", {"check_now": Said(("yes",))})]
)
def test_a_danger_in_words_leaves_the_question_open(
    guide: Guide, level: str, kept: dict[str, Said]
) -> None:
    step = go(guide, ["1", Heard("he went all limp on me", danger=level)])[-1]
    assert (step.slot, step.taken, dict(step.answers)) == ("check_age", False, kept)


def test_after_an_emergency_the_breathing_is_asked_anew(guide: Guide) -> None:
    steps = go(guide, ["1", Heard("he went all limp on me", danger="emergency"), "5"])
    assert (steps[-1].slot, steps[-1].move) == ("check_now", "ask")


def end_of(
    guide: Guide, writer: CheckWriter, replies: Sequence[str | Heard], voice: Voice
) -> tuple[Step, list[Message]]:
    step = go(guide, replies)[-1]
    assert step.slot is None
    return step, writer.messages(step, voice)


def says_what_to_do(text: str) -> bool:
    text = text.casefold().replace("emergency room", "er")
    today = re.search(r"\b(today|that day|hoy|ese d[ií]a|ese mismo d[ií]a)\b", text)
    night = re.search(r"\b(night|noche)\b", text)
    room = re.search(r"\b(er|emergencias)\b", text)
    return bool(today and night and room and "911" in text and "312-555-0142" in text)


def judges(text: str) -> bool:
    """A yes or no to the diagnosis."""
    return bool(
        re.search(
            r"(it|this|he|she|your baby) (is|are|has|have|does have|is having|isn't|is not|does not"
            r" have|doesn't have) (not )?(infantile )?(spasms|epilepsy|iess)"
            r"|(probably|likely|unlikely|definitely|rules? it out|nothing to worry)"
            r"|(is|looks) normal"
            r"|(son|no son|tiene|no tiene|seguramente|probablemente) espasmos",
            re.sub(
                r"(i think these are|creo que son) (infantile spasms|espasmos)", "", text.casefold()
            ),
        )
    )


WAYS: dict[str, list[str]] = {
    "all no": ALL_NO,
    "all yes": ALL_YES,
    "all skipped": ["skip"] * 8,
    "all unsure": ["1", "not sure", "9", "3", "3", "3", "5", "3"],
    "own words": ["yes", "6 weeks", "like bowing", "ten in a row", "after naps",
                  "no longer rolls", "monday", "yes"],
    "left at once": ["never mind"],
    "left with signs": ["1", "5", "1", "1", "enough"],
    "left without signs": ["1", "5", "8", "2", "ya no"],
    "put aside": ["1", "hello", "thanks", "ok"],
    "no sign but lost skills": ["1", "5", "8", "2", "2", "1", "1", "2"],
    "now and all no": ["4", "5", "8", "2", "2", "2", "1", "2"],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("voice", VOICES, ids=lambda v: f"{v.lang}-{v.channel}")
def test_every_way_through_ends_in_what_to_do(
    guide: Guide, writer: CheckWriter, way: str, voice: Voice
) -> None:
    _, messages = end_of(guide, writer, WAYS[way], voice)
    assert messages[0].kind == "safety"
    assert messages[0].sources
    assert says_what_to_do(messages[0].text), messages[0].text
    assert not any(judges(m.text) for m in messages)


@pytest.mark.parametrize(
    ("way", "urgent"),
    [
        ("all no", False),
        ("all yes", True),
        ("all skipped", True),
        ("all unsure", True),
        ("own words", True),
        ("left at once", False),
        ("left with signs", True),
        ("left without signs", False),
        ("no sign but lost skills", True),
        ("now and all no", True),
    ],
)
def test_what_is_not_plainly_denied_is_urgent(
    guide: Guide, writer: CheckWriter, way: str, urgent: bool
) -> None:
    step, _ = end_of(guide, writer, WAYS[way], VOICES[0])
    assert (step.raised == SPASMS) is urgent


def test_all_no_while_a_danger_stands_is_urgent(guide: Guide) -> None:
    steps = go(guide, [Heard(reply, standing="urgent") for reply in ALL_NO])
    assert steps[-1].raised == SPASMS


def test_random_walks_always_end_in_what_to_do(guide: Guide, writer: CheckWriter) -> None:
    dice = random.Random(7)
    replies = ["1", "2", "3", "4", "9", "yes", "no", "skip", "back", "hello", "5 months",
               "his arms fly up", "start over", "no se", "what now?", *HOSTILE]  # fmt: skip
    for _ in range(300):
        voice = dice.choice(VOICES)
        steps = go(guide, [*dice.choices(replies, k=60), *["skip"] * 8])
        for step in steps:
            messages = writer.messages(step, voice)
            assert (step.slot is None) or messages[-1].kind == "choice"
            # What the family wrote stands between quotation marks.
            ours = [re.sub(r"“[^”]*”|\"[^\"]*\"", "", message.text) for message in messages]
            assert not any(map(judges, ours))
        assert steps[-1].slot is None
        assert says_what_to_do(writer.messages(steps[-1], voice)[0].text)


def test_back_asks_the_question_before_again(guide: Guide) -> None:
    step = go(guide, ["1", "5", "back"])[-1]
    assert (step.slot, set(step.answers)) == ("check_age", {"check_now"})
    assert go(guide, ["back"])[-1].slot == "check_now"
    assert go(guide, ["1", "5", "back", "7"])[-1].answers["check_age"] == Said((), "7")


def test_a_question_in_the_middle_is_answered_and_the_check_goes_on(guide: Guide) -> None:
    aside = Heard("what is an EEG?", topic="eeg")
    step = go(guide, ["1", aside])[-1]
    assert (step.move, step.slot, step.answers_topic, step.taken) == (
        "aside", "check_age", "eeg", False,
    )  # fmt: skip
    steps = go(guide, ["1", aside, aside, aside])
    assert (steps[-1].move, steps[-1].answers_topic) == ("put_aside", "eeg")
    assert len(steps) == PATIENCE + 2
    # What was answered is kept, and taken up again.
    assert begin(guide, steps[-1].answers).slot == "check_age"


@pytest.mark.parametrize(
    ("slot_replies", "heard", "move"),
    [
        (["1", "5"], Heard("his head drops forward", topic="signs"), "ask"),
        (["1", "5"], Heard("his eyes roll, is that bad?"), "held"),
        (["1", "5", "1", "1"], Heard("when she wakes up", topic="signs"), "ask"),
        (["1"], Heard("I want to talk to a person", topic="human", asks_person=True), "aside"),
        (["1"], Heard("the ambulance is here", signal="care_reached"), "held"),
        (["1"], Heard("false alarm", signal="misunderstanding"), "held"),
        ([], Heard("it is not happening right now", signal="misunderstanding"), "ask"),
        (["1", "5", "1", *"111"], Heard("it was last week", signal="misunderstanding"), "ask"),
    ],
)  # fmt: skip
def test_what_is_an_answer_and_what_is_not(
    guide: Guide, slot_replies: list[str], heard: Heard, move: str
) -> None:
    assert go(guide, [*slot_replies, heard])[-1].move == move
