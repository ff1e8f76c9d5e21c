"""One claim against every piece of the page.

A claim stands where all its words stand in one piece (`bot.claims.evidence`) with the same
sign, and no rule (`bot.claims.twists`) finds that they were put together in another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.claims.amounts import claimed_amounts
from bot.claims.evidence import Evidence, Window
from bot.claims.lexicon import Concept, Lexicon, Token
from bot.claims.twists import DRUG, MISSING, REVERSED, routes_of, twists
from bot.text import fold

# What a fault takes off the score of a piece of the page, beside its neighbours.
LOOKED_AT = 8  # pieces of the page whose twists are looked for, though words are missing
BORROWED = 0.6  # worth of a word that only another way to say it has
NEARER = 1.0  # how much nearer a piece that denies the claim must be than one that backs it
COST = {DRUG: 1.0, MISSING: 0.55}
SUBJECTS = frozenset({"drug", "test", "service", "disease", "person"})
ADVISED = frozenset({"video", "expert"})
VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|can|may|might|will|does|do|did|gets?|needs?|causes?"
    r"|lasts?|takes?|treats?|helps?|starts?|begins?|includes?|offers?|provides?|uses?|checks?"
    r"|monitors?|shows?|tends?|comes?|goes|looks?|appears?|affects?|resolves?|carries|gives?"
    r"|supports?|works?|watch(?:es)?|diagnoses?|finds?|detects?|happens?|occurs?|es|son|esta"
    r"|estan|tiene|tienen|puede|pueden|dura|duran|causa|causan|hace|hacen|suelen|incluye|se)\b"
)
JOINTS = re.compile(
    r", while |[,;:]? \b(?:and|but|whereas|although|though|which|or|y|pero|mientras|aunque)\b "
    r"|[;,:] | \("
)
# A condition or a reason belongs to what it is said of.
BOUND = re.compile(r"^\W*(?:when|if|unless|because|since|so|until|cuando|si|porque)\b")


@dataclass(frozen=True)
class Found:
    """How well one piece of the page backs a claim; no reasons where it does."""

    window: Window
    score: float
    reasons: tuple[str, ...]


class Judge:
    """Checks sentences of one language."""

    def __init__(self, evidence: Evidence, lexicon: Lexicon) -> None:
        self.evidence = evidence
        self.lexicon = lexicon
        page = evidence.page
        self._routes = routes_of(fold(page.text), lexicon)
        listed = [p.text for p in page.passages if len(p.path) == 2 and p.path[1] in page.headings]
        self._causes = frozenset(
            name for text in listed for name in lexicon.glossary.classes_within(text)
        ) - {"infantile epileptic spasms syndrome", "epilepsy"}

    @cached_property
    def _rarity(self) -> dict[str, float]:
        count: dict[str, int] = {}
        for window in self.evidence.windows:
            for head in {head for head, _ in window.meant}:
                count[head] = count.get(head, 0) + 1
        return {head: 1 / n**0.5 for head, n in count.items()}

    def quote(self, window: Window) -> str:
        """The page's own words of a window."""
        return self.evidence.page.text[window.start : window.end]

    def stands(self, token: Token, window: Window, core: frozenset[Concept]) -> int:
        """1 where the window says the token, -1 where it says its opposite, else 0.

        The sentence that the claim is nearest to (`core`) decides before its neighbours.
        """
        if token.name in self.lexicon.topic:
            return 1
        if token.name and token.name in window.names:
            sides = {sign for head, sign in window.meant if head == token.name}
            return 1 if (-1 if token.denied else 1) in (sides or {1}) else -1
        if token.name:
            kind = self.lexicon.glossary.kinds[token.name]
            if kind in {"drug", "disease", "person"} and token.name not in self.lexicon.loose:
                return 0
            parts = [self.stands(part, window, core) for part in token.parts if part.concepts]
            return min(parts, key=abs, default=0) if 0 in parts else min(parts, default=0)
        heads = {head for head, _ in token.concepts}
        if any(head in heads for head, _ in core):
            return 1 if token.meant & core else -1
        if token.meant & window.meant:
            return 1
        return -1 if any(head in heads for head, _ in window.meant) else 0

    def _core(self, content: Sequence[Token], window: Window) -> frozenset[Concept]:
        """Concepts of that sentence of a window which has most of the claim's words."""
        heads = {head for t in content for part in (t, *t.parts) for head, _ in part.concepts}
        said = window.sentences
        if len(said) < 2 or window.items:
            return said[0] if said and not window.items else frozenset()
        return max(said, key=lambda concepts: len(heads & {head for head, _ in concepts}))

    def _against(self, text: str, tokens: Sequence[Token], window: Window) -> Found:
        """A claim against one window."""
        content = [t for t in tokens if t.concepts]
        core = self._core(content, window)
        stands = {id(t): self.stands(t, window, core) for t in content}
        own = [t for t in content if t.name not in self.lexicon.topic]
        score = sum(self._worth(t, window) for t in own if stands[id(t)])
        stated = claimed_amounts(text, self.lexicon.lang)
        score += 0.7 * len(stated & window.amounts)
        reasons: list[str] = []
        if spare := self._excused(own, stands, window):
            stands[id(spare)] = 1
        for token in own:
            if stands[id(token)] == 0:
                drug = token.name and self.lexicon.glossary.kinds[token.name] == "drug"
                reasons.append(DRUG if drug else MISSING)
        reasons += self._other_person(own, window)
        for clause in {t.clause for t in tokens}:
            inside = [t for t in own if t.clause == clause]
            scope = [t for t in inside if t.denied]
            anchored = any(stands[id(t)] == 1 for t in scope)
            said = any(t.denied and not t.concepts for t in tokens if t.clause == clause)
            opposite = any(stands[id(t)] == -1 for t in inside)
            if (scope or said or opposite) and not anchored:
                reasons.append(REVERSED)
        about_causes = {("common", 1), ("cause", 1)} <= window.meant
        heads = {head for t in content for part in (t, *t.parts) for head, _ in part.concepts}
        if about_causes and "common" in heads and "cause" not in heads:
            reasons.append(REVERSED)  # a cause is common, not what it causes
        if not own and not stated & window.amounts:
            reasons.append(MISSING)
        return Found(window, score, tuple(reasons))

    def _worth(self, token: Token, window: Window) -> float:
        """How much a matched word tells: a rare one more, one of the page's own more."""
        heads = {head for head, _ in token.concepts}
        rarity = max(self._rarity.get(head, 0.2) for head in heads)
        own = heads | {head for part in token.parts for head, _ in part.concepts}
        return rarity if own & window.heads else BORROWED * rarity

    def _excused(
        self, own: Sequence[Token], stands: Mapping[int, int], window: Window
    ) -> Token | None:
        """The one word of turning a phrase that may stand beside two words of the page."""
        missing = [t for t in own if stands[id(t)] == 0]
        if len(missing) != 1 or window.items or len(own) < 3 or missing[0].denied:
            return None
        heads = {head for head, _ in missing[0].concepts}
        return missing[0] if heads & self.lexicon.soft and not missing[0].name else None

    def _other_person(self, own: Sequence[Token], window: Window) -> Iterator[str]:
        """Who does something must stand in the very sentence that tells of it."""
        kinds = self.lexicon.glossary.kinds
        people = {t.name for t in own if t.name and kinds[t.name] == "person"}
        if not people or window.items:
            return
        rest = [t for t in own if t.name not in people and not t.name]
        for said, named in zip(window.sentences, window.named, strict=True):
            if people <= named and all(t.meant & said for t in rest):
                return
        yield MISSING

    def best(self, text: str, carried: Sequence[Token] = ()) -> Found:
        """The piece of the page that backs a claim best, or comes nearest to it."""
        text = self.lexicon.rewritten(text)
        tokens = [*self.lexicon.read(text), *carried]
        found = [self._against(text, tokens, window) for window in self.evidence.windows]
        found.sort(key=_rank, reverse=True)
        found = [
            replace(f, reasons=f.reasons + tuple(self._twists(text, f.window)))
            if n < LOOKED_AT or not f.reasons
            else f
            for n, f in enumerate(found)
        ]
        best = max(found, key=_rank)
        nearest = max(found, key=lambda f: f.score)
        if nearest.reasons == (REVERSED,) and nearest.score > NEARER * best.score:
            best = nearest
        if not best.window.items:
            return best
        shown = max((f for f in found if not f.window.items), key=lambda f: f.score)
        return replace(best, window=shown.window)

    def _twists(self, text: str, window: Window) -> Iterator[str]:
        return twists(text, window, self.lexicon, self._routes, self._causes)

    def subject(self, text: str) -> tuple[Token, ...]:
        """What "it" in the next sentence or clause stands for: the first name, if any.

        What the whole page is about needs no carrying.
        """
        for token in self.lexicon.read(text):
            if token.name and self.lexicon.glossary.kinds[token.name] in SUBJECTS:
                about = token.name in self.lexicon.topic
                return () if about else (replace(token, denied=False, clause=-1),)
        return ()

    def forbids(self, text: str) -> bool:
        """True where a text denies what the page advises: "Parents should not film."""
        return any(
            t.denied and ADVISED & {head for head, _ in t.concepts} for t in self.lexicon.read(text)
        )

    def _splits(self, text: str) -> Iterator[list[str]]:
        cuts = [
            m
            for m in JOINTS.finditer(text)
            if VERB.search(text[: m.start()]) and VERB.search(text[m.end() :])
            if not BOUND.search(text[: m.start()]) and not BOUND.search(text[m.end() :])
        ]
        if len(cuts) > 1:
            ends = [0, *(m.end() for m in cuts)]
            starts = [*(m.start() for m in cuts), len(text)]
            parts = [text[a:b] for a, b in zip(ends, starts, strict=True)]
            if all(VERB.search(part) for part in parts):
                yield parts
        for cut in cuts:
            yield [text[: cut.start()], text[cut.end() :]]

    def claim(self, text: str, carried: Sequence[Token] = ()) -> Found:
        """The verdict on a claim: as a whole, else clause by clause."""
        whole = self.best(text, carried)
        if not whole.reasons:
            return whole
        folded = self.lexicon.rewritten(text)
        for parts in self._splits(folded):
            found: list[Found] = []
            before = tuple(carried)
            for part in parts:
                kinds = {self.lexicon.glossary.kinds[name] for name in self.lexicon.names(part)}
                found.append(self.best(part, () if kinds & SUBJECTS and found else before))
                before = self.subject(part) or before
            # One text is one fact: a twist of the whole is not undone by cutting it up.
            if all(not f.reasons for f in found):
                return max(found, key=lambda f: f.score)
        return whole


def _rank(found: Found) -> tuple[bool, float, int]:
    width = found.window.end - found.window.start
    cost = sum(COST.get(reason, 0.45) for reason in found.reasons)
    return not found.reasons, found.score - cost, -width
