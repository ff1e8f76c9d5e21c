"""The questions in a message that asks more than one.

"What is an EEG and does it hurt" asks two things; "she is 6 months, does it hurt?" asks one, and
the story before it is left out. Whether a part is a question of its own, the classifier's
confidence decides in the end (`bot.decide.two_questions`).
"""

from __future__ import annotations

import re

from bot.text import fold

# Each part costs a pass through the encoder, and a family reads no more than two answers.
MOST = 4
SHORTEST = 2  # words; "why" alone leans on what stands before it
LIST = 8  # words; a message as short as "causes and treatment" may be a list of topics

# How a question begins, in folded text.
OPENER = (
    r"(?:what|whats|wut|wat|how|hw|hows|when|whens|where|wheres|why|who|whos|which|is|are|r|am|was"
    r"|do|does|did|dont|can|could|will|would|should|has|have|any|if|tell me|explain"
    r"|que|q|cual|cuales|cuanto|cuanta|cuantos|cuantas|cuando|donde|como|quien|quienes|por que|xq"
    r"|para que|puede|pueden|puedo|hay|tiene|tienen|debo|deberia|sirve|duele|es|son|si|me puede"
    r"|quisiera|quiero saber|digame|expliqueme)\b"
)
SENTENCE = re.compile(r"(?<=[?!.;])(?<!\b[ds]r\.)(?<!\bst\.)\s+|(?<=[?])(?=\w)")
JOINED = re.compile(
    rf"\s*(?:[,&]|\b(?:and|also|plus|then|n|nd|y|e|tambien|ademas)\b)[\s,]*"
    rf"(?:(?:and|also|then|y|tambien|ademas)\s+)*(?={OPENER})"
    r"|\s+(?:and|also|plus|&|n|nd|y|tambien|ademas)\s+"
)
LEADS_IN = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|also|but|please|sorry|then|plus|hola|bueno|y|pero|tambien"
    r"|ademas|entonces|oiga|disculpe|perdon)[\s,.!]+)+"
)
STARTS = re.compile(rf"^[¿\s]*{OPENER}")
PAUSE = re.compile(r"[,;.]\s*|\s(?:and|but|so|y|pero|entonces)\s")
# Without a question mark "when he wakes he drops his head" and "tiene tirones" are statements.
UNMARKED = re.compile(
    r"(?:(?:what|whats|wut|wat|how|hows|where|wheres|why|who|whos|which|can|could|will|would|should"
    r"|do|does|did|any|tell me|explain|cual|cuales|cuant[oa]s?|donde|quien|quienes|por que|xq"
    r"|para que|puede|pueden|puedo|debo|deberia|sirve|me puede|quisiera saber|quiero saber|digame"
    r"|expliqueme)\b|(?:que|q) (?!se|me|te|le|les|lo|la|los|las|no|ya|si|el|ella)\b)"
)
# What asks wherever it stands: "in plain words what is it". "Who" and "que" mostly join.
ASKS = re.compile(
    r"\b(?:what|whats|wut|how|hows|why|cual|cuales|cuant[oa]s?|(?:a|con|de|en) (?:que|q|quien))\b"
)
# "Tiene 14 meses", "is 6 months old": it begins like a question and tells an age.
AGE = re.compile(
    r"(?:tiene|is|hes|shes|has) (?:like |almost |about |como |casi )?(?:\d+|[a-z]+)\s*"
    r"(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|dias?|semanas?|meses|anos?)(?: old)?[.,;!\s]*"
)
# "The clinic, what is it": it stands in another part.
POINTER = re.compile(
    r"(?:what|que|q|cual|como) (?:is|are|es|son)(?: it| that| this| they| eso)?\W*"
)


def is_question(text: str) -> bool:
    """Whether a message, or a part of it, is shaped like a question.

    Args:
        text: cleaned (`bot.text.clean`).
    """
    if re.search("[?¿]", text):
        return True
    parts = (part for s in SENTENCE.split(fold(text)) for part in PAUSE.split(s))
    return any(UNMARKED.match(LEADS_IN.sub("", part.strip(" ,;-"))) for part in parts)


def questions(text: str) -> tuple[str, ...]:
    """The parts of a message that may each be a question, in order; none where it asks one.

    Args:
        text: cleaned (`bot.text.clean`).

    Returns:
        At most `MOST` parts, each as it reads when folded (`bot.text.fold`).
    """
    found: list[str] = []
    listed: list[str] = []
    marks = "?" in text
    for sentence in SENTENCE.split(fold(text)):
        # Who writes question marks ends a statement with a full stop.
        if marks and sentence.endswith((".", "!")):
            continue
        plain = LEADS_IN.sub("", sentence.strip(" ,;-"))
        pieces = [LEADS_IN.sub("", piece.strip(" ,;-¿")) for piece in JOINED.split(plain)]
        pieces = [p for p in pieces if len(p.split()) >= SHORTEST and not AGE.fullmatch(p)]
        # "What is it" at the very start means our disease.
        pieces = [p for i, p in enumerate(pieces) if not (POINTER.fullmatch(p) and (i or listed))]
        listed += pieces
        # A question mark at the end speaks for a whole sentence only, and a word inside for a part
        # that stands beside another question.
        beside = bool(found) or any(STARTS.match(piece) for piece in pieces)
        found += [
            piece
            for piece in pieces
            if STARTS.match(piece)
            or (len(pieces) == 1 and piece.endswith("?"))
            or (beside and ASKS.search(piece))
        ]
    if not found and len(text.split()) <= LIST:
        found = listed
    return tuple(found[:MOST]) if len(found) > 1 else ()
