"""Saved views in the state file: names for pages with their filters, each of one owner."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from meaux.errors import StateError
from meaux.wording import counted

MOST = 30
"""Views of one owner."""
MOST_OF_ALL = 20_000
"""Views in the file, so that nobody without sign-in can fill the disk."""
LONGEST = 60
"""Characters of a name."""


@dataclass(frozen=True)
class View:
    """A page with its filters: its name, and its link below the dashboard's address.

    `starts`: whether the dashboard opens with it.
    """

    id: int
    name: str
    link: str
    starts: bool = False


def plain(name: str) -> str:
    """Return a name on one line, without invisible characters.

    Raises:
        StateError: nothing is left of it, or it is too long.
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not words:
        raise StateError("Give the view a name.")
    if len(words) > LONGEST:
        raise StateError(f"Give the view a shorter name, of at most {LONGEST} characters.")
    return words


class Views:
    """Reads and writes the views of one owner; a caller groups the writes into steps.

    The owner is known by a hash.
    """

    def __init__(self, connection: sqlite3.Connection, owner: str) -> None:
        self._connection = connection
        self._owner = owner

    def all(self) -> tuple[View, ...]:
        """Return the owner's views by name."""
        rows = self._connection.execute(
            "SELECT id, name, link, starts FROM views WHERE owner = ? ORDER BY name COLLATE NOCASE",
            (self._owner,),
        )
        return tuple(View(id_, name, link, bool(starts)) for id_, name, link, starts in rows)

    def add(self, name: str, link: str, *, starts: bool = False) -> None:
        """Save a view.

        Raises:
            StateError: the name isn't free or isn't one, or there are too many views.
        """
        words = plain(name)
        if len(self.all()) >= MOST:
            raise StateError(f"You have {counted(MOST, 'view')}. Delete one to save another.")
        [(count,)] = self._connection.execute("SELECT count(*) FROM views").fetchall()
        if count >= MOST_OF_ALL:
            raise StateError("No more views can be saved on this server.")
        self._require_free(words)
        self._connection.execute(
            "INSERT INTO views (owner, name, link) VALUES (?, ?, ?)", (self._owner, words, link)
        )
        if starts:
            self.start(next(view.id for view in self.all() if view.name == words))

    def rename(self, id_: int, name: str) -> None:
        """Give a view another name.

        Raises:
            StateError: the name isn't free or isn't one.
        """
        words = plain(name)
        self._require_free(words, id_)
        self._change("UPDATE views SET name = ? WHERE owner = ? AND id = ?", words, id_)

    def drop(self, id_: int) -> None:
        """Delete a view."""
        self._connection.execute("DELETE FROM views WHERE owner = ? AND id = ?", (self._owner, id_))

    def start(self, id_: int | None) -> None:
        """Make the dashboard open with this view; None for with Home."""
        self._change("UPDATE views SET starts = id IS ? WHERE owner = ?", id_)

    def _change(self, sql: str, first: object, *rest: object) -> None:
        self._connection.execute(sql, (first, self._owner, *rest))

    def _require_free(self, name: str, except_for: int = 0) -> None:
        taken = [v for v in self.all() if v.name.lower() == name.lower() and v.id != except_for]
        if taken:
            raise StateError(f"You have a view named {name}. Choose another name.")
