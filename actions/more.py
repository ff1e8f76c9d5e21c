"""The next passage of the page on the topic that was answered."""

from __future__ import annotations

from actions.turn import Turn, desk
from bot.follow_ups import next_passage
from bot.reply import Message


def more(turn: Turn, topic: str) -> Message:
    """What the page says next, or that it says no more."""
    composer = desk().composer
    quote = next_passage(composer.library.page, turn.shown)
    if quote:
        return composer.passage(quote, topic, turn.voice)
    return composer.beyond_page(topic, turn.voice)
