from __future__ import annotations

import random

import pytest

from bot.training_data import Example
from tools.encoder_data import Asked, Recipe, bury, by_ear, kept_aside, mistype, version_of

CALM = Example("how do I book an appointment with the clinic", "appointment", "routine", "")
DANGER = Example("he is blue", None, "emergency", "not_breathing")


@pytest.mark.parametrize("text", ["", "ok", "a bc def", "what is vigabatrin for", "ñandú élan"])
def test_a_typing_error_stays_inside_a_word(text: str) -> None:
    rng = random.Random(1)
    for _ in range(50):
        mistyped = mistype(text, rng)
        assert len(mistyped.split()) == len(text.split())
        # First letters are hardly ever wrong, and short words are left alone.
        assert [w[0] for w in mistyped.split()] == [w[0] for w in text.split()]


def test_a_typing_error_is_made() -> None:
    rng = random.Random(1)
    assert any(mistype("vigabatrin", rng) != "vigabatrin" for _ in range(5))


def test_spanish_by_ear_sounds_the_same() -> None:
    written = {by_ear("se le hizo la cabeza para atrás", random.Random(n)) for n in range(200)}
    assert "se le iso la cabesa pa atras" in written
    assert "se le hizo la cabeza para atrás" in written


def test_danger_is_buried_with_its_labels() -> None:
    buried = bury([CALM, DANGER], 1.0, random.Random(1))
    assert [(e.level, e.kind, e.intent) for e in buried] == [("emergency", "not_breathing", None)]
    assert CALM.text in buried[0].text
    assert DANGER.text in buried[0].text


def test_version_follows_data_and_recipe() -> None:
    first = version_of([CALM], [], {}, Recipe())
    assert first == version_of([CALM], [], {}, Recipe())
    assert first != version_of([CALM, DANGER], [], {}, Recipe())
    assert first != version_of([CALM], [Asked("how?", ("so",))], {}, Recipe())
    assert first != version_of([CALM], [], {}, Recipe(seed=8))
    assert first != version_of([CALM], [], {"si": "if"}, Recipe())


def test_about_one_in_twenty_is_kept_aside() -> None:
    examples = [Example(f"message {n}", None, "routine", "") for n in range(2000)]
    assert 60 < sum(map(kept_aside, examples)) < 140
