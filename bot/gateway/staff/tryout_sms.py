"""One conversation by SMS as its family sees it: keywords, MORE and opt-out among it.

Follows `bot.gateway.sms.answering`, without its database: no family, number or limit is behind it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.gateway.dialogue import Dialogue
from bot.gateway.sms.reading import GRAVE
from bot.gateway.sms.texts import SmsTexts
from bot.gateway.staff.phone import Bubble, Phone, bubble, show
from bot.reply import Message, Reply, SafetyCatalogue
from bot.text import clean, sms_text

NOTHING = Phone(())


class Line:
    """Keeps what the channel must know of a conversation."""

    def __init__(
        self, dialogue: Dialogue, safety: SafetyCatalogue, texts: SmsTexts, lang: str
    ) -> None:
        """Begin one.

        Args:
            dialogue: knows the dangers.
            safety: fixed safety texts.
            texts: of the channel.
            lang: of the replies; "" where it is told from each message.
        """
        self._dialogue = dialogue
        self._safety = safety
        self._texts = texts
        self._lang = lang or "en"
        self._greeted = False
        self._opted_out = False
        self._rest: tuple[Bubble, ...] = ()

    async def answer(self, text: str, conversation: str) -> Phone | None:
        """What the channel says by itself; None where the dialogue is asked.

        Args:
            text: the message.
            conversation: its id.
        """
        keyword = self._texts.keyword(text)
        name = keyword.name if keyword else ""
        if self._opted_out and not name.startswith("start"):
            return NOTHING
        if self._texts.is_reaction(text):
            return NOTHING
        rest, self._rest = self._rest, ()
        if name == "more" and rest:
            self._rest = rest[1:]
            return Phone((replace(rest[0], asked=False),))
        if keyword and (name in ("stop", "start", "delete") or self._opted_out):
            self._opted_out = name == "stop"
            said = "start" if name.startswith("start") else name
            self._greeted = self._greeted or said == "start"
            return self._say(said, keyword.lang)
        if keyword and name == "help":
            self._rest = rest
            return await self._help(keyword.lang, conversation)
        wish = self._texts.wishes_to_stop(text)
        if wish and (await self._dialogue.danger(text)).level == "routine":
            self._opted_out = True
            return self._say("stop", wish)
        return None

    def show(self, reply: Reply | None) -> Phone:
        """What a phone shows for a reply of the dialogue; None: the message was too long."""
        self._lang = reply.lang if reply else self._lang
        if reply is None:
            too_long = clean(self._safety.say("fallback.too_long", self._lang, "sms"))
            messages: tuple[Message, ...] = (Message("fallback", None, too_long),)
        else:
            messages = reply.messages
        phone = show(messages, self._texts, self._safety, self._lang, first=not self._greeted)
        self._greeted = True
        self._rest = tuple(bubble for bubble in phone.bubbles if bubble.asked)
        return phone

    async def _help(self, lang: str, conversation: str) -> Phone:
        standing = await self._dialogue.standing(conversation)
        if standing and standing.urgency in GRAVE:
            message = self._safety.message(standing.urgency, standing.kind, lang, "sms")
            return Phone((bubble("safety", sms_text(message.text)),))
        return self._say("help", lang)

    def _say(self, name: str, lang: str) -> Phone:
        return Phone((bubble(name, self._texts.say(name, lang)),))
