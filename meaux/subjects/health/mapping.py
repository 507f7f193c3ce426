"""The mapping template: entries to fill in for everything that isn't mapped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from meaux.data.schema import BoundTable, LogicalTable, quoted
from meaux.data.source import Source
from meaux.subjects.health.findings import Suggestion

HEAD = """\
# .streamlit/schema.toml: remove the # from each line that you fill in. docs/schema.md explains the
# entries.
"""
SHOWN = 12
"""Maximum number of columns in a hint."""
TABLES_SHOWN = 60


def snippet(opened: Source, best: Mapping[str, Suggestion]) -> str:
    """Return a mapping file with a commented entry for everything unmapped; empty for nothing.

    If a table is suggested, the entry is its mapping.
    """
    tables = opened.binding.model.tables.values()
    parts = [_part(opened, table, best.get(table.name)) for table in tables]
    head = HEAD + _one_line(f"# Tables not in use: {_spare(opened)}") + "\n"
    return "\n".join([head, *filter(None, parts)]) if any(parts) else ""


def _part(opened: Source, table: LogicalTable, fitting: Suggestion | None) -> str:
    bound = opened.binding.tables.get(table.name)
    if fitting is not None:
        empty = f"{bound.physical} has no rows." if bound else ""
        return _suggested(table, fitting, empty or f"Needs {opened.binding.lacks(table.name)}.")
    if bound is None:
        columns = (
            f"{c.name} (required)" if c.required else c.name
            for c in table.columns.values()
            if not c.quiet
        )
        return _section(
            table.name,
            f"# {table.about} Needs {opened.binding.lacks(table.name)}.",
            '# tables = ["…"]',
            f"# Columns to map in [{table.name}.columns]: {', '.join(columns)}",
        )
    lacking = [
        _entry(bound, name)
        for name, column in table.columns.items()
        if name not in bound.columns and not column.quiet
    ]
    if not lacking:
        return ""
    others = ", ".join(_unread(opened, table.name)) or "nothing else"
    return _section(f"{table.name}.columns", f"# {bound.physical} also has: {others}", *lacking)


def _suggested(table: LogicalTable, fitting: Suggestion, need: str) -> str:
    """Write the entry of a suggested table; all but its headings is commented out."""
    said = [
        f"{table.about} {need}",
        f"Suggested table {fitting.table}: {fitting.why}",
        fitting.caution,
        f"Missing columns: {', '.join(fitting.lacks)}" if fitting.lacks else "",
    ]
    comments = [_one_line(f"# {words}") for words in said if words]
    heading, *lines = fitting.mapping.splitlines()
    entries = [line if line.startswith("[") else _one_line(f"# {line}") for line in lines]
    return "\n".join([heading, *comments, *entries]) + "\n"


def _entry(bound: BoundTable, name: str) -> str:
    doubted = bound.doubted.get(name)
    if doubted is None:
        return f'# {name} = "…"'
    cents = "{" + doubted + "} / 100.0"
    return f"# {name} = {_text(doubted)} # in dollars; if in cents: {_text(cents)}"


def _text(words: str) -> str:
    """Write a TOML string."""
    return json.dumps(words, ensure_ascii=False)


def _section(name: str, *lines: str) -> str:
    return "\n".join([f"[{name}]", *map(_one_line, lines)]) + "\n"


def _spare(opened: Source) -> str:
    """List the tables from which nothing is read, except shadows of other tables."""
    read = {bound.physical.lower() for bound in opened.binding.tables.values()}
    names = sorted(opened.catalog.tables.keys() - read - opened.catalog.shadows)
    more = f" and {len(names) - TABLES_SHOWN} more" if names[TABLES_SHOWN:] else ""
    return f"{', '.join(names[:TABLES_SHOWN]) or 'none'}{more}."


def _unread(opened: Source, logical: str) -> Iterator[str]:
    """Yield the columns of a table from which nothing is read."""
    bound = opened.binding.tables[logical]
    table = opened.catalog.find(bound.physical)
    read = " ".join(column.stored for column in bound.columns.values())
    free = [name for name in (table.spelling.values() if table else ()) if quoted(name) not in read]
    yield from free[:SHOWN]
    if free[SHOWN:]:
        yield f"and {len(free) - SHOWN} more"


def _one_line(words: str) -> str:
    """Replace characters that could end a TOML comment."""
    return "".join(c if c.isprintable() else " " for c in words)
