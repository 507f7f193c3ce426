"""Languages: whether a card's SQL is on logical tables or on the database's own, and its mistakes.

Everything here reads a statement before it is sent. It takes the guard of the SQL console as it is:
one statement, which only reads. A statement on logical tables must name nothing else, because those
are what is narrowed to somebody's teams; what the parser doesn't account for is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from meaux.data.readers import near
from meaux.data.readers import similar as alike_to
from meaux.data.schema import Catalog, Model
from meaux.data.schema.bound_column import DERIVED, stem
from meaux.data.schema.secrets import Secrecy
from meaux.data.schema.vocabulary import VOCABULARIES
from meaux.query.queries.calls import positional
from meaux.query.queries.reader import (
    CHOOSING,
    GIVEN_TABLES,
    MEANING,
    PARAMETERS,
    members_in,
    parameters_in,
    tables_in,
)
from meaux.subjects.health.sql import (
    Guard,
    Live,
    Masks,
    Names,
    Reading,
    Refused,
    named,
    read,
)
from meaux.subjects.own.heading import Mistake
from meaux.wording import enumerated

PLAIN_PARAMETERS = {
    **PARAMETERS,
    "start_seconds": "the period's first instant, in epoch seconds",
    "end_seconds": "the first instant after the period, in epoch seconds",
}
"""What a statement on the database's own tables may use."""
CHOSEN = ("teams", "projects", "people")
"""The parameters that aren't set unless somebody filters by them."""

_CALLS = (
    "in_period|since_start|in_order|newest|known|there|offset_at|meaning"
    "|of_projects|of_people|of_members"
)
CALL = re.compile(rf"\b(?:{_CALLS})\s*\(")
_BEHIND_NO_AND = re.compile(r"(\S+)\s+(of_projects|of_people|of_members)\s*\(")
_OF = re.compile(r"\bof_[a-z]+\(\s*([a-z_]+\.[a-z_]+)\s*\)")
_OF_TIMES = re.compile(
    r"\b(in_period|since_start|in_order|newest)\s*\(\s*([a-z_0-9]+)\.([a-z_0-9]+)\s*\)"
)
_NOT_HERE = re.compile(r"\b(in_page|oldest)\s*\(")
_QUOTED_OR_COMMENT = re.compile(
    r"""('(?:[^']|'')*+'|"(?:[^"]|"")*+"|`(?:[^`]|``)*+`|(?<!\[)\[(?!\[)[^\]]*+\])"""
    r"""|--[^\n]*|/\*.*?\*/""",
    re.DOTALL,
)
SPANNING = frozenset(
    {
        "start_day",
        "end_day",
        "comparable_end",
        "start_seconds",
        "end_seconds",
        "start_time",
        "end_time",
    }
)
"""The parameters of the period."""
_IN_PERIOD = re.compile(r"\b(?:in_period|since_start)\s*\(")
_HELD = re.compile(r"'(?:[^']|'')*+'")
_OWN_NAMES = re.compile(r"(?:sqlite_|pragma_|dbstat\Z|_cf_)")
_LINE = re.compile(r"line (\d+)\.?\Z")
GIVEN_COLUMNS = frozenset({"value", "key", "since", "until", "seconds"})
"""The columns of `GIVEN_TABLES`."""
RATED = "_rated"
RATES = frozenset({("person", "rate"), ("person", "currency")})
"""The columns with which the rows of people are those of the whole company."""


def without_comments(sql: str) -> str:
    """Return SQL with its comments as spaces; every line stays where it is."""

    def blank(found: re.Match[str]) -> str:
        return found[1] or re.sub(r"[^\n]", " ", found[0])

    return _QUOTED_OR_COMMENT.sub(blank, sql)


def whole(sql: str) -> str:
    """Return SQL with all its optional clauses."""
    return sql.replace("[[", "  ").replace("]]", "  ")


def parsed(sql: str) -> Reading:
    """Parse one reading statement with named parameters.

    Raises:
        Mistake: it isn't one.
    """
    if "?" in without_texts(sql):
        raise Mistake(
            line_of(sql, "?"), "write the value itself, or a parameter such as :start_day"
        )
    given = dict.fromkeys(parameters_in(sql), "")
    try:
        return read(positional(sql, given).sql)
    except Refused as refusal:
        raise mistake_of(refusal) from None


def without_texts(sql: str) -> str:
    """Return SQL without its comments, texts and quoted names."""
    return _QUOTED_OR_COMMENT.sub(" ", sql)


def mistake_of(refusal: Refused) -> Mistake:
    """Return what the guard of the SQL console refuses as a mistake of a card."""
    words = str(refusal).replace("this console is read-only", "a card only reads")
    words = words.replace("this console only reads", "a card only reads")
    line = _LINE.search(words)
    return Mistake(int(line[1]) if line else 0, _LINE.sub("this line", words))


def is_product(sql: str, language: str, model: Model) -> bool:
    """Return whether a statement is on logical tables, by its heading or by what it names."""
    if language or CALL.search(_HELD.sub("''", sql)):
        return language in ("", "product")
    names = named(parsed(whole(sql)))
    tables = names.tables - names.made
    return bool(tables) and all(model.has(table) or table in GIVEN_TABLES for table in tables)


def mistake(sql: str, language: str, model: Model, catalog: Catalog) -> Mistake | None:
    """Return the first mistake in a statement without comments; None if there is none."""
    try:
        names = named(parsed(whole(sql)))
        product = is_product(sql, language, model)
        check = _of_product(sql, names, model) if product else _of_plain(sql, names, model, catalog)
        return next(check, None)
    except Mistake as found:
        return found


def refuse_what_is_narrowed(sql: str, catalog: Catalog, model: Model) -> str:
    """Return what keeps a statement on logical tables from people with teams; empty for nothing.

    `sql` is without optional clauses that aren't in use. A name of one of the database's own tables
    may only be an alias, a column or a text: the parser must see each of them as such.
    """
    found = parsed(sql)
    names = named(found)
    if wrong := next(_of_product(sql, names, model), None):
        return wrong.reason
    if RATES & members_in(sql):
        return "the rates of people"
    for name, times in names.tokens.items():
        foreign = catalog.find(name) is not None and not model.has(name)
        if foreign and names.accounted[name] != times:
            return f"a statement in which {name} is surely no table"
    return ""


def _of_product(sql: str, names: Names, model: Model) -> Iterator[Mistake]:
    """Yield what a statement on logical tables must not have."""
    yield from _unknown_parameters(sql, PARAMETERS)
    yield from _of_calls(sql)
    for name in names.tokens:
        if name.endswith(RATED) or _OWN_NAMES.match(name):
            yield Mistake(line_of(sql, name), f"{name} can't be read by a card")
    yield from _of_tables(sql, names, model)
    if names.stars:
        yield Mistake(line_of(sql, "*"), "list the columns: `*` stands for none of them here")
    yield from _of_columns(sql, names, model)
    tables = sorted(table for table in names.tables if model.has(table))
    listed = (names.tables | names.functions) & GIVEN_TABLES
    for column in sorted(names.bare - names.given - (GIVEN_COLUMNS if listed else frozenset())):
        first = [t for t in tables if model.has(t, column)] or tables or ["table"]
        yield Mistake(
            line_of(sql, column),
            f"write the column {column} with its table: {first[0]}.{column}. For the database's "
            "own tables, add `-- language: plain`",
        )


def _of_columns(sql: str, names: Names, model: Model) -> Iterator[Mistake]:
    """Yield the columns that no logical table has, and calls on columns that aren't times."""
    for table, column in sorted(members_in(sql)):
        line, own = line_of(sql, f"{table}.{column}"), stem(column)
        if not model.has(table):
            if table not in names.made | names.given | GIVEN_TABLES:
                hint = similar(table, model.tables)
                yield Mistake(line, f"there is no logical table {table}{hint}")
        elif not model.has(table, own):
            hint = similar(column, model.tables[table].columns, listed=True)
            yield Mistake(line, f"{table} has no column {column}{hint}")
        elif column != own and column.removeprefix(own) not in DERIVED:
            yield Mistake(line, f"{table}.{own} has no form {column}")
    for call, table, column in _OF_TIMES.findall(sql):
        if model.has(table, column) and model.tables[table].columns[column].type != "instant":
            times = [n for n, one in model.tables[table].columns.items() if one.type == "instant"]
            use = f"; use {enumerated(times, 'or')}" if times else ""
            yield Mistake(
                line_of(sql, f"{call}("), f"{call}(…) needs a time; {table}.{column} is none{use}"
            )


def _of_tables(sql: str, names: Names, model: Model) -> Iterator[Mistake]:
    """Yield the names after FROM that aren't logical tables, as the compiler reads them."""
    for table in sorted(names.tables - names.made):
        line = line_of(sql, table)
        if not model.has(table) and table not in GIVEN_TABLES:
            yield Mistake(line, f"there is no logical table {table}{similar(table, model.tables)}")
        elif table in names.odd or table not in {*tables_in(sql)}:
            yield Mistake(line, f"write {table} in lower case, unquoted, after FROM or JOIN")
        elif table in names.renamed and model.has(table):
            yield Mistake(line, f"don't rename {table}: write its columns as {table}.column")
    for local in sorted(names.made):
        if model.has(local) or local in GIVEN_TABLES:
            yield Mistake(line_of(sql, local), f"the name {local} is that of a logical table")
    if names.functions - GIVEN_TABLES:
        name = min(names.functions - GIVEN_TABLES)
        yield Mistake(line_of(sql, name), f"the table {name or 'of a function'} can't be read")
    if names.is_in_table:
        yield Mistake(line_of(sql, "IN"), "write a list or a SELECT in brackets after IN")


def _of_calls(sql: str) -> Iterator[Mistake]:
    for text in _HELD.findall(sql):
        if CALL.search(text) or "[[" in text or "]]" in text:
            yield Mistake(line_of(sql, text), "a text can't contain [[, ]] or a call")
    for call in _NOT_HERE.findall(sql):
        yield Mistake(line_of(sql, f"{call}("), f"{call}(…) can't be used in a card")
    for before, call in _BEHIND_NO_AND.findall(sql):
        if before != "AND":
            said = f"write AND in capitals before {call}(…); a first condition may be WHERE TRUE"
            yield Mistake(line_of(sql, call), said)
    for entry in _OF.findall(sql):
        if entry.partition(".")[2] not in CHOOSING:
            use = enumerated([*CHOOSING], "or")
            yield Mistake(line_of(sql, entry), f"no filter chooses by {entry}; use a {use}")
    for name in MEANING.findall(sql):
        if name not in VOCABULARIES:
            hint = similar(name, VOCABULARIES)
            yield Mistake(line_of(sql, name), f"there is no vocabulary {name!r}{hint}")


def _of_plain(sql: str, names: Names, model: Model, catalog: Catalog) -> Iterator[Mistake]:
    """Yield the unknown tables, columns and parameters of a statement on physical tables."""
    yield from of_parameters(sql, PLAIN_PARAMETERS)
    for table in sorted(names.tables - names.made):
        if catalog.find(table) is None and not table.startswith("sqlite_"):
            known = [one.name for one in catalog.tables.values()]
            told = " It is a logical table: write its columns as table.column." * model.has(table)
            yield Mistake(
                line_of(sql, table), f"there is no table {table}{similar(table, known)}.{told}"
            )
    columns = {
        column
        for table in names.tables
        if (one := catalog.find(table)) is not None
        for column in one.columns
    }
    if names.functions or not columns:
        return
    others = {*columns, *names.given, *names.made, "rowid", "oid", "_rowid_"}
    for column in sorted(names.columns - others):
        yield Mistake(
            line_of(sql, column), f"there is no column {column}{similar(column, columns)}"
        )
    yield from _of_other_tables(sql, names, catalog)


def of_parameters(sql: str, known: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield the unknown parameters of a statement, and those of filters outside of [[ … ]]."""
    yield from _unknown_parameters(sql, known)
    outside = re.sub(r"\[\[.*?\]\]", " ", sql, flags=re.DOTALL)
    for name in sorted(parameters_in(outside) & {*CHOSEN}):
        said = f"put the condition with :{name} in [[ … ]]: it is left out while nobody filters"
        yield Mistake(line_of(sql, f":{name}"), said)


def _of_other_tables(sql: str, names: Names, catalog: Catalog) -> Iterator[Mistake]:
    """Yield the columns that the table before them doesn't have, but another one does."""
    others = {*names.given, *names.made, "rowid", "oid", "_rowid_"}
    for tables, column in sorted(names.qualified, key=str):
        found = [catalog.find(name) for name in tables - names.made]
        if len(tables) != 1 or not found or found[0] is None:
            continue
        if column not in {*found[0].columns, *others}:
            hint = similar(column, found[0].columns)
            said = f"{found[0].name} has no column {column}{hint}"
            yield Mistake(line_of(sql, column), said)


def _unknown_parameters(sql: str, known: Mapping[str, str]) -> Iterator[Mistake]:
    for name in sorted(parameters_in(sql) - known.keys()):
        hint = similar(name, known)
        yield Mistake(line_of(sql, f":{name}"), f"there is no parameter :{name}{hint}")
    for one, two in pairwise(["]]", *re.findall(r"\[\[|\]\]", sql), "[["]):
        if one == two:
            yield Mistake(
                line_of(sql, one), "close each [[ with ]], and put none inside of another"
            )


def guarded(
    reading: Reading, catalog: Catalog, secrecy: Secrecy, live: Live | None = None
) -> Masks:
    """Return what is masked in the rows of a statement.

    Before it is sent, the schema as it is now isn't known (`live`): then nothing is said of views,
    which are checked before their rows are shown.

    Raises:
        Refused: it could tell a secret, or lists a masked column.
    """
    if live is None:
        read_of = {name for names in reading.tables.values() for name in names}
        found = [catalog.find(name) for name in read_of]
        if any(table is not None and table.kind != "table" for table in found):
            return Masks()
        live = Live({}, {})
    masks = Guard(catalog, secrecy, live).check(reading)
    if masks.places or masks.starred:
        raise Refused(f"a list of columns without {min(masks.names)}, which is masked")
    return masks


def similar(word: str, known: Iterable[str], *, listed: bool = False) -> str:
    """Return a hint at the known word nearest to an unknown one, or at similar ones.

    If there are none, it is empty, or, with `listed`, names all of them.
    """
    words = list(known)
    meant = near(word, words)
    if meant:
        return f"; did you mean {meant}?"
    if alike := alike_to(word, words):
        return f"; similar: {', '.join(alike)}"
    return f"; use {enumerated(words, 'or')}" if listed else ""


def line_of(sql: str, words: str) -> int:
    """Return the line on which some words stand first, from 1; 0 if they stand nowhere."""
    edge = r"\b" if words[:1].isalnum() else ""
    found = re.search(f"{edge}{re.escape(words)}", sql, re.IGNORECASE)
    return sql.count("\n", 0, found.start()) + 1 if found else 0


def chosen_by(sql: str) -> tuple[str, ...]:
    """Return the columns by which the filters choose: `time_entry.project`."""
    return tuple(dict.fromkeys(_OF.findall(sql)))


def uses(sql: str, product: bool) -> frozenset[str]:  # noqa: FBT001
    """Return what a statement is filtered by: period, teams, projects, people."""
    found = {name for name in CHOSEN if name in parameters_in(sql)}
    if parameters_in(sql) & SPANNING or (product and _IN_PERIOD.search(sql)):
        found.add("period")
    if product:
        for call in re.findall(r"\bof_(projects|people|members)\(", sql):
            found |= {"projects", "teams"} if call == "projects" else {"people"}
            found |= {"teams"} if call == "members" else set()
    return frozenset(found)
