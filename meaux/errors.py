# ruff: noqa: N818 - an error is named for what went wrong: `RateLimited`, not `RateLimitedError`
"""Everything that can go wrong, by name.

MeauxError
├── SettingError              a setting has no value, or a bad one
├── SchemaError               an entry of a mapping file is wrong
├── QueryFileError            a block of a .sql file is wrong: file and line
└── DatabaseError
    ├── Unreachable           no answer, after as many tries as make sense
    │   ├── LateAnswer        one answer did not come in time; others may
    │   └── PageSpent         the page has made all its calls, or waited long enough
    ├── Unauthorized          the token is wrong, expired or lacks D1 Read
    ├── DatabaseNotFound      the account has no such database
    ├── RateLimited           too many calls; `retry_after` seconds
    ├── Overloaded            the database has too much to do
    ├── DailyLimitReached     the free plan's rows of today are used up
    ├── BadAnswer             an answer that is not what a database answers
    ├── NotADatabase          a file that is missing, or is no database
    └── QueryError            the database refused the SQL; `message` says why
        ├── MissingTable      `table`
        ├── MissingColumn     `column`
        ├── QueryTimeout      it took longer than a query may take
        ├── TooLarge          its answer would fill this machine's memory
        └── OutOfMemory       statements together fill the memory that they may

The text of every error is a sentence that says what is wrong and what to do. It is safe to show
to a visitor: no token is ever in it, no folder of this machine, and no name that only the product
gives to things.
"""

import math
import re
from pathlib import Path

_FOLDERS = re.compile(
    r"""(?<![\w:/.~\\])      # not inside of a word, of a web address or of a relative path
    (?:file:/*|~|[A-Za-z]:)?[/\\]+
    (?:[^\s/\\"'“”()]+[/\\]+)+
    (?=[^\s/\\"'“”()])""",
    re.VERBOSE,
)
"""The folders of an absolute path; what comes behind them is the file's name."""
SHOWN_OF_A_WORD = 80
_LONG_WORD = re.compile(r"\S{300,}")
"""What nobody wrote to be read: a sentence shows how it begins."""
_ALIAS = re.compile(r"""(?<![\w.])(?:main|temp)\.(?=[\w"\[`“])""")
"""How the product's own SQL names the database that is open."""


def shown(sentence: str) -> str:
    """A sentence as a visitor may read it: files by their names alone, tables by theirs."""
    return _LONG_WORD.sub(_cut, _ALIAS.sub("", _FOLDERS.sub("", sentence)))


def _cut(word: re.Match[str]) -> str:
    end = "." if word[0].endswith(".") else ""
    return f"{word[0][:SHOWN_OF_A_WORD]}…{end}"


class MeauxError(Exception):
    """The base of every error that is raised on purpose."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(shown(sentence))


class SettingError(MeauxError):
    """A setting has no value, or one that can't be used."""


class SchemaError(MeauxError):
    """An entry of a mapping file can't be understood, for this reason."""


class QueryFileError(MeauxError):
    """A block of a `.sql` file breaks a rule: `problem`, in `file`, at `line` (from 1)."""

    def __init__(self, file: Path | str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")
        self.file = Path(file)
        self.line = line
        self.problem = problem


class DatabaseError(MeauxError):
    """The database gave no usable answer."""


class Unreachable(DatabaseError):
    """No answer came, after as many tries as make sense."""


class LateAnswer(Unreachable):
    """An answer did not come in time: it says nothing of other questions."""


class PageSpent(Unreachable):
    """The page may ask no more: that says nothing of the database."""

    def __init__(self) -> None:
        super().__init__(
            "This page has waited too long, or asked too often: try again in a moment."
        )


class Unauthorized(DatabaseError):
    """The token is wrong, expired, or may not read this database."""


class DatabaseNotFound(DatabaseError):
    """The account has no database of this id."""


class RateLimited(DatabaseError):
    """Too many calls were made; `retry_after` is in seconds, None where nobody said."""

    def __init__(self, retry_after: float | None = None) -> None:
        wait = "a few minutes" if retry_after is None else _seconds(retry_after)
        super().__init__(f"Cloudflare accepts no more calls for now: try again in {wait}.")
        self.retry_after = retry_after


def _seconds(wait: float) -> str:
    whole = max(1, math.ceil(wait))
    return "1 second" if whole == 1 else f"{whole} seconds"


class Overloaded(DatabaseError):
    """The database has more to do than it can; more tries would make it worse."""


class DailyLimitReached(DatabaseError):
    """The free plan's row reads of today are used up: final until 00:00 UTC."""


class BadAnswer(DatabaseError):
    """What came back is not what a database answers: broken JSON, or another shape."""


class NotADatabase(DatabaseError):
    """The file is missing, can't be read, or is no SQLite database."""


class QueryError(DatabaseError):
    """The database refused the SQL; `message` is its reason, in its own words."""

    def __init__(self, message: str, sentence: str | None = None) -> None:
        super().__init__(sentence or f"The database refused the query: {message.rstrip('.')}.")
        self.message = message


class MissingTable(QueryError):
    """The query names a table that the database doesn't have: `table`."""

    def __init__(self, table: str, message: str | None = None) -> None:
        super().__init__(
            message or f"no such table: {table}",
            f"The database has no table “{table}”: map another one, or create it.",
        )
        self.table = table


class MissingColumn(QueryError):
    """The query names a column that its tables don't have: `column`."""

    def __init__(self, column: str, message: str | None = None) -> None:
        super().__init__(
            message or f"no such column: {column}",
            f"The database has no column “{column}”: map another one, or add it.",
        )
        self.column = column


class QueryTimeout(QueryError):
    """The query took longer than a query may take."""

    def __init__(self, message: str = "the query took too long") -> None:
        super().__init__(
            message,
            "The query took longer than the database allows: choose a shorter period, "
            "or add an index on the date column.",
        )


class TooLarge(QueryError):
    """The answer would be larger than one may be: `most`, in words."""

    def __init__(self, most: str) -> None:
        super().__init__(
            f"the answer is larger than {most}",
            f"The answer is larger than {most}: ask for fewer rows, or for fewer columns.",
        )


class OutOfMemory(QueryError):
    """All statements that run together would hold more memory than they may."""

    def __init__(self, message: str = "there is not enough memory") -> None:
        super().__init__(
            message,
            "There is not enough memory for this query now: "
            "try again in a moment, or ask for less.",
        )
