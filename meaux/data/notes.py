"""Notes: days that the user describes in `.streamlit/notes.toml`, for charts over time."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meaux.data import toml
from meaux.data.declared import key, keys
from meaux.data.entries import UnusableError, read_all
from meaux.data.faults import Fault
from meaux.data.readers import list_of, unknown
from meaux.data.readers import text as _text
from meaux.data.settings import PROJECT

TABLE = "notes"
UNTIL_THEN = "This note is not shown until corrected."
NO_FILE = "No note of it is shown."


def _day(value: Any) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError(f"{value!r} is not a date; write it without quotes, e.g. 2026-11-13")
    return value


@dataclass(frozen=True)
class Note:
    """A note on one day, or on the days from `date` to `last_day`.

    It is about the projects, teams and Workers that it names; without any, about everything.
    """

    date: dt.date | None = key(None, _day, "The day, or the first of several: 2026-11-13.")
    last_day: dt.date | None = key(None, _day, "The last day, if the note is about several.")
    text: str = key("", _text, "What happened.")
    projects: tuple[str, ...] = key((), list_of(_text, "projects"), "Names or IDs of projects.")
    teams: tuple[str, ...] = key((), list_of(_text, "teams"), "Names or IDs of teams.")
    workers: tuple[str, ...] = key((), list_of(_text, "Workers"), "Names of Workers.")

    @property
    def name(self) -> str:
        """Its days and text, by which notes are told apart."""
        return f"{self.date} {self.last_day} {self.text}"


KEYS = keys(Note)


@dataclass(frozen=True)
class Notes:
    """The valid notes of a file, and the mistakes in it."""

    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_notes_file(setting: str) -> Notes:
    """Read the notes from the file that the setting names; none without the file."""
    path = PROJECT / Path(setting).expanduser()
    if not path.exists():
        return Notes()
    try:
        return read_notes(toml.in_file(path), path.name)
    except tomllib.TOMLDecodeError as error:
        return Notes(faults=(Fault(path.name, "", str(error), NO_FILE),))


def read_notes(given: Mapping[str, Any], file: str) -> Notes:
    """Read the notes of a parsed file; a mistake costs only its own note."""
    others = [
        Fault(file, name, unknown(name, [TABLE]), "It is ignored.")
        for name in given
        if name != TABLE
    ]
    notes, mistakes = read_all(given, TABLE, _note, file, UNTIL_THEN)
    return Notes(notes, (*others, *mistakes))


def _note(given: Mapping[str, Any]) -> Note:
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name not in KEYS:
            raise UnusableError(unknown(name, KEYS))
        try:
            read[name] = KEYS[name].read(value)
        except ValueError as error:
            raise UnusableError(str(error), name) from None
    note = Note(**read)
    if note.date is None:
        raise UnusableError("date is missing; write it as date = 2026-11-13")
    if not note.text:
        raise UnusableError("text is missing")
    if note.last_day and note.last_day < note.date:
        raise UnusableError("must not be before date", "last_day")
    return note
