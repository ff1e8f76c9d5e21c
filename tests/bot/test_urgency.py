from __future__ import annotations

import pytest

from bot.danger import Danger
from bot.urgency import Signals, Standing, rise_or_fall
from tests.conftest import DATA

SIGNALS = Signals.load(DATA / "safety" / "signals.yml")
CALM = Danger("routine", "", "", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the ambulance is here", "care_reached"),
        ("Paramedics just arrived, thank you", "care_reached"),
        ("i called 911", "care_reached"),
        ("we are at the ER now", "care_reached"),
        ("ya llegó la ambulancia", "care_reached"),
        ("estamos en el hospital", "care_reached"),
        ("i called 911 but nobody came", ""),
        ("should i go to the er", ""),
        ("the er sent us home", ""),
        ("my mom says its nothing", ""),
        ("thank you so much", ""),
        ("he seems fine now", "better"),
        ("she's awake now", "better"),
        ("he is breathing now", "better"),
        ("it stopped, he's fine now", "better"),
        ("the seizure stopped", "better"),
        ("ya respira", "better"),
        ("ya despertó", "better"),
        ("volvió a respirar", "better"),
        ("se le pasó ya", "better"),
        ("llegó la ambulancia", "care_reached"),
        ("ya estamos en urgencias", "care_reached"),
        ("we're in the ambulance", "care_reached"),
        ("the doctor is with us now", "care_reached"),
        ("ya lo están atendiendo", "care_reached"),
        ("we are at the hospital parking lot, is it free?", ""),
        ("the ambulance is not here yet", ""),
        # What has not passed.
        ("he is breathing hard now", ""),
        ("she's awake but limp", ""),
        ("he stopped breathing", ""),
        ("it stopped and started again", "returns"),
        ("is she awake now?", ""),
        ("my mom says he's fine", ""),
        ("ya no respira", ""),
        ("ya respira pero raro", ""),
        ("no se le ha pasado", ""),
        ("mi suegra dice que ya está bien", ""),
        # Asked, or come again: nothing has passed.
        ("is it normal that he was so sleepy", ""),
        ("es normal que ya esté bien dormido", ""),
        ("ya pasó otra vez", "returns"),
        ("it happened again", "returns"),
        ("she's having another one", "returns"),
        ("it's back", "returns"),
        ("oh no again", "returns"),
        ("le volvió a dar", "returns"),
        ("otra vez", "returns"),
        ("it has not happened again", ""),
        ("what if it happens again", ""),
        ("will it happen again?", ""),
        ("no le ha vuelto a dar", ""),
        ("it's back to normal", "better"),
        ("I have another question", ""),
        ("tengo otra pregunta", ""),
        # What was described is what the child does.
        ("yes he does that", "recognises"),
        ("that's what my baby does", "recognises"),
        ("mine does that too", "recognises"),
        ("sounds like my baby", "recognises"),
        ("he does all of those", "recognises"),
        ("eso hace mi nieto", "recognises"),
        ("igualito", "recognises"),
        ("mi niña hace lo mismo", "recognises"),
        ("he doesn't do that", ""),
        ("my friend's baby does that", ""),
        ("why does he do that", ""),
        ("mi nieto no hace eso", ""),
        ("¿eso hace?", ""),
        ("yes", ""),
        ("false alarm, sorry", "misunderstanding"),
        ("I was just asking for a school paper", "misunderstanding"),
        ("that was last year", "misunderstanding"),
        ("you misunderstood me", "misunderstanding"),
        ("falsa alarma", "misunderstanding"),
        ("solo preguntaba", "misunderstanding"),
        ("can you misunderstand this", ""),
        ("i am safe now", "safe"),
        ("no me voy a hacer nada", "safe"),
        ("is he safe", ""),
    ],
)
def test_signal(text: str, expected: str) -> None:
    assert SIGNALS.read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # Denied, in doubt, asked, somebody else's word, or still going on: nothing is over.
        "it's no false alarm",
        "this isn't a false alarm",
        "don't think it's a false alarm",
        "esto no es falsa alarma",
        "my mom says it's a false alarm",
        "false alarm my husband says",
        "the doctor said false alarm on the phone",
        "mi suegra dice que es falsa alarma",
        "era broma de mi hermano, el niño sigue azul",
        "was it a false alarm",
        "is that a false alarm?",
        "false alarm right?",
        "maybe false alarm",
        "¿fue falsa alarma?",
        "creo que fue falsa alarma",
        "it was a false alarm last time",
        "I'm testing his reflexes",
        "wrong number",
        # Help was called, and is not there.
        "the paramedics are here but she's still blue",
        "I called 911 but she is getting worse",
        "we called 911 but cant get through",
        "ya llamé al 911 y qué hago mientras",
        "i called 911 what do i do until they come",
    ],
)
def test_what_takes_nothing_back(text: str) -> None:
    assert SIGNALS.read(text) == ""


def test_help_that_is_there_ends_no_danger_that_is_told_of() -> None:
    worse = Danger("emergency", "not_breathing", "", ())
    after = rise_or_fall("emergency", "not_breathing", "", worse, "care_reached")
    assert (after.level, after.raised, after.cleared) == ("emergency", True, "")


@pytest.mark.parametrize(
    ("standing", "danger", "text", "level", "raised"),
    [
        ("routine", Danger("urgent", "spasms", "", ()), "x", "urgent", True),
        ("urgent", Danger("emergency", "seizure", "", ()), "x", "emergency", True),
        ("emergency", Danger("urgent", "spasms", "", ()), "x", "emergency", False),
        ("emergency", Danger("emergency", "seizure", "", ()), "x", "emergency", True),
        ("emergency", CALM, "thanks", "emergency", False),
        ("emergency", CALM, "the ambulance is here", "urgent", False),
        ("emergency", CALM, "false alarm", "routine", False),
        ("emergency", CALM, "my husband says he is fine", "emergency", False),
        ("urgent", CALM, "we are at the hospital", "routine", False),
        ("urgent", CALM, "what is an eeg", "urgent", False),
        ("crisis", CALM, "false alarm", "crisis", False),
        ("crisis", CALM, "i am safe now", "routine", False),
        ("crisis", CALM, "my wife says i am fine", "crisis", False),
    ],
)
def test_rise_or_fall(standing: str, danger: Danger, text: str, level: str, raised: bool) -> None:
    after = rise_or_fall(standing, "kind", "", danger, SIGNALS.read(text))
    assert (after.level, after.raised) == (level, raised)


@pytest.mark.parametrize(
    ("standing", "danger", "eased"),
    [
        ("emergency", CALM, True),
        ("urgent", CALM, False),
        ("routine", CALM, False),
        # Told of once more, it is not over.
        ("emergency", Danger("emergency", "seizure", "", ()), False),
    ],
)
def test_that_it_has_passed_lowers_nothing(standing: str, danger: Danger, eased: bool) -> None:
    after = rise_or_fall(standing, "seizure", "", danger, SIGNALS.read("it stopped, he's fine now"))
    assert (after.level, after.eased) == (standing, eased)


@pytest.mark.parametrize("kind", ["poisoning", "shaken", "injury", "fever_newborn"])
def test_what_shows_late_has_not_passed(kind: str) -> None:
    after = rise_or_fall("emergency", kind, "", CALM, SIGNALS.read("he seems fine now"))
    assert (after.level, after.kind, after.raised, after.eased) == ("emergency", kind, True, False)


def test_what_happens_again_is_told_of_again() -> None:
    after = rise_or_fall("emergency", "seizure", "", CALM, SIGNALS.read("le volvió a dar"))
    assert (after.level, after.kind, after.raised) == ("emergency", "seizure", True)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("we called 911", True),
        ("my mom already called 911", True),
        ("the ambulance is on the way what do i do", True),
        ("the ambulance is not here yet", True),
        ("ya viene la ambulancia", True),
        ("ya llamé al 911", True),
        ("esperando la ambulancia", True),
        ("should we have called 911", False),
        ("we called 911 last year", False),
        ("the ambulance bill came", False),
        ("we did not call 911", False),
        ("llamamos al 911 el año pasado", False),
        ("¿el seguro cubre la ambulancia?", False),
        ("when do we call an ambulance", False),
        ("EMT here. What tests do you do first?", False),
        ("ambulance here", True),
    ],
)
def test_help_called_out_of_nothing(text: str, called: bool) -> None:
    assert SIGNALS.help_called(text) == called


@pytest.mark.parametrize(
    ("text", "level", "told"),
    [
        ("he is breathing now", "emergency", True),
        ("le dio otra vez", "emergency", True),
        ("it stopped", "urgent", True),
        ("ya pasó", "urgent", True),
        # Of these nothing was told.
        ("he is breathing now", "urgent", False),
        ("ya despertó", "urgent", False),
        ("it started again", "urgent", False),
        ("it stopped", "routine", False),
        ("it's over", "crisis", False),
        ("thanks", "emergency", False),
        (
            "he is breathing now " + "and the neighbor came over to look after the twins " * 2,
            "emergency",
            False,
        ),
    ],
)
def test_a_few_words_that_say_no_more(text: str, level: str, told: bool) -> None:
    assert SIGNALS.tells_of_standing(text, level) == told


def test_the_caregivers_crisis_outlives_the_childs_emergency() -> None:
    after = rise_or_fall("emergency", "seizure", "self_harm", CALM, "care_reached")
    assert after == Standing("crisis", "self_harm", "", False, "care_reached")


def test_a_crisis_beside_a_standing_emergency_raises_both() -> None:
    crisis = Danger("crisis", "self_harm", "", ("learned",))
    after = rise_or_fall("emergency", "seizure", "", crisis, "")
    assert (after.level, after.kind, after.also, after.raised) == (
        "emergency",
        "seizure",
        "self_harm",
        True,
    )
    after = rise_or_fall("emergency", "seizure", "", crisis, "care_reached")
    assert (after.level, after.kind, after.raised) == ("crisis", "self_harm", True)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What now?", True),
        ("ok, is it urgent", True),
        ("¿y ahora qué?", True),
        ("puede esperar hasta el lunes", True),
        ("can it wait until morning he is cold and quiet", False),
        ("puede esperar hasta que se le quite lo morado", False),
        ("what do i do about the eeg bill", False),
        ("que hago de comer", False),
        ("can we wait in the lobby", False),
    ],
)
def test_what_to_do_is_all_that_is_asked(text: str, asks: bool) -> None:
    assert SIGNALS.asks_what_to_do(text) == asks
