"""Which of our languages a message is written in, and which one the family asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from bot.text import fold

# Words that only one of the two languages has; they decide short texts full of typos.
SPANISH = frozenset(
    "que el los las una por para con mi su es esta estoy tiene hijo hija bebe nino nina no se le lo"
    " como cuando porque pero muy ya hay si tengo quiero puedo cual cuanto donde gracias hola ayuda"
    " medicina vacuna duele y de la del al q xq pa ninos espasmos convulsion genetica"
    " mas pare basta ke digame otra ahora luego".split()
)
ENGLISH = frozenset(
    "the is are was my his her he she it what when how why who does do did can will would should to"
    " for of and in on with baby son daughter i im its dont not have has there this that you thanks"
    " hello hi help medicine shot shots u r y tell more again".split()
)
# Names that both languages write alike, and what lingua takes for a language of its own.
NAMES = frozenset(
    "acth acthar keto sabril vigabatrin vigafyde iess west eeg vns tsc rehab ok test lol gas"
    " colic".split()
)
AMBIGUOUS = SPANISH & ENGLISH | NAMES | {"no", "me", "he", "son", "a", "y", "ya", "baby"}
# A first message of a word or two is Spanish where lingua is this sure; a typo never is.
FEW, SURE = 2, 0.65
# "y k ago": so few words change the language of a conversation only where lingua is this sure.
SHORT, SURE_TO_CHANGE = 3, 0.8
WORD = re.compile(r"[a-z]+")
MAX_WISH_CHARS = 500
CLAUSE = re.compile(r"[^.!?;,\n¿¡]+\??")
# How a question opens in either language, where its mark is missing.
ASKS = re.compile(
    r"^(?!can'?t|cannot|don'?t)(?:and |but |so |y |pero |entonces )?"
    r"(?:what|whats|how|why|when|where|who|which|is|are|does|do|did|can"
    r"|could|should|will|que|q|como|cuando|donde|cual|quien|cuanto|cuantos|por que|xq"
    r"|puede|puedo|debo|hay|es)\b"
)

_ENGLISH_NAME = r"(?:english|inglish|ingles)"
_SPANISH_NAME = r"(?:spanish|espanol|castellano)"
# "Can you answer in Spanish", "habla español": the wish, with the words around it that say nothing.
_WISH = (
    r"(?:(?:hi|hello|hola|sorry|perdon|ok|pls|plz|please|por favor|porfa|porfavor|disculpe|gracias"
    r"|thanks|thank you|yes|si|and|y|but|pero|better|mejor)\W+)*"
    r"(?:(?:me|lo|la|nos|te) )*"
    r"(?:(?:can|could|would|will|do) (?:you|u|we|i)(?: (?:please|pls))? )?(?:i )?"
    r"(?:(?:puede|puedes|podria|podrias|pueden|me puede|me puedes|quiero|prefiero|necesito|quisiera"
    r"|want|need|prefer|would like|d like|like)(?: (?:usted|que))? )?(?:to )?(?:me )?"
    r"(?:(?:answer|reply|respond|speak|talk|write|say|tell|switch|change|understand|read|translate"
    r"|have|get|continue|contestar|contesta|conteste|contesteme|responder|responde|responda|habla"
    r"|hablar|hable|hablas|hablan|hablo|escribir|escriba|escribe|escribame|decir|diga|digame"
    r"|cambiar|cambie|traducir|traduzca|seguir|entiende|leer)(?:melo|me|lo)? )?"
    r"(?:(?:this|that|it|me|us|answer|the answer|esto|eso|la respuesta|todo) )?"
)
_POLITE = (
    r"(?:\W+(?:please|pls|plz|por favor|porfa|porfavor|gracias|thanks|thank you|instead|only|solo"
    r"|here|aqui|usted|you|mejor|if you can|si puede|is better|is easier|es mejor|too|also"
    r"|tambien))*\W*"
)


def _asks_only(name: str) -> re.Pattern[str]:
    return re.compile(rf"\W*{_WISH}(?:to |in |into |en |al |a )?{name}{_POLITE}")


ONLY = {"en": _asks_only(_ENGLISH_NAME), "es": _asks_only(_SPANISH_NAME)}
# Who does not speak the one asks for the other.
INSTEAD = {
    "es": re.compile(
        r"(?:(?:perdon|disculpe|hola|lo siento|yo)\W+)*no (?:hablo|entiendo|leo|se|comprendo)"
        rf"(?: (?:mucho|muy|bien|casi|el))* {_ENGLISH_NAME}\b"
    ),
    "en": re.compile(
        r"(?:(?:sorry|hi|hello|i)\W+)*(?:don'?t|do not|can'?t|cannot) (?:speak|read|understand)"
        rf"(?: (?:much|any))* {_SPANISH_NAME}\b"
    ),
}
# Beside a question: "what is an EEG? in Spanish please". "The form in Spanish" is no such wish.
BESIDE = {
    lang: re.compile(
        rf"(?:^|[.!?,;:]\W*){_WISH}(?:in|en) {name}{_POLITE}(?:$|(?<=[.!?,;: ])(?=\w))"
        rf"|\b(?:answer|reply|respond|conteste|contesteme|responda|respondame|digame|explique"
        rf"|expliqueme|explain)(?: (?:me|it|this|esto|eso))? (?:in|en) {name}\b"
        rf"|\b(?:in|en) {name},? (?:please|pls|plz|por favor|porfa|porfavor)\b"
    )
    for lang, name in (("en", _ENGLISH_NAME), ("es", _SPANISH_NAME))
}


@dataclass(frozen=True)
class Wish:
    """A language that the family asks for; `only` where the message says nothing else."""

    lang: str
    only: bool


def wish(text: str) -> Wish | None:
    """The language that a message asks to be answered in, or None."""
    folded = " ".join(fold(text[:MAX_WISH_CHARS]).split())
    for lang, pattern in ONLY.items():
        if pattern.fullmatch(folded):
            return Wish(lang, only=True)
    for lang, pattern in INSTEAD.items():
        if found := pattern.match(folded):
            return Wish(lang, only=not folded[found.end() :].strip(" .!,"))
    for lang, pattern in BESIDE.items():
        if pattern.search(folded):
            return Wish(lang, only=False)
    return None


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(Language.ENGLISH, Language.SPANISH).build()


def detect(text: str, before: str | None = None) -> str:
    """Language of a message: "en" or "es"; of a mixed one, the language of its question.

    Args:
        text: as written.
        before: language of the conversation so far, kept where the text does not tell.
    """
    clauses = [clause.strip() for clause in CLAUSE.findall(text)]
    asked = [c for c in clauses if c.endswith("?") or ASKS.match(fold(c))]
    asked = [c for c in asked if len(c.split()) > 1]
    if asked and len(asked) < len(clauses):
        languages = {_by_words(clause) for clause in asked} - {None}
        if len(languages) == 1:
            return str(languages.pop())
    found = _by_words(text)
    if found:
        return found
    telling = [word for word in WORD.findall(fold(text)) if word not in AMBIGUOUS]
    if not telling or (len(telling) < 2 and before):
        return before or "en"
    spanish = _detector().compute_language_confidence(text, Language.SPANISH)
    if before and len(telling) <= SHORT and max(spanish, 1 - spanish) < SURE_TO_CHANGE:
        return before
    return "es" if spanish >= (SURE if len(telling) <= FEW else 0.5) else "en"


def _by_words(text: str) -> str | None:
    """The language that letters or most of the telling words give, or None."""
    if re.search(r"[¿¡ñ]", text.lower()):
        return "es"
    words = [word for word in WORD.findall(fold(text)) if word not in AMBIGUOUS]
    spanish = sum(word in SPANISH for word in words)
    english = sum(word in ENGLISH for word in words)
    if spanish == english:
        return None
    return "es" if spanish > english else "en"
