"""Where the guided check goes after each message: the next question, a way out, or the end.

Every way through ends in what to do and how soon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.reply import Raised
from bot.spasm_check import SKIPPED, Guide, Reading, Said, simple

NOW = "check_now"
SINCE = "check_since"
# Messages in a row that are no answer, after which the check is put aside.
PATIENCE = 3
GRAVE = ("emergency", "crisis")
SPASMS = Raised("urgent", "spasms")
EMERGENCY = Raised("emergency", "general")


@dataclass(frozen=True)
class Heard:
    """A message in the middle of the check.

    Attributes:
        text: as written.
        topic: an information question that it surely asks, or None.
        asks_person: it asks for a person, or who we are.
        signal: the family's own word on a danger (`bot.urgency.Signals`), or "".
        danger: level that the rules or the learned voice give to the message.
        standing: urgency of the conversation before it.
    """

    text: str
    topic: str | None = None
    asks_person: bool = False
    signal: str = ""
    danger: str = "routine"
    standing: str = "routine"


@dataclass(frozen=True)
class Step:
    """What follows.

    Attributes:
        move: ask, held (ask again), aside (answer, then ask again), put_aside, left or end.
        slot: the open question; None where the check is over.
        answers: so far.
        held: messages in a row that were no answer.
        raised: the danger that the answers tell of.
        taken: the message was read as part of the check, so nothing else is read into it.
        fixed: it was a number or words of ours.
        answers_topic: the question that came between, or None.
    """

    move: str
    slot: str | None
    answers: Mapping[str, Said]
    held: int = 0
    raised: Raised | None = None
    taken: bool = True
    fixed: bool = False
    answers_topic: str | None = None


def telling(answers: Mapping[str, Said]) -> bool:
    """True unless every sign was plainly denied: what is unsure or skipped counts as seen."""
    looks = answers.get("check_looks", Said())
    denied = looks == Said(("none",)) and all(
        answers.get(slot) == Said(("no",))
        for slot in ("check_clusters", "check_waking", "check_lost")
    )
    now = answers.get(NOW, Said())
    return not denied or "now" in now.picks


def spoken(answers: Mapping[str, Said]) -> bool:
    """True where a sign was named."""
    looks = answers.get("check_looks", Said())
    seen = bool(looks.text) or bool(set(looks.picks) - {"none", "unsure", SKIPPED})
    rows = ("check_clusters", "check_waking", "check_lost")
    return seen or any(
        "yes" in said.picks or said.text for said in map(answers.get, rows) if said is not None
    )


def begin(guide: Guide, answers: Mapping[str, Said]) -> Step:
    """The first open question; a check that was put aside goes on where it was."""
    return _next(guide, dict(answers), "routine", fixed=True)


def advance(guide: Guide, slot: str, answers: Mapping[str, Said], held: int, heard: Heard) -> Step:
    """What follows a message while the question of `slot` is open."""
    reading = guide.read(slot, heard.text)
    before = {s: said for s, said in answers.items() if s != slot}
    raised = SPASMS if spoken(before) else None
    if heard.danger in GRAVE and not reading.fixed:
        # The danger is answered alone, and the question stays open. That the baby breathes well
        # holds no more: it is asked anew before the card is written.
        kept = before
        if heard.danger == "emergency":
            kept = {s: said for s, said in before.items() if s != NOW}
        return Step("held", slot, kept, held, taken=False)
    if reading.move == "leave":
        return Step("left", None, {}, raised=raised, fixed=reading.fixed)
    if reading.move == "again":
        return Step("ask", guide.slots[0], {}, fixed=True)
    if reading.move == "back":
        place = max(guide.slots.index(slot) - 1, 0)
        kept = {s: said for s, said in before.items() if s != guide.slots[place]}
        return Step("ask", guide.slots[place], kept, fixed=True)
    if reading.move == "skip":
        return _next(guide, {**before, slot: Said((SKIPPED,))}, heard.standing, fixed=True)
    aside = _aside(guide, slot, reading, heard)
    topic = heard.topic if aside == "aside" else None
    if aside:
        if held + 1 >= PATIENCE:
            taken = not heard.signal
            told = raised if taken else None
            return Step("put_aside", None, before, 0, told, taken, answers_topic=topic)
        return Step(aside, slot, before, held + 1, taken=False, answers_topic=topic)
    if slot == NOW and {"no", "unsure"} & set(reading.said.picks):
        # Not asked on: the same question is open when they come back.
        return Step("held", slot, before, held, EMERGENCY, taken=False)
    step = _next(guide, {**before, slot: reading.said}, heard.standing, fixed=reading.fixed)
    if slot == NOW and "now" in reading.said.picks:
        return Step(step.move, step.slot, step.answers, 0, SPASMS, fixed=True)
    return step


def _aside(guide: Guide, slot: str, reading: Reading, heard: Heard) -> str:
    """Why a message is no answer: "aside" asks something else, "held" is unclear; else ""."""
    if reading.move != "text":
        return "held" if reading.move == "held" else ""
    if heard.topic and (guide.asks(heard.text) or heard.asks_person):
        return "aside"
    if "?" in heard.text and not reading.said.picks:
        return "held"
    own_word = heard.signal in ("care_reached", "safe")
    if own_word or (heard.signal == "misunderstanding" and slot not in (NOW, SINCE)):
        return "held"
    # After a danger, "they are at the door" is no answer; "5 months" is.
    if heard.standing in GRAVE and not reading.said.picks and not re.search(r"\d", heard.text):
        return "held"
    return _unclear_breathing(guide, reading, heard) if slot == NOW else ""


def _unclear_breathing(guide: Guide, reading: Reading, heard: Heard) -> str:
    """About breathing nothing is guessed: what is no plain yes or no is asked again."""
    words, picks = guide.words, reading.said.picks
    plain = simple(heard.text)
    rest = plain.partition(" ")[2]
    if "yes" in picks:
        unclear = words["doubt"].search(plain) or words["denied"].search(plain)
        return "held" if unclear else ""
    if "no" in picks:
        return "held" if words["fine"].search(rest) and not words["denied"].search(rest) else ""
    return "" if picks or heard.signal == "misunderstanding" else "held"


def _next(guide: Guide, answers: dict[str, Said], standing: str, *, fixed: bool) -> Step:
    missing = next((slot for slot in guide.slots if slot not in answers), None)
    if missing:
        return Step("ask", missing, answers, fixed=fixed)
    danger = telling(answers) or standing != "routine"
    return Step("end", None, answers, raised=SPASMS if danger else None, fixed=fixed)
