"""HTML: a document as one file, without scripts, with its charts in it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import count
from pathlib import Path

from meaux.reports.document import (
    Beside,
    Block,
    Document,
    Grid,
    Line,
    Lines,
    Listed,
    Missing,
    Number,
    Numbers,
    Picture,
    Section,
    Words,
)

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
"""Nothing is loaded and no script runs, whatever a text contains."""
BRAND = "Meaux Analytics"


def written(document: Document, title: str) -> str:
    """Return a document as a page of its own."""
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    )
    numbers = count(1)
    body = "".join(
        _section(section, f"s{place}", numbers)
        for place, section in enumerate(document.sections, 1)
    )
    return (
        f"{head}{_header(document)}<main>\n{body}</main>\n"
        f"<footer><p>{escape(document.about)}</p></footer>\n</body>\n</html>\n"
    )


def _header(document: Document) -> str:
    links = "".join(
        f'<li><a href="#s{place}">{escape(section.title)}</a></li>'
        for place, section in enumerate(document.sections, 1)
        if section.title
    )
    contents = f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n' if links else ""
    sentences = "".join(f"<p>{escape(words)}</p>\n" for words in document.summary)
    summed = f'<div class="summary">\n{sentences}</div>\n' if sentences else ""
    return (
        f'<header>\n<p class="brand">{BRAND}</p>\n<h1>{escape(document.title)}</h1>\n'
        f'<p class="scope">{escape(document.scope)}</p>\n{summed}{contents}</header>\n'
    )


def _section(section: Section, name: str, numbers: Iterator[int]) -> str:
    level = 3 if section.title else 2
    heading = f"<h2>{escape(section.title)}</h2>\n" if section.title else ""
    blocks = "".join(_block(block, level, f"c{next(numbers)}") for block in section.blocks)
    return f'<section id="{name}">\n{heading}{blocks}</section>\n'


def _block(block: Block, level: int, name: str) -> str:
    match block:
        case Beside(items):
            inside = "".join(_block(one, level, f"{name}{n}") for n, one in enumerate(items))
            return f'<div class="beside">\n{inside}</div>\n'
        case Numbers(items):
            return f'<dl class="numbers">\n{"".join(map(_number, items))}</dl>\n'
        case Lines(items, note):
            lines = "".join(map(_line, items))
            return f'<ul class="alerts">\n{lines}</ul>\n{_note(note)}'
        case Words(items):
            if len(items) == 1:
                return _note(items[0])
            return f'<ul class="words">{"".join(f"<li>{escape(w)}</li>" for w in items)}</ul>\n'
        case Picture():
            body = _picture(block, name)
        case Listed():
            body = _table(block.grid, block.title)
        case Missing():
            body = f'<p class="missing{" failed" * block.failed}">{escape(block.words)}</p>\n'
    heading = f"<h{level}>{escape(block.title)}</h{level}>\n"
    return f'<div class="card">\n{heading}{body}{_note(block.note)}</div>\n'


def _note(words: str) -> str:
    return f'<p class="note">{escape(words)}</p>\n' if words else ""


def _number(number: Number) -> str:
    change = ""
    if number.change:
        change = (
            f'<dd class="change {number.tone}"><b>{escape(number.change)}</b> '
            f"{escape(number.versus)}</dd>"
        )
    note = f'<dd class="note">{escape(number.note)}</dd>' if number.note else ""
    return (
        f"<div><dt>{escape(number.label)}</dt>"
        f'<dd class="value">{escape(number.value)}</dd>{change}{note}</div>\n'
    )


def _line(line: Line) -> str:
    mark = f'<span class="{line.severity.lower()}">{line.severity}</span>'
    return f"<li>{mark}<p>{escape(line.sentence)}</p></li>\n"


def _picture(picture: Picture, name: str) -> str:
    drawing = picture.drawing
    shown = _named(drawing.narrow, picture, f"{name}n")
    if drawing.wide != drawing.narrow:
        wide = _named(drawing.wide, picture, f"{name}w")
        shown = f'<div class="wide">{wide}</div>\n<div class="narrow">{shown}</div>'
    data = _table(picture.data, f"Data of {picture.title}")
    return f"<figure>\n{shown}\n</figure>\n<details><summary>Data</summary>\n{data}</details>\n"


def _named(svg: str, picture: Picture, name: str) -> str:
    """Give an SVG its title and its description, for those who can't see it."""
    tag, rest = svg.split(">", 1)
    said = (
        f'<title id="{name}t">{escape(picture.title)}</title>'
        f'<desc id="{name}d">{escape(picture.drawing.words)}</desc>'
    )
    return f'{tag} role="img" aria-labelledby="{name}t" aria-describedby="{name}d">{said}{rest}'


def _table(grid: Grid, title: str) -> str:
    """Return a table that can be scrolled if it is too wide."""
    sides = [' class="r"' if right else "" for right in grid.right]
    heads = "".join(
        f'<th scope="col"{side}>{escape(words)}</th>'
        for words, side in zip(grid.headings, sides, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{s}>{escape(words)}</td>" for words, s in zip(row, sides, strict=True))
        + "</tr>\n"
        for row in grid.rows
    )
    return (
        f'<div class="rows" role="group" aria-label="{escape(title)}" tabindex="0">'
        f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
        f"{_note(grid.cut)}"
    )
