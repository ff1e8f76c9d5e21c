"""A text cut into sentences, and what each sentence is: a claim, an absence, advice or other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from bot.claims.lexicon import Lexicon
from bot.numbers import amounts
from bot.text import fold, plain_marks

Kind: TypeAlias = Literal["claim", "absence", "advice", "other"]

END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]*[A-Z0-9¿¡ÁÉÍÓÚÑ{])")
ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|vs|e\.g|i\.e|approx|No|H\.P|U\.S|Sr|Sra)\.)$")
BULLET = re.compile(r"^\s*(?:[-*•–]|\d+[.)])\s+")

PAGE = (
    r"(?:(?:the|this|our|that|their) )?(?:hospital(?:'s)? )?(?:web ?)?(?:page|site|text|article"
    r"|document|source|information|material|lurie children'?s?(?: page)?)(?: (?:on|about"
    r"|for) (?:iess|it|infantile spasms|this|spasms))?"
)
TELLS = (
    r"(?:say|says|state|mention|list|name|tell|give|describe|explain|speak|talk|discuss|cover"
    r"|answer|specify|include|address|note|report|contain|define|detail|identify|provide|go into"
    r"|spell out|indicate|offer|suggest|show|have|promise|claim|recommend|compare|quote)s?"
)
ABSENCE: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "en": tuple(
        re.compile(pattern)
        for pattern in (
            rf"\b(?:{PAGE}|it|they|lurie children'?s) (?:also |itself )?(?:does not|doesn't"
            rf"|do not|don't|did not|never|nowhere|cannot|can not|fails to) (?:really |actually "
            rf"|even |ever |clearly |also |specifically )?{TELLS}\b(?: (?:us|you|families"
            rf"|parents|readers))?(?: (?:of|about|on|out|up|into|anything about|anything on"
            rf"|any information (?:about|on)|information (?:about|on)))?(?P<x>.*)",
            rf"\b(?:{PAGE}|it) (?:says?|has|gives?|contains?|offers?|provides?|tells?(?: you"
            rf"| us)?|includes?|lists?|names?|mentions?|makes?) (?:nothing|no (?:word|mention"
            rf"|information|details?|advice|facts?)|none)(?: (?:about|of|on|as to"
            rf"|regarding))?(?P<x>.*)",
            rf"\b(?:{PAGE}|it) (?:gives?|lists?|names?|mentions?|states?|contains?|provides?"
            rf"|includes?|has) no (?P<x>.+)",
            rf"\b(?:{PAGE}|it) (?:is|stays|remains) silent (?:about|on|as to)(?P<x>.*)",
            rf"\b(?:{PAGE}|it) (?:leaves out|omits|skips)(?P<x>.*)",
            rf"\bthere is (?:nothing|no (?:word|mention|information"
            rf"|details?))(?: on {PAGE})? (?:about|of|on|regarding)(?P<x>.*)",
            rf"(?P<x>.+?) (?:is|are|was|were) (?:not|never|nowhere) (?:\w+ )?(?:mentioned|listed"
            rf"|named|given|stated|said|described|explained|discussed|covered|addressed"
            rf"|specified|answered|found on {PAGE}|spelled out|on {PAGE})\b",
            rf"\bnowhere (?:does|do|is|in|on) (?:{PAGE}|it)(?: does (?:{PAGE}|it))? {TELLS}"
            r"(?P<x>.*)",
            rf"\b(?:{PAGE}|it) leaves (?:it )?(?:open|unclear|unsaid|unanswered)(?P<x>.*)",
            rf"\bthere is no (?P<x>.+?) (?:on|in) {PAGE}",
            r"\bnothing is (?:said|mentioned|stated|written|given) (?:about|of|on)(?P<x>.*)",
            rf"\b(?:nothing|nowhere|no (?:part|place|line|sentence))(?: (?:on|in"
            rf"|of))? {PAGE} (?:does it )?{TELLS}(?: (?:about|of|on))?(?P<x>.*)",
            rf"(?P<x>.+?) (?:do|does) not appear (?:anywhere )?on {PAGE}",
            rf"\byou (?:will|can) not (?:find|learn)(?P<x>.+?) on {PAGE}",
            r"\bno (?P<x>.+?) (?:is|are) (?:mentioned|listed|named|given|stated|described"
            r"|specified|set out)\b",
        )
    ),
    "es": tuple(
        re.compile(pattern)
        for pattern in (
            r"\b(?:la pagina|el texto|la informacion|ella)?\b(?:no|tampoco|nunca) (?:nos |le "
            r"|les |lo )?(?:dice|menciona|habla|explica|indica|nombra|enumera|responde|da|trata"
            r"|aclara|incluye)(?: nada)?(?: (?:de|del|sobre|acerca de))?(?P<x>.*)",
            r"\b(?:la pagina|el texto) (?:no tiene|omite)(?P<x>.*)",
        )
    ),
}  # fmt: skip
# Said after an absence: whom to ask.
TAIL = re.compile(
    r",? (?:so|and so|asi que|por eso),? (?:please |por favor |it is best to |you can "
    r"|do )?(?:ask|bring|talk|call|check|speak|consult|your|preg\w+|hable|consulte|llam\w+"
    r"|pid\w+|diga\w*)\b.*"
)
ADVICE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?:(?:so|then|also|but|and|instead|always|never|do not|don't|please|just|to)[, ]+"
        r"|(?:if|when|for|to|in) [^,]*, )*(?:please |always |never |do not |don't )*(?:ask|call"
        r"|talk|tell|speak|contact|see|seek|get help|get medical|get your|go to|bring|keep|write"
        r"|check with|let|make sure|try|remember|trust|stay|wait|stop|start|give|take|change"
        r"|skip|leave|visit|film|record|watch|look|note|share|show|use|consider|learn|read|do|be"
        r"|reach|book|make an appointment|choose|say|discuss|follow|avoid|hold|put|raise"
        r"|work with|dial|(?:reply|text)(?= (?:\d|stop|help|yes|no)\b)|expect|double|increase"
        r"|lower|ring)(?![\w-])|\b(?:you should"
        r"|you can ask|you can call|you can also call|we recommend|we advise|you may want to"
        r"|it is best to|it's best to|you ought|you could ask|parents should|families should"
        r"|you may ask|(?:care team|doctors?|pediatrician|nurse|they|we|social worker"
        r"|hospital) can (?:talk|tell|answer|explain|help you|walk)|is (?:ok|okay|fine) to"
        r"|talk it through|feel free|i suggest|you need to|you must|you do not have to"
        r"|you don't have to)\b"
    ),
    "es": re.compile(
        r"^(?:(?:por favor|nunca|no)[, ]+|(?:si|en|para) [^,]*, )*(?:pregunt|llam|hable|pid[ae]"
        r"|consult|dig[ae]|busque|avise|cont|vaya|acuda|grabe|no deje|no cambie|cambie|dele|de a"
        r"|deje|espere|pued[eo]n? (?:preguntar|llamar|hablar|consultar))|\b(?:debe(?:ria)? "
        r"|puede preguntar|por favor)"
    ),
}
# "Take", "keep" and the like also begin what a claim says of them.
GERUND = re.compile(r"^(?!bring)\w+ing\b")
OTHER: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?:hello|hi|hey|welcome|yes|no|ok|okay|take care)[.!, ]*$|^(?:goodbye|hello|bye|thanks"
        r"|thank you|sorry|emergency|here (?:is|are)|good (?:morning|evening|night|day|luck)"
        r"|that (?:must|sounds)|glad|happy to|of course|let us|let me|my pleasure)\b"
        r"|^(?:hi|hello)? ?(?:there, )?i(?:'m|'ll|'ve|'d)?\b(?! (?:read|heard|was told|learned))"
        r"|^(?:we|i) (?:understand|know|hope|wish|see)\b|^it(?:'s| is) (?:okay|ok|fine|normal) to"
        r"|^(?:have a|take a|no problem|no worries|you did|you have done)\b"
        r"|^you(?:'re| are) (?:not alone|(?:very |most )?welcome|doing|right|in the right)"
        r"|\{phone\}|\btext me\b|\bmy answers?\b|\bthis chat\b|\bask me\b|\bi found\b"
    ),
    "es": re.compile(
        r"^(?:hola|gracias|adios|hasta luego|si|no|bueno)[.!, ]*$|\b(?:soy|yo|no puedo|puedo"
        r"|quisiera|mis respuestas|este chat|lo siento|perdon|me alegra)\b"
    ),
}
ADVICE_MAY_NAME = frozenset(
    {"infantile epileptic spasms syndrome", "spasms", "seizures", "diagnosis", "video"}
)


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """(sentence, lead-in) of a text; the lead-in is what stands above a list item, else ""."""
    lead = ""
    for raw in plain_marks(text.replace("•", "\n- ")).splitlines():
        line = BULLET.sub("", raw).strip()
        if not line:
            continue
        item = BULLET.match(raw) is not None
        parts: list[str] = []
        for part in END.split(line):
            if parts and ABBREVIATION.search(parts[-1]):
                parts[-1] += " " + part
            else:
                parts.append(part)
        for part in parts:
            yield part.strip(), lead if item else ""
        if not item:
            lead = parts[-1] if parts[-1].endswith(":") else ""


def absent_part(text: str, lang: str) -> tuple[str, str] | None:
    """(what is said before, what the page is said to leave out), or None where it is no absence."""
    folded = re.sub(r"\b(there|it|that)'s\b", r"\1 is", fold(text)).replace("n't", " not")
    folded = TAIL.sub("", folded.replace("can not", "cannot").rstrip(" .!"))
    for pattern in ABSENCE[lang]:
        if match := pattern.search(folded):
            before = (match.groupdict().get("h") or folded[: match.start()]).strip(" ,;")
            before = re.sub(r"(?:[,;]|\b(?:but|and|although|though|pero|y|aunque))\s*$", "", before)
            return before.strip(" ,;"), match.group("x").strip(" ,:.")
    return None


def kind_of(text: str, lang: str, lexicon: Lexicon, carried: bool = False) -> Kind:
    """What a sentence is; `carried`: whether it speaks of what the one before it named.

    Advice that names a drug, a disease, a test or an amount states something: it is a claim.
    """
    folded = fold(text).strip(" \"'")
    if text.rstrip("\"') ").endswith("?"):
        return "other"
    if absent_part(text, lang):
        return "absence"
    named = lexicon.names(text)
    kinds = {lexicon.glossary.kinds[name] for name in named - ADVICE_MAY_NAME}
    sizes = {(v, u) for v, u in amounts(text, lang) if u is not None and u != "day"}
    factual = bool(kinds & {"drug", "disease", "sign"} or sizes)
    if ADVICE[lang].search(folded) and not GERUND.match(folded):
        return "claim" if factual else "advice"
    if OTHER[lang].search(folded):
        return "claim" if factual else "other"
    content = [t for t in lexicon.read(text) if t.concepts]
    if text.endswith(":") and all(t.name in lexicon.topic for t in content):
        return "other"  # a lead-in that says nothing by itself
    return "claim" if content or sizes or carried else "other"
