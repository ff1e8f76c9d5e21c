"""Reads a message for danger: the highest level that a rule finds and no plain context lowers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.text import MAX_TRIAGE_CHARS
from bot.triage.context import FICTION, RESOLVED, Context
from bot.triage.patterns import Parts
from bot.triage.rules import ACTIONS, KINDS, Hit, Rule, RuleBook, load_rules
from bot.triage.tokens import Tokens, tokenize

UNLESS_REACH = 8  # words
LEVELS = ("emergency", "crisis", "urgent")  # the highest first; routine is none of them


@dataclass(frozen=True)
class Finding:
    """What triage found in one message.

    Attributes:
        level: emergency, crisis, urgent or routine.
        kind: the kind of danger, whose text the family is told; None where routine.
        action: what to do first; None where routine.
        hits: the rules that fired, all levels, the deciding ones first.
        flags: contexts that lowered a sign: past, negated, other_person, hypothetical.
        also: ("crisis", kind) where child and caregiver are both in danger.
        lowered: signs that were found and lowered by their context.
        settled: the whole message is a reviewed phrase; no model is asked about it.
    """

    level: str
    kind: str | None
    action: str | None
    hits: tuple[Hit, ...] = ()
    flags: frozenset[str] = frozenset()
    also: tuple[str, str] | None = None
    lowered: tuple[Hit, ...] = ()
    settled: bool = False


class Triage:
    """The rule book, compiled once; `read` keeps no state and may be called from any thread."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book

    @classmethod
    def load(cls, folder: Path) -> Triage:
        """Triage from a `data/safety` folder.

        Raises:
            ContentError: a rule or the lexicon breaks its contract.
        """
        return cls(load_rules(folder))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the order of their files."""
        return self.book.rules

    def read(self, text: str) -> Finding:
        """The finding for a message; only its first 20,000 characters are read."""
        book = self.book
        tokens = tokenize(text[:MAX_TRIAGE_CHARS], book.spelling, book.breaks)
        whole = [book.rules[number] for number in book.whole.find(tokens)]
        hits = {rule.id: _hit(rule, tokens.text.strip()) for rule in whole}
        harmless = any(phrases.find(tokens) for phrases in book.harmless)
        found = book.matcher.find(tokens)
        if not found and not whole:
            return Finding("routine", None, None, settled=harmless)
        silencers = _silencers(found, book)
        context = Context(tokens, book.cues)
        lowered: dict[str, Hit] = {}
        flags: set[str] = set()
        for number, matches in found.items():
            rule = book.rules[book.owner[number][0]]
            if book.owner[number][1] or rule.id in hits:
                continue
            for parts in matches:
                if _silenced(parts, silencers.get(book.owner[number][0], ()), tokens):
                    continue
                found_in = context.of(parts, book.matcher.patterns[number].says_no)
                lowering = found_in & rule.lowered_by
                if FICTION in found_in and rule.level != "crisis":
                    lowering |= {"hypothetical"}
                if RESOLVED in found_in and rule.level == "emergency":
                    lowering |= rule.lowered_by & {"past"}
                first, last = min(p[0] for p in parts), max(p[1] for p in parts)
                hit = _hit(rule, tokens.span_text(first, last))
                if not lowering:
                    hits[rule.id] = hit
                    lowered.pop(rule.id, None)
                    break
                flags |= lowering
                lowered.setdefault(rule.id, hit)
        finding = _decide(list(hits.values()), tuple(lowered.values()), frozenset(flags))
        # What a pattern finds in it as well is not settled by the phrase.
        settled = bool(whole) or (harmless and not hits and not lowered)
        return replace(finding, settled=True) if settled else finding


def _hit(rule: Rule, text: str) -> Hit:
    return Hit(rule.id, rule.level, rule.kind, rule.action, text)


def _silencers(found: Mapping[int, list[Parts]], book: RuleBook) -> dict[int, list[Parts]]:
    """Rule number to the places where its `unless` patterns match."""
    places: dict[int, list[Parts]] = {}
    for number, matches in found.items():
        rule, unless = book.owner[number]
        if unless:
            places.setdefault(rule, []).extend(matches)
    return places


def _silenced(parts: Parts, places: Sequence[Parts], tokens: Tokens) -> bool:
    """True where an `unless` pattern stands in the sentence of a sign, a few words away.

    Never message-wide: a harmless phrase elsewhere must not hide a sign.
    """
    return any(
        tokens.sentence[part[0]] == tokens.sentence[span[0]]
        and max(part[0], span[0]) - min(part[1], span[1]) <= UNLESS_REACH
        for place in places
        for span in place
        for part in parts
    )


def _decide(hits: Sequence[Hit], lowered: tuple[Hit, ...], flags: frozenset[str]) -> Finding:
    """The highest level, its kind and first action; 911 goes before any other action."""
    if not hits:
        return Finding("routine", None, None, (), flags, None, lowered)
    level = next(name for name in LEVELS if any(hit.level == name for hit in hits))
    ranked = sorted(
        hits, key=lambda hit: (LEVELS.index(hit.level), KINDS[hit.level].index(hit.kind))
    )
    action = min((hit.action for hit in hits if hit.level == level), key=ACTIONS[level].index)
    crisis = [hit for hit in ranked if hit.level == "crisis"]
    also = ("crisis", crisis[0].kind) if level == "emergency" and crisis else None
    return Finding(level, ranked[0].kind, action, tuple(ranked), flags, also, lowered)
