"""PDF: a document set by Typst.

The template is constant. Texts and charts reach it as data, which Typst never reads as markup.
Typst is imported only when a PDF is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from meaux.data.reporting import Paper
from meaux.reports.document import (
    Beside,
    Block,
    Document,
    Grid,
    Listed,
    Picture,
)

TEMPLATE = Path(__file__).with_name("report.typ").read_bytes()
STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a title, a language and alternative texts."""
BOX = "\N{WHITE SQUARE}"
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
SIZES = {"a4": "a4", "letter": "us-letter"}
ACROSS = 118
"""Characters that fit into a row of a table."""
APART = 2
"""Characters between two columns."""
LONGEST = 28
"""Characters of a text in a table before it is broken into lines."""
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

    made = typst.compile(  # type: ignore[call-overload]  # its stubs lack files in memory
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
    """Return a block as the template reads it: its kind and its fields."""
    kind = type(block).__name__.lower()
    match block:
        case Beside(items):
            return {"kind": kind, "items": [_block(one, charts) for one in items]}
        case Listed(title, grid, note):
            return {"kind": kind, "title": title, "note": note, **_grid(grid)}
        case Picture(title, drawing, _, note):
            name = f"chart{len(charts) + 1}.svg"
            charts[name] = drawing.wide.encode()
            alt = drawing.words or title
            return {"kind": kind, "title": title, "file": name, "alt": alt, "note": note}
    return {"kind": kind, **asdict(block)}


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "cut": grid.cut,
        "together": len(grid.rows) <= ROWS_TOGETHER,
        "tables": [_columns(grid, chosen) for chosen in _that_fit(_widths(grid))],
    }


def _widths(grid: Grid) -> list[int]:
    """Return how many characters each column needs: its longest word, or a part of its texts."""
    columns = zip(grid.headings, grid.right, zip(*grid.rows, strict=True), strict=True)
    return [
        max(_longest(heading.split()), _longest(texts) if right else min(_longest(texts), LONGEST))
        for heading, right, texts in columns
    ]


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _that_fit(widths: Sequence[int]) -> Iterator[list[int]]:
    """Split the columns of a table into tables that fit the page, each with the first column."""
    chosen, used = [0], widths[0] if widths else 0
    for place, width in enumerate(widths[1:], 1):
        if used + width + APART > ACROSS and len(chosen) > 1:
            yield chosen
            chosen, used = [0], widths[0]
        chosen.append(place)
        used += width + APART
    yield chosen


def _columns(grid: Grid, chosen: Sequence[int]) -> dict[str, Any]:
    widths = _widths(grid)
    return {
        "headings": [grid.headings[n] for n in chosen],
        "right": [grid.right[n] for n in chosen],
        "widths": [max(widths[n], 3) + APART for n in chosen],
        "cells": [row[n] for row in grid.rows for n in chosen],
    }
