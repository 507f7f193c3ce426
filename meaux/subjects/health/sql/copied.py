"""Copied: SQL that somebody writes for a copy on ClickHouse, in ClickHouse's own language.

What is sent isn't the text but what was understood of it: the parsed query, written anew. It may
read the copy's tables and nothing else. So every table is looked up and named with its database,
what WITH makes gets a name that no table has, and only known functions may be called: others read
files, other servers, dictionaries or settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from meaux.data.database import Rows, Statement
from meaux.data.readers import similar
from meaux.data.schema import Binding, BoundTable, Catalog, PhysicalTable
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.catalog import Column
from meaux.data.schema.secrets import Secrecy
from meaux.data.source import Source
from meaux.data.warehouse import MONTH, CopiedTable, copied
from meaux.subjects.health.sql.allowed import is_allowed, not_allowed_in
from meaux.subjects.health.sql.guard import Masks
from meaux.subjects.health.sql.reading import Reading, parameters, stops
from meaux.subjects.health.sql.tokens import Refused, Token, tokens
from meaux.wording import counted

_MADE = "with "
"""Stands before the name of what WITH makes; no table of a copy has a blank in its name."""
_PARAMETER = re.compile(r"\{p(\d+): String\}")
_BEGINNINGS = ("SELECT", "WITH")
_EXPLAIN = re.compile(
    r"EXPLAIN( PLAN)?( {0} = [01]( , {0} = [01])*)?|EXPLAIN ESTIMATE".format(
        "(INDEXES|ACTIONS|HEADER|DESCRIPTION)"
    )
)
LARGE = 100_000_000
"""From this many rows on, reading must be confirmed: a server with few cores takes seconds."""
_ELSEWHERE = (exp.Into, exp.DML, exp.DDL, exp.Command, exp.Apply, exp.Aliases, exp.Columns)
_CLAUSES = ("settings", "format", "into")
_OF_SERVER = re.compile(
    "(current|session)_?(user|role|database|schema|catalog)s?|user|database|schema|catalog",
    re.IGNORECASE,
)
"""Names that ClickHouse takes for functions about the server if no column has them."""

_NOW = """\
SELECT c.table, NULL, toJSONString(groupArray(tuple(c.name, 0)))
FROM system.columns AS c
WHERE c.database = {p1:String}
GROUP BY c.table"""


@dataclass(frozen=True)
class CopiedReading(Reading):
    """One read-only statement for a copy, as it is sent.

    `asked` is the statement as it was written, without comments; `explain` is what stands before
    it if only its plan is asked for: `EXPLAIN indexes = 1`.
    """

    asked: str = ""
    explain: str = ""

    @property
    def checked(self) -> Reading:
        """The statement with the parameters of the box, for the guard."""
        return replace(self, sql=_PARAMETER.sub(r"?\1", self.sql))

    def limited(self, rows: int, values: Sequence[str] = ()) -> Statement:
        """Return the statement with a row limit."""
        sql = self.inside(rows)
        if self.explains:
            sql = f"{self.explain}\n{self.sql}"
        return Statement(sql, tuple(values), native=True)

    def plan(self, rows: int, values: Sequence[str] = ()) -> Statement:
        """Return the statement that asks for the query plan; it reads no rows."""
        return Statement(f"EXPLAIN {self.inside(rows)}", tuple(values), native=True)

    def estimate(self, rows: int, values: Sequence[str] = ()) -> Statement:
        """Return the statement that asks how many rows are read; it reads none."""
        return Statement(f"EXPLAIN ESTIMATE {self.inside(rows)}", tuple(values), native=True)


@dataclass(frozen=True)
class CopiedSecrecy(Secrecy):
    """What is masked of a copy: also what was read from a masked column of the source."""

    of_source: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def masked(self, table: PhysicalTable) -> frozenset[str]:
        """Return the columns of a copied table that are masked."""
        prefixes = tuple(self.of_source.get(table.name, ()))
        return super().masked(table) | {n for n in table.columns if n.startswith(prefixes)}


def _masked(bound: BoundTable, source: Catalog, secrecy: Secrecy) -> frozenset[str]:
    """Return the logical columns that are read from a masked column of the source."""
    physical = source.find(bound.physical)
    names = secrecy.masked(physical) if physical else frozenset()

    def reads(column: BoundColumn) -> bool:
        said = {word.lower() for one in column.all for word in re.findall(r"\w+", one.stored)}
        return not names.isdisjoint(said)

    return frozenset(name for name, column in bound.columns.items() if reads(column))


def _columns(table: CopiedTable) -> list[tuple[str, str]]:
    """Return the names and types of the columns of a copied table."""
    return [(MONTH, "UInt32"), *((one.name, one.type) for one in table.columns)]


@dataclass(frozen=True)
class CopiedTables:
    """The tables of a copy that may be read, and the database that they are in."""

    catalog: Catalog
    database: str

    secrecy: Secrecy
    sources: Mapping[str, str] = field(default_factory=dict)
    """The source's table of each copied one."""

    @classmethod
    def of(cls, binding: Binding, source: Catalog, secrecy: Secrecy, database: str) -> CopiedTables:
        """Return the tables that were copied, without those whose source is hidden."""
        shown = {
            name: PhysicalTable(
                name,
                "table",
                has_rowid=False,
                columns={n: Column(n, t) for n, t in _columns(table)},
            )
            for name, table in copied(binding).items()
            if not secrecy.hides(name) and not secrecy.hides(binding.tables[name].physical)
        }
        masked = {name: _masked(binding.tables[name], source, secrecy) for name in shown}
        kept = CopiedSecrecy(secrecy.unmask, secrecy.hide, masked)
        sources = {name: binding.tables[name].physical for name in shown}
        return cls(Catalog(shown), database, kept, sources)

    @classmethod
    def of_open(cls, opened: Source, secrecy: Secrecy) -> CopiedTables | None:
        """Return the tables of an open copy; None for any other database."""
        if not opened.binding.is_copy:
            return None
        database = opened.database.name.rpartition("/")[2]
        return cls.of(opened.binding, opened.catalog, secrecy, database)

    def copied_of(self, source: str) -> list[str]:
        """Return the tables that were copied from one of the source."""
        return [name for name, physical in self.sources.items() if physical == source]

    def shown(self, name: str, rows: Rows) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
        """Return the columns and rows of a copied table, with everything masked that is secret."""
        masked = self.secrecy.masked(self.catalog.tables[name])
        masks = Masks(names=frozenset(masked))
        return rows.columns, masks.rows(rows.columns, rows.rows)

    @property
    def live(self) -> Statement:
        """The statement that reads the columns as they are now."""
        return Statement(_NOW, (self.database,), width=3, native=True)

    def read(self, text: str) -> CopiedReading:
        """Parse one read-only statement.

        Raises:
            Refused: the text is not one statement, or it may do more than read the copy.
        """
        if "\\" in text:
            raise Refused("Unexpected character '\\'.")
        explain, asked = _behind_explain(tokens(text))
        _begin(asked)
        query = _query("".join(map(_for_the_parser, asked)))
        read = self._tables(query)
        sql = query.sql(dialect="clickhouse", identify=True)
        for name in not_allowed_in(sql):
            raise Refused(f"The function {name} is not allowed.")
        return CopiedReading(
            sql,
            parameters(asked),
            read,
            stops=stops(query),
            explains=bool(explain),
            asked="".join(token.text for token in asked).strip(),
            explain=explain,
        )

    def _tables(self, query: exp.Query) -> dict[str, frozenset[str]]:
        """Name each table with its database; return those that are read, by name or alias."""
        ctes = [one for one in query.find_all(exp.CTE) if not one.args.get("scalar")]
        made = {one.alias for one in ctes}
        if twice := sorted(made & self.catalog.tables.keys()):
            raise Refused(f"There is a table {twice[0]}: give what WITH makes another name.")
        read: dict[str, set[str]] = {}
        for table in [*query.find_all(exp.Table)]:
            name, alias = table.name, table.alias or table.name
            if not isinstance(table.this, exp.Identifier):
                raise Refused(_outside(table.this.name or type(table.this).__name__))
            if name in made and not table.db:
                table.set("this", exp.to_identifier(f"{_MADE}{name}", quoted=True))
                table.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
                continue
            if table.db not in ("", "main", self.database) or table.catalog:
                raise Refused(_outside(table.sql()))
            if name not in self.catalog.tables:
                raise Refused(self._unknown(name))
            table.set("db", exp.to_identifier(self.database, quoted=True))
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
            for one in (name, alias):
                read.setdefault(one.lower(), set()).add(name)
        for cte in ctes:
            renamed = exp.to_identifier(f"{_MADE}{cte.alias}", quoted=True)
            cte.args["alias"].set("this", renamed)
        return {name: frozenset(tables) for name, tables in read.items()}

    def _unknown(self, name: str) -> str:
        alike = similar(name, [*self.catalog.tables])
        rest = f"Similar: {', '.join(alike)}." if alike else "“Tables and columns” lists them all."
        return f"The copy has no table {name}. {rest}"


def _behind_explain(found: list[Token]) -> tuple[str, list[Token]]:
    """Return EXPLAIN with its settings, and the tokens behind it; empty, and all, without one."""
    first = (n for n, token in enumerate(found) if token.word in _BEGINNINGS)
    begins = next(first, len(found))
    before = " ".join(token.text.upper() for token in found[:begins] if token.kind != "space")
    if before.partition(" ")[0] != "EXPLAIN":
        return "", found
    if not _EXPLAIN.fullmatch(before):
        raise Refused("Only EXPLAIN, EXPLAIN ESTIMATE and EXPLAIN indexes = 1 are allowed.")
    return before.lower(), found[begins:]


def _begin(found: Sequence[Token]) -> None:
    first = next((token for token in found if token.kind != "space"), None)
    if first is None:
        raise Refused("No statement entered.")
    if first.word not in _BEGINNINGS:
        raise Refused(f"The statement starts with {first.text}; use SELECT, WITH or EXPLAIN.")
    for token in found:
        if token.kind == "named" or token.text == "?":
            raise Refused(f"Parameter {token.text} has no number. Use ?1, ?2 and so on.")


def _for_the_parser(token: Token) -> str:
    return f"{{p{token.text[1:]}:String}}" if token.kind == "parameter" else token.text


def _query(sql: str) -> exp.Query:
    """Return the one query in a text, if it only reads and calls known functions."""
    try:
        found = sqlglot.parse(sql, dialect="clickhouse")
    except ParseError as error:
        told = error.errors[0] if error.errors else {}
        near = f" near “{told['highlight']}”" if told.get("highlight") else ""
        raise Refused(f"Syntax error{near} in line {told.get('line', 1)}.") from None
    except RecursionError:
        raise Refused("The statement is nested too deeply.") from None
    except Exception:  # noqa: BLE001  whatever a parser stumbles over is not sent
        raise Refused("The statement can't be parsed.") from None
    query = found[0] if len(found) == 1 else None
    if not isinstance(query, exp.Select | exp.SetOperation):
        raise Refused("Only one read-only statement is allowed.")
    for why in (*_doubts(query), *_doubtful_names(query)):
        raise Refused(why)
    return query


def _doubtful_names(query: exp.Query) -> Iterator[str]:
    """Yield the names that tell of the server, or of a column's inside: `"name.size"`."""
    for name in query.find_all(exp.Identifier):
        if _OF_SERVER.fullmatch(name.name):
            yield f"The name {name.name} tells of the server: use another."
        if "." in name.name:
            yield f"The name {name.name} has a dot: quote the names before and behind it alone."


def _doubts(query: exp.Query) -> Iterator[str]:
    """Yield what a query does besides reading tables."""
    if part := query.find(*_ELSEWHERE):
        yield f"{part.sql(dialect='clickhouse')} is not allowed: this console only reads tables."
    for one in query.find_all(exp.Query):
        for clause in _CLAUSES:
            if one.args.get(clause):
                yield f"{clause.upper()} is not allowed."
    for among in query.find_all(exp.In):
        listed = among.expressions
        is_name = len(listed) == 1 and listed[0].unnest().find(exp.Column) is not None
        if among.args.get("field") is not None or is_name:
            yield "Write IN (SELECT … FROM a table) instead of IN and a name."
    for called in query.find_all(exp.Anonymous, exp.AnonymousAggFunc, exp.ParameterizedAgg):
        if not isinstance(called.parent, exp.Table) and not is_allowed(called.name):
            yield f"The function {called.name} is not allowed."


def _outside(what: str) -> str:
    return f"{what} can't be read: only the copy's own tables can."


def estimated(estimate: Rows) -> dict[str, int]:
    """Return how many rows of each table are read at most."""
    place = {name: n for n, name in enumerate(estimate.columns)}
    return {str(row[place["table"]]): int(row[place["rows"]]) for row in estimate.rows}


def reads_up_to(reads: Mapping[str, int]) -> list[str]:
    """Return a sentence for each table that is read."""
    found = [f"Reads up to {counted(n, 'row')} of {one}." for one, n in sorted(reads.items())]
    return found or ["ClickHouse estimates no rows to read."]
