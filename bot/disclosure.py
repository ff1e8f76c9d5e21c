"""Tables of counts in which no count under 5 is shown, or can be worked out.

Categories under 5 stand together in one group: their own figures are left out, and only their sum
is shown. Where that sum would still give one away (a group of one, or of equal ones, or a sum under
5), the next smallest categories join them, and nothing tells which those were. Then, whatever else
is known, two members of the group could have each other's figure: none can be worked out.

That holds for tables of one dimension over the same messages, and as long as no other table shows
the same categories for a part of them: figures are of whole calendar months only, and a table by
two dimensions is shown whole or not at all (`crossed`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True)
class Table:
    """What may be shown.

    Attributes:
        shown: category -> count, in the order given; each 5 or more.
        held: categories without a figure, in the order given.
        names: all categories, in the order given.
        rest: sum of theirs; None where it, too, is not shown.
        joined: a category of 5 or more is among `held`.
    """

    shown: Mapping[str, int]
    held: tuple[str, ...]
    names: tuple[str, ...]
    rest: int | None
    joined: bool

    @property
    def total(self) -> int | None:
        """Sum of all; None where it is not shown."""
        return None if self.rest is None else sum(self.shown.values()) + self.rest

    @property
    def label(self) -> str:
        """What stands in place of a figure that is held back; where all are zero, that."""
        if self.rest == 0:
            return "0"
        return f"<{LEAST} or held back" if self.joined else f"<{LEAST}"


def protect(counts: Mapping[str, int]) -> Table:
    """A table of one dimension.

    Args:
        counts: category -> count; name every category there is, those of zero among them.
    """
    small = [name for name, count in counts.items() if count < LEAST]
    large = sorted({count for count in counts.values() if count >= LEAST})
    held = set(small)
    while sum(counts[name] for name in small) and large and _tells(counts, held):
        # All of one size: which of two equal ones joined would tell that the other is no smaller.
        size = large.pop(0)
        held |= {name for name, count in counts.items() if count == size}
    tells = bool(held) and _tells(counts, held) and any(counts[name] for name in held)
    return Table(
        {name: count for name, count in counts.items() if name not in held},
        tuple(name for name in counts if name in held),
        tuple(counts),
        None if tells else sum(counts[name] for name in held),
        len(held) > len(small),
    )


def _tells(counts: Mapping[str, int], held: set[str]) -> bool:
    """True where the sum of a group gives away a figure in it."""
    values = [counts[name] for name in held]
    return len(set(values)) < 2 or sum(values) < LEAST


def crossed(
    counts: Mapping[tuple[str, str], int], rows: Table, columns: Table
) -> Mapping[tuple[str, str], int] | None:
    """A table of two dimensions, whole, or None.

    Args:
        counts: (row, column) -> count.
        rows: the same messages by row alone.
        columns: likewise, by column.
    """
    small = any(0 < count < LEAST for count in counts.values())
    return None if small or rows.joined or columns.joined else counts


def share(part: int, whole: int) -> int | None:
    """A share in percent; None where it would tell of fewer than 5 on either side."""
    if part < LEAST or whole - part < LEAST:
        return None
    return round(100 * part / whole)


def percentile(ends: Sequence[str], counts: Mapping[str, int], q: float) -> str | None:
    """The upper end within which a share `q` lies; None where there are too few to say.

    Args:
        ends: of the buckets, in rising order.
        counts: of each.
        q: 0 to 1.
    """
    total = sum(counts.get(end, 0) for end in ends)
    if total * (1 - q) < 1 or total < LEAST:
        return None
    below = 0
    for end in ends:
        below += counts.get(end, 0)
        if below >= q * total:
            return end
    return None
