"""Which of our languages a message is written in."""

from __future__ import annotations

import re
from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from bot.text import fold

# Words that only one of the two languages has; they decide short texts full of typos.
SPANISH = frozenset(
    "que el los las una por para con mi su es esta estoy tiene hijo hija bebe nino nina no se le lo"
    " como cuando porque pero muy ya hay si tengo quiero puedo cual cuanto donde gracias hola ayuda"
    " medicina vacuna duele y de la del al q xq pa ninos espasmos convulsion".split()
)
ENGLISH = frozenset(
    "the is are was my his her he she it what when how why who does do did can will would should to"
    " for of and in on with baby son daughter i im its dont not have has there this that you thanks"
    " hello hi help medicine shot shots u r y".split()
)
AMBIGUOUS = SPANISH & ENGLISH | {"no", "me", "he", "son", "a", "y", "baby"}
WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(Language.ENGLISH, Language.SPANISH).build()


def detect(text: str, before: str | None = None) -> str:
    """Language of a message: "en" or "es".

    Args:
        text: as written.
        before: language of the conversation so far, kept where the text does not tell.
    """
    if re.search(r"[¿¡ñ]", text.lower()):
        return "es"
    found = [word for word in WORD.findall(fold(text)) if word not in AMBIGUOUS]
    spanish = sum(word in SPANISH for word in found)
    english = sum(word in ENGLISH for word in found)
    if spanish != english:
        return "es" if spanish > english else "en"
    if not found or (len(found) < 2 and before):
        return before or "en"
    return "es" if _detector().detect_language_of(text) == Language.SPANISH else "en"
