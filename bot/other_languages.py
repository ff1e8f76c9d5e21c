"""Messages in languages that we do not speak: which one it is, and whether it tells of danger.

Its data is `data/safety/other_languages.yml`. Nothing is answered in these languages but who to
call. A script of its own tells a language at once. In Latin letters two voices must agree: words
that neither our English nor our Spanish messages hold, and lingua. Signs of danger count whatever
the voices say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from bot.content import Review, read_translated_review, read_yaml, require
from bot.errors import ContentError
from bot.hospital import Hospital
from bot.language import ENGLISH, SPANISH
from bot.reply import Message, SafetyCatalogue, higher
from bot.text import HOMOGLYPHS, MAX_TRIAGE_CHARS, clean, plain_marks
from bot.triage import Finding
from bot.triage.rules import Hit
from bot.unknown_languages import UnknownLanguages

SCRIPTS = {
    "han": "\u3400-\u4dbf\u4e00-\u9fff",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "cyrillic": "\u0400-\u04ff",
}
LETTER = {name: re.compile(f"[{span}]") for name, span in SCRIPTS.items()}
KANA = re.compile("[\u3040-\u30ff]")
WORD = re.compile(r"[^\W\d_]+")
# Letters that differ from language to language in how one types them, and not in meaning.
SAME = str.maketrans({"đ": "d", "ł": "l", "ة": "ه", "ى": "ي", "ـ": ""})
NUMBER = re.compile(r"(?<!\d)(911|988)(?!\d)")
LEVEL_OF = {"self_harm": ("crisis", "call_988")}
EMERGENCY = ("emergency", "call_911")
KINDS = ("not_breathing", "unresponsive", "seizure", "choking", "self_harm")
# What share of a message must be of a script, or of a language's own words; and lingua's word.
MIN_SHARE, MIN_WORDS, SURE = 0.5, 0.25, 0.6
MAX_CHARS = 500  # more of a text makes lingua no surer
MANY = 3  # own words from which the first guess of lingua is enough
PLENTY = 0.5  # share of own words that needs no second voice, where no word is ours
OURS = ENGLISH | SPANISH


def simplify(text: str) -> str:
    """Lower case without diacritics; every alphabet stays its own."""
    bare = unicodedata.normalize("NFKD", plain_marks(text).casefold())
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).translate(SAME)


@dataclass(frozen=True)
class Sign:
    """A sign of danger in one language; `written` patterns count where the language is told."""

    kind: str
    patterns: re.Pattern[str]
    written: re.Pattern[str] | None
    examples: tuple[str, ...]
    not_examples: tuple[str, ...]

    def find(self, folded: str, *, told: bool) -> str:
        """What matches in a simplified text, or ""."""
        found = self.patterns.search(folded)
        if not found and told and self.written:
            found = self.written.search(folded)
        return found.group() if found else ""


@dataclass(frozen=True)
class Spoken:
    """One language: how it is told, what its family reads, and its signs of danger.

    Attributes:
        words: its own; `neutral` are these and those it shares with English or Spanish.
    """

    code: str
    name: str
    script: str
    lingua: str | None
    marks: frozenset[str]
    words: frozenset[str]
    neutral: frozenset[str]
    texts: Mapping[str, str]
    signs: tuple[Sign, ...]
    review: Review


@dataclass(frozen=True)
class Heard:
    """A message in another language, and the danger it tells of, "" and "routine" where none."""

    spoken: Spoken
    level: str = "routine"
    kind: str = ""
    matched: str = ""

    def join(self, finding: Finding) -> Finding:
        """The finding of our own rules, raised to the danger that these words tell of."""
        if self.level == "routine" or higher(self.level, finding.level) == finding.level:
            return finding
        action = LEVEL_OF.get(self.kind, EMERGENCY)[1]
        rule = f"{self.spoken.code}_{self.kind}"
        hit = Hit(rule, self.level, self.kind, action, self.matched)
        also = ("crisis", str(finding.kind)) if finding.level == "crisis" else finding.also
        return replace(
            finding,
            level=self.level,
            kind=self.kind,
            action=action,
            hits=(hit, *finding.hits),
            also=also,
        )


class OtherLanguages:
    """Tells the languages apart and says what a family is told; keeps no state."""

    def __init__(
        self,
        spoken: Sequence[Spoken],
        sources: Sequence[str],
        safety: SafetyCatalogue,
        hospital: Hospital,
        *,
        signed_only: bool,
        rest: Spoken | None = None,
        unknown: UnknownLanguages | None = None,
    ) -> None:
        self.spoken = tuple(spoken)
        self.rest = rest
        self._unknown = unknown
        self._sources = tuple(safety.sources[name] for name in sources)
        self._hospital = hospital
        self._signed_only = signed_only

    def read(self, text: str) -> Heard | None:
        """What another language's words say; None where a message is ours."""
        text = clean(text[:MAX_TRIAGE_CHARS])
        folded = simplify(text)
        told = self._told(text, folded)
        if (
            self._unknown
            and self._unknown.by_letters(text)
            or told is None
            and self._unknown
            and self._unknown.by_words(folded)
        ):
            told = self.rest
        found = []
        for spoken in self.spoken:
            if spoken.script in LETTER and not LETTER[spoken.script].search(folded):
                continue
            for sign in spoken.signs:
                matched = sign.find(folded, told=spoken is told)
                if matched:
                    level = LEVEL_OF.get(sign.kind, EMERGENCY)[0]
                    found.append(Heard(_same_script(told, spoken), level, sign.kind, matched))
        if found:
            return min(found, key=lambda h: (h.level != "emergency", h.spoken is not told))
        return Heard(told) if told else None

    def above(
        self, said: tuple[Message, ...], heard: Heard, level: str, channel: str
    ) -> tuple[Message, ...]:
        """The messages with what the family can read above them.

        Args:
            said: what we say in English.
            heard: the language of the message.
            level: urgency that stands after it.
            channel: web or sms; numbers are links to tap on the web.
        """
        spoken = heard.spoken
        if self._signed_only and spoken.review.status != "approved":
            return said
        text = spoken.texts[level if level in ("emergency", "crisis") else "line"]
        text = NUMBER.sub(r"[\1](tel:\1)", text) if channel == "web" else text
        text = self._hospital.fill(text.replace("{language}", spoken.name), channel)
        return (Message(said[0].kind, None, text, sources=self._sources), *said)

    def _told(self, text: str, folded: str) -> Spoken | None:
        letters = [char for char in text if char.isalpha()]
        if KANA.search(text) or not letters:
            return None
        for script, letter in LETTER.items():
            inside = [char for char in letters if letter.match(char)]
            if len(inside) < 2 or len(inside) < MIN_SHARE * len(letters):
                continue
            # Latin words in look-alike letters are Latin words.
            if script == "cyrillic" and not set(inside) - set(map(chr, HOMOGLYPHS)):
                continue
            fitting = [s for s in self.spoken if s.script == script]
            return max(fitting, key=lambda s: sum(c in s.marks for c in inside), default=None)
        return self._latin(text, folded)

    def _latin(self, text: str, folded: str) -> Spoken | None:
        words = WORD.findall(folded)
        composed = unicodedata.normalize("NFC", text.casefold())
        best, most = None, 0
        for spoken in (s for s in self.spoken if s.script == "latin"):
            own = sum(word in spoken.words for word in words)
            marks = sum(char in spoken.marks for char in composed)
            ours = _ours(words, spoken)
            enough = own >= 2 or (own >= 1 and marks >= 1) or marks >= 3
            if enough and own + marks > ours and own + marks >= MIN_WORDS * len(words):
                score = own + min(marks, own + 1)
                best, most = (spoken, score) if score > most else (best, most)
        if best is None or best.lingua is None:
            return best
        if most >= PLENTY * len(words) and not _ours(words, best):
            # Names of the illness are English in every language, and mislead lingua.
            return best
        first = _detector().compute_language_confidence_values(text[:MAX_CHARS])[0]
        sure = first.value >= SURE or most >= MANY
        return best if first.language.name == best.lingua and sure else None


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    names = ("ENGLISH", "SPANISH", "FRENCH", "PORTUGUESE", "POLISH", "VIETNAMESE", "TAGALOG")
    return LanguageDetectorBuilder.from_languages(*(getattr(Language, n) for n in names)).build()


def warm_up() -> None:
    """Load what the first message would wait for."""
    _detector().detect_language_of("bonjour")


def _ours(words: Sequence[str], spoken: Spoken) -> int:
    """How many words are English or Spanish, and not that language's too."""
    return sum(word in OURS and word not in spoken.neutral for word in words)


def _same_script(told: Spoken | None, spoken: Spoken) -> Spoken:
    """The language that was told where it is another hand of the same one, as in Chinese."""
    return told if told and told.name == spoken.name else spoken


def _pattern(raw: Any, script: str, where: str) -> re.Pattern[str]:
    # Chinese, Korean and Arabic write on without a gap, or begin words with "and".
    start = r"(?<!\w)" if script in ("latin", "cyrillic") else ""
    try:
        return re.compile(rf"{start}(?:{'|'.join(simplify(p) for p in raw)})")
    except (re.error, TypeError, AttributeError) as error:
        raise ContentError(f"{where}: {error}.") from error


def _spoken(raw: Any, name: str) -> Spoken:
    code = require(raw, "code", str, name)
    where = f"{name}, {code}"
    script = require(raw, "script", str, where)
    if script != "latin" and script not in SCRIPTS:
        raise ContentError(f"{where}: {script!r} is no script.")
    signs = []
    for rule in require(raw, "rules", list, where):
        kind = require(rule, "kind", str, where)
        signs.append(
            Sign(
                kind,
                _pattern(require(rule, "patterns", list, where), script, f"{where}, {kind}"),
                _pattern(rule["written"], script, where) if "written" in rule else None,
                tuple(require(rule, "examples", list, f"{where}, {kind}")),
                tuple(require(rule, "not_examples", list, f"{where}, {kind}")),
            )
        )
    if sorted(sign.kind for sign in signs) != sorted(KINDS):
        raise ContentError(f"{where}: one rule for each of {', '.join(KINDS)}.")
    texts = {text: require(raw, text, str, where) for text in ("line", "emergency", "crisis")}
    return Spoken(
        code,
        require(raw, "language", str, where),
        script,
        raw.get("lingua"),
        frozenset(raw.get("marks", "")),
        frozenset(words := str(raw.get("words", "")).split()),
        frozenset([*words, *str(raw.get("shared", "")).split()]),
        texts,
        tuple(signs),
        read_translated_review(raw, where),
    )


def load_other_languages(
    path: Path, safety: SafetyCatalogue, hospital: Hospital, *, signed_only: bool = False
) -> OtherLanguages:
    """Read `other_languages.yml`.

    Args:
        path: of the file.
        safety: names the sources.
        hospital: whose line is named.
        signed_only: a language that nobody has signed reads English only; danger is raised anyway.

    Raises:
        ContentError: a field is missing or wrong, or a source is unknown.
    """
    raw = read_yaml(path)
    sources = require(raw, "sources", list, path.name)
    if not sources or set(sources) - set(safety.sources):
        raise ContentError(f"{path.name}: names sources that sources.yml lists.")
    spoken = [_spoken(one, path.name) for one in require(raw, "languages", list, path.name)]
    rest = require(raw, "rest", dict, path.name)
    words = require(rest, "words", dict, f"{path.name}, rest")
    unknown = UnknownLanguages(
        frozenset(require(rest, "marks", str, f"{path.name}, rest")),
        {str(name): frozenset(str(own).split()) for name, own in words.items()},
        frozenset(require(rest, "alone", str, f"{path.name}, rest").split()),
    )
    return OtherLanguages(
        spoken,
        sources,
        safety,
        hospital,
        signed_only=signed_only,
        rest=_rest(rest, f"{path.name}, rest"),
        unknown=unknown,
    )


def _rest(raw: Any, where: str) -> Spoken:
    """What a family reads whose language we do not know, in our two languages."""
    texts = {text: require(raw, text, str, where) for text in ("line", "emergency", "crisis")}
    nothing: frozenset[str] = frozenset()
    review = read_translated_review(raw, where)
    return Spoken("rest", "", "", None, nothing, nothing, nothing, texts, (), review)
