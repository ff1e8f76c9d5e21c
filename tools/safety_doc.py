"""Write docs/safety.md: every rule and text, for a clinician to read and sign."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.answers import load_library
from bot.gateway.sms.texts import SmsTexts, load_texts
from bot.hospital import load_hospital
from bot.other_languages import OtherLanguages, load_other_languages
from bot.reply import LEVELS, SafetyCatalogue, load_safety
from bot.settings import ROOT
from bot.triage import Triage
from bot.triage.rules import load_harmless

OUT = ROOT / "docs" / "safety.md"
INTRO = """# The safety policy as built

Written by `make safety-doc` from `data/safety/`; edit there. For the clinician who signs: the open
questions are in [safety-questions.md](safety-questions.md). **Status of every rule and text below:
its `review` field; all are pending until signed.** English, Spanish, and Spanish by SMS (written
without the accents that make a text message cost more) are each signed on their own; what is not
English names a qualified translator (`translator`) beside the clinician (`by`).

How a message is judged: the rules below and a learned classifier of the level; the highest wins.
A rule is lowered only where the message itself is plain about context (past, hypothetical,
negated, another person or an animal); a relative who plays it down lowers nothing. The family
then reads the text of that level and kind: alone, where it is an emergency or a crisis in plain
words; above the answer to a question in the message, where it is urgent, or a crisis that only the
classifier reads between the lines. Later replies open with a reminder until the family's own word
clears it (`data/safety/signals.yml`).
"""


def texts(safety: SafetyCatalogue) -> list[str]:
    """The fixed texts, by id."""
    lines = ["## Texts", ""]
    for text in safety.texts.values():
        sources = ", ".join(safety.sources[s].publisher for s in text.sources)
        lines += [f"### {text.id}", ""]
        lines.append(f"Action: {text.action or '-'}. Source: {sources}.")
        for channel, by_lang in text.texts.items():
            for lang, said in by_lang.items():
                quoted = "\n".join(f"> {line}".rstrip() for line in said.strip().splitlines())
                review = text.reviews.of(lang, channel).status
                lines += ["", f"*{channel}, {lang}; review: {review}*", "", quoted]
        lines.append("")
    return lines


def sms(texts: SmsTexts) -> list[str]:
    """What the SMS channel itself says."""
    lines = ["## Texts of the SMS channel", ""]
    for text_id, by_lang in texts.texts.items():
        lines += [f"### sms.{text_id}", ""]
        for lang, said in by_lang.items():
            review = texts.reviews.of(lang, "sms").status
            lines += [f"*{lang}; review: {review}*", "", f"> {said}", ""]
    return lines


def rules(triage: Triage, safety: SafetyCatalogue) -> list[str]:
    """The rules by level, with what must and must not match."""
    lines = ["## Rules", ""]
    for level in LEVELS:
        chosen = [rule for rule in triage.rules if rule.level == level]
        if not chosen:
            continue
        lines += [f"### Level: {level}", ""]
        for rule in chosen:
            source = safety.sources[rule.source].publisher
            lines.append(f"**{rule.id}** ({rule.lang}; {rule.kind}; {rule.action}): {rule.sign}")
            lines.append(f"- matches: {'; '.join(rule.examples)}")
            lines.append(f"- does not: {'; '.join(rule.not_examples)}")
            lines += [f"- source: {source}; review: {rule.review.status}", ""]
    return lines


def harmless(folder: Path) -> list[str]:
    """Whole messages of which no model is asked, with what must not be taken for one."""
    lines = ["## Harmless phrases", ""]
    lines += ["Only where the message says this and nothing more; every rule still speaks.", ""]
    for entry in load_harmless(folder / "harmless.yml"):
        lines.append(f"**{entry.id}**: {entry.why}")
        lines.append(f"- phrases: {'; '.join(entry.phrases)}")
        lines.append(f"- matches: {'; '.join(entry.examples)}")
        lines.append(f"- does not: {'; '.join(entry.not_examples)}")
        lines += [f"- review: {entry.review.status}", ""]
    return lines


def others(languages: OtherLanguages) -> list[str]:
    """What families read that write in another language, and their signs of danger."""
    lines = ["## Other languages", ""]
    rest = (languages.rest,) if languages.rest else ()
    for spoken in (*languages.spoken, *rest):
        lines += [
            f"### {spoken.name or 'Any other language'} ({spoken.code})",
            "",
            f"Review: {spoken.review.status}.",
            "",
        ]
        for kind, text in spoken.texts.items():
            lines += [f"*{kind}*", "", f"> {text}", ""]
        for sign in spoken.signs:
            lines.append(f"**{spoken.code}_{sign.kind}**")
            lines.append(f"- matches: {'; '.join(sign.examples)}")
            lines += [f"- does not: {'; '.join(sign.not_examples)}", ""]
    return lines


def document(data: Path) -> str:
    """The whole document."""
    library = load_library(data)
    hospital = load_hospital(data / "hospital.yml", library.page.text)
    safety = load_safety(data / "safety", hospital)
    channel = load_texts(data / "safety" / "sms.yml", hospital)
    languages = load_other_languages(data / "safety" / "other_languages.yml", safety, hospital)
    triage = Triage.load(data / "safety")
    parts = (
        texts(safety),
        sms(channel),
        rules(triage, safety),
        harmless(data / "safety"),
        others(languages),
    )
    return "\n".join([INTRO, *(line for part in parts for line in part)])


def main() -> int:
    """Write the document."""
    OUT.write_text(document(ROOT / "data"), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
