"""Reading: what one stored cell means as a number, a flag, a key or a word.

Each kind has one reading, whatever its column is declared as. A text counts as a number only where
it has one meaning; what has none is unread. Python reads as SQL does, to say of a sample what the
database makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

from meaux.data.schema.vocabulary import DOLLARS

LARGEST_WHOLE = 2**63
"""From here on SQLite keeps no whole number."""
SURELY_ADDED = 1e12
"""Whole numbers up to here add up exactly, however many; SQLite refuses a larger sum of them."""
LARGEST = 1e300
"""What is larger, such as infinity, is no number of a business."""

YES = ("1", "1.0", "true", "t", "yes", "y", "on")
NO = ("0", "0.0", "false", "f", "no", "n", "off")

SPACES = " \t\n\r\u00a0"
_TRIMMED = "trim({x}, char(32, 9, 10, 13, 160))"
_PLAIN = r"\d+\.?\d*|\.\d+|(0|[1-9]\d*)(\.\d+)?e[-+]?\d+"
_GROUPED = r"[1-9]\d{0,2}(,\d{3}){1,5}(\.\d*)?"
_GROUPED_BY_POINTS = r"[1-9]\d{0,2}((\.\d{3}){1,5},\d+|(\.\d{3}){2,5})"
_DECIMAL_COMMA = r"\d+,\d+"
_CLOCK = r"(\d+):([0-5]\d)(?::([0-5]\d))?"


def number_of(cell: object, hour: float | None = None) -> float | None:
    """Return the number that a stored cell means; None where it means none, or might mean two.

    `1,200.50`, `1.200,50`, `$12.00`, ` 12 ` and `0,75` have one meaning. Three digits behind a lone
    comma are thousands, unless only a zero stands before it. In a column of durations, `hour` is
    how many of its units make an hour: there `1:30:00` is read, and `1:30` where it counts hours.
    """
    if isinstance(cell, str):
        value = _number_in(cell, hour)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell)
    else:
        return None
    return value if value is not None and abs(value) <= LARGEST else None


def _number_in(text: str, hour: float | None) -> float | None:
    plain = folded(text).replace("us$", "$").replace("usd", "$").strip(SPACES + "$")
    sign = -1.0 if plain.startswith("-") else 1.0
    digits = (plain[1:] if plain[:1] in ("-", "+") else plain).strip(SPACES + "$")
    if hour and (found := re.fullmatch(_CLOCK, digits, re.ASCII)):
        hours, minutes, seconds = found.groups()
        exact = int(hours) + int(minutes) / 60 + int(seconds or 0) / 3600
        return sign * exact * hour if seconds or hour == 1 else None
    for pattern, thousands, point in (
        (_PLAIN, "", "."),
        (_GROUPED, ",", "."),
        (_GROUPED_BY_POINTS, ".", ","),
        (_DECIMAL_COMMA, "", ","),
    ):
        if re.fullmatch(pattern, digits, re.ASCII):
            return sign * float(digits.replace(thousands, "").replace(point, "."))
    return None


def number(column: str, hour: float | None = None, *, texts: bool) -> str:
    """SQL for the number that a cell means, as `number_of` reads it; NULL where it means none.

    Without `texts` only what is stored as a number is read: shorter, for a column in which no text
    was met.
    """
    stored = (
        f"WHEN +{column} BETWEEN -{SURELY_ADDED:g} AND {SURELY_ADDED:g} THEN {column} "
        f"WHEN +{column} BETWEEN -{LARGEST:g} AND {LARGEST:g} THEN {column} * 1.0"
    )
    if not texts:
        return f"CASE {stored} END"
    return f"CASE {stored} WHEN typeof({column}) = 'text' THEN {_text_number(column, hour)} END"


def _text_number(column: str, hour: float | None) -> str:
    """SQL for the number in a text: the innermost select takes marks away, each outer one a step.

    `d` are the digits, `e` the same with points and commas exchanged. The limits keep SQLite from
    writing each step into every place that names it: D1 has no memory for that.
    """
    around = "'$' || char(32, 9, 10, 13, 160)"
    marked = f"replace(replace(lower({column}), 'us$', '$'), 'usd', '$')"
    clock = f"WHEN {_is_clock(hour)} THEN {_clock(hour)} " if hour else ""
    return (
        f"(SELECT iif(n BETWEEN -{LARGEST:g} AND {LARGEST:g}, n, NULL) FROM (SELECT sign * CASE "
        f"{clock}WHEN {_IS_PLAIN} THEN CAST(d AS REAL) "
        f"WHEN {_is_grouped('d')} THEN CAST(replace(d, ',', '') AS REAL) "
        f"WHEN {_is_grouped('e')} AND (e GLOB '*.[0-9]*' OR e GLOB '*,*,*') AND e NOT GLOB '*.' "
        "THEN CAST(replace(e, ',', '') AS REAL) "
        f"WHEN {_IS_DECIMAL_COMMA} THEN CAST(e AS REAL) END AS n FROM (SELECT sign, d, "
        "replace(replace(replace(d, '.', '_'), ',', '.'), '_', ',') AS e FROM (SELECT "
        "iif(t GLOB '-*', -1.0, 1.0) AS sign, "
        f"trim(iif(t GLOB '[-+]*', substr(t, 2), t), {around}) AS d "
        f"FROM (SELECT trim({marked}, {around}) AS t LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1)"
    )


_IS_PLAIN = (
    "(d NOT GLOB '*[^0-9.]*' AND d GLOB '*[0-9]*' AND d NOT GLOB '*.*.*' "
    "OR d GLOB '[0-9]*e[-+0-9]*' AND d NOT GLOB '*[^-+.0-9e]*' AND json_valid(d))"
)
_IS_DECIMAL_COMMA = "d GLOB '[0-9]*,[0-9]*' AND d NOT GLOB '*[^0-9,]*' AND d NOT GLOB '*,*,*'"


def _is_grouped(digits: str) -> str:
    """SQL for "in groups of thousands": SQLite's printf() writes the whole number the same way."""
    whole = f"substr({digits}, 1, instr({digits} || '.', '.') - 1)"
    rest = f"substr({digits}, instr({digits} || '.', '.') + 1)"
    return (
        f"({digits} GLOB '[1-9]*,*' AND {rest} NOT GLOB '*[^0-9]*' "
        f"AND printf('%,d', CAST(replace({whole}, ',', '') AS INTEGER)) = {whole})"
    )


def _is_clock(hour: float) -> str:
    exact = "d GLOB '[0-9]*:[0-5][0-9]:[0-5][0-9]' AND d NOT GLOB '*:*:*:*'"
    short = " OR d GLOB '[0-9]*:[0-5][0-9]' AND d NOT GLOB '*:*:*'" if hour == 1 else ""
    return f"d NOT GLOB '*[^0-9:]*' AND ({exact}{short})"


def _clock(hour: float) -> str:
    minutes = "CAST(substr(d, instr(d, ':') + 1) AS INTEGER) / 60.0"
    seconds = "iif(d GLOB '*:*:*', substr(d, -2) / 3600.0, 0)"
    return f"(CAST(d AS INTEGER) + {minutes} + {seconds}) * {hour:g}"


def code_of(cell: object) -> float | None:
    """Return the HTTP status that a stored cell means: a number, maybe with words behind it."""
    named = isinstance(cell, str) and re.match(r"[1-5]\d\d(?= )", cell.strip(SPACES), re.ASCII)
    return float(named[0]) if named else number_of(cell)


def code(column: str, *, texts: bool) -> str:
    """SQL for an HTTP status, as `code_of` reads it: `503`, or `503 Service Unavailable`."""
    read, text = number(column, texts=texts), _TRIMMED.format(x=column)
    named = f"{text} GLOB '[1-5][0-9][0-9] *'"
    return f"iif({named}, CAST(substr({text}, 1, 3) AS INTEGER), {read})" if texts else read


_FOLDED = str.maketrans(ascii_uppercase, ascii_lowercase)


def folded(text: str) -> str:
    """Return a text with A to Z in lower case, and no other letter: SQLite's lower() does so."""
    return text.translate(_FOLDED)


def flag_of(cell: object) -> bool | None:
    """Return whether a stored cell means yes or no; None where it means neither."""
    word = folded(str(cell).strip(SPACES))
    return True if word in YES else False if word in NO else None


def flag(column: str) -> str:
    """SQL for a flag, as `flag_of` reads it: 1, 0 or NULL."""
    written = f"WHEN {among(word(column), YES)} THEN 1 WHEN {among(word(column), NO)} THEN 0"
    return f"CASE +{column} WHEN 1 THEN 1 WHEN 0 THEN 0 ELSE CASE {written} END END"


def among(word: str, words: Iterable[str]) -> str:
    """SQL for whether a word, given as SQL, is one of some; NULL is none.

    Not `IN (…)`: SQLite looks each row up in a table of the words, and D1 bills that as a row read.
    """
    return f"coalesce(instr('|{'|'.join(words)}|', '|' || {word} || '|'), 0) > 0"


_DIGITS = "lower(hex({x}))"
_IS_COMMON = "{x} NOT GLOB '*[^a-z0-9_-]*'"
"""What most ids and words are made of: they are compared as they stand, and quickly."""


def word(column: str) -> str:
    """SQL for a word: without the space around it, in lower case."""
    text = f"CAST({column} AS TEXT)"
    folded = f"lower({_TRIMMED.format(x=text)})"
    return f"CASE WHEN {_IS_COMMON.format(x=column)} THEN {text} ELSE {folded} END"


def currency(column: str) -> str:
    """SQL for a currency: `usd` for all that means dollars, NULL where none is named."""
    named = word(column)
    return f"CASE WHEN {among(named, DOLLARS)} THEN 'usd' ELSE nullif({named}, '') END"


def key_of(cell: object, *, folds: bool = True) -> str | None:
    """Return what a stored cell is compared by as an id; None where it names nothing.

    D1 answers bytes as a list of numbers.
    """
    if cell is None:
        return None
    if isinstance(cell, bytes | list):
        return bytes(cell).hex() or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_WHOLE:
        cell = int(cell)
    text = re.sub(r"^(-?\d+)\.0$", lambda found: str(int(found[1])), str(cell)).strip(SPACES)
    return (folded(text) if folds else text) or None


def key(column: str, scope: str = "", *, folds: bool = True, bytes_too: bool = False) -> str:
    """SQL for an id as it is compared, as `key_of` reads it: `1.0` is `1`, and case is folded.

    `scope` is the column that stands before it, where two columns are the key of a row. With
    `bytes_too` an id may be bytes, such as those of a UUID: it is compared and shown as digits.
    """
    text = f"CAST({column} AS TEXT)"
    whole = (
        f"typeof({column}) = 'real' AND {column} = CAST({column} AS INTEGER) "
        f"OR ({column} GLOB '[0-9]*.0' OR {column} GLOB '-[0-9]*.0') "
        f"AND substr({column}, 2) NOT GLOB '*[^0-9.]*' AND {column} NOT GLOB '*.*.*'"
    )
    number = f"CAST(CAST({column} AS INTEGER) AS TEXT)"
    plain = f"iif({whole}, {number}, {_TRIMMED.format(x=text)})"
    other = f"lower({plain})" if folds else plain
    is_common = _IS_COMMON.format(x=column)
    in_bytes = f"WHEN typeof({column}) = 'blob' THEN {_DIGITS.format(x=column)} "
    arms = (in_bytes if bytes_too else "") + f"WHEN {is_common} THEN {text} ELSE {other}"
    value = f"nullif(CASE {arms} END, '')"
    return (
        f"coalesce({key(scope, folds=folds, bytes_too=bytes_too)}, '') || '/' || {value}"
        if scope
        else value
    )


def trimmed(text: str) -> str:
    """SQL for a text without the space around it."""
    return _TRIMMED.format(x=text)


def text(column: str) -> str:
    """SQL for a text; one of nothing but space is none."""
    return f"iif({_TRIMMED.format(x=column)} = '', NULL, {column})"
