"""Red-flag rules as data: loaded from `data/safety`, checked field by field.

One rule is one clinical sign, its patterns, its own examples and near-misses, and its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import Review, read_review, read_yaml, require
from bot.errors import ContentError
from bot.triage.context import CONTROLLED
from bot.triage.cues import Cues, load_cues
from bot.triage.patterns import Matcher, Pattern, compile_pattern, expand
from bot.triage.tokens import Spelling
from bot.triage.whole import WholeMessages, forms

KINDS: dict[str, tuple[str, ...]] = {
    "emergency": (
        "choking", "not_breathing", "shaken", "seizure", "unresponsive", "poisoning", "injury",
        "medical", "fever_newborn", "general",
    ),
    "crisis": ("harm_child", "self_harm", "confusion", "violence", "overwhelmed"),
    "urgent": (
        "relapse", "spasms", "lost_skills", "steroid_sign", "missed_medicine", "vigabatrin_sign",
        "keto_sign", "help", "general",
    ),
}  # fmt: skip
ACTIONS: dict[str, tuple[str, ...]] = {
    "emergency": ("call_911", "emergency_department", "poison_help"),
    "crisis": ("call_911", "call_988"),
    "urgent": ("emergency_department", "call_team_today"),
}
CONTEXTS = ("negated", "past", "hypothetical", "other_person")
MIN_EXAMPLES = 6


@dataclass(frozen=True)
class Rule:
    """A red flag: what it means, what to do, and the patterns that show it.

    `whole` are messages that say this and nothing more (bot.triage.whole).
    """

    id: str
    level: str
    kind: str
    action: str
    lang: str
    sign: str
    patterns: tuple[Pattern, ...]
    whole: tuple[str, ...]
    unless: tuple[Pattern, ...]
    lowered_by: frozenset[str]
    examples: tuple[str, ...]
    not_examples: tuple[str, ...]
    source: str
    review: Review


@dataclass(frozen=True)
class Harmless:
    """Whole messages that a model alone may not call dangerous; any rule still does.

    `plea` holds where "what do I do" beside it makes it no more ("no insurance, what do I do").
    """

    id: str
    why: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    not_examples: tuple[str, ...]
    review: Review
    plea: bool = False


@dataclass(frozen=True)
class Hit:
    """A rule that matched: its id, level, kind and action, and the folded text that matched."""

    rule: str
    level: str
    kind: str
    action: str
    text: str


@dataclass(frozen=True)
class RuleBook:
    """Everything that triage reads from `data/safety`: rules, cues, spelling, one matcher."""

    rules: tuple[Rule, ...]
    cues: Cues
    spelling: Spelling
    breaks: frozenset[str]
    sources: frozenset[str]
    matcher: Matcher
    owner: tuple[tuple[int, bool], ...]  # pattern number to (rule number, is an `unless`)
    whole: WholeMessages  # of rules, by their number
    harmless: tuple[WholeMessages, ...]


def load_rules(folder: Path) -> RuleBook:
    """The rule book of a `data/safety` folder.

    Raises:
        ContentError: a file, field, class, source or id is missing, wrong or doubled.
    """
    sources = load_sources(folder / "sources.yml")
    path = folder / "rules" / "lexicon.yml"
    lexicon = read_yaml(path)
    classes = _classes(require(lexicon, "classes", dict, path), path)
    cues = load_cues(require(lexicon, "cues", dict, path), classes, str(path))
    rules: list[Rule] = []
    for file in sorted((folder / "rules").glob("*_*.yml")):
        raw = require(read_yaml(file), "rules", list, file)
        rules.extend(_rule(entry, classes, sources, file) for entry in raw)
    if not rules:
        raise ContentError(f"{folder / 'rules'} holds no rules.")
    doubled = {rule.id for rule in rules if sum(other.id == rule.id for other in rules) > 1}
    if doubled:
        raise ContentError(f"{folder / 'rules'}: field 'id' is used twice: {sorted(doubled)}.")
    patterns, owner = [], []
    for number, rule in enumerate(rules):
        patterns += [*rule.patterns, *rule.unless]
        owner += [(number, False)] * len(rule.patterns) + [(number, True)] * len(rule.unless)
    matcher = Matcher(patterns)
    known = matcher.vocabulary() | cues.matcher.vocabulary() | cues.words()
    for words in classes.values():
        known |= words
    spelling = Spelling(
        _variants(lexicon, path),
        require(lexicon, "danger", list, path),
        require(lexicon, "keep", list, path),
        known,
    )
    breaks = frozenset(require(lexicon, "breaks", list, path))
    courtesy = frozenset(require(lexicon, "courtesy", str, path).split())
    said = [
        forms(str(text), spelling, classes, str(path))
        for text in require(lexicon, "aside", list, path)
    ]
    aside = frozenset(form for one in said for form in one)
    outcry = frozenset(require(lexicon, "outcry", str, path).split())
    whole = WholeMessages(courtesy | outcry, aside)
    for number, rule in enumerate(rules):
        whole.add(number, rule.whole, spelling, classes, f"rule {rule.id!r}")
    # "She is asleep, what do I do", "urgent, he is asleep": somebody who asks for help fears more.
    harmless = WholeMessages(courtesy), WholeMessages(courtesy, aside)
    for entry in load_harmless(folder / "harmless.yml"):
        harmless[entry.plea].add(0, entry.phrases, spelling, classes, f"harmless.yml, {entry.id!r}")
    return RuleBook(
        tuple(rules), cues, spelling, breaks, sources, matcher, tuple(owner), whole, harmless
    )


def load_harmless(path: Path) -> tuple[Harmless, ...]:
    """What says nothing of danger where it is all that a message says.

    Raises:
        ContentError: a field is missing or of the wrong shape.
    """
    entries = []
    for raw in require(read_yaml(path), "harmless", list, path):
        name = require(raw, "id", str, path)
        where = f"{path}, {name!r}"
        phrases, examples, not_examples = (
            tuple(str(item) for item in require(raw, field, list, where))
            for field in ("phrases", "examples", "not_examples")
        )
        why, review = require(raw, "why", str, where), read_review(raw, where)
        plea = require(raw, "plea", bool, where) if "plea" in raw else False
        entries.append(Harmless(name, why, phrases, examples, not_examples, review, plea))
    return tuple(entries)


def load_sources(path: Path) -> frozenset[str]:
    """Ids of the public sources that rules may name.

    Raises:
        ContentError: a source lacks a field.
    """
    ids = []
    for entry in require(read_yaml(path), "sources", list, path):
        name = require(entry, "id", str, path)
        for field in ("publisher", "title", "url", "read", "supports"):
            require(entry, field, str, f"{path}, source {name!r}")
        ids.append(name)
    return frozenset(ids)


def _variants(lexicon: Any, path: Path) -> dict[str, str]:
    """Written form to what is read; the file groups forms under what they mean."""
    variants: dict[str, str] = {}
    for read, written in require(lexicon, "spelling", dict, path).items():
        for form in str(written).split():
            if variants.setdefault(form, str(read)) != str(read):
                raise ContentError(f"{path}, spelling: {form!r} stands for two things.")
    return variants


def _classes(raw: Mapping[str, Any], path: Path) -> dict[str, frozenset[str]]:
    """Word classes; a class may name another with `@NAME` if that stands above it."""
    classes: dict[str, frozenset[str]] = {}
    for name, words in raw.items():
        where = f"{path}, class {name!r}"
        if not isinstance(words, str):
            raise ContentError(f"{where}: must be words in one string.")
        members: set[str] = set()
        for word in words.split():
            members |= expand(word, classes, where)
        classes[name] = frozenset(members)
    return classes


def _rule(
    raw: Any, classes: Mapping[str, frozenset[str]], sources: frozenset[str], path: Path
) -> Rule:
    name = require(raw, "id", str, path)
    where = f"{path}, rule {name!r}"
    level, kind, action = (require(raw, field, str, where) for field in ("level", "kind", "action"))
    if level not in KINDS:
        raise ContentError(f"{where}: field 'level' is {level!r}, not one of {sorted(KINDS)}.")
    if kind not in KINDS[level]:
        raise ContentError(f"{where}: field 'kind' is {kind!r}, not one of {KINDS[level]}.")
    if action not in ACTIONS[level]:
        raise ContentError(f"{where}: field 'action' is {action!r}, not one of {ACTIONS[level]}.")
    source = require(raw, "source", str, where)
    if source not in sources:
        raise ContentError(f"{where}: field 'source' {source!r} is not in sources.yml.")
    lists = {
        field: tuple(str(item) for item in require(raw, field, list, where))
        for field in ("patterns", "examples", "not_examples")
    }
    for field in ("examples", "not_examples"):
        if len(lists[field]) < MIN_EXAMPLES:
            raise ContentError(f"{where}: field {field!r} needs {MIN_EXAMPLES} or more.")
    lowered_by = raw.get("lowered_by", list(CONTEXTS))
    if not set(lowered_by) <= {*CONTEXTS, CONTROLLED}:
        raise ContentError(
            f"{where}: field 'lowered_by' may hold only {CONTEXTS} and {CONTROLLED}."
        )
    return Rule(
        name,
        level,
        kind,
        action,
        require(raw, "lang", str, where),
        require(raw, "sign", str, where),
        tuple(compile_pattern(text, classes, where) for text in lists["patterns"]),
        tuple(str(text) for text in raw.get("whole", [])),
        tuple(compile_pattern(str(text), classes, where) for text in raw.get("unless", [])),
        frozenset(lowered_by),
        lists["examples"],
        lists["not_examples"],
        source,
        read_review(raw, where),
    )
