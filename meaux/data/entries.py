"""Entries: a list of tables in meaux.toml, such as `[[notify]]`, read one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from meaux.data.declared import Key
from meaux.data.faults import Fault
from meaux.data.readers import unknown


class Named(Protocol):
    """An entry with a name of its own."""

    @property
    def name(self) -> str:
        """The name, by which people tell entries apart."""
        ...


Entry = TypeVar("Entry", bound=Named)

ALL_IGNORED = "All entries are ignored until corrected."


class UnusableError(Exception):
    """An entry is invalid; `key` is the invalid key, if it is a single one."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


def read_all(
    given: Mapping[str, Any],
    table: str,
    read: Callable[[Mapping[str, Any]], Entry],
    file: str,
    effect: str,
) -> tuple[tuple[Entry, ...], list[Fault]]:
    """Read all entries of a list; return the valid ones, and the mistakes in the others.

    `read` reads an entry, or raises an UnusableError. Of two with the same name, the first counts.
    """
    listed = given.get(table, [])
    if not isinstance(listed, list):
        reason = f"write each entry under its own [[{table}]] line"
        return (), [Fault(file, f"[[{table}]]", reason, ALL_IGNORED, table)]
    found: dict[str, Entry] = {}
    mistakes = []
    for number, entry in enumerate(listed, start=1):
        try:
            one = _new(entry, read, found)
        except UnusableError as error:
            at = f", {error.key}" if error.key else ""
            place = f"[[{table}]] number {number}{_named(entry)}{at}"
            mistakes.append(Fault(file, place, str(error), effect, table))
        else:
            found[one.name.casefold()] = one
    return tuple(found.values()), mistakes


def _new(
    entry: Any, read: Callable[[Mapping[str, Any]], Entry], taken: Mapping[str, Entry]
) -> Entry:
    if not isinstance(entry, Mapping):
        raise UnusableError("must be a table with keys")
    one = read(entry)
    if one.name.casefold() in taken:
        raise UnusableError("name already used by an earlier entry")
    return one


def _named(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return f" (“{name}”)" if isinstance(name, str) and "://" not in name else ""


def read_keys(given: Mapping[str, Any], known: Mapping[str, Key]) -> dict[str, Any]:
    """Read the keys of an entry by name.

    Raises:
        UnusableError: a key is unknown, or its value is invalid.
    """
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise UnusableError(unknown(name, known))
        try:
            read[name] = known[name].read(value)
        except ValueError as error:
            raise UnusableError(str(error), name) from None
    if not read.get("name"):
        raise UnusableError("name is missing")
    return read
