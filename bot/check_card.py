"""What a family reads in the guided check: its questions, what to do, and the card."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from bot.check_steps import NOW, Step
from bot.compose import Composer, Voice
from bot.reply import Button, Message, SafetyCatalogue
from bot.spasm_check import SKIPPED, Guide, Question, Said
from bot.text import GSM7_BASIC, sms_size, to_gsm7

SMS_UNITS = 306  # two joined segments of GSM-7
PLAIN = ("yes", "no", "unsure")
# How much of the family's own words fits is found by trying.
CUTS = (80, 60, 45, 30, 20, 10, 0)


class CheckWriter:
    """Writes the messages of the guided check from reviewed content."""

    def __init__(self, guide: Guide, composer: Composer, safety: SafetyCatalogue) -> None:
        self._guide = guide
        self._composer = composer
        self._safety = safety

    def messages(self, step: Step, voice: Voice, *, fresh: bool = False) -> list[Message]:
        """The messages of a step; `fresh`: the check is just begun or taken up again.

        The answer to a question that came between is the caller's: it goes before these.
        """
        if step.slot is not None:
            return [self.question(step, voice, fresh=fresh)]
        kind = step.raised.kind if step.raised else "quiet" if step.move == "end" else "left"
        level = step.raised.level if step.raised else "check"
        what_to_do = self._safety.message(level, kind, voice.lang, voice.channel)
        if step.move == "end":
            return [what_to_do, self.card(step.answers, voice)]
        return [what_to_do]

    def question(self, step: Step, voice: Voice, *, fresh: bool = False) -> Message:
        """The open question, with numbers to reply by SMS and with buttons on the web.

        Raises:
            ValueError: no question is open.
        """
        guide, lang = self._guide, voice.lang
        if step.slot is None:
            raise ValueError("no question is open")
        question = guide.question(step.slot)
        first = question.slot == NOW
        text = question.texts[voice.channel][lang]
        labels = [option.labels[voice.channel][lang] for option in question.options]
        # One who never comes back has read what to do.
        notice = self._safety.say("notice.escalation", lang, voice.channel) if fresh else None
        quotes = self._composer.citations(question.quotes, voice)
        if voice.channel == "sms":
            lines = [text, *(f"{n} {label}" for n, label in enumerate(labels, start=1))]
            lines += [question.hint[lang]] if question.hint else []
            return Message("choice", None, "\n".join(lines), quotes, notice=notice)
        if first and (not fresh or step.move != "ask"):
            text = text.split("\n\n")[-1]
        if question.several:
            lines = [f"- {n}. {label}" for n, label in enumerate(labels, start=1)]
            text = "\n".join([text, "", *lines])
        opening = [] if first else [self._progress(question, lang)]
        if step.move in ("held", "aside"):
            opening = [guide.phrases[step.move][lang]]
        elif fresh and not first:
            opening = [guide.phrases["resumed"][lang], *opening]
        buttons = [Button(label, label) for label in labels]
        moves = ("skip", "leave") if first else ("skip", "back", "leave")
        buttons += [Button(guide.phrases[m][lang], guide.phrases[m][lang]) for m in moves]
        return Message(
            "choice",
            None,
            " ".join([*opening, text]),
            quotes,
            buttons=tuple(buttons),
            notice=notice,
        )

    def card(self, answers: Mapping[str, Said], voice: Voice) -> Message:
        """The card to show the doctor: what the family saw, why it matters, what to ask for."""
        card, channel = self._guide.card, voice.channel
        why = card["why_quotes"][channel]
        quotes = [*why, *(item["quote"] for item in card["asked"])]
        quotes += [
            option.quote
            for question in self._guide.questions
            for option in question.options
            if option.quote and option.id in answers.get(question.slot, Said()).picks
        ]
        text = self._sms(answers, voice) if channel == "sms" else self._web(answers, voice)
        return Message("answer", "signs", text, self._composer.citations(quotes, voice))

    def _progress(self, question: Question, lang: str) -> str:
        slots = self._guide.slots
        phrase = self._guide.phrases["progress"][lang]
        number = slots.index(question.slot) + 1
        return phrase.replace("{number}", str(number)).replace("{count}", str(len(slots)))

    def _web(self, answers: Mapping[str, Said], voice: Voice) -> str:
        card, lang = self._guide.card, voice.lang
        facts = self._facts(answers, voice, CUTS[0]) or [card["nothing"]["web"][lang]]
        why = " ".join(f"“{quote}”" for quote in card["why_quotes"]["web"])
        asked = [f"- {item['label'][lang]}: “{item['quote']}”" for item in card["asked"]]
        blocks = [
            "\n".join([card["title"]["web"][lang], *(f"- {fact}" for fact in facts)]),
            f"{card['why']['web'][lang]} {why}",
            "\n".join([card["ask"]["web"][lang], *asked]),
            card["limit"]["web"][lang],
        ]
        return "\n\n".join(blocks)

    def _sms(self, answers: Mapping[str, Said], voice: Voice) -> str:
        card, lang = self._guide.card, voice.lang
        why = " ".join(f'"{to_gsm7(quote)}"' for quote in card["why_quotes"]["sms"])
        tail = [f"{card['why']['sms'][lang]} {why}.", card["ask"]["sms"][lang]]
        text = ""
        for cut in CUTS:
            facts = self._facts(answers, voice, cut)
            told = ". ".join(facts) + "." if facts else card["nothing"]["sms"][lang]
            text = " ".join([card["title"]["sms"][lang], told, *tail])
            size = sms_size(text)
            if size.encoding == "GSM-7" and size.units <= SMS_UNITS:
                break
        return text

    def _replies(self, answers: Mapping[str, Said], voice: Voice) -> list[str]:
        """By SMS, the plain yes and no answers together: "Yes: in a row, video"."""
        by_reply: dict[str, list[str]] = {}
        for question in self._guide.questions:
            said = answers.get(question.slot, Said())
            if question.slot != NOW and said.picks and said.picks[0] in PLAIN:
                reply = next(o for o in question.options if o.id == said.picks[0])
                line = by_reply.setdefault(reply.labels["sms"][voice.lang], [])
                line.append(question.card["sms"][voice.lang])
        return [f"{reply}: {', '.join(asked)}" for reply, asked in by_reply.items()]

    def _facts(self, answers: Mapping[str, Said], voice: Voice, cut: int) -> list[str]:
        """One line for each answer, what was seen first; a skipped question has none."""
        guide = self._guide
        order = ["check_looks", "check_since", "check_age"]
        order += [slot for slot in guide.slots if slot not in (*order, NOW)] + [NOW]
        lines = []
        for slot in order:
            said = answers.get(slot, Said((SKIPPED,)))
            grouped = voice.channel == "sms" and bool(said.picks) and said.picks[0] in PLAIN
            if said.picks != (SKIPPED,) and not grouped:
                line = self._fact(guide.question(slot), said, voice, cut)
                lines += [line] if line else []
        return [*lines, *self._replies(answers, voice)] if voice.channel == "sms" else lines

    def _fact(self, question: Question, said: Said, voice: Voice, cut: int) -> str:
        channel, lang = voice.channel, voice.lang
        if said.picks == ("now",):
            return str(self._guide.card["now"][channel][lang])
        own = said.text
        if question.months and own.isdigit():
            phrase = "one_month" if own == "1" else "months"
            said, own = Said((self._guide.phrases[phrase][lang].replace("{n}", own),)), ""
        labels = {option.id: option.labels[channel][lang] for option in question.options}
        # On the web a label is a sentence's beginning; on the card it stands in a list.
        shown = [labels.get(pick, pick) for pick in said.picks]
        if own and cut:
            own = own if len(own) <= cut else own[: max(cut - 3, 0)].rstrip() + "..."
            shown.append(f'"{_plain(own)}"' if channel == "sms" else f"“{own}”")
        value = ("; " if channel == "web" else ", ").join(filter(None, shown))
        if channel == "sms":
            value = value.lower() if not own else value
        return f"{question.card[channel][lang]}: {value}" if value else ""


def _plain(text: str) -> str:
    """The nearest text in one-septet characters of GSM-7, without what has none, such as emoji."""
    kept = []
    for char in to_gsm7(text):
        if char in GSM7_BASIC and char != "\n":
            kept.append(char)
            continue
        base = unicodedata.normalize("NFKD", char)[:1]
        kept.append(base if base in GSM7_BASIC else "")
    return "".join(kept).strip()
