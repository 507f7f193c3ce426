"""Readings: one parsed read-only statement, with what must be known before it is sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from meaux.data.database import Statement
from meaux.data.database.limits import PARAMETERS
from meaux.subjects.health.sql.tokens import Refused, Token, tokens

# What it doesn't understand is said on the page; its log would repeat somebody's SQL.
logging.getLogger("sqlglot").disabled = True

MOST_ROWS = 10_000

_BEGINNINGS = ("SELECT", "WITH", "VALUES")
_NO_PRAGMA = "PRAGMA is not allowed. See the Catalog tab for tables, columns and indexes."
_NO_BEGINNINGS: Mapping[str, str] = {
    "ATTACH": "ATTACH is not allowed: only this database can be read.",
    "PRAGMA": _NO_PRAGMA,
    "REPLACE": "REPLACE is not allowed: this console is read-only.",
    "VACUUM": "VACUUM is not allowed: this console is read-only.",
}
_WRITING = frozenset(
    {
        "ALTER",
        "COMMIT",
        "CREATE",
        "DELETE",
        "DROP",
        "INSERT",
        "INTO",
        "RETURNING",
        "SET",
        "TRANSACTION",
        "UPDATE",
    }
)
"""Words that no read-only statement contains: SQLite accepts none of them as a name."""

_FORBIDDEN_FUNCTIONS = ("fts3_tokenizer", "load_extension")
_READS_MORE = ("with_", "distinct", "where", "joins", "group", "having", "windows")
"""Clauses that may read more rows than are returned."""


@dataclass(frozen=True)
class Reading:
    """One read-only statement, without comments and semicolon.

    - `parameters`: the number of its parameters.
    - `tables`: the tables that it reads, by each name or alias in lower case.
    - `stops`: whether a row limit ends the reading.
    - `explains`: whether it only asks for a query plan.
    """

    sql: str
    parameters: int
    tables: Mapping[str, frozenset[str]]
    stops: bool
    explains: bool

    def limited(self, rows: int, values: Sequence[str] = ()) -> Statement:
        """Return the statement with a row limit."""
        sql = f"EXPLAIN QUERY PLAN {self.sql}" if self.explains else self.inside(rows)
        return Statement(sql, tuple(values))

    def plan(self, rows: int, values: Sequence[str] = ()) -> Statement:
        """Return the statement that asks for the query plan; it reads no rows."""
        return Statement(f"EXPLAIN QUERY PLAN {self.inside(rows)}", tuple(values))

    def inside(self, rows: int) -> str:
        """Return the SQL with a row limit."""
        return f"SELECT * FROM (\n{self.sql}\n) LIMIT {rows}"


def read(text: str) -> Reading:
    """Parse one read-only statement.

    Raises:
        Refused: the text is not one statement, or it may do more than read.
    """
    found = tokens(text)
    for token in found:
        _allow(token)
    asked = _behind_explain(found)
    _begin(asked)
    query = _query("".join(map(_for_the_parser, asked)))
    sql = "".join(token.text for token in asked).strip()
    explains = len(asked) < len(found)
    return Reading(sql, parameters(asked), _tables(query), stops(query), explains)


def parsed(sql: str) -> exp.Select | exp.SetOperation | exp.Values:
    """Return the parsed query of a reading's SQL."""
    return _query("".join(map(_for_the_parser, tokens(sql))))


def _allow(token: Token) -> None:
    """Refuse a token that stands in no reading statement."""
    if token.word in _WRITING:
        raise Refused(f"{token.word} is not allowed: this console is read-only.")
    if token.kind in ("word", "name") and token.name in _FORBIDDEN_FUNCTIONS:
        raise Refused(f"The function {token.name} is not allowed.")
    if token.kind in ("word", "name") and token.name.startswith("pragma_"):
        raise Refused(_NO_PRAGMA)
    if token.kind == "named" or token.text == "?":
        raise Refused(f"Parameter {token.text} has no number. Use ?1, ?2 and so on.")


def _behind_explain(found: list[Token]) -> list[Token]:
    """Return the tokens after EXPLAIN QUERY PLAN; all tokens without it."""
    places = [place for place, token in enumerate(found) if token.kind != "space"][:3]
    words = [found[place].word for place in places]
    if words[:1] != ["EXPLAIN"]:
        return found
    if words[1:] != ["QUERY", "PLAN"]:
        raise Refused("Only EXPLAIN QUERY PLAN is allowed.")
    return found[places[-1] + 1 :]


def _begin(asked: Sequence[Token]) -> None:
    """Refuse what begins like no reading statement."""
    first = next((token for token in asked if token.kind != "space"), None)
    if first is None:
        raise Refused("No statement entered.")
    if first.word in _NO_BEGINNINGS:
        raise Refused(_NO_BEGINNINGS[first.word])
    if first.word not in _BEGINNINGS:
        raise Refused(f"The statement starts with {first.text}; use SELECT or WITH.")


def parameters(asked: Sequence[Token]) -> int:
    """Return the number of parameters, which are numbered from 1."""
    numbers = {int(token.text[1:]) for token in asked if token.kind == "parameter"}
    if numbers != set(range(1, len(numbers) + 1)):
        raise Refused("Number parameters from ?1 without gaps.")
    if len(numbers) > PARAMETERS:
        raise Refused(f"{len(numbers)} parameters; D1 allows {PARAMETERS}.")
    return len(numbers)


def _for_the_parser(token: Token) -> str:
    """Write a token for sqlglot, which knows parameters by name, not by number."""
    return f":p{token.text[1:]}" if token.kind == "parameter" else token.text


def _query(sql: str) -> exp.Select | exp.SetOperation | exp.Values:
    """Return the one query that sqlglot sees in the SQL."""
    try:
        found = sqlglot.parse(sql, dialect="sqlite")
    except ParseError as error:
        raise Refused(_misunderstood(error)) from None
    except RecursionError:
        raise Refused("The statement is nested too deeply.") from None
    except Exception:  # noqa: BLE001  whatever a parser stumbles over is not sent
        raise Refused("The statement can't be parsed.") from None
    query = found[0] if len(found) == 1 else None
    if not isinstance(query, exp.Select | exp.SetOperation | exp.Values):
        raise Refused("Only one read-only statement is allowed.")
    if query.find(exp.DML, exp.DDL, exp.Command, exp.Into):
        raise Refused("Part of the statement changes data: this console is read-only.")
    if any(table.name.lower().startswith("pragma_") for table in query.find_all(exp.Table)):
        raise Refused(_NO_PRAGMA)
    return query


def _misunderstood(error: ParseError) -> str:
    """Return the parser's message as a sentence."""
    told = error.errors[0] if error.errors else {}
    near = f" near “{told['highlight']}”" if told.get("highlight") else ""
    return f"Syntax error{near} in line {told.get('line', 1)}."


def _tables(query: exp.Select | exp.SetOperation | exp.Values) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for table in query.find_all(exp.Table):
        for name in filter(None, (table.name, table.alias)):
            found.setdefault(name.lower(), set()).add(table.name)
    return {name: frozenset(tables) for name, tables in found.items()}


def stops(query: exp.Expr) -> bool:
    """Return whether a query takes rows of one table as they come.

    A function may want to see all of them.
    """
    if not isinstance(query, exp.Select) or any(query.args.get(c) for c in _READS_MORE):
        return False
    return query.find(exp.Func, exp.Window, exp.Subquery, exp.SetOperation) is None
