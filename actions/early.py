"""What is answered before any topic: a wish for the other language, and short replies."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.again import say_again
from actions.more import more
from actions.turn import Turn, desk
from bot.reply import Message
from bot.settings import load_settings
from bot.short_replies import ShortReplies, load_short_replies


@lru_cache(maxsize=1)
def short_replies() -> ShortReplies:
    """The reviewed short replies."""
    return load_short_replies(load_settings().data_dir / "short_replies.yml")


def short_reply(turn: Turn) -> Message | None:
    """The answer to a short reply; None where the message is none, or is one of our buttons."""
    composer, voice = desk().composer, turn.voice
    said = "" if composer.tapped(turn.text) else short_replies().read(turn.text)
    if said == "thanks":
        return composer.answer("thanks", voice)
    if said == "yes" and turn.offered:
        one = len(turn.offered) == 1
        return (
            composer.answer(turn.offered[0], voice) if one else composer.choice(turn.offered, voice)
        )
    if said == "neither" or (said == "no" and turn.offered):
        return composer.say("other_words", voice)
    if said == "more" and turn.topic:
        return more(turn, turn.topic)
    if said in ("asks", "age", "yes", "more"):
        return composer.say("which_question", voice, turn.topic)
    if said == "plainer" and turn.topic:
        return composer.say("plainer", voice, turn.topic)
    if said == "stop":
        return composer.say("stopped", voice)
    if said in ("acknowledge", "no"):
        # Nothing is asked: as after thanks, without them.
        return replace(composer.say("acknowledged", voice), kind="smalltalk", topic="thanks")
    return composer.unclear(voice) if said else None


def early(
    turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[dict[str, Any]] | None:
    """The events of a turn that needs no topic; None where it does."""
    if turn.again:
        return say_again(turn, dispatcher, tracker)
    message = short_reply(turn)
    if message is None:
        return None
    return turn.reply(dispatcher, [message], (), why={"by": "short_reply"})
