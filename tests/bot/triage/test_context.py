"""Context lowers a level only where the message is plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.triage import Triage

TRIAGE = Triage.load(Path(__file__).parents[3] / "data" / "safety")

LOWERED = [
    ("he isn't blue, he isn't limp, he is fine", "negated"),
    ("he is not choking, he just hates peas", "negated"),
    ("she did not turn blue and did not go limp", "negated"),
    ("she was never unconscious", "negated"),
    ("he had a 10 minute seizure last year, what tests will they do", "past"),
    ("two years ago he stopped breathing in the NICU", "past"),
    ("he choked on a grape in 2022", "past"),
    ("when he was born he turned blue", "past"),
    ("hace dos anos tuvo una convulsion", "past"),
    ("does he stop breathing during eeg sedation?", "hypothetical"),
    ("do babies turn blue during spasms", "hypothetical"),
    ("what if he has a seizure over 5 minutes at school", "hypothetical"),
    ("homework: the baby in the case study has cyanotic spells, lips blue", "hypothetical"),
    ("my dog is unconscious after the vet", "other_person"),
    ("the cat is limp and cold", "other_person"),
    ("no se puso morado ni nada", "negated"),
    ("a mi sobrino le dieron convulsiones con fiebre a los 2 anos y ya no mas", "past"),
    ("le pudo venir de cuando se me cayo de la cama", "past"),
    ("a que numero llamo si algun dia veo que no respira bien", "hypothetical"),
    ("en la caricatura el conejito no despierta", "hypothetical"),
    ("he choked on a pea last easter, out it came, where is the food list", "past"),
    ("trago una moneda en marzo y ya lo reviso el doctor, me llego la factura", "past"),
    ("in the film we saw the baby stops breathing, is that realistic", "hypothetical"),
    ("translate she is not breathing into spanish for my class", "hypothetical"),
    ("quiz question: a toddler swallowed a battery, what comes first", "hypothetical"),
    ("the camp form asks about a seizure over 5 minutes", "hypothetical"),
    ("nuestro conejo no respira bien", "other_person"),
    ("in May she turned blue in sedation, they fixed it, can she have it again", "hypothetical"),
    ("she quit breathing during sedation for the MRI in March, do you use less?", "hypothetical"),
    ("practicamos con la muñeca que se esta ahogando, como le hacen", "hypothetical"),
    ("my cousin's baby had spasms in rows, they found it late, now ok already", "controlled"),
    (
        "my neighbor's baby got diagnosed, clusters of spasms, and now I'm nervous",
        "controlled",
    ),
    (
        "friend's kid quit breathing once, he is OK. My kids are fine. What was it?",
        "hypothetical",
    ),
]

# Somebody else's child, or a month of the past, lowers nothing while something goes on.
STILL_HEARD = [
    "neighbor's kid fell in our pool and isn't breathing, my own kids are fine",
    "In June she turned blue and they fixed it, she just turned blue again and is limp",
    "ayer practicamos con el muñeco y hoy mi bebé no respira",
    "practicamos con el muñeco ayer, pero mi hijo no respira, ayúdenme",
    "practicamos con el muñeco en la clase, pero mi hijo no respira",
    "se está convulsionando mi bebé y solo practiqué con el muñeco",
    "practicamos con el muñeco en la clase, mi niño se tragó una pila de botón",
    "he had the surgery in October, they treated it, now I'm scared, he had a seizure for 10 min",
    "in march he choked and now not well again he turned blue",
    "in June she had surgery under anesthesia for her tubes she stops breathing when she sleeps",
    "in November she was under sedation for an MRI, he swallowed her medicine",
    "In March he choked and was fine. Today he choked on a nut and can't breathe",
]


@pytest.mark.parametrize("text", STILL_HEARD)
def test_a_danger_of_now_is_heard_beside_the_past_and_others(text: str) -> None:
    assert TRIAGE.read(text).level == "emergency"


SUSPECTED = [
    "my cousins baby was diagnosed with it and now mine does the same crunches in rows",
    "my neighbors baby got treatment. my daughter drops her head in clusters every morning",
    "my cousin says her baby had it. he is having clusters of spasms now",
    "my friend's baby was diagnosed and my 5 month old drops his head in clusters",
    "my friend's baby was diagnosed and our 6mo has spasms in clusters",
    "my friend's kid was diagnosed, now I'm worried, baby has stiff arms in clusters at every nap",
    "my nephew drops his head in clusters, does he need treatment",
    "our nephew lives with us and has clusters of head drops, how is it treated",
    "her cousin was diagnosed, she drops her head in clusters",
    "same as my friend's baby who was diagnosed, he drops his head in clusters",
]


@pytest.mark.parametrize("text", SUSPECTED)
def test_what_others_know_of_theirs_says_nothing_of_ones_own(text: str) -> None:
    assert TRIAGE.read(text).level == "urgent"


NOT_LOWERED = [
    "sorry i use translator. baby not breathing",
    "alexa call 911 the baby is not breathing",
    "mi bebe no respira, uso traductor",
    "la abuela dice que es el frio pero la lengua la tiene morada",
    "he's not breathing",
    "he won't wake up",
    "not sure if he is breathing, his lips are blue",
    "no fever but he is seizing and it won't stop",
    "no tiene fiebre pero no respira",
    "last year he had a seizure and now he is seizing again",
    "he stopped breathing yesterday",
    "it stopped, he is fine now, but he was blue and limp",
    "my mom says it's reflux but his lips are blue",
    "grandma says let him sleep, he won't wake up",
    "this is not a drill my baby is not breathing",
    "the dog found her, she is unresponsive",
    "what do i do if he stops breathing",
    "if she turns blue what should i do first",
    "my husband shook the baby",
    "he never had a seizure like this before, his whole body was shaking",
    "he was checked at the ER and sent home. he is limp",
    "the doctor cleared him on monday but he is blue",
    "ya lo vio el doctor y salio bien, ahora no respira",
    "hoy tiene 3 meses y no respira",
    "we watched a movie and he fell off the couch and is vomiting",
    "en la clase de natacion se ahogo en la alberca",
    "lo veo por la camara y no despierta",
    "mi mama dice que es sueno pero no despierta",
    "se puso morado en el carro",
    "no se si respira",
    "ya casi no respira",
    "last tuesday he fell off the bed and he is vomiting",
    "we are back in the ER, he is limp",
]


@pytest.mark.parametrize(("text", "flag"), LOWERED)
def test_plain_context_lowers(text: str, flag: str) -> None:
    finding = TRIAGE.read(text)
    assert finding.level == "routine"
    assert flag in finding.flags
    assert finding.lowered


@pytest.mark.parametrize("text", NOT_LOWERED)
def test_doubt_does_not_lower(text: str) -> None:
    assert TRIAGE.read(text).level == "emergency"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("he had a 10 minute seizure, that was last year, what tests", "routine"),
        ("he had a 10 minute seizure", "emergency"),
        ("i was suicidal 6 years ago, well now", "routine"),
        ("i am suicidal", "crisis"),
        ("i don't want to hurt him, he is lovely", "routine"),
        ("i'm afraid i will hurt him", "crisis"),
    ],
)
def test_corrections_go_both_ways(text: str, level: str) -> None:
    assert TRIAGE.read(text).level == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("fever seizures, harmless?", "routine"),
        ("wat meds 4 spasms", "routine"),
        ("when spasms come back, what happens", "routine"),
        ("my fantasy team is having a seizure", "routine"),
        ("seizure wont stop?", "emergency"),
        ("is baby choking?", "emergency"),
        ("why wont the seizure stop", "emergency"),
    ],
)
def test_a_general_question_is_no_sign_and_a_sign_asked_is(text: str, level: str) -> None:
    assert TRIAGE.read(text).level == level


@pytest.mark.parametrize(
    "text",
    ["we missed the night dose, do i double it", "se me olvido una dosis, le doy doble?"],
)
def test_doubling_after_a_missed_dose_is_asked_not_done(text: str) -> None:
    finding = TRIAGE.read(text)
    assert (finding.level, finding.kind) == ("urgent", "missed_medicine")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("he was treated and is well, what is different in how they scrunch up", "routine"),
        ("he was treated and today he scrunches up again in rows", "urgent"),
        ("well controlled, but we missed the dose of vigabatrin", "urgent"),
        ("treatment is over and his lips are blue", "emergency"),
        ("does the spray expire? i gave it. he is still jerking", "emergency"),
    ],
)
def test_known_and_treated_lowers_what_is_known_and_nothing_more(text: str, level: str) -> None:
    assert TRIAGE.read(text).level == level
