"""What a database makes the pages say: a text, page by page and card by card."""

import re
import textwrap
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "said"
WIDTH = 160
"""Characters of a description or of a table's columns that are kept."""

NAMED = re.compile(r"(?<=rows; ).*|(?<=row; ).*|(?<=^says: ).*|\| .*")
"""Descriptions and notes, which may name anything."""

AGES = re.compile(
    r"just now|\d+ (second|minute|hour|day|month|year)s? ago|(?<=waiting for )[\d.]+ \w+"
)
"""Words that change from one minute to the next."""


def kept(name: str) -> dict[str, str]:
    """What was written down of a database, by the titles of its views."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("== ")[1:])
    return {title: view.strip() for title, _, view in parts}


def view(page) -> str:
    """All that one page says: its figures, its cards, and what stands between them."""
    lines = [
        *(f"alert: {words}" for words in _alerts(page)),
        *(figure(label, shown) for label, shown in page.number_cards().items()),
        *(card(title, shown, page.sheets.get(title)) for title, shown in page.cards().items()),
        *(f"says: {words}" for words in page.between),
    ]
    return "\n".join(_clean(line) for line in lines)


def outline(said: str) -> list[str]:
    """The numbers of a view, and what is drawn of which size, without names or descriptions."""
    return [NAMED.sub("", line) for line in said.splitlines() if not line.startswith("alert: ")]


def _clean(words: str) -> str:
    return AGES.sub("some time", " ".join(words.split()))


def _alerts(page) -> list[str]:
    found = page.sheets.get("Alerts", pd.DataFrame())
    return [f"{line.severity}: {line.sentence}" for line in found.itertuples()]


def figure(label, shown) -> str:
    """`label: value (delta vs what) | note`."""
    compared = f"{shown.delta or 'same'} {shown.versus}" if shown.versus else shown.delta
    trend = f"trend of {len(shown.trend)} from {shown.trend[0]:g}" if shown.trend else ""
    behind = "; ".join(filter(None, [compared, trend]))
    number = f"{label}: {shown.value}{f' ({behind})' if behind else ''}"
    return " | ".join(filter(None, [number, shown.note]))


def card(title, shown, held) -> str:
    """`title: drawn (what) | note`, or what the card says in place of a chart."""
    body = f"drawn ({_held(shown, held)})" if shown.is_drawn else "nothing drawn"
    return " | ".join(filter(None, [f"# {title}: {body}", shown.state, shown.note]))


def _held(shown, held) -> str:
    rows = "" if held is None else f"{len(held)} row{'s' * (len(held) != 1)}"
    words = _described(shown) or ("" if held is None else _columns(held))
    return "; ".join(filter(None, [rows, textwrap.shorten(words, WIDTH, placeholder=" …")]))


def _described(shown) -> str:
    return shown.description if shown.block.get("vega_lite_chart") else ""


def _columns(held: pd.DataFrame) -> str:
    """What every column of numbers comes to, and how many values every other one has."""
    return ", ".join(f"{name} {_value(values)}" for name, values in held.items())


def _value(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return f"×{int(values.notna().sum())}"
    return f"Σ{values.sum():,.6g}" if values.notna().any() else "none"
