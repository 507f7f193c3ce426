# ruff: noqa: N818 - an error is named for what went wrong: `RateLimited`, not `RateLimitedError`
"""All errors that are raised on purpose.

MeauxError
├── SettingError              a setting has no value, or a bad one
├── SchemaError               an entry of a mapping file is wrong
├── QueryFileError            a block of a .sql file is wrong: file and line
├── Unloaded                  a ClickHouse database has no copy
├── TargetError               a table can't be filled
│   └── Unfinished            this run may read no more of D1; the next one goes on
├── StateError                the state file can't be used, or another run uses it
├── ServiceError              a service to collect from gave no usable answer
│   └── NotPermitted          the token lacks a permission
└── DatabaseError
    ├── Unreachable           no answer after all retries
    │   ├── LateAnswer        one answer was too late; others may still come
    │   └── PageSpent         the page's calls or its time are used up
    ├── Unauthorized          the token is wrong, expired or lacks D1 Read
    ├── DatabaseNotFound      the account has no such database
    ├── RateLimited           too many calls; `retry_after` seconds
    ├── Overloaded            the database is overloaded
    ├── DailyLimitReached     the free plan's rows of today are used up
    ├── RowsUsedUp            the owner's own limit of rows a day; `retry_after` seconds
    ├── BadAnswer             an invalid response
    ├── NotADatabase          a file that is missing or not a database
    └── QueryError            the database rejected the SQL; `message` is the reason
        ├── MissingTable      `table`
        ├── MissingColumn     `column`
        ├── QueryTimeout      the query timed out
        ├── TooLarge          the result would fill this machine's memory
        └── OutOfMemory       all statements together reached the memory limit

The text of every error is a sentence that says what is wrong and what to do. It is safe to show
to a visitor: it contains no token, no folder of this machine and no internal name.
"""

import math
import re
from pathlib import Path

from meaux.wording import counted

_FOLDERS = re.compile(
    r"""(?<![\w:/.~\\])      # not inside of a word, of a web address or of a relative path
    (?:file:/*|~|[A-Za-z]:)?[/\\]+
    (?:[^\s/\\"'“”()]+[/\\]+)+
    (?=[^\s/\\"'“”()])""",
    re.VERBOSE,
)
"""The folders of an absolute path, without the file's name."""
SHOWN_OF_A_WORD = 80
_LONG_WORD = re.compile(r"\S{300,}")
"""A word too long to read: a sentence shows only its beginning."""
_ALIAS = re.compile(r"""(?<![\w.])(?:main|temp)\.(?=[\w"\[`“])""")
"""The prefix of the open database in the app's own SQL."""


def shown(sentence: str) -> str:
    """Return a sentence that is safe to show: files without folders, tables without prefix."""
    return _LONG_WORD.sub(_cut, _ALIAS.sub("", _FOLDERS.sub("", sentence)))


def _cut(word: re.Match[str]) -> str:
    end = "." if word[0].endswith(".") else ""
    return f"{word[0][:SHOWN_OF_A_WORD]}…{end}"


class MeauxError(Exception):
    """The base of every error that is raised on purpose."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(shown(sentence))


class SettingError(MeauxError):
    """A setting has no value, or an invalid one."""


class SchemaError(MeauxError):
    """An entry of a mapping file is invalid, for this reason."""


class QueryFileError(MeauxError):
    """A block of a `.sql` file breaks a rule: `problem`, in `file`, at `line` (from 1)."""

    def __init__(self, file: Path | str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")
        self.file = Path(file)
        self.line = line
        self.problem = problem


class Unloaded(MeauxError):
    """A ClickHouse database holds no copy that this version can read: why, and what to do."""

    def __init__(
        self, why: str = "it has no copy yet", todo: str = "Run: python -m meaux load clickhouse."
    ) -> None:
        super().__init__(f"The ClickHouse database can't be read: {why}. {todo}")


class TargetError(MeauxError):
    """A table of the database can't be filled, for this reason."""


class Unfinished(TargetError):
    """Tables of D1 are not read to their end yet, as this run may read no more: `why`."""

    def __init__(self, why: str, rows: int, tables: list[str]) -> None:
        super().__init__(
            f"D1 is not read to its end yet: {why}. {counted(rows, 'row')} read in this run; "
            f"{counted(len(tables), 'table')} left, next {tables[0]}. Run again to go on."
        )


class StateError(MeauxError):
    """The state file can't be used, or another run uses it."""


class ServiceError(MeauxError):
    """A service to collect from gave no usable answer."""


class NotPermitted(ServiceError):
    """The service refused the token: it is wrong, or lacks a permission."""


class DatabaseError(MeauxError):
    """The database gave no usable answer."""


class Unreachable(DatabaseError):
    """No answer came after all retries."""


class LateAnswer(Unreachable):
    """An answer was too late; other queries may still succeed."""


class PageSpent(Unreachable):
    """The page has no calls or time left; the database may be fine."""

    def __init__(self) -> None:
        super().__init__("This page ran too long or made too many queries. Try again in a moment.")


class Unauthorized(DatabaseError):
    """The token is wrong or expired, or lacks read permission for this database."""


class DatabaseNotFound(DatabaseError):
    """The account has no database with this ID."""


class RateLimited(DatabaseError):
    """The rate limit is reached; `retry_after` is in seconds, None if unknown."""

    def __init__(self, retry_after: float | None = None) -> None:
        wait = "a few minutes" if retry_after is None else _seconds(retry_after)
        super().__init__(f"Cloudflare rate limit reached. Try again in {wait}.")
        self.retry_after = retry_after


def _seconds(wait: float) -> str:
    whole = max(1, math.ceil(wait))
    return "1 second" if whole == 1 else f"{whole} seconds"


class Overloaded(DatabaseError):
    """The database is overloaded; retries would make it worse."""


class DailyLimitReached(DatabaseError):
    """The free plan's daily row-read limit is reached; retries fail until 00:00 UTC."""


class RowsUsedUp(DatabaseError):
    """The day's rows of this server or of a key are used up; `retry_after` is in seconds."""

    def __init__(self, limit: int, retry_after: float, *, of_key: bool = False) -> None:
        whose = "this key's daily limit" if of_key else "the daily limit"
        super().__init__(
            f"{whose[:1].upper()}{whose[1:]} of {counted(limit, 'row')} read is reached. Cached "
            "data are still available; new data can be read from 00:00 UTC on."
        )
        self.retry_after = retry_after
        self.of_key = of_key


class BadAnswer(DatabaseError):
    """The response is invalid: broken JSON, or an unexpected shape."""


class NotADatabase(DatabaseError):
    """The file is missing, unreadable or not a SQLite database."""


class QueryError(DatabaseError):
    """The database rejected the SQL; `message` is the database's own reason."""

    def __init__(self, message: str, sentence: str | None = None) -> None:
        super().__init__(sentence or f"The database rejected the query: {message.rstrip('.')}.")
        self.message = message


class MissingTable(QueryError):
    """The query uses a table that the database doesn't have: `table`."""

    def __init__(self, table: str, message: str | None = None, todo: str = "") -> None:
        super().__init__(
            message or f"no such table: {table}",
            f"There is no table {table}. {todo or 'Map another table or create it.'}",
        )
        self.table = table


class MissingColumn(QueryError):
    """The query uses a column that its tables don't have: `column`."""

    def __init__(self, column: str, message: str | None = None, todo: str = "") -> None:
        super().__init__(
            message or f"no such column: {column}",
            f"There is no column {column}. {todo or 'Map another column or add it.'}",
        )
        self.column = column


class QueryTimeout(QueryError):
    """The query took longer than allowed; `advice` says what to do."""

    def __init__(
        self,
        message: str = "the query took too long",
        advice: str = "Choose a shorter period or add an index on the date column.",
    ) -> None:
        super().__init__(message, f"The query timed out. {advice}")


class TooLarge(QueryError):
    """The result is larger than allowed; `most` is the limit in words."""

    def __init__(self, most: str) -> None:
        super().__init__(
            f"the result is larger than {most}",
            f"The result is larger than {most}. Request fewer rows or columns.",
        )


class OutOfMemory(QueryError):
    """All running statements together reached the memory limit."""

    def __init__(self, message: str = "there is not enough memory") -> None:
        super().__init__(
            message,
            "Not enough memory for this query. Try again in a moment or request less data.",
        )
