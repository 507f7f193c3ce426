"""Dice: random choices, and which cells stay empty."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Indexes = NDArray[np.int64]
Floats = NDArray[np.float64]


def chance(rng: np.random.Generator, count: int, share: float) -> Mask:
    """Return which of some rows are in a random share."""
    return rng.random(count) < share


def blank(values: Any, empty: Mask) -> NDArray[np.object_]:
    """Return the values as plain objects, with null for empty cells."""
    cells = np.array(values, dtype=object)
    cells[empty] = None
    return cells
