"""SMS shorthand written out, as the encoder's vocabulary knows the words."""

from __future__ import annotations

import re

ENGLISH = {
    "wut": "what", "wat": "what", "wot": "what", "wats": "what is", "wuts": "what is",
    "r": "are", "u": "you", "ur": "your", "yr": "your", "hw": "how", "wen": "when", "wich": "which",
    "b4": "before", "bc": "because", "cuz": "because", "coz": "because", "cos": "because",
    "plz": "please", "pls": "please", "thx": "thanks", "ty": "thank you", "abt": "about",
    "dr": "doctor", "drs": "doctors", "appt": "appointment", "info": "information", "w": "with",
    "w/": "with", "w/o": "without", "bby": "baby", "babys": "baby's", "kiddo": "child",
    "rn": "right now", "idk": "i don't know", "ppl": "people", "wont": "won't", "cant": "can't",
    "dont": "don't", "doesnt": "doesn't", "isnt": "isn't", "im": "i'm", "hes": "he's",
    "shes": "she's", "thats": "that's", "whats": "what's", "hows": "how's", "wheres": "where's",
}  # fmt: skip
SPANISH = {
    "xq": "porque", "pq": "porque", "porq": "porque", "tmb": "tambien", "tb": "tambien",
    "bb": "bebe", "k": "que", "q": "que", "aki": "aqui", "ase": "hace", "asen": "hacen",
    "ay": "hay", "ai": "hay", "pa": "para", "dnd": "donde", "cm": "como",
}  # fmt: skip
WORDS = ENGLISH | SPANISH
TOKEN = re.compile(r"(?<![\w'])(?:w/o|w/|[^\W_]+)(?![\w'])")
# A number before a word like these is a preposition, never a count.
FOR = re.compile(r"\b4(?= (?:this|that|it|him|her|my|me|us|the|a|an|your|our|his|them)\b)", re.I)
TO = re.compile(r"\b2(?= (?:do|get|see|go|ask|know|take|give|be|make|talk|help|call)\b)", re.I)
# "E E G", "a.c.t.h.", as a telephone writes down what it hears.
SPELT = re.compile(
    r"\b(?:e[ .-]{1,2}e[ .-]{1,2}g|a[ .-]{1,2}c[ .-]{1,2}t[ .-]{1,2}h|t[ .-]{1,2}s[ .-]{1,2}c"
    r"|i[ .-]{1,2}e[ .-]{1,2}s[ .-]{1,2}s|m[ .-]{1,2}r[ .-]{1,2}i|v[ .-]{1,2}n[ .-]{1,2}s)\b",
    re.I,
)


def write_out(text: str) -> str:
    """The text with shorthand of English and Spanish SMS written out."""
    text = SPELT.sub(lambda match: re.sub(r"[ .-]", "", match.group()), text)
    text = TO.sub("to", FOR.sub("for", text))
    return TOKEN.sub(lambda match: WORDS.get(match.group().lower(), match.group()), text)
