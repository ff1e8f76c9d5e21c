"""Groups of texts that ask alike, by the sentence encoder's vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.encoder import Vectors

# Cosine from which two questions are taken for alike.
ALIKE = 0.75


def groups(vectors: Vectors, alike: float = ALIKE) -> list[list[int]]:
    """Put each text to the group whose middle it is nearest to, or begin one with it.

    Args:
        vectors: (n, dimension), each of length 1, or of zeros for a text without one.
        alike: least cosine to the middle of a group.

    Returns:
        Places of the texts, the largest group first; in a group, and among groups of one size, in
        the order in which they came.
    """
    found: list[list[int]] = []
    sums: list[Vectors] = []
    for place, vector in enumerate(vectors):
        nearness = [float(s @ vector) / (float(np.linalg.norm(s)) or 1.0) for s in sums]
        best = int(np.argmax(nearness)) if nearness else -1
        if best >= 0 and nearness[best] >= alike:
            found[best].append(place)
            sums[best] = sums[best] + vector
        else:
            found.append([place])
            sums.append(vector)
    return sorted(found, key=len, reverse=True)


def stack(rows: Sequence[Vectors | None], dimension: int) -> Vectors:
    """Vectors one beneath the other; zeros, like nothing, for what has none of that dimension."""
    out = np.zeros((len(rows), dimension), dtype=np.float32)
    for place, row in enumerate(rows):
        if row is not None and row.shape == (dimension,):
            out[place] = row / max(float(np.linalg.norm(row)), 1e-6)
    return out
