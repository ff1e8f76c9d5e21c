"""Is a claim stronger than what backs it: "may" into "always", "some" into "most"?"""

from __future__ import annotations

import re
from collections.abc import Mapping

ALWAYS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:always|never|(?<!can )(?<!may )(?<!could )(?<!of )all(?! (?:its|this|that|these))"
        r"|every\w*|each(?! (?:spasm|seizure|one))|anyone|definitely|guarantee\w*"
        r"|invariably|no (?:child|baby|children|babies)|any (?:child|baby|case|doctor|clinic)"
        r"|exactly|entirely|sure to|bound to|inevitabl\w+|without exception"
        r"|whenever|forever|certain to)\b"
    ),
    "es": re.compile(r"\b(?:siempre|nunca|tod[oa]s?|cada|debe\w*|exactamente|jamas|seguro)\b"),
}
IF = re.compile(r"\b(?:when|if|some|cuando|si|algunos)\b")
DENIAL = re.compile(r"\b(?:no|not|without)\b|n't\b")
UNIVERSAL: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:always|never|all|every|each|any|throughout|must)\b"),
    "es": re.compile(r"\b(?:siempre|nunca|tod[oa]s?|cada)\b"),
}
ONLY: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:only|sole|solely|exclusively)\b"),
    "es": re.compile(r"\b(?:solo|solamente|unic[oa]s?|unicamente)\b"),
}
SELECT: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:only|certain|select)\b"),
    "es": re.compile(r"\b(?:solo|ciert[oa]s|select\w+)\b"),
}
WILL: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:will|must|has to|have to)\b"),
    "es": re.compile(r"(?!)"),
}
HEDGE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:may|might|can|could|tends?|some|risk\w*|possibly|commonly|typically|eventually"
        r"|often|usually|sometimes|likely|chance|if|depending|certain|generally|most)\b"
    ),
    "es": re.compile(r"\b(?:puede\w*|podria\w*|suele\w*|tiende\w*|algun\w+|riesgo|comun\w*)\b"),
}
NEED: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:needs?|requires?)\b"),
    "es": re.compile(r"\bnecesitan?\b"),
}
MOST: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:most|majority of|many|nearly all|almost all"
        r"|half of) (?:of )?(?:the )?(?:affected )?(?:children|babies|kids|patients|infants"
        r"|people|families|cases)\b"
    ),
    "es": re.compile(r"\b(?:la mayoria|casi todos)\b"),
}
SOME: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:some|may|can|certain|might)\b"),
    "es": re.compile(r"\b(?:algun\w+|puede\w*|ciert[oa]s)\b"),
}
USUAL: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:typically|commonly|often|tends?|usually|more common|high volume)\b"),
    "es": re.compile(r"\b(?:suele\w*|general\w*|normalmente|tiende\w*|comun\w*)\b"),
}
FEW: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:some|few|certain)\b"),
    "es": re.compile(r"\b(?:algun\w+|poc[oa]s|ciert[oa]s)\b"),
}
SUPERLATIVE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:(?<!at )(?<!at the )most (?!often|commonly|of|likely|spasms|seizures|babies|children"
        r"|kids|people|patients|infants|cases|clusters)\w+|best|largest|biggest|greatest|highest|leading|top"
        r"|number one|worst|strongest|main|primary|chief)\b"
    ),
    "es": re.compile(r"\b(?:el|la|los|las) (?:\w+ )?(?:mas|mejor(?:es)?|principal(?:es)?)\b"),
}
ONE_OF: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:one of|among|some of|ranks?)\b"),
    "es": re.compile(r"\b(?:un[oa] de|entre|algun[oa]s de)\b"),
}
# Words of one rank: each may stand for the others.
SAME_RANK = (
    ("main", "primary", "chief", "principal"),
    ("largest", "biggest", "greatest"),
    ("leading", "leader", "top"),
)


def too_strong(text: str, own: str, lang: str) -> bool:
    """True where "may" became "always", "some" became "most", "one of" fell away, and the like.

    Args:
        text: the claim, with its phrases rewritten.
        own: the sentences of the page.
        lang: en or es.
    """
    hedged = HEDGE[lang].search(own) is not None
    if (said := ALWAYS[lang].search(text)) and not UNIVERSAL[lang].search(own):
        denial = (
            said.group() in {"never", "nunca", "jamas"}
            and DENIAL.search(own)
            and not IF.search(own)
        )
        # "Every child" is whom the page calls "your child", where it is not put with a "may".
        family = said.group() in {"each", "every"} and "your child" in own and not hedged
        if not denial and not family:
            return True
    if ONLY[lang].search(text) and not (SELECT[lang].search(own) or FEW[lang].search(text)):
        return True
    if MOST[lang].search(text) and not (MOST[lang].search(own) or USUAL[lang].search(own)):
        return True
    if WILL[lang].search(text) and hedged and not HEDGE[lang].search(text):
        return True
    if NEED[lang].search(text) and not HEDGE[lang].search(text):
        asked = re.search(r"\b(?:may|can|might) (?:\w+ )?need\b|pueden necesitar", own)
        if asked:
            return True
    if superlative := SUPERLATIVE[lang].search(text):
        rank = superlative.group()
        same = next((words for words in SAME_RANK if rank in words), (rank,))
        ranked = ("most", "more", *same) if ONE_OF[lang].search(text) else same
        if not any(word in own for word in ranked):
            return True
        return ONE_OF[lang].search(own) is not None and not ONE_OF[lang].search(text)
    return False
