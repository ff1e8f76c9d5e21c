"""The last conversations of this Rasa, for while the database is away."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

MOST = 500


@dataclass(frozen=True)
class Kept:
    """A conversation as the store has it, or would have it.

    Attributes:
        text: serialised.
        version: that the store holds, and that `text` stands on.
        missed: the store has not taken `text` yet.
    """

    text: str
    version: int
    missed: bool


class Recent:
    """Conversations by id; who has been silent longest is forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._most = most

    def keep(self, sender_id: str, kept: Kept) -> None:
        """Remember a conversation."""
        self._kept[sender_id] = kept
        self._kept.move_to_end(sender_id)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def get(self, sender_id: str) -> Kept | None:
        """A conversation, or None."""
        return self._kept.get(sender_id)

    def drop(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._kept.pop(sender_id, None)

    @property
    def missed(self) -> list[tuple[str, Kept]]:
        """What the store has not taken."""
        return [(sender_id, kept) for sender_id, kept in self._kept.items() if kept.missed]
