"""Reading: the number, flag, key or word in a stored cell.

Each type is read in one way, regardless of the column's declared type. A text is a number only if
it has one meaning; otherwise it is unreadable. Python and SQL follow the same rules, so Python can
say what the database makes of a sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

from meaux.data.schema.vocabulary import DOLLARS

LARGEST_WHOLE = 2**63
"""SQLite can't store a whole number from here on."""
SURELY_ADDED = 1e12
"""Whole numbers up to here add up exactly for any number of rows; SQLite refuses larger sums."""
LARGEST = 1e300
"""A larger value, such as infinity, is not a plausible number."""

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
    """Return the number in a stored cell; None if there is none, or more than one is possible.

    `1,200.50`, `1.200,50`, `$12.00`, ` 12 ` and `0,75` have one meaning. Three digits after a
    single comma are thousands, unless only a zero precedes it. In a column of durations, `hour` is
    the number of its units in an hour: then `1:30:00` is read, and `1:30` if the unit is the hour.
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
    """Return SQL for the number in a cell, like `number_of`; NULL if there is none.

    Without `texts` only stored numbers are read: this is shorter, for a column without texts in the
    sample.
    """
    stored = (
        f"WHEN +{column} BETWEEN -{SURELY_ADDED:g} AND {SURELY_ADDED:g} THEN {column} "
        f"WHEN +{column} BETWEEN -{LARGEST:g} AND {LARGEST:g} THEN {column} * 1.0"
    )
    if not texts:
        return f"CASE {stored} END"
    return f"CASE {stored} WHEN typeof({column}) = 'text' THEN {_text_number(column, hour)} END"


def _text_number(column: str, hour: float | None) -> str:
    """Return SQL for the number in a text.

    The innermost select removes symbols, each outer one takes another step. `d` are the digits, `e`
    the same with points and commas exchanged. The limits stop SQLite from inlining each step
    wherever it is used: D1 has too little memory for that.
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
    """Return SQL for "in groups of thousands": SQLite's printf() groups digits in the same way."""
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
    """Return the HTTP status in a stored cell: a number, maybe followed by words."""
    named = isinstance(cell, str) and re.match(r"[1-5]\d\d(?= )", cell.strip(SPACES), re.ASCII)
    return float(named[0]) if named else number_of(cell)


def code(column: str, *, texts: bool) -> str:
    """Return SQL for an HTTP status, like `code_of`: `503`, or `503 Service Unavailable`."""
    read, text = number(column, texts=texts), _TRIMMED.format(x=column)
    named = f"{text} GLOB '[1-5][0-9][0-9] *'"
    return f"iif({named}, CAST(substr({text}, 1, 3) AS INTEGER), {read})" if texts else read


_FOLDED = str.maketrans(ascii_uppercase, ascii_lowercase)


def folded(text: str) -> str:
    """Return a text with only A to Z in lower case, as SQLite's lower() does."""
    return text.translate(_FOLDED)


def flag_of(cell: object) -> bool | None:
    """Return the flag in a stored cell, True or False; None if it is neither."""
    word = folded(str(cell).strip(SPACES))
    return True if word in YES else False if word in NO else None


def flag(column: str) -> str:
    """Return SQL for a flag, like `flag_of`: 1, 0 or NULL."""
    written = f"WHEN {among(word(column), YES)} THEN 1 WHEN {among(word(column), NO)} THEN 0"
    return f"CASE +{column} WHEN 1 THEN 1 WHEN 0 THEN 0 ELSE CASE {written} END END"


def among(word: str, words: Iterable[str]) -> str:
    """Return SQL for whether a word, given as SQL, is one of some words; NULL is not.

    Not `IN (…)`: SQLite looks each row up in a table of the words, and D1 bills that as a row read.
    """
    return f"coalesce(instr('|{'|'.join(words)}|', '|' || {word} || '|'), 0) > 0"


_DIGITS = "lower(hex({x}))"
_IS_COMMON = "{x} NOT GLOB '*[^a-z0-9_-]*'"
"""The form of most ids and words: they are compared as stored, which is fast."""


def word(column: str) -> str:
    """Return SQL for a word in lower case, without surrounding space."""
    text = f"CAST({column} AS TEXT)"
    folded = f"lower({_TRIMMED.format(x=text)})"
    return f"CASE WHEN {_IS_COMMON.format(x=column)} THEN {text} ELSE {folded} END"


def currency(column: str) -> str:
    """Return SQL for a currency: `usd` for all spellings of dollars, NULL if there is none."""
    named = word(column)
    return f"CASE WHEN {among(named, DOLLARS)} THEN 'usd' ELSE nullif({named}, '') END"


def key_of(cell: object, *, folds: bool = True) -> str | None:
    """Return the text by which a cell is compared as an id; None if the cell is empty.

    D1 returns bytes as a list of numbers.
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
    """Return SQL for an id in its compared form, like `key_of`: `1.0` is `1`, and case is folded.

    `scope` is the first column of a two-column key. With `bytes_too` an id may be bytes, such as
    those of a UUID: it is compared and shown as hex digits.
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
    """Return SQL for a text without surrounding space."""
    return _TRIMMED.format(x=text)


def text(column: str) -> str:
    """Return SQL for a text; NULL if it is only space."""
    return f"iif({_TRIMMED.format(x=column)} = '', NULL, {column})"
