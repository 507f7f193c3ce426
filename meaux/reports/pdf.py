"""PDF: a document set by Typst.

The template is constant. Texts and charts reach it as data, which Typst never reads as markup.
Typst is imported only when a PDF is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from meaux.reports.document import (
    Block,
    Document,
    Grid,
    Lines,
    Listed,
    Missing,
    Numbers,
    Picture,
    Words,
)
from meaux.reports.scope import Paper

TEMPLATE = Path(__file__).with_name("report.typ").read_bytes()
STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a title, a language and alternative texts."""
BOX = "\N{WHITE SQUARE}"
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
SIZES = {"a4": "a4", "letter": "us-letter"}
ROWS_TOGETHER = 25
"""The most rows of a table that is kept on one page."""


def written(document: Document, title: str, paper: Paper) -> bytes:
    """Return a document as PDF/UA. A character that no font has is shown as a box."""
    import typst  # noqa: PLC0415  only a report needs it

    files = _files(document, title, paper)
    try:
        return _set(files)
    except typst.TypstError as error:
        lacking = set(_lacking(error.diagnostic))
        if not lacking:
            raise
    return _set({name: _boxed(data, lacking) for name, data in files.items()})


def _set(files: dict[str, bytes]) -> bytes:
    import typst  # noqa: PLC0415  only a report needs it

    made = typst.compile(
        {"main": TEMPLATE, **files},
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
    )
    return bytes(made)


def _lacking(diagnostic: str) -> Iterator[str]:
    """Yield the characters that Typst has no font for."""
    for found in LACKING.findall(diagnostic):
        yield from CODE.sub(lambda code: chr(int(code[1], 16)), found)


def _boxed(data: bytes, lacking: set[str]) -> bytes:
    return data.decode().translate(dict.fromkeys(map(ord, lacking), BOX)).encode()


def _files(document: Document, title: str, paper: Paper) -> dict[str, bytes]:
    """Return the data of the template: the texts as JSON, and each chart as a file."""
    charts: dict[str, bytes] = {}
    sections = [
        {"title": section.title, "blocks": [_block(block, charts) for block in section.blocks]}
        for section in document.sections
    ]
    told = {
        "title": title,
        "name": document.title,
        "period": str(document.period),
        "scope": document.scope,
        "about": document.about,
        "summary": document.summary,
        "sections": sections,
        "paper": SIZES[paper],
    }
    return {"data.json": json.dumps(told, ensure_ascii=False).encode(), **charts}


def _block(block: Block, charts: dict[str, bytes]) -> dict[str, Any]:
    match block:
        case Numbers(items):
            return {"kind": "numbers", "items": [asdict(one) for one in items]}
        case Lines(items, note):
            return {"kind": "alerts", "items": [asdict(one) for one in items], "note": note}
        case Words(items):
            return {"kind": "words", "items": items}
        case Missing(title, words, failed, note):
            return {
                "kind": "missing",
                "title": title,
                "words": words,
                "failed": failed,
                "note": note,
            }
        case Listed(title, grid, note):
            return {"kind": "table", "title": title, "note": note, **_grid(grid)}
        case Picture(title, drawing, _, note):
            name = f"chart{len(charts) + 1}.svg"
            charts[name] = drawing.wide.encode()
            return {
                "kind": "chart",
                "title": title,
                "file": name,
                "alt": drawing.words,
                "note": note,
            }


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "headings": grid.headings,
        "right": grid.right,
        "rows": grid.rows,
        "cut": grid.cut,
        "together": len(grid.rows) <= ROWS_TOGETHER,
    }
