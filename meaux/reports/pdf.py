"""PDF: a document set by Typst.

The template is constant. Texts and charts reach it as data, which Typst never reads as markup.
Typst is imported only when a PDF is made.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from meaux.data.reporting import Paper
from meaux.reports import pictures
from meaux.reports.document import (
    Beside,
    Block,
    Document,
    Grid,
    Listed,
    Missing,
    Picture,
)

TEMPLATE = Path(__file__).with_name("report.typ").read_bytes()
STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a title, a language and alternative texts."""
FONTS = Path(__file__).with_name("fonts")
"""Fonts beside those of Typst: emoji."""
SPELT = ("HIRAGANA LETTER", "KATAKANA LETTER", "HANGUL SYLLABLE")
"""Characters whose name ends with their sound."""
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
SIZES = {"a4": "a4", "letter": "us-letter"}
BREAK = "\N{ZERO WIDTH SPACE}"
LONGEST_WORD = 40
"""Letters of a word after which it may be broken, where it has a line of its own."""
ACROSS = 128
"""Characters that fit into a row of a table."""
APART = 2
"""Characters between two columns."""
LONGEST = (30, 22, 16, 13)
"""Characters of a text in a table before it is broken into lines, fewer if it is wide."""
IF_SPLIT = 1
"""Which of these applies if none is few enough."""
NARROWEST = 3
FULL = 0.6
"""The share of the page from which a table is as wide as the page."""
MOST_KEYS = 3
LINES_TOGETHER = 16
"""The most lines of a table that is kept on one page."""
TALLEST = 1.3
"""The height of a chart divided by its width from which it is made to fit a page."""
SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def written(document: Document, title: str, paper: Paper) -> bytes:
    """Return a document as PDF/UA.

    A character that no font has comes from the system's fonts; without one, its name is shown.
    """
    import typst  # noqa: PLC0415  only a report needs it

    files = _files(document, title, paper)
    lacking: set[str] = set()
    for of_system in (False, True):
        try:
            return _set(files, of_system=of_system)
        except typst.TypstError as error:
            lacking = set(_lacking(error.diagnostic))
            if not lacking:
                raise
    return _set({name: _named(data, lacking) for name, data in files.items()}, of_system=True)


def _set(files: dict[str, bytes], *, of_system: bool) -> bytes:
    import typst  # noqa: PLC0415  only a report needs it

    made = typst.compile(  # type: ignore[call-overload]  # its stubs lack files in memory
        {"main": TEMPLATE, **files},
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=not of_system,
        pdf_standards=[STANDARD],
    )
    return bytes(made)


def _lacking(diagnostic: str) -> Iterator[str]:
    """Yield the characters that Typst has no font for."""
    for found in LACKING.findall(diagnostic):
        yield from CODE.sub(lambda code: chr(int(code[1], 16)), found)


def _named(data: bytes, lacking: set[str]) -> bytes:
    return data.decode().translate({ord(sign): _name(sign) for sign in lacking}).encode()


def _name(sign: str) -> str:
    """Return a character's sound or name: `ka`, `[egyptian hieroglyph a001]`, else its number."""
    name = unicodedata.name(sign, "")
    if name.startswith(SPELT):
        return name.rpartition(" ")[2].lower()
    if not name or sign.isspace() or "IDEOGRAPH" in name:
        return f"[U+{ord(sign):04X}]"
    return f"[{name.lower()}]"


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
    words = json.dumps(_breakable(told, LONGEST_WORD), ensure_ascii=False)
    return {"data.json": words.encode(), **charts}


def _breakable(value: Any, longest: int) -> Any:
    """Allow a break in each word of a value that has more letters than a line may have."""
    match value:
        case str():
            return re.sub(rf"\S{{{longest + 1},}}", lambda word: _broken(word[0], longest), value)
        case dict():
            return {name: _breakable(held, longest) for name, held in value.items()}
        case list() | tuple():
            return [_breakable(one, longest) for one in value]
    return value


def _broken(word: str, longest: int) -> str:
    return BREAK.join(word[n : n + longest] for n in range(0, len(word), longest))


def _block(block: Block, charts: dict[str, bytes], *, half: bool = False) -> dict[str, Any]:
    """Return a block as the template reads it: its kind and its fields; `half`: in a column."""
    kind = type(block).__name__.lower()
    match block:
        case Beside(items):
            columns = [
                [_block(one, charts, half=True) for one in each] for each in _columned(items)
            ]
            return {"kind": kind, "columns": columns}
        case Listed(title, grid, note):
            return {"kind": kind, "title": title, "note": note, **_grid(grid)}
        case Picture(title, drawing, _, note):
            name = f"chart{len(charts) + 1}.svg"
            charts[name] = drawing.wide.encode()
            shown = {"file": name, "alt": drawing.words or title, "tall": _tall(drawing.wide)}
            return {"kind": kind, "title": title, "note": note, "half": half, **shown}
    return {"kind": kind, **asdict(block)}


def _columned(items: Sequence[Picture | Missing]) -> list[list[Picture | Missing]]:
    """Place cards in two columns; a third one stands below the shorter of the two."""
    columns: list[list[Picture | Missing]] = [[], []]
    heights = [0.0, 0.0]
    for item in items:
        shorter = heights.index(min(heights))
        columns[shorter].append(item)
        heights[shorter] += _height(item.drawing.wide) if isinstance(item, Picture) else 1.0
    return columns


def _height(svg: str) -> float:
    found = SIZE.search(svg)
    return float(found[2]) if found else 1.0


def _tall(svg: str) -> bool:
    """Say whether a chart is higher than a page if it is as wide as one."""
    return _height(svg) > TALLEST * pictures.WIDE


def _grid(grid: Grid) -> dict[str, Any]:
    widths = _widths(grid)
    tables = [_columns(grid, widths, chosen) for chosen in _that_fit(grid, widths)]
    lines = len(tables) * sum(_lines(row, widths) for row in grid.rows)
    return {"cut": grid.cut, "together": lines <= LINES_TOGETHER, "tables": tables}


def _widths(grid: Grid) -> list[int]:
    """Return the characters of each column; long texts get fewer if the table is too wide."""
    columns = list(zip(grid.headings, grid.right, zip(*grid.rows, strict=True), strict=True))
    tried = [
        [
            max(_longest(head.split()), _longest(texts) if right else min(_longest(texts), longest))
            for head, right, texts in columns
        ]
        for longest in LONGEST
    ]
    fitting = (widths for widths in tried if sum(widths) + APART * len(widths) <= ACROSS)
    found = next(fitting, None)
    if found is None:
        return tried[IF_SPLIT]
    return _widened(found, [_longest([*head.split(), *texts]) for head, _, texts in columns])


def _widened(widths: list[int], wanted: list[int]) -> list[int]:
    """Give what is left of the page's width to the columns that break their texts, evenly."""
    spare = ACROSS - sum(widths) - APART * len(widths)
    while spare > 0 and (short := [n for n, w in enumerate(widths) if w < wanted[n]]):
        for n in short[:spare]:
            widths[n] += 1
        spare -= len(short[:spare])
    return widths


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _lines(row: Sequence[str], widths: Sequence[int]) -> int:
    """Return the lines of a row, about."""
    return max(-(-len(words) // max(width, 1)) for words, width in zip(row, widths, strict=True))


def _that_fit(grid: Grid, widths: Sequence[int]) -> Iterator[list[int]]:
    """Split the columns of a table into tables that fit the page.

    Each begins with the columns that tell its rows apart.
    """
    keys = _keys(grid)
    start = sum(widths[n] + APART for n in keys)
    chosen, used = [*keys], start
    for place in range(len(keys), len(widths)):
        width = widths[place] + APART
        if used + width > ACROSS and len(chosen) > len(keys):
            yield chosen
            chosen, used = [*keys], start
        chosen.append(place)
        used += width
    yield chosen


def _keys(grid: Grid) -> list[int]:
    """Return the fewest first columns in which all rows differ; the first if there are none."""
    for count in range(1, min(MOST_KEYS, len(grid.headings)) + 1):
        if len({row[:count] for row in grid.rows}) == len(grid.rows):
            return list(range(count))
    return [0]


def _columns(grid: Grid, widths: Sequence[int], chosen: Sequence[int]) -> dict[str, Any]:
    across = [max(widths[n], NARROWEST) + APART for n in chosen]
    return {
        "headings": [grid.headings[n] for n in chosen],
        "right": [grid.right[n] for n in chosen],
        "widths": across,
        "share": 1 if sum(across) > FULL * ACROSS else sum(across) / ACROSS,
        "cells": [_breakable(row[n], max(widths[n], 1)) for row in grid.rows for n in chosen],
    }
