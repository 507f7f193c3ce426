"""The mapping to copy: what a user would fill in where something isn't bound."""

from __future__ import annotations

from collections.abc import Iterator

from meaux.schema import LogicalTable, quoted
from meaux.source import Source

HEAD = """\
# .streamlit/schema.toml: take the # away where you know the name. docs/schema.md says what each
# entry means and what may stand in its place.
"""
SHOWN = 12
"""How many columns a hint names."""


def snippet(opened: Source) -> str:
    """A mapping file with an entry, commented out, for all that isn't bound; empty for nothing."""
    parts = [
        part for table in opened.binding.model.tables.values() if (part := _part(opened, table))
    ]
    return "\n".join([HEAD, *parts]) if parts else ""


def _part(opened: Source, table: LogicalTable) -> str:
    bound = opened.binding.tables.get(table.name)
    if bound is None:
        lines = [f"# {opened.binding.lacks(table.name)}", '# tables = ["…"]']
        return f"[{table.name}]\n" + "\n".join(map(_one_line, lines)) + "\n"
    lacking = [name for name in table.columns if name not in bound.columns]
    if not lacking:
        return ""
    hint = (
        f"# {bound.physical} also has: {', '.join(_unread(opened, table.name)) or 'nothing else'}"
    )
    lines = [hint, *(f'# {name} = "…"' for name in lacking)]
    return f"[{table.name}.columns]\n" + "\n".join(map(_one_line, lines)) + "\n"


def _unread(opened: Source, logical: str) -> Iterator[str]:
    """The columns of a table that are bound to nothing."""
    bound = opened.binding.tables[logical]
    table = opened.catalog.find(bound.physical)
    read = " ".join(column.stored for column in bound.columns.values())
    free = [name for name in (table.spelling.values() if table else ()) if quoted(name) not in read]
    yield from free[:SHOWN]
    if free[SHOWN:]:
        yield f"and {len(free) - SHOWN} more"


def _one_line(words: str) -> str:
    """Words that can't break out of a comment of TOML."""
    return "".join(c if c.isprintable() else " " for c in words)
