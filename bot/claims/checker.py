"""Does the page say it? A verdict on every sentence of any text, in English or Spanish.

What is not understood is not supported. No model and no service is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.claims.absence import ON_PAGE, found_on_page
from bot.claims.evidence import Evidence, load_paraphrases
from bot.claims.judge import Judge
from bot.claims.kinds import Kind, absent_part, kind_of, sentences
from bot.claims.lexicon import Lexicon, Token, load_lexicons
from bot.claims.twists import DRUG, MISSING, NUMBER, REVERSED
from bot.content import read_yaml, require
from bot.glossary import load_glossary
from bot.language import AMBIGUOUS, SPANISH, detect
from bot.source import load_page
from bot.text import fold

PRONOUN = re.compile(
    r"^(?:it|its|they|them|this|these|that|he|she|the (?:medicine|drug|medication|treatment|test"
    r"|shots?|pills?|therapy|clinic|program)|esta?|este|lo|la|se|suele\w*|dura|puede)\b"
    r"|^the page (?:calls|describes) (?:it|them)\b"
)
# "The hospital has no clinic for it."
TAIL_PRONOUN = re.compile(r"\b(?:for|of|with|about|from|to) (?:it|them|this|that)\W*$")
WITHIN = re.compile(r"\b(?:it|they|them|this|these)\b")
# A lead-in that tells when signs come holds for each sign, though it stands elsewhere on the page.
LISTED = re.compile(r"\b(?:signs?|symptoms?|senales|sintomas)\b")


@dataclass(frozen=True)
class Verdict:
    """What was found about one sentence.

    Attributes:
        text: the sentence.
        kind: claim, absence, advice or other.
        supported: None where the sentence is neither a claim nor an absence.
        quote: the page's own words that come nearest, or None.
        reason: why it is not supported, or None.
    """

    text: str
    kind: Kind
    supported: bool | None = None
    quote: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Report:
    """The verdicts on a text."""

    sentences: tuple[Verdict, ...]

    @property
    def supported(self) -> bool | None:
        """True where every claim and absence is, False where one is not, None where none is."""
        found = [v.supported for v in self.sentences if v.supported is not None]
        return all(found) if found else None

    def as_json(self, id: Any = None) -> dict[str, Any]:
        """As the command line prints it."""
        verdicts = [asdict(verdict) for verdict in self.sentences]
        return {"id": id, "supported": self.supported, "sentences": verdicts}


class ClaimChecker:
    """Checks texts against the page."""

    def __init__(self, judges: dict[str, Judge], lexicons: dict[str, Lexicon]) -> None:
        self._judges = judges
        self._lexicons = lexicons

    @classmethod
    def load(cls, data_dir: Path) -> ClaimChecker:
        """Read the page, the glossary and the words.

        Raises:
            ConfigError: a file is missing or breaks its contract.
        """
        page = load_page(data_dir / "source")
        glossary = load_glossary(data_dir / "glossary.yml", page)
        lexicons = dict(load_lexicons(data_dir / "claims" / "words.yml", glossary))
        spanish = data_dir / "source" / "iess.es.yml"
        said: dict[str, dict[str, str]] = {
            "en": {},
            "es": require(read_yaml(spanish), "translations", dict, spanish.name),
        }
        paraphrases = {
            "en": load_paraphrases(data_dir / "claims" / "paraphrases.yml", page),
            "es": {},
        }
        judges = {
            lang: Judge(Evidence(page, lexicon, said[lang], paraphrases[lang]), lexicon)
            for lang, lexicon in lexicons.items()
        }
        return cls(judges, lexicons)

    def check(self, text: str) -> Report:
        """The verdict on each sentence of a text."""
        lang = _language(text)
        judge = self._judges[lang]
        verdicts: list[Verdict] = []
        subject: tuple[Token, ...] = ()
        for sentence, lead in sentences(text):
            silent = absent_part(sentence, lang)
            points = (
                PRONOUN.match(fold(sentence))
                or (silent and WITHIN.search(silent[1]))
                or TAIL_PRONOUN.search(fold(sentence))
            )
            carried: Sequence[Token] = subject if points else ()
            verdicts.append(self._verdict(sentence, lead, carried, lang))
            subject = judge.subject(sentence) or (subject if carried else ())
        return Report(tuple(verdicts))

    def _verdict(self, text: str, lead: str, carried: Sequence[Token], lang: str) -> Verdict:
        judge, lexicon = self._judges[lang], self._lexicons[lang]
        kind = kind_of(text, lang, lexicon, bool(carried))
        if kind in {"advice", "other"} and not lead:
            if kind == "advice" and judge.forbids(text):
                against = judge.claim(text)
                if set(against.reasons) == {REVERSED}:
                    return Verdict(text, "claim", False, judge.quote(against.window), REVERSED)
            return Verdict(text, kind)
        if kind == "absence" and (split := absent_part(text, lang)):
            before, left_out = split
            if kind_of(before, lang, lexicon) != "claim":
                before = ""  # "I am sorry, the page does not answer that"
            if found := found_on_page(fold(text), before, left_out, carried, judge):
                return Verdict(text, kind, False, judge.quote(found.window), ON_PAGE)
            if any(t.concepts for t in lexicon.read(before)):
                head = judge.claim(before, carried)
                reason = _reason(head.reasons)
                return Verdict(text, kind, not reason, judge.quote(head.window), reason)
            return Verdict(text, kind, True)
        found = judge.claim(f"{lead} {text}" if lead else text, carried)
        listed = LISTED.search(fold(lead)) if lead else None
        if found.reasons and listed and not judge.claim(lead).reasons:
            found = judge.claim(f"{listed.group()}: {text}")
        reason = _reason(found.reasons)
        quote = judge.quote(found.window) if found.score else None
        return Verdict(text, "claim", not reason, quote, reason)


def _language(text: str) -> str:
    """Spanish only where a Spanish word or mark says so: names alone may look like either."""
    spanish = set(re.findall(r"\b[a-z]+\b", fold(text))) & (SPANISH - AMBIGUOUS)
    marked = re.search(r"[¿¡ñáéíóú]", text.lower())
    return "es" if (spanish or marked) and detect(text) == "es" else "en"


def _reason(reasons: Sequence[str]) -> str | None:
    """The reason that tells most."""
    for reason in (DRUG, NUMBER, REVERSED):
        if reason in reasons and MISSING not in reasons:
            return reason
    for reason in (DRUG, NUMBER, MISSING):
        if reason in reasons:
            return reason
    return reasons[0] if reasons else None
