"""Text as it comes in and goes out: cleaning, folding, and SMS arithmetic."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_TRIAGE_CHARS = 20_000

# GSM 03.38 basic set; each character of the extension table costs two septets.
GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("^{}\\[~]|€\f")
# Units of a message that is sent alone, and of each piece of one that is sent in pieces.
SINGLE_GSM7, MULTI_GSM7 = 160, 153
SINGLE_UCS2, MULTI_UCS2 = 70, 67
TYPOGRAPHIC = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "™": "",
        "®": "",
    }
)

# Letters that look Latin and are not; a filter that is dodged by them is no filter.
HOMOGLYPHS = str.maketrans(
    "аеорсухіѕјԁһкмтвнАЕОРСУХІЅЈКМТВНοαεικνρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxisjdhkmtbhAEOPCYXISJKMTBHoaeiknptuxABEZHIKMNOPTYX",
)


def whole(text: str) -> str:
    """Text whose lone surrogates, which no encoding can carry, have become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean(text: str) -> str:
    """Text without control, invisible and direction-changing characters, NFC, white space folded.

    Lone surrogates become U+FFFD. Line breaks become spaces: every channel sends one utterance.
    """
    kept = []
    for char in unicodedata.normalize("NFC", whole(text)):
        category = unicodedata.category(char)
        if char.isspace() or category == "Cc":
            kept.append(" ")
        elif category not in ("Cf", "Cn", "Co"):
            kept.append(char)
    # What stood apart may compose now that nothing invisible stands between.
    return re.sub(r" {2,}", " ", unicodedata.normalize("NFC", "".join(kept))).strip()


def fold(text: str) -> str:
    """Clean, lower-case text without diacritics, look-alike letters or typographic marks."""
    text = unicodedata.normalize("NFKD", clean(text).translate(TYPOGRAPHIC))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return text.translate(HOMOGLYPHS).casefold()


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """A cleaned text folded, and for each of its characters the index of the one it comes from.

    Args:
        text: as `clean` gives it; then the first is what `fold` gives.
    """
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        parts = unicodedata.normalize("NFKD", char.translate(TYPOGRAPHIC))
        kept = "".join(part for part in parts if not unicodedata.combining(part))
        plain = kept.translate(HOMOGLYPHS).casefold()
        folded.append(plain)
        places += [place] * len(plain)
    return "".join(folded), places


def is_gsm7(text: str) -> bool:
    """True where a phone network sends the text in 7-bit characters."""
    return all(char in GSM7_BASIC or char in GSM7_EXTENSION for char in text)


def plain_marks(text: str) -> str:
    """Text with typographic characters replaced by their plain forms."""
    return text.translate(TYPOGRAPHIC)


def to_gsm7(text: str) -> str:
    """Text that a phone network can send in 7-bit characters.

    Typographic characters get their plain forms; a letter that the alphabet lacks (á, í, ó, ú)
    loses its accent; what has no plain form is left out.
    """
    sent = []
    for char in plain_marks(text):
        if is_gsm7(char):
            sent.append(char)
        else:
            base = unicodedata.normalize("NFKD", char)[0]
            sent.append(base if is_gsm7(base) else "")
    return "".join(sent)


def sms_text(text: str) -> str:
    """Text as it goes by SMS: in seven bits, or as it stands where that would lose letters.

    A missing accent costs little; a letter of another script that is left out costs the word.
    """
    lost = any(c.isalpha() and not is_gsm7(unicodedata.normalize("NFKD", c)[0]) for c in text)
    return plain_marks(text) if lost else to_gsm7(text)


@dataclass(frozen=True)
class SmsSize:
    """Size of one SMS message: encoding, units used (septets or UTF-16 units), segments billed."""

    encoding: str
    units: int
    segments: int


def sms_size(text: str) -> SmsSize:
    """Segments that a text needs (GSM 03.38: 160/153 septets; UCS-2: 70/67 units)."""
    if is_gsm7(text):
        units = sum(2 if char in GSM7_EXTENSION else 1 for char in text)
        single, joined, encoding = SINGLE_GSM7, MULTI_GSM7, "GSM-7"
    else:
        units = len(text.encode("utf-16-le")) // 2
        single, joined, encoding = SINGLE_UCS2, MULTI_UCS2, "UCS-2"
    return SmsSize(encoding, units, 1 if units <= single else -(-units // joined))
