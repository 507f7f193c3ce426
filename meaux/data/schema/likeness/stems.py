"""Stems: the words of a name, with one form for synonyms."""

from __future__ import annotations

import re
from functools import lru_cache

NAMES_KEPT = 20_000
"""The number of names that each cache holds: enough for a large database."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MEANING = {
    "start": "started begin began begun beginning",
    "end": "ended finish finished stop stopped complete completed done",
    "create": "created made inserted insertion",
    "update": "updated modified changed",
    "cost": "amount spend spent spending price charge charged fee expense",
    "run": "execution invocation",
    "duration": "latency elapsed took runtime",
    "millisecond": "ms msec milli",
    "second": "sec",
    "minute": "min mins",
    "hour": "hr",
    "usd": "dollar",
    "input": "in prompt",
    "output": "out completion generated",
    "token": "tok",
    "color": "colour",
    "person": "user employee people",
    "picture": "photo",
    "model": "llm engine",
    "workflow": "job pipeline",
    "step": "node stage",
}
_STEM = {word: stem for stem, words in _MEANING.items() for word in words.split()}

TIME = _each("at on date day time timestamp datetime ts utc unix epoch")
"""Words that mark a column as a point in time."""

NANO = _each("nano nanosecond ns")
"""Words that mark a point in time as nanoseconds."""

_NUMBER = _each("value recorded used")
_BESIDE = {
    "instant": TIME | NANO,
    "key": _each("id key uuid guid ref slug name"),
    "text": _each("id key slug name code used label value text"),
    "word": _each("name value word code"),
    "currency": _each("code"),
    "number": _NUMBER,
    "money": _NUMBER,
    "duration": _NUMBER,
    "percent": _NUMBER,
    "code": _NUMBER,
    "flag": _each("is flag"),
}
"""Words that don't change the meaning of a column of a type."""

_COMMON = _each(
    "type kind category event text body detail title note description source path product location "
    "link period level state message label"
)
"""Words that every table uses: a name of only these matches no name with the table's own words."""

_OTHERWISE = _each(
    "per max maximum minimum avg average mean median limit budget tier parent previous prior last "
    "first next expected estimated estimate planned target expire expires expired due delete "
    "deleted update sync synced archived published retry default fallback rolled read "
    "processed accessed health check confidence"
)
"""Words that change a column's meaning, unless the known name has them."""


@lru_cache(maxsize=NAMES_KEPT)
def stems(name: str) -> frozenset[str]:
    """Return the stems of the words of a name."""
    return frozenset(ordered(name))


@lru_cache(maxsize=NAMES_KEPT)
def ordered(name: str) -> tuple[str, ...]:
    """Return the stems of the words of a name in order: `startedAt` is start, at."""
    return tuple(map(_stem, (word.lower() for word in _WORD.findall(name))))


def _stem(word: str) -> str:
    if word in _STEM:
        return _STEM[word]
    one = re.sub(r"ies$", "y", word)
    if one == word and len(word) > len("ids") and word.endswith("s") and word[-2] not in "su":
        one = word[:-1]
    return _STEM.get(one, one)


def core(name: str, type_: str) -> frozenset[str]:
    """Return the significant words of a known name; none if all suit any column of its type."""
    return stems(name) - _BESIDE[type_]


def distance(
    name: str, known: str, wanted: frozenset[str], type_: str, around: frozenset[str]
) -> tuple[bool, int] | None:
    """Return the distance of a name from a known one; None if its meaning differs.

    The name must have all words of the known one's core, `wanted`. Every other word must be neutral
    for the type, or one of the table's own words, `around`. A name is closer if it has the known
    words in the same form, and fewer others.
    """
    found = stems(name)
    if not wanted <= found:
        return None
    others = found - wanted
    plain = _BESIDE[type_] if wanted <= _COMMON else _BESIDE[type_] | around
    if others & _OTHERWISE or not others <= plain:
        return None
    return not _words(known) - _BESIDE[type_] <= _words(name), len(others)


def says_time(name: str) -> bool:
    """Return whether a name marks a column as a point in time."""
    return bool(stems(name) & (TIME | {"start", "end", "create"}))


def says_when(name: str) -> bool:
    """Return whether a name means the time of an event, and not of its end, change or due date."""
    return says_time(name) and not stems(name) & (_OTHERWISE | {"end"})


def is_called(name: str, phrase: str) -> bool:
    """Return whether a table's name matches a phrase: same last word, the others before it."""
    words, wanted = ordered(name), ordered(phrase)
    return bool(words) and words[-1] == wanted[-1] and set(wanted) <= set(words)


@lru_cache(maxsize=NAMES_KEPT)
def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(name))
