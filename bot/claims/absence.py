"""Does the page leave out what it is said to leave out?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.claims.amounts import claimed_amounts
from bot.claims.judge import Found, Judge
from bot.claims.lexicon import Token

ON_PAGE = "on the page"
QUESTION_OF_AMOUNT = re.compile(
    r"\b(?:how (?:long|many|much|old|often|soon)|when|what age|at what|the age|age|duration"
    r"|length|number|cuant[oa]s?|cuando|edad|a que|duracion)\b"
)
HOW_MANY = re.compile(
    r"\bhow many (?!(?:second|minute|hour|day|week|month|year)s\b)|\bcuant[oa]s (?!mes|ano|dia)"
)
ROUTE_ASKED = re.compile(r"\b(?:given|taken|administered|done|treated|diagnosed|used|tom\w+|da)\b")
SIZE_ASKED = re.compile(
    r"\b(?:how (?:long|many|much|old|often|soon)|when|(?:at )?what age|the (?:age|length"
    r"|duration|number)(?: of)?|lasts?|takes?|goes? on|long|start(?:s|ed)?(?= at)|cuant[oa]s?"
    r"|cuando|duran?|edad)\b"
)
# The page gives no dose of anything, and compares nothing.
NEVER_SAID = re.compile(
    r"\bhow much\b|\bdos(?:es?|ages?|ing|is)\b"
    r"|\b(?:compar\w+|better|best|worse|safer|stronger|cheaper|more (?:effective|often|common)"
    r"|which (?:one )?works)\b"
)
OTHER_TESTS = re.compile(
    r"\b(?:other|further|additional|remaining|more|otras) (?:tests?|exams?|pruebas)\b"
)
QUESTION_OF_LIST = re.compile(
    r"\b(?:which|what|the names?|list|ones?|examples?|cuales?|que|nombres?)\b"
)


def found_on_page(
    text: str, before: str, left_out: str, carried: Sequence[Token], judge: Judge
) -> Found | None:
    """The piece of the page that says what a sentence says it leaves out, or None.

    Args:
        text: the sentence, folded.
        before: what the sentence says first ("other tests are done, but ...").
        left_out: what the page is said to leave out.
        carried: what "it" in the sentence stands for.
        judge: holds the page.
    """
    asks_amount = QUESTION_OF_AMOUNT.search(left_out)
    asks_count = HOW_MANY.search(left_out)
    about = [
        t
        for t in judge.lexicon.read(SIZE_ASKED.sub(" ", left_out) if asks_amount else left_out)
        if t.concepts
    ]
    if not [t for t in about if t.name not in judge.lexicon.topic]:
        about += [t for t in judge.lexicon.read(before) if t.concepts]
    needed = [
        *(t for t in about if t.name not in judge.lexicon.topic),
        *carried,
    ]
    if not (about or carried) or NEVER_SAID.search(text if "compar" in text else left_out):
        return None
    named = left_out if about else f"{before} {left_out}"
    if OTHER_TESTS.search(named):
        return None  # the page's list of them is empty
    how = re.match(r"(?:how|why|whether|if|por que|si|como)\b", left_out)
    if not needed and re.search(r"\bhow (?:many|common|often)\b|\bcuant[oa]s\b", left_out):
        return None  # how many children have it
    bare = len(needed) == 1 and needed[0].name and not asks_amount
    if how and bare and not ROUTE_ASKED.search(left_out):
        return None  # how or why it is so: that it is, is another matter
    units = {u for _, u in claimed_amounts(left_out, judge.lexicon.lang) if u}
    backing = [
        window
        for window in judge.evidence.windows
        if all(judge.stands(token, window, frozenset()) for token in needed)
        and (not asks_amount or window.amounts)
        and (not asks_count or any(unit is None for _, unit in window.amounts))
        and all(u in {unit for _, unit in window.amounts} for u in units)
    ]
    if not backing:
        return None
    # "Which" is left open by a list without items and by "certain criteria".
    left_open = any(w in judge.evidence.empty for w in backing) or (
        re.search(r"\b(?:which|criteria|qualif\w+|cuales|que ninos)\b", left_out) is not None
        and any(re.search(r"\bcertain criteria|\bciertos criterios", w.own) for w in backing)
    )
    if left_open and (QUESTION_OF_LIST.search(text) or "criteria" in left_out):
        return None
    window = min(backing, key=lambda w: w.end - w.start)
    return Found(window, 1.0, (ON_PAGE,))
