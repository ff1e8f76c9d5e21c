"""The cues that contexts are read from: words and patterns of data/safety/rules/lexicon.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import ContentError
from bot.triage.patterns import Matcher, Span, compile_pattern
from bot.triage.tokens import Tokens

NEVER = frozenset(("never", "nunca"))
CUE_LISTS = (
    "past", "past_message", "present", "hypothetical", "question", "unreal", "unreal_strong",
    "own_child", "right_now", "resolved", "controlled", "persists", "fiction", "known_elsewhere",
    "other_child", "friends_child", "own_well", "season", "mended", "onward", "fright",
)  # fmt: skip
WORD_LISTS = (
    "negation",
    "negation_void",
    "free",
    "animal",
    "adult",
    "child",
    "present_verb",
    "subject",
)


@dataclass(frozen=True)
class Cues:
    """Cue patterns by list, in one matcher, and plain word lists."""

    matcher: Matcher
    lists: tuple[str, ...]  # pattern number to the name of its list
    negation: frozenset[str]
    negation_void: frozenset[str]
    free: frozenset[str]
    animal: frozenset[str]
    adult: frozenset[str]
    child: frozenset[str]
    present_verb: frozenset[str]
    subject: frozenset[str]

    def words(self) -> frozenset[str]:
        """Every word of the plain lists."""
        lists = (self.negation, self.negation_void, self.free, self.animal, self.adult, self.child)
        return frozenset().union(*lists, self.present_verb)

    def find(self, tokens: Tokens) -> dict[str, list[Span]]:
        """Cue spans in a message, by list."""
        found: dict[str, list[Span]] = {name: [] for name in CUE_LISTS}
        for number, matches in self.matcher.find(tokens).items():
            name = self.lists[number]
            for parts in matches:
                span = min(part[0] for part in parts), max(part[1] for part in parts)
                # "this is not a drill" is no drill, "never again" is not again.
                before = tokens.words[max(0, span[0] - 2) : span[0]]
                if name in ("present", "persists"):
                    if not NEVER.isdisjoint(before[-1:]):
                        continue
                elif name.startswith(("unreal", "fiction")) and self.negation.intersection(before):
                    continue
                found[name].append(span)
        return found


def load_cues(raw: Mapping[str, Any], classes: Mapping[str, frozenset[str]], where: str) -> Cues:
    """Cues of the lexicon.

    Raises:
        ContentError: a list is missing or of the wrong shape.
    """
    patterns, lists = [], []
    for name in CUE_LISTS:
        entries = raw.get(name)
        if not isinstance(entries, list):
            raise ContentError(f"{where}: cues field {name!r} must be a list.")
        patterns += [
            compile_pattern(str(entry), classes, f"{where}, cue {name}") for entry in entries
        ]
        lists += [name] * len(entries)
    words = {}
    for name in WORD_LISTS:
        if not isinstance(raw.get(name), str):
            raise ContentError(f"{where}: cues field {name!r} must be words in one string.")
        words[name] = frozenset(raw[name].split())
    return Cues(Matcher(patterns), tuple(lists), **words)
