from __future__ import annotations

from fractions import Fraction

import pytest

from bot.numbers import amounts

Wanted = set[tuple[float | None, str | None]]


def read(text: str, lang: str) -> Wanted:
    return {(None if value is None else float(value), unit) for value, unit in amounts(text, lang)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("six months to two years", {(6, "month"), (2, "year")}),
        ("6 months - 2 years", {(6, "month"), (2, "year")}),
        ("from six months to 2 years", {(6, "month"), (2, "year")}),
        ("between 3–8 months old", {(3, "month"), (8, "month")}),
        ("3 to 8 months", {(3, "month"), (8, "month")}),
        ("three and eight months", {(3, "month"), (8, "month")}),
        ("one month", {(1, "month")}),
        ("about a month", {(1, "month")}),
        ("a 6-month-old", {(6, "month")}),
        ("7min", {(7, "minute")}),
        ("twice a day", {(2, "time"), (1, "day")}),
        ("once a day", {(1, "time"), (1, "day")}),
        ("three times", {(3, "time")}),
        ("daily", {(1, "day")}),
        ("every month", {(1, "month")}),
        ("thirty-six months", {(36, "month")}),
        ("two hundred days", {(200, "day")}),
        ("1,438 babies", {(1438, None)}),
        ("24.5 days", {(24.5, "day")}),
        ("0.125", {(0.125, None)}),
        ("29 % or 29 percent", {(29, "percent")}),
        ("half a year", {(0.5, "year")}),
        ("2½ years", {(2.5, "year")}),
        ("1/2 hour", {(0.5, "hour")}),
        ("their first birthday", {(1, "year")}),
        ("in the 1840s", {(1840, None)}),
        ("two first-line treatments", {(2, None)}),
        ("one drug", {(1, None)}),
        ("a few seconds", {(None, "second")}),
        ("last several minutes", {(None, "minute")}),
        ("for hours", {(None, "hour")}),
        # No amounts.
        ("CDKL5, Dup15q, vitamin B6", set()),
        ("one of our doctors", set()),
        ("which one", set()),
        ("your little one", set()),
        ("a baby, an EEG", set()),
        ("once you see it", set()),
        ("sleep at night", set()),
        ("many times", set()),
        ("see a doctor today", set()),
        ("the first treatment", set()),
        ("", set()),
    ],
)
def test_english(text: str, wanted: Wanted) -> None:
    assert read(text, "en") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("de seis meses a 2 años", {(6, "month"), (2, "year")}),
        ("entre los 3 y los 8 meses", {(3, "month"), (8, "month")}),
        ("alrededor de los 2 a 4 anos", {(2, "year"), (4, "year")}),
        ("uno o dos años", {(1, "year"), (2, "year")}),
        ("cerca de un mes", {(1, "month")}),
        ("antes de cumplir un año", {(1, "year")}),
        ("once meses", {(11, "month")}),
        ("treinta y seis meses", {(36, "month")}),
        ("dos veces al día", {(2, "time"), (1, "day")}),
        ("una vez al mes", {(1, "time"), (1, "month")}),
        ("medio año", {(0.5, "year")}),
        ("2,5 años", {(2.5, "year")}),
        ("10.000 bebés", {(10000, None)}),
        ("el 29 por ciento", {(29, "percent")}),
        ("unos segundos", {(None, "second")}),
        ("varios minutos", {(None, "minute")}),
        ("en los años 1840", {(1840, None)}),
        # No amounts.
        ("un bebé o una niña", set()),
        ("uno de los programas", set()),
        ("muchas veces", set()),
        ("de noche", set()),
        ("duplicación 15q", set()),
    ],
)
def test_spanish(text: str, wanted: Wanted) -> None:
    assert read(text, "es") == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("one month", "one year"),
        ("3 to 8 months", "3 to 9 months"),
        ("several minutes", "several hours"),
        ("six months", "sixteen months"),
        ("twice", "three times"),
    ],
)
def test_other_amounts_differ(one: str, other: str) -> None:
    assert amounts(one) != amounts(other)


def test_values_are_exact() -> None:
    assert amounts("0.1 of it") == {(Fraction(1, 10), None)}
