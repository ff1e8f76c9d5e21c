"""Durations, ages and temperatures that people write in English or Spanish, read as numbers.

Works on folded text (`bot.text.fold`): lower case, no diacritics. Units: duration in seconds,
age in days, temperature in degrees Celsius. Every expression is bounded: time grows with length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["duration", "age", "temperature"]

NUMBER_WORDS: dict[str, float] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "ninety": 90, "couple": 2, "couple of": 2, "few": 3, "several": 4,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15,
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
}  # fmt: skip

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86400.0
UNITS: dict[str, float] = {
    "s": SECOND, "sec": SECOND, "secs": SECOND, "second": SECOND, "seconds": SECOND,
    "seg": SECOND, "segs": SECOND, "segundo": SECOND, "segundos": SECOND,
    "m": MINUTE, "min": MINUTE, "mins": MINUTE, "minute": MINUTE, "minutes": MINUTE,
    "minit": MINUTE, "minits": MINUTE, "minuet": MINUTE, "minuets": MINUTE, "minutos": MINUTE,
    "minuto": MINUTE, "mints": MINUTE, "minuts": MINUTE,
    "h": HOUR, "hr": HOUR, "hrs": HOUR, "hour": HOUR, "hours": HOUR, "hora": HOUR, "horas": HOUR,
    "d": DAY, "day": DAY, "days": DAY, "dia": DAY, "dias": DAY,
    "w": 7 * DAY, "wk": 7 * DAY, "wks": 7 * DAY, "week": 7 * DAY, "weeks": 7 * DAY,
    "semana": 7 * DAY, "semanas": 7 * DAY,
    "mo": 30.4 * DAY, "mos": 30.4 * DAY, "mth": 30.4 * DAY, "mths": 30.4 * DAY,
    "month": 30.4 * DAY, "months": 30.4 * DAY, "mes": 30.4 * DAY, "meses": 30.4 * DAY,
    "yr": 365 * DAY, "yrs": 365 * DAY, "year": 365 * DAY, "years": 365 * DAY,
    "ano": 365 * DAY, "anos": 365 * DAY, "yo": 365 * DAY,
}  # fmt: skip

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_UNITS = "|".join(sorted(UNITS, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?<![a-z0-9.:/])(?P<n>\d{{1,4}}(?:[.,]\d)?|(?:{_WORDS})(?= ))"
    r"(?: ?(?:-|to|or|a|o) ?\d{1,3})?"
    rf"[ -]?(?P<half>and a half |y media )?(?P<u>{_UNITS})(?![a-z0-9])"
    r"(?P<tail>[ -]?(?:and a half|n a half|y media))?(?P<old>[ -]?(?:old|de edad|de nacid[oa]))?"
)
_PHRASES = re.compile(
    r"(?<![a-z])(?:(?P<halfhour>half(?: an?)?[ -]hour|media hora)"
    r"|(?P<quarter>(?:a )?quarter (?:of an )?hour|(?:un )?cuarto de hora)"
    r"|(?P<hourhalf>(?:an? )?hour and a half|hora y media)"
    r"|(?P<newborn>new ?born|recien nacid[oa]|neonat[eo]|day[ -]old|(?<!\d[ -])month[ -]old"
    r"|mes y medio|(?:nacio|born) (?:el|on the) \d{1,2}(?:st|nd|rd|th)? (?:del|of)"
    r" (?:mes pasado|last month|this)))(?![a-z])"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2}):(\d{2})(?![\d:])"
    r"|(?:since|from|started at|desde las|empezo a las) (\d{1,2})"
    r"(?![\d:.]| ?(?:min|hour|day|week|mo|y))"
)
_TIMER = re.compile(
    r"(?:timer|stopwatch|clock|t ?\+|cronometro)[a-z ]{0,12}(\d{1,2}):(\d{2})(?!\d)"
)
_TEMPERATURE = re.compile(
    r"(?<![\d.,:/])(?P<n>\d{2,3}(?:[.,]\d{1,2})?)"
    r"(?: ?(?P<u>°|º|degrees?|deg|grados|[cf](?![a-z])))?"
    r"(?: ?(?:c|f|celsius|fahrenheit|centigrados)(?![a-z]))?(?![\d:/])"
)
_NOT_TEMPERATURE = re.compile(
    r" ?(?:%|mg|ml|kg|g|lbs?|oz|min|minute|sec|second|hr|hour|times|x"
    r"|day|week|month|year|cc|mmhg|over|breath"
    r"|bpm|a min|per|percent|percentile|cm|inches|miles|km|kilos|k|million"
    r"|veces|dias|meses|semanas|horas|dollars|units)s?(?![a-z])| ?spasm"
)
_SPOKEN_FEVER = re.compile(
    r"(?<![a-z])(?:thirty[ -](?:eight|nine)|treinta y (?:ocho|nueve))"
    r"(?= (?:and|y|point|punto|degrees|grados|de fiebre))"
)
_DECIMAL = re.compile(r"(?:3[89]|4[01]|10[0-6])[.,]\d")  # 38.6, 101.2: little else is written so
_FEVER_WORD = re.compile(
    r"fever|fevr|feaver|fevar|temp|febrile|thermomet|rectal|hot|burning|fiebre|calentura|termometro|caliente|armpit"
    r"|reads|warm|underarm|under the arm|axilar|calpol|tylenol|ibuprofen|motrin|acetaminophen"
    r"|paracetamol|a lot for"
)
_COLD = re.compile(r"(?:3[45]|9[456])[.,]\d")  # 35.2, 95.9: with a word of cold beside it
_COLD_WORD = re.compile(r"cold|warm|cool|chill|frio|fria|hela")
_NOT_AGE_BEFORE = re.compile(
    r"(?:for|last|past|in|after|since|every|within|next|about|over|por|hace|durante|cada|another"
    r"|en|desde|those|these|first|of|wait|waiting|age minus)"
    r"(?: the| like| about| only)? $"
)
_TURNS = re.compile(r"(?:she|he)(?: wi|')?ll be $|turns $|turned $|cumple $|cumplio $")
_NOT_AGE_AFTER = re.compile(
    r" ?(?:ago|of|on|later|now|in a row|straight|apart|since|post|after|into|clear|free"
    r"|without|out|before|wait|seizure|spasm|supply|course|left|to go"
    r"|running|long|stay|trial|off|from now)"
)


@dataclass(frozen=True)
class Value:
    """One value: kind, amount (seconds, days or degrees Celsius), character span in folded text."""

    kind: Kind
    amount: float
    start: int
    end: int


def _number(text: str) -> float:
    return NUMBER_WORDS[text] if text in NUMBER_WORDS else float(text.replace(",", "."))


def _quantities(text: str) -> list[Value]:
    """Durations and ages written as a number and a unit."""
    found = []
    for match in _QUANTITY.finditer(text):
        unit = match["u"]
        if len(unit) == 1 and not match["n"][0].isdigit():
            continue  # "a s", "a d": letters, not a unit
        seconds = _number(match["n"]) * UNITS[unit]
        if match["half"] or match["tail"]:
            seconds += UNITS[unit] / 2
        born = (
            text[max(0, match.start() - 14) : match.start()]
            .rstrip()
            .endswith(("born", "nacio hace"))
        )
        turns = UNITS[unit] > DAY and bool(_TURNS.search(text[: match.start()][-12:]))
        if match["old"] or turns or (born and UNITS[unit] >= DAY) or _reads_as_age(text, match):
            found.append(Value("age", seconds / DAY, match.start(), match.end()))
        else:
            found.append(Value("duration", seconds, match.start(), match.end()))
    return found


def _reads_as_age(text: str, match: re.Match[str]) -> bool:
    """True where days, weeks, months or years stand as an age without the word "old"."""
    if UNITS[match["u"]] < DAY or match["n"] in ("few", "several", "couple", "couple of", "once"):
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    after = text[match.end() : match.end() + 16]
    return not _NOT_AGE_BEFORE.search(before) and not _NOT_AGE_AFTER.match(after)


def _phrases(text: str) -> list[Value]:
    fixed = {"halfhour": 30 * MINUTE, "quarter": 15 * MINUTE, "hourhalf": 90 * MINUTE}
    found = []
    for match in _PHRASES.finditer(text):
        name = match.lastgroup or ""
        if name == "newborn":
            found.append(Value("age", 14.0, match.start(), match.end()))
        else:
            found.append(Value("duration", fixed[name], match.start(), match.end()))
    return found


def _clocks(text: str) -> list[Value]:
    """A timer's reading, or the time between two clock times at most three hours apart."""
    found = []
    for match in _TIMER.finditer(text):
        seconds = int(match[1]) * MINUTE + int(match[2])
        found.append(Value("duration", seconds, match.start(1), match.end(2)))
    if found:
        return found
    times = [
        (int(m[1] or m[3]) * 60 + int(m[2] or 0), m)
        for m in _CLOCK.finditer(text)
        if int(m[2] or 0) < 60
    ]
    for (first, _), (second, match) in zip(times, times[1:], strict=False):
        gap = (second - first) % 720
        if 0 < gap <= 180:
            found.append(Value("duration", gap * MINUTE, match.start(), match.end()))
    return found


def _temperatures(text: str) -> list[Value]:
    """Body temperatures; a bare number needs a word of fever near it, or to stand alone."""
    found = [
        Value("temperature", 38.0 + ("nin" in match[0] or "nueve" in match[0]), *match.span())
        for match in _SPOKEN_FEVER.finditer(text)
    ]
    alone = not re.search("[a-z]", text)
    for match in _TEMPERATURE.finditer(text):
        number = float(match["n"].replace(",", "."))
        celsius = (
            number if 34 <= number <= 43 else (number - 32) / 1.8 if 94 <= number <= 109 else 0
        )
        if not celsius or _NOT_TEMPERATURE.match(text[match.end() : match.end() + 8]):
            continue
        near = text[max(0, match.start() - 45) : match.end() + 30]
        price = text[match.start() - 1 : match.start()] == "$"
        decimal = not price and bool(_DECIMAL.fullmatch(match["n"]))
        cold = not price and bool(_COLD.fullmatch(match["n"]) and _COLD_WORD.search(near))
        if match["u"] or alone or decimal or cold or _FEVER_WORD.search(near):
            found.append(Value("temperature", round(celsius, 2), match.start(), match.end()))
    return found


def read_values(text: str) -> list[Value]:
    """Values in folded text, by position; where two overlap, the first reading wins."""
    candidates = _phrases(text) + _clocks(text) + _quantities(text) + _temperatures(text)
    kept: list[Value] = []
    last_end = -1
    for value in sorted(candidates, key=lambda v: (v.start, -v.end)):
        if value.start >= last_end:
            kept.append(value)
            last_end = value.end
    return kept


def tags(value: Value) -> frozenset[str]:
    """Names that rules use for a value: thresholds of the safety policy.

    #dur, #dur10s (10 s to 5 min), #dur5m (5 min or more), #dur1h; #durlong (two
    weeks or more); #age, #newborn (under 3 months:
    "2 months or younger" as people count months), #years (two years or more);
    #temp, #cold (under 36 °C), #warm (37.5 °C or more), #fever (38 °C, 100.4 °F, or more).
    """
    if value.kind == "duration":
        names = {"#dur"}
        if 8 * SECOND <= value.amount < 5 * MINUTE:
            names.add("#dur10s")
        if 5 * MINUTE <= value.amount < 2 * DAY:
            names.add("#dur5m")
        if HOUR <= value.amount < 2 * DAY:
            names.add("#dur1h")
        if value.amount >= 14 * DAY:
            names.add("#durlong")
    elif value.kind == "age":
        names = {"#age", "#newborn"} if value.amount < 91 else {"#age"}
        if value.amount >= 2 * 365:
            names.add("#years")
    else:
        names = {"#temp", "#fever"} if value.amount >= 37.99 else {"#temp"}
        if value.amount >= 37.5:
            names.add("#warm")
        elif value.amount < 36:
            names.add("#cold")
    return frozenset(names)
