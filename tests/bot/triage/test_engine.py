"""What a message is found to be: levels, kinds, first actions, and what never changes them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage import Triage

TRIAGE = Triage.load(Path(__file__).parents[3] / "data" / "safety")

FOUND = [
    ("hes not brething", "emergency", "not_breathing", "call_911"),
    ("HELP MY BABY IS NOT BREATHING", "emergency", "not_breathing", "call_911"),
    ("he is not breeeathing heeelp", "emergency", "not_breathing", "call_911"),
    ("his lips r blu", "emergency", "not_breathing", "call_911"),
    ("hes choaking on a grape", "emergency", "choking", "call_911"),
    ("seezure wont stop", "emergency", "seizure", "call_911"),
    ("she cant wake up", "emergency", "unresponsive", "call_911"),
    ("he wont wake up", "emergency", "unresponsive", "call_911"),
    ("he swallowed a button battery, seems fine", "emergency", "poisoning", "poison_help"),
    ("he ate my pills and is limp", "emergency", "unresponsive", "call_911"),
    ("6 weeks old with 101.2 rectal", "emergency", "fever_newborn", "emergency_department"),
    ("i shook him", "emergency", "shaken", "call_911"),
    ("baby CPR how", "emergency", "not_breathing", "call_911"),
    ("mi bebe no respira", "emergency", "not_breathing", "call_911"),
    ("baby no respira help", "emergency", "not_breathing", "call_911"),
    ("i want to d1e", "crisis", "self_harm", "call_988"),
    ("gonna k!ll myself", "crisis", "self_harm", "call_988"),
    ("ya no quiero vivir", "crisis", "self_harm", "call_988"),
    ("my husband hit me again", "crisis", "violence", "call_911"),
    ("he nods in clusters every time he wakes up", "urgent", "spasms", "call_team_today"),
    ("we ran out of vigabatrin", "urgent", "missed_medicine", "call_team_today"),
    ("fever of 101 on prednisolone", "urgent", "steroid_sign", "call_team_today"),
    ("no respira", "emergency", "not_breathing", "call_911"),
    ("lleva 10 minutos convulsionando", "emergency", "seizure", "call_911"),
    ("39.8 and shaking", "emergency", "seizure", "call_911"),
    ("3 semanas de nacido, 38.4", "emergency", "fever_newborn", "emergency_department"),
    ("le di la dosis de su hermano", "emergency", "poisoning", "poison_help"),
    ("pienso en el puente", "crisis", "self_harm", "call_988"),
    ("they would manage fine without me", "crisis", "self_harm", "call_988"),
    ("mi bebe cabecea diario en racimos", "urgent", "spasms", "call_team_today"),
    ("le volvieron los brincos", "urgent", "relapse", "call_team_today"),
    ("fold, cry, fold, cry, every nap", "urgent", "spasms", "call_team_today"),
]

ROUTINE = [
    "are the spasms dangerous",
    "does he stop breathing during eeg sedation?",
    "what do infantile spasms look like",
    "my card was declined",
    "what is the seizure of assets",
    "kill the lights",
    "i'm dying to know",
    "🚑 💙",
    "where is the infant CPR class",
    "the parking fee is killing me",
    "seize the day, we booked the zoo",
    "is infantile spasms fatal",
    "no seizures since May, when is the checkup",
    "que son los espasmos infantiles",
    "donde esta la clinica",
    "how long is hormone treatment usually",
    "what is the dose of vigabatrin",
    "my phone is dying",
    "the app has a seizure every time i open it",
    "we're drowning in paperwork",
    "",
    "123",
    "😀😀😀",
]


@pytest.mark.parametrize(("text", "level", "kind", "action"), FOUND)
def test_found(text: str, level: str, kind: str, action: str) -> None:
    finding = TRIAGE.read(text)
    assert (finding.level, finding.kind, finding.action) == (level, kind, action)
    assert finding.hits[0].kind == kind


@pytest.mark.parametrize("text", ROUTINE)
def test_routine(text: str) -> None:
    finding = TRIAGE.read(text)
    assert (finding.level, finding.kind, finding.action, finding.hits) == (
        "routine",
        None,
        None,
        (),
    )


def test_child_and_caregiver_in_danger_are_both_answered() -> None:
    finding = TRIAGE.read("he is not breathing. i want to die")
    assert finding.level == "emergency"
    assert finding.also == ("crisis", "self_harm")
    assert {hit.level for hit in finding.hits} == {"emergency", "crisis"}


DANGER = [row[0] for row in FOUND] + ["his lips are blue", "he is limp", "she drank bleach"]
LEVEL = {text: TRIAGE.read(text).level for text in DANGER + ROUTINE}
RANK = ("routine", "urgent", "crisis", "emergency")
HARMLESS = [
    "please", "thank you so much", "sorry to bother you", "lol", "also do you validate parking",
    "what time do you open", "my mom says it's nothing", "my husband says it is just gas",
    "grandma says he is fine", "the neighbor says all babies do that", "good morning",
    "I don't want to be a bother", "por favor", "gracias", "mi suegra dice que no es nada",
]  # fmt: skip


@given(st.sampled_from(DANGER + ROUTINE), st.data())
@settings(max_examples=300, deadline=None)
def test_spelling_noise_never_changes_the_level(text: str, data: st.DataObject) -> None:
    changed = []
    for char in text:
        style = data.draw(st.sampled_from(["same", "upper", "accent", "zero"]))
        if char == " ":
            char = data.draw(st.sampled_from([" ", "  ", "\t", "\u00a0", " \u200b "]))
        elif style == "upper" and char.isascii():
            char = char.upper()
        elif style == "accent" and char in "aeiou":
            char += "\u0301"
        elif style == "zero":
            char += "\u200b"
        changed.append(char)
    assert TRIAGE.read("".join(changed)).level == LEVEL[text]


@given(
    st.sampled_from(DANGER),
    st.sampled_from(HARMLESS),
    st.booleans(),
    st.sampled_from([". ", ", ", "! "]),
)
@settings(max_examples=400, deadline=None)
def test_harmless_words_never_lower_a_level(text: str, noise: str, first: bool, mark: str) -> None:
    whole = noise + mark + text if first else text + mark + noise
    assert RANK.index(TRIAGE.read(whole).level) >= RANK.index(LEVEL[text])


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    assert TRIAGE.read(text).level in RANK


def test_only_the_first_twenty_thousand_characters_are_read() -> None:
    assert TRIAGE.read("x " * 9_000 + "he is not breathing").level == "emergency"
    assert TRIAGE.read("x " * 10_000 + "he is not breathing").level == "routine"


@pytest.mark.parametrize(
    "piece",
    [
        "he is not breathing ",
        "no ",
        "a",
        "1 ",
        "he not ",
        "12:00 ",
        "1.1.1",
        "again and again ",
        "!",
    ],
)
def test_long_texts_stay_fast(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    start = time.thread_time()
    TRIAGE.read(text)
    assert time.thread_time() - start < 0.5  # of the processor, whoever else wants it; 50 ms alone


def test_a_typical_message_takes_under_a_millisecond() -> None:
    times = []
    for text in (DANGER + ROUTINE) * 5:
        start = time.thread_time()
        TRIAGE.read(text)
        times.append(time.thread_time() - start)
    assert sorted(times)[len(times) // 2] < 0.001
