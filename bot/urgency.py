"""The standing urgency of a conversation: it rises at any turn and falls only on the family's word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.danger import Danger
from bot.reply import LEVELS
from bot.text import fold

SILENCE_HOURS = 24

# Help is there or was reached. "We should go to the ER" is a plan, and no match.
CARE_REACHED = re.compile(
    r"\b(?:ambulance|paramedics?|emts?|ems|medics?|911|help) (?:is|are|just|has|have|s|re) ?(?:now |just )?"
    r"(?:here|arrived|come|came|got here|with (?:us|him|her)|on the (?:way|phone|line))"
    r"|\b(?:on the phone|talking|speaking) (?:with|to) (?:911|the dispatcher|988|the (?:doctor|neurologist|nurse))"
    r"|\b(?:called|call(?:ed)? to|rang|phoned) (?:911|988|the ambulance|an ambulance|poison (?:control|help))\b"
    r"|\b(?:we|i)(?: a|')?(?:re|m| are| am| were| was)? ?(?:now |just |already )*(?:at|in|arrived at|got to|made it to|reached) the"
    r" (?:er|ed|a&e|emergency(?: room| department)?|hospital|icu|picu|urgent care)\b"
    r"|\b(?:doctor|neurologist|pediatrician|nurse|hospital|er|team) (?:saw|has seen|is seeing|examined|checked|admitted)"
    r" (?:him|her|us|them|my (?:son|daughter|baby))"
    r"|\b(?:was|were|been|being|got) (?:admitted|seen by (?:the|a|our) (?:doctor|neurologist|pediatrician|team))"
    r"|\bya (?:llego|llegaron|viene|esta aqui|estan aqui) (?:la ambulancia|los paramedicos|la ayuda)"
    r"|\b(?:la ambulancia|los paramedicos) ya (?:llego|llegaron|viene|vienen|esta|estan)"
    r"|\bya (?:llame|llamamos|hable|hablamos) (?:al?|con(?: el)?) (?:911|988|ambulancia|doctor|neurologo|pediatra)"
    r"|\b(?:estamos|estoy|ya llegamos|llegamos) (?:en|a|al) (?:el |la )?(?:hospital|emergencias?|urgencias|sala de emergencias)"
    r"|\bya (?:lo|la|nos) (?:vio|reviso|atendio|internaron|estan atendiendo|esta viendo)\b"
)
MISUNDERSTANDING = re.compile(
    r"\bfalse alarm\b|\b(?:just|only) (?:asking|curious|wondering|a question|want(?:ed)? to know)\b"
    r"|\b(?:it|that|this)(?: is|'?s| was)? (?:not|isn'?t|wasn'?t) (?:happening )?(?:right )?now\b"
    r"|\bnot happening (?:right )?now\b|\bnothing is happening\b"
    r"|\b(?:that|this|it) (?:was|happened) (?:last|a (?:long|few)|years?|months?|weeks?|back) ?(?:time|year|month|week|in)?"
    r"|\b(?:was|were|i'?m|im|i am) (?:just |only )?(?:testing|joking|kidding)\b|\bjust (?:a )?(?:test|joke|kidding)\b"
    r"|\b(?:you|u) (?:misunderstood|got (?:me|it) wrong)\b|\bmisunderst(?:ood|anding)\b|\bmeant (?:my|the) (?:dog|cat|car|phone|doll)\b"
    r"|\bwrong (?:chat|number|window)\b|\b(?:a|it was a) typo\b|\bautocorrect\b"
    r"|\bfalsa alarma\b|\bsolo (?:preguntaba|pregunto|queria saber|era (?:una pregunta|curiosidad))\b"
    r"|\b(?:eso|esto) (?:fue|paso) (?:hace|el ano pasado|el mes pasado|la semana pasada)\b|\bno (?:es|esta pasando) ahora\b"
    r"|\bme (?:entendio|entendiste) mal\b|\bera (?:broma|una prueba)\b|\bfue un malentendido\b|\bme equivoque\b"
)
SAFE_AGAIN = re.compile(
    r"\b(?:i'?m|i am|im) (?:safe|ok(?:ay)?|better|not alone|feeling better)(?: now)?\b"
    r"|\b(?:i )?(?:wo n'?t|wont|will not|'?m not going to|am not going to|not gonna) (?:hurt|harm|do anything)"
    r"|\bi didn'?t mean (?:it|that)\b|\bfigure of speech\b"
    r"|\b(?:ya )?estoy (?:a salvo|mejor|bien|segura|seguro|acompanad[oa])\b|\bno (?:me|le) voy a hacer (?:nada|dano)\b"
    r"|\bno lo decia en serio\b"
)
# "We called 911 but nobody came", "the ER sent us home": help was not reached.
NOT_REACHED = re.compile(
    r"\b(?:can ?n'?t|cannot|couldn'?t|won'?t|wont|not|nobody|no one|never|sent us home|turned us away|hung up|busy|"
    r"no contestan|nadie|todavia no|aun no|nos mandaron a casa|should|shall|do (?:i|we)|debo|deberia)\b"
)


@dataclass(frozen=True)
class Standing:
    """The urgency of a conversation after a message.

    Attributes:
        level, kind, also: as in `bot.danger.Danger`.
        raised: this message raised it, or told of another danger; its text is due.
        cleared: "care_reached" or "misunderstanding" where the family's word lowered it, else "".
    """

    level: str
    kind: str
    also: str
    raised: bool
    cleared: str = ""


def signal(text: str) -> str:
    """What the family says of a danger they told of: care_reached, misunderstanding, safe, or ""."""
    folded = fold(text)
    if SAFE_AGAIN.search(folded):
        return "safe"
    if MISUNDERSTANDING.search(folded):
        return "misunderstanding"
    if CARE_REACHED.search(folded) and not NOT_REACHED.search(folded):
        return "care_reached"
    return ""


def rise_or_fall(level: str, kind: str, also: str, danger: Danger, text: str) -> Standing:
    """The standing urgency after a message.

    Args:
        level, kind, also: before the message.
        danger: what the voices say of this message.
        text: the message, read for the family's own correction only where it holds no danger
            above what stands.
    """
    if LEVELS.index(danger.level) < LEVELS.index(level):
        return Standing(danger.level, danger.kind, danger.also, raised=True)
    said = signal(text) if level != "routine" else ""
    if danger.level == level != "routine" and said != "care_reached":
        repeated = level != "emergency" and danger.kind == kind
        return Standing(level, danger.kind or kind, danger.also or also, raised=not repeated)
    if level == "crisis":
        own_word = said in ("safe", "care_reached")
        return (
            Standing("routine", "", "", raised=False, cleared="care_reached")
            if own_word
            else Standing(level, kind, also, raised=False)
        )
    if said == "misunderstanding" and danger.level == "routine":
        if also:
            return Standing("crisis", also, "", raised=False, cleared=said)
        return Standing("routine", "", "", raised=False, cleared=said)
    if said == "care_reached":
        if also:
            return Standing("crisis", also, "", raised=False, cleared=said)
        lower = "urgent" if level == "emergency" else "routine"
        return Standing(lower, "general" if lower == "urgent" else "", "", False, said)
    return Standing(level, kind, also, raised=False)
