"""Memo: kept results of pure functions, together with their arguments."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import is_dataclass
from threading import Lock, RLock
from typing import TypeVar, cast

import pandas as pd

from meaux.data.database import Fetched

T = TypeVar("T")

MOST_ENTRIES = 4_000
"""Maximum number of kept results: those of all pages for several selections."""
MOST_CELLS = 1_000_000
"""Maximum number of cells of all kept frames together."""

CELL = 8
"""Bytes of a cell; Arrow's bytes are counted as cells of this size."""


class Memo:
    """Keeps the most recently used results of functions, up to its limits.

    `makes` counts the computed results.

    An argument that can be hashed is the same where it is equal, any other one only where it is
    the same object. Nothing kept may be changed in place, and no function that is kept may read
    the clock, the session or the settings. One thread makes a thing, others wait for it.
    """

    def __init__(self, entries: int = MOST_ENTRIES, cells: int = MOST_CELLS) -> None:
        self.entries, self.cells = entries, cells
        self.makes = 0
        self._made: OrderedDict[Hashable, tuple[object, tuple[object, ...], int]] = OrderedDict()
        self._turns: dict[Hashable, RLock] = {}
        self._lock = Lock()
        self._weight = 0

    def call(self, function: Callable[..., T], *of: object) -> T:
        """Return the result of a function, computed once per arguments.

        An error isn't kept.
        """
        key = (function, *map(_same, of))
        with self._lock:
            if key in self._made:
                return cast("T", self._found(key))
            turn = self._turns.setdefault(key, RLock())
        with turn:
            with self._lock:
                if key in self._made:
                    return cast("T", self._found(key))
            try:
                made = function(*of)
                self._keep(key, made, of)
            finally:
                self._turns.pop(key, None)
        return made

    def clear(self) -> None:
        """Forget all results."""
        with self._lock:
            self._made.clear()
            self._weight = 0

    def _found(self, key: Hashable) -> object:
        self._made.move_to_end(key)
        return self._made[key][0]

    def _keep(self, key: Hashable, made: object, of: tuple[object, ...]) -> None:
        """Keep it with its arguments, so that no other object gets the identity of one of them."""
        weight = _cells(made)
        with self._lock:
            self.makes += 1
            self._made[key] = (made, of, weight)
            self._weight += weight
            while len(self._made) > self.entries or self._weight > self.cells:
                _, (*_, dropped) = self._made.popitem(last=False)
                self._weight -= dropped


def _same(value: object) -> Hashable:
    """Return a key of a value: equal for the same value, however often it is fetched."""
    if isinstance(value, Fetched):
        return value.at  # hashing all its rows would take long
    if isinstance(value, Mapping):
        return tuple((name, _same(one)) for name, one in value.items())
    try:
        hash(value)
    except TypeError:
        return id(value)
    return type(value), value


def _cells(made: object) -> int:
    """Count the cells of all frames in a result."""
    match made:
        case str() | int() | float() | None | Fetched():
            return 0  # the rows of an answer are in a cache of their own
        case pd.DataFrame() | pd.Series():
            return made.size
        case tuple() | list():
            return sum(map(_cells, made))
        case dict():
            return sum(map(_cells, made.values()))
        case bytes():
            return len(made) // CELL
    held = getattr(made, "__dict__", {}) if is_dataclass(made) else {}
    return sum(map(_cells, held.values()))
