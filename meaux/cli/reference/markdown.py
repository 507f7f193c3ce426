"""Markdown: tables and code of the reference pages."""

from collections.abc import Iterable, Iterator, Sequence


def codes(names: Iterable[str]) -> str:
    """Return the names as code, in one line."""
    return ", ".join(f"`{name}`" for name in names)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, and the empty line after it."""
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(text: str) -> str:
    """Return a text that can stand in a table."""
    return text.replace("|", "\\|")
