"""Tokens: SQL text split as SQLite's own tokenizer does it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from meaux.data.database.limits import SQL_BYTES
from meaux.errors import MeauxError

_TOKENS = re.compile(
    r"""
      (?P<space>[ \t\n\f\r]+)
    | (?P<comment>--[^\n]*|/\*(?s:.*?)\*/)
    | (?P<text>'(?:[^']|'')*+')
    | (?P<name>"(?:[^"]|"")*+"|`(?:[^`]|``)*+`|\[[^\]]*+\])
    | (?P<parameter>\?[0-9]*)
    | (?P<named>[:@$\#][A-Za-z0-9_]+)
    | (?P<number>[0-9]+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<open>/\*|['"`\[])
    | (?P<end>;)
    | (?P<sign>[-+*/%&|~<>=!(),.])
    """,
    re.VERBOSE,
)

_UNSEEN = re.compile(r"[\0\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Invisible characters, and characters that change the order in which others are shown."""

_OPENED: Mapping[str, str] = {"/*": "comment", "'": "text", '"': "name", "`": "name", "[": "name"}
_ROOM = 100
"""Bytes reserved for the SQL around a statement."""


class Refused(MeauxError):  # noqa: N818  named for what went wrong, as all errors are
    """A text is not sent to the database; the message is the reason."""


class Token(NamedTuple):
    """A piece of a text: `kind` is a group of the pattern above."""

    kind: str
    text: str

    @property
    def name(self) -> str:
        """A name or a word, without quotes and in lower case."""
        return self.text.strip('"`[]').lower()

    @property
    def word(self) -> str:
        """The word in upper case; empty if it isn't a word."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> list[Token]:
    """Return the tokens of one statement, without its end; a comment is a space, as in SQLite.

    Raises:
        Refused: there is more than one statement, or text that SQLite doesn't accept.
    """
    if unseen := _UNSEEN.search(text):
        raise Refused(f"Invisible character (U+{ord(unseen[0]):04X}): remove it.")
    if len(text.encode()) > SQL_BYTES - _ROOM:
        raise Refused(f"The statement is longer than D1's limit of {SQL_BYTES // 1000} kB.")
    found, place = [], 0
    while place < len(text):
        token, place = _next(text, place)
        found.append(token)
    return _one_statement(found)


def _next(text: str, place: int) -> tuple[Token, int]:
    """Return the token that begins at a place, and where it ends."""
    found = _TOKENS.match(text, place)
    if found is None or found.lastgroup is None:
        raise Refused(_strange(text[place]))
    if found.lastgroup == "open":
        raise Refused(f"Unclosed {_OPENED[found[0]]}: {found[0]} has no end.")
    if found.lastgroup == "comment":
        return Token("space", " "), found.end()
    return Token(found.lastgroup, found[0]), found.end()


def _strange(character: str) -> str:
    if character.isascii():
        return f"Unexpected character {character!r}."
    return (
        f"Unexpected character {character}. Put names in double quotes and text in single quotes."
    )


def _one_statement(found: list[Token]) -> list[Token]:
    """Return the tokens before the first semicolon; only spaces may follow it."""
    end = next((n for n, token in enumerate(found) if token.kind == "end"), len(found))
    if any(token.kind not in ("space", "end") for token in found[end:]):
        raise Refused("Only one statement at a time.")
    return found[:end]
