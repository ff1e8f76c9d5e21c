"""What of a conversation Rasa may keep: how it went, and no word that a family wrote.

Later turns need the order of actions, the intents (stories follow up on them) and the slots.
A message's text, entities and vector serve its own turn only. What was answered is data of ours
that no later turn reads; the last of it stays, for a message that is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

CHECK = "check_"  # slots of the guided check


def without_words(events: Iterable[Event]) -> list[Event]:
    """The events that a later turn needs, as it needs them."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered):
            kept = [_silent(before) for before in kept]
            kept.append(_wordless(event))
        elif not raw_reply(event):
            kept.append(event)
    return kept


def raw_reply(event: Event) -> bool:
    """True for a reply in the guided check that nothing has read yet: the bare text."""
    return (
        isinstance(event, SlotSet) and event.key.startswith(CHECK) and isinstance(event.value, str)
    )


def _silent(event: Event) -> Event:
    return BotUttered(timestamp=event.timestamp) if isinstance(event, BotUttered) else event


def _wordless(event: UserUttered) -> UserUttered:
    intent = {"name": event.intent_name}
    return UserUttered(
        intent=intent if event.intent_name else None,
        message_id=event.message_id,
        timestamp=event.timestamp,
        input_channel=event.input_channel,
        use_text_for_featurization=False,
    )
