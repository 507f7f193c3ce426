"""Keeping: a statement of the SQL console as a card's file, and that file in the folder."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from meaux.data.schema import Model
from meaux.errors import MeauxError
from meaux.subjects.health.sql import CopiedReading, Reading
from meaux.subjects.own import language, native
from meaux.subjects.own.folder import MOST_FILES, files
from meaux.subjects.own.heading import LONGEST_TITLE, MY_CARDS, Mistake

LONGEST_STEM = 60
_PARAMETER = re.compile(
    r"""('(?:[^']|'')*+'|"(?:[^"]|"")*+"|`(?:[^`]|``)*+`|\[[^\]]*+\])|\?(\d+)"""
)


class Unsaved(MeauxError):  # noqa: N818  named for what went wrong, as all errors are
    """A card's file can't be saved, for this reason."""


def text_of(  # noqa: PLR0913, PLR0917  what a file says
    title: str, chart: str, page: str, reading: Reading, values: Sequence[str], model: Model
) -> str:
    """Return the text of a card's file for a statement on physical tables, or those of a copy.

    `values` are those of `?1`, `?2` …, which are written into it.
    """
    is_native = isinstance(reading, CopiedReading)
    sql = reading.asked if isinstance(reading, CopiedReading) else reading.sql
    quoted = _native if is_native else _quoted
    written = _PARAMETER.sub(lambda found: found[1] or quoted(values[int(found[2]) - 1]), sql)
    lines = [f"-- title: {title_of(title)}", f"-- chart: {chart}"]
    lines += [f"-- page: {page}"] if page != MY_CARDS else []
    if is_native:
        lines.append(f"-- language: {native.LANGUAGE}")
    elif _seems_logical(written, model):
        lines.append("-- language: plain")
    return "\n".join([*lines, written.strip(), ""])


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _native(value: str) -> str:
    r"""Return a value as ClickHouse's text, without `\`, which a statement may not have."""
    parts = [_quoted(part) for part in value.split("\\")]
    return parts[0] if len(parts) == 1 else f"concat({', char(92), '.join(parts)})"


def _seems_logical(sql: str, model: Model) -> bool:
    """Return whether a card would take a statement for one on logical tables."""
    try:
        return language.is_product(sql, "", model)
    except Mistake:  # the card itself will say it
        return False


def title_of(words: str) -> str:
    """Return some words as a title: one line of characters that are seen."""
    seen = "".join(sign if sign.isprintable() else " " for sign in words)
    return " ".join(seen.split())[:LONGEST_TITLE].strip() or "Card"


def file_name(title: str) -> str:
    """Return a safe file name for a title: small letters, digits and underscores."""
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower())[:LONGEST_STEM].strip("_")
    return f"{stem or 'card'}.sql"


def save(folder: Path, title: str, text: str, *, replaces: bool = False) -> str:
    """Write a card's file into the folder, which is made if need be; return the file's name.

    Raises:
        Unsaved: there is such a file already and it isn't to be replaced, the folder is full, or it
            can't be written.
    """
    path = folder / file_name(title)
    try:
        folder.mkdir(exist_ok=True)
        if not path.exists() and len(files(folder)) >= MOST_FILES:
            raise Unsaved(f"Not saved: {folder.name} has {MOST_FILES} cards already.")
        if replaces:
            _replace(path, text)
        else:
            # Fails if there is a file, or a link, of that name.
            with path.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(text)
    except FileExistsError:
        raise Unsaved(f"Not saved: there is a file {folder.name}/{path.name} already.") from None
    except OSError as error:
        why = error.strerror or "the folder can't be written"
        raise Unsaved(f"Not saved: {why}. Download the file instead.") from None
    return f"{folder.name}/{path.name}"


def _replace(path: Path, text: str) -> None:
    """Replace a file, or a link, as a whole: a page never reads half of it."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
