"""Vocabulary: the words a database uses for a status or a severity, and what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

OTHER = "Other"
NO_TEAM = "No team"

STATUSES = {
    "Active": "active live ongoing open enabled running production launched",
    "In progress": "in_progress wip development developing building started doing beta staging",
    "Paused": "paused on_hold hold suspended blocked waiting inactive",
    "Completed": "completed complete done finished delivered closed shipped",
    "Archived": "archived archive deleted retired cancelled canceled sunset deprecated",
}
"""Each project status and the spellings that mean it, in the order that charts keep."""

SEVERITIES = {
    "Critical": "critical fatal emergency panic alert urgent",
    "Error": "error err failure failed high",
    "Warning": "warning warn medium moderate",
    "Info": "info information notice debug low trace",
}
"""Each severity, most severe first, and the spellings that mean it."""


def status(word: str | None) -> str:
    """The project status that a spelling means; `Other` for one that is not known."""
    return _STATUS_OF.get(_plain(word), OTHER)


def severity(word: str | None) -> str:
    """The severity that a spelling means; one that is not known is information."""
    return _SEVERITY_OF.get(_plain(word), "Info")


def told_apart(ids: Iterable[object], names: Iterable[object]) -> list[str]:
    """The names; those that several rows share have their id behind it."""
    named = [(str(id_), str(name)) for id_, name in zip(ids, names, strict=True)]
    count = Counter(name for _, name in named)
    words: list[str] = []
    for id_, name in named:
        found = f"{name} ({id_})" if count[name] > 1 else name
        while found in words:
            found = f"{found} ({id_})"
        words.append(found)
    return words


def _plain(word: str | None) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(word, str) else ""


def _by_spelling(table: dict[str, str]) -> dict[str, str]:
    return {spelling: meaning for meaning, words in table.items() for spelling in words.split()}


_STATUS_OF = _by_spelling(STATUSES)
_SEVERITY_OF = _by_spelling(SEVERITIES)
