"""The questions in a message that asks more than one.

"What is an EEG and does it hurt" asks two things; "she is 6 months. does it hurt?" asks one. Only
parts that read like questions count, so that a story before a question stays a story.
"""

from __future__ import annotations

import re

from bot.text import fold

# Each part costs a pass through the encoder, and a family reads no more than two answers.
MOST = 4
SHORTEST = 2  # words; "why" alone leans on what stands before it

# How a question begins, in folded text.
OPENER = (
    r"(?:what|whats|wut|wat|how|hows|when|whens|where|wheres|why|who|whos|which|is|are|do|does|did"
    r"|can|could|will|would|should|has|any|tell me|explain"
    r"|que|cual|cuales|cuanto|cuanta|cuantos|cuantas|cuando|donde|como|quien|quienes|por que"
    r"|para que|puede|pueden|puedo|hay|tiene|tienen|debo|deberia|sirve|duele|es verdad|digame"
    r"|expliqueme)\b"
)
SENTENCE = re.compile(r"(?<=[?!.;])\s+|(?<=[?])(?=\w)")
JOINED = re.compile(
    rf"\s*(?:,|\b(?:and|also|plus|then|y|e|tambien|ademas)\b)[\s,]*"
    rf"(?:(?:and|also|then|y|tambien|ademas)\s+)*(?={OPENER})"
)
LEADS_IN = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|also|but|please|sorry|then|plus|hola|bueno|y|pero|tambien"
    r"|ademas|entonces|oiga|disculpe|perdon)[\s,.!]+)+"
)
STARTS = re.compile(rf"^[¿\s]*{OPENER}")


def questions(text: str) -> tuple[str, ...]:
    """The questions of a message that asks two or more, in order; none where it asks one.

    Args:
        text: cleaned (`bot.text.clean`).

    Returns:
        At most `MOST` parts, each as it reads when folded (`bot.text.fold`).
    """
    found = []
    for sentence in SENTENCE.split(fold(text)):
        for piece in JOINED.split(sentence):
            part = LEADS_IN.sub("", piece.strip(" ,;-"))
            asks = part.endswith("?") or STARTS.match(part) is not None
            if asks and len(part.split()) >= SHORTEST:
                found.append(part)
    return tuple(found[:MOST]) if len(found) > 1 else ()
