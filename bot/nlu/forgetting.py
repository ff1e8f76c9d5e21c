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
    answered: set[str] = set()
    last = True
    # From the end: of the guided check's answers only the last counts, and it may be that all
    # were wiped.
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            kept.append(_wordless(event))
            last = False
        elif isinstance(event, BotUttered):
            # The last reply is said again where its message is sent again.
            kept.append(event if last else BotUttered(timestamp=event.timestamp))
        elif not isinstance(event, SlotSet) or not event.key.startswith(CHECK):
            kept.append(event)
        elif event.key not in answered and not raw_reply(event):
            answered.add(event.key)
            kept.append(event)
    return kept[::-1]


def raw_reply(event: Event) -> bool:
    """True for a reply in the guided check that nothing has read yet: the bare text."""
    return (
        isinstance(event, SlotSet) and event.key.startswith(CHECK) and isinstance(event.value, str)
    )


def _wordless(event: UserUttered) -> UserUttered:
    intent = {"name": event.intent_name}
    return UserUttered(
        intent=intent if event.intent_name else None,
        message_id=event.message_id,
        timestamp=event.timestamp,
        input_channel=event.input_channel,
        use_text_for_featurization=False,
    )
