"""The questions in a message that asks more than one.

"What is an EEG and does it hurt" asks two things; "she is 6 months. does it hurt?" asks one. Parts
come out generously: whether a part is a question of its own, the classifier's confidence decides
(`bot.decide.two_questions`). Only sentences that tell a story are left out here.
"""

from __future__ import annotations

import re

from bot.text import fold

# Each part costs a pass through the encoder, and a family reads no more than two answers.
MOST = 4
SHORTEST = 2  # words; "why" alone leans on what stands before it

# How a question begins, in folded text.
OPENER = (
    r"(?:what|whats|wut|wat|how|hw|hows|when|whens|where|wheres|why|who|whos|which|is|are|r|am|was"
    r"|do|does|did|dont|can|could|will|would|should|has|have|any|if|tell me|explain"
    r"|que|q|cual|cuales|cuanto|cuanta|cuantos|cuantas|cuando|donde|como|quien|quienes|por que|xq"
    r"|para que|puede|pueden|puedo|hay|tiene|tienen|debo|deberia|sirve|duele|es|son|si|me puede"
    r"|quisiera|quiero saber|digame|expliqueme)\b"
)
SENTENCE = re.compile(r"(?<=[?!.;])\s+|(?<=[?])(?=\w)")
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


def questions(text: str) -> tuple[str, ...]:
    """The parts of a message that may each be a question, in order; none where it asks one.

    Args:
        text: cleaned (`bot.text.clean`).

    Returns:
        At most `MOST` parts, each as it reads when folded (`bot.text.fold`).
    """
    sentences = SENTENCE.split(fold(text))
    found = []
    for sentence in sentences:
        plain = LEADS_IN.sub("", sentence.strip(" ,;-"))
        if len(sentences) > 1 and not (plain.endswith("?") or STARTS.match(plain)):
            continue
        parts = (LEADS_IN.sub("", piece.strip(" ,;-¿")) for piece in JOINED.split(plain))
        found += [part for part in parts if len(part.split()) >= SHORTEST]
    return tuple(found[:MOST]) if len(found) > 1 else ()
