"""A message: a document as the body of an e-mail.

Mail programs drop style sheets and SVG, and some know only tables: so each element has its own
style, charts are PNG parts of the message, and the whole report is attached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from html import escape
from mimetypes import guess_type
from typing import cast

from meaux.reports import pictures
from meaux.reports.document import (
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
    apart,
)

DOMAIN = "report.meaux"
"""The domain of the names of the images in a message."""
WIDTH = 640
ROWS, COLUMNS = 8, 4
"""The most rows and columns of a table in a message."""
BREAKS = {"left": "word-break:break-word;", "right": "white-space:nowrap;"}
"""Where a cell may be broken: a long word, but no number."""
PER_ROW = 3
"""Figures next to each other."""

INK, FAINT, LINE, ACCENT = "#1f2430", "#5b6472", "#e3e6ec", "#4f62d9"
TONES = {"good": "#187a45", "bad": "#b93630", "": FAINT}
SEVERITIES = {"Critical": "#b93630", "Error": "#b93630", "Warning": "#9a4a08", "Info": "#2459b3"}
FONT = f"font-family:Arial,Helvetica,sans-serif;color:{INK};"
SMALL = f"{FONT}font-size:13px;line-height:18px;color:{FAINT};"
TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'


def written(
    document: Document, title: str, plain: str, attached: Mapping[str, bytes]
) -> EmailMessage:
    """Return a message with a plain and an HTML body, and files by name."""
    found = EmailMessage()
    found["Subject"] = title
    found.set_content(plain)
    page, images = written_page(document, title, attached=bool(attached))
    found.add_alternative(page, subtype="html")
    body = found.get_body(("html",))
    for name, image in images.items():
        file = file_of(name)
        cast("EmailMessage", body).add_related(
            image, "image", "png", cid=f"<{name}>", filename=file, disposition="inline"
        )
    for name, data in attached.items():
        kind, _, of = (guess_type(name)[0] or "application/octet-stream").partition("/")
        found.add_attachment(data, kind, of, filename=name)
    return found


def written_page(document: Document, title: str, *, attached: bool) -> tuple[str, dict[str, bytes]]:
    """Return the HTML of the body, and its pictures (PNG) by their content IDs."""
    images: dict[str, bytes] = {}
    return _page(document, title, images, attached=attached), images


def file_of(name: str) -> str:
    """Return the file name of a picture with a content ID."""
    return f"{name.partition('@')[0]}.png"


def _page(document: Document, title: str, images: dict[str, bytes], *, attached: bool) -> str:
    sentences = "".join(
        f'<p style="{FONT}font-size:15px;line-height:22px;margin:0 0 8px;">{escape(words)}</p>'
        for words in document.summary
    )
    sections = "".join(_section(section, images) for section in document.sections)
    more = "The whole report is attached as HTML and PDF." if attached else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '</head><body style="margin:0;padding:0;background-color:#ffffff;">'
        f'<div role="main">{TABLE}<tr><td align="center" style="padding:16px 12px;">'
        f'<table role="presentation" width="{WIDTH}" cellpadding="0" cellspacing="0" border="0" '
        f'style="width:100%;max-width:{WIDTH}px;"><tr><td align="left">'
        f'<p style="{SMALL}margin:0 0 4px;color:{ACCENT};"><b>Meaux Analytics</b></p>'
        f'<h1 style="{FONT}font-size:24px;line-height:30px;margin:0 0 6px;">'
        f"{escape(document.title)}</h1>"
        f'<p style="{SMALL}margin:0 0 14px;">{escape(document.scope)}</p>'
        f'{sentences}{sections}<p style="{SMALL}margin:24px 0 0;">'
        f"{escape(document.about)} {more}</p>"
        "</td></tr></table></td></tr></table></div></body></html>"
    )


def _section(section: Section, images: dict[str, bytes]) -> str:
    """Return the figures, alerts and tables of a section, and its first chart."""
    blocks = "".join(_blocks(section.blocks, images))
    if not blocks:
        return ""
    heading = f'<h2 style="{FONT}font-size:18px;line-height:24px;margin:26px 0 8px;">'
    return f"{heading}{escape(section.title)}</h2>{blocks}" if section.title else blocks


def _blocks(blocks: tuple[Block, ...], images: dict[str, bytes]) -> Iterator[str]:
    whole = list(apart(blocks))
    first = next((one for one in whole if isinstance(one, Picture)), None)
    for block in whole:
        match block:
            case Numbers(items):
                yield _numbers(items)
            case Lines(items):
                yield "".join(map(_line, items))
            case Picture() if block is first:
                yield _picture(block, images)
            case Listed(title, grid):
                yield f"{_title(title)}{_table(grid)}"
            case Missing(title, words, failed=True):
                yield f'{_title(title)}<p style="{SMALL}margin:0;">{escape(words)}</p>'


def _line(line: Line) -> str:
    mark = f'<b style="color:{SEVERITIES[line.severity]};">{line.severity}</b>'
    style = f"{FONT}font-size:14px;line-height:20px;margin:0 0 5px;"
    return f'<p style="{style}">{mark} {escape(line.sentence)}</p>'


def _title(words: str) -> str:
    style = f"{FONT}font-size:15px;line-height:20px;margin:16px 0 4px;"
    return f'<h3 style="{style}">{escape(words)}</h3>'


def _numbers(items: tuple[Number, ...]) -> str:
    rows = [items[n : n + PER_ROW] for n in range(0, len(items), PER_ROW)]
    cells = "".join(f"<tr>{''.join(map(_number, row))}</tr>" for row in rows)
    return f"{TABLE}{cells}</table>"


def _number(number: Number) -> str:
    change = f"{escape(number.change)} {escape(number.versus)}" if number.change else "&nbsp;"
    return (
        f'<td width="{100 // PER_ROW}%" valign="top" style="padding:6px 8px 6px 0;{SMALL}">'
        f'{escape(number.label)}<br><b style="font-size:20px;line-height:26px;color:{INK};">'
        f"{escape(number.value)}</b><br>"
        f'<span style="color:{TONES[number.tone]};">{change}</span></td>'
    )


def _picture(picture: Picture, images: dict[str, bytes]) -> str:
    name = f"chart{len(images) + 1}@{DOMAIN}"
    images[name] = pictures.png(picture.drawing.wide)
    return (
        f'{_title(picture.title)}<img src="cid:{name}" width="{WIDTH}" '
        f'alt="{escape(picture.drawing.words)}" style="width:100%;max-width:{WIDTH}px;height:auto;'
        f'border:0;display:block;{SMALL}">'
    )


def _table(grid: Grid) -> str:
    """Return the first rows and columns of a table."""
    edge = f"padding:4px 10px 4px 0;border-bottom:1px solid {LINE};"
    cell = f"{edge}{FONT}font-size:13px;"
    sides = ["right" if right else "left" for right in grid.right][:COLUMNS]
    heads = "".join(
        f'<th scope="col" align="{side}" valign="bottom" style="{cell}color:{FAINT};">'
        f"{escape(words)}</th>"
        for words, side in zip(grid.headings, sides, strict=False)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td align="{side}" valign="top" style="{cell}{BREAKS[side]}">{escape(words)}</td>'
            for words, side in zip(row, sides, strict=False)
        )
        + "</tr>"
        for row in grid.rows[:ROWS]
    )
    whole = len(grid.rows) + grid.left_out
    cut = whole > ROWS or len(grid.headings) > COLUMNS
    more = f'<p style="{SMALL}margin:4px 0 0;">{_cut(grid, whole)}</p>' if cut else ""
    return (
        '<table width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="border-collapse:collapse;"><tr>{heads}</tr>{rows}</table>{more}'
    )


def _cut(grid: Grid, whole: int) -> str:
    rows, columns = min(whole, ROWS), min(len(grid.headings), COLUMNS)
    return (
        f"{rows:,} of {whole:,} rows and {columns} of {len(grid.headings)} columns; "
        "the whole report has more."
    )
