"""Plain text: a document's summary, figures and alerts, for a message without HTML."""

from __future__ import annotations

from collections.abc import Iterator

from meaux.reports.document import Document, Lines, Missing, Numbers, Section


def written(document: Document, title: str) -> str:
    """Return a document as lines of text, without tables and charts."""
    sections = map(_section, document.sections)
    parts = [title, document.scope, "\n".join(document.summary), *sections, document.about]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section) -> str:
    lines = list(_lines(section))
    return "\n".join([*([section.title] if section.title else []), *lines]) if lines else ""


def _lines(section: Section) -> Iterator[str]:
    for block in section.blocks:
        match block:
            case Numbers(items):
                yield from (f"- {one.words}" for one in items)
            case Lines(items):
                yield from (f"- {one.severity}: {one.sentence}" for one in items)
            case Missing(title, words, failed=True):
                yield f"- {title}: {words}"
