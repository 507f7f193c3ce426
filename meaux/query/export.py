"""Export: the name of a file, its headings, and the rows of a card as CSV.

Every CSV passes through `plain`, which makes its cells safe to open in a spreadsheet. A CSV holds
one table and nothing else, so that every program reads it; its name says its period and filters.
"""

from __future__ import annotations

import csv as rows_of_text
import math
import re
from collections.abc import Callable, Mapping

import pandas as pd

from meaux.data.categories import CATEGORIES, capitalised
from meaux.query.filters import Selection
from meaux.query.metrics import DEFINITIONS, Unit, unit_of
from meaux.query.metrics.units import STYLES
from meaux.wording import apart, plural, whole

Names = Mapping[str, Mapping[str, str]]
"""Names by id, by the column that has the ids: `project`, `person`, `team`."""

LINE_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
FORMULA_SIGNS = "=+\\-@＝＋－＠"  # noqa: RUF001  a spreadsheet takes the wide ones for the narrow
RUN = re.compile(rf"[\t{LINE_ENDS}]|[\s\x00-\x1f\x7f\u200b\ufeff]*[{FORMULA_SIGNS}]")
"""The start of a text that a spreadsheet may run, or may read as the start of another cell."""
OFFSET = r"([+-]\d{2})(\d{2})$"
"""The offset of a zone at the end of a time."""
LONGEST_CELL = 32_767
"""Maximum UTF-16 units in a spreadsheet cell; the rest is dropped or starts a new row."""
LONGEST_TITLE = 80
"""The maximum length of a title in a file's name, in UTF-8."""
DIGITS = 9
"""Decimal places of a number without a unit; more digits are the noise of binary fractions."""
DECIMALS: dict[Unit, int] = {
    "money": 4,
    "price": 6,
    "hours": 4,
    "count": 4,
    "ratio": 4,
    "points": 2,
    "bytes": 0,
    "gigabytes": 6,
    "milliseconds": 1,
    "days": 2,
}
"""Decimal places of each unit in a file. The sum of 10,000 rows is then off by 1 cent, 1 second or
0.01%: rounding errors cancel out. Hours still tell every second."""
WHOLE = ("count", "bytes")
"""Units whose numbers have no decimal places, unless one of a column does."""
EXACT = 10**15
"""From this number on, programs round integers."""
SIGNIFICANT = 4
"""Digits that a small number keeps, even if it has no digit at its unit's decimal places."""
LARGEST_DOUBLE = 2.0**53
MOST_NAMED = 3
"""How many names of a filter a file's name has; more are counted."""
LONGEST_NAME = 40
LONGEST_NAMES = 120
"""The maximum length of one name, and of all, in a file's name; in UTF-8, others are counted."""
NOT_IN_FILES = ("color", "spelling")
"""Columns that only a chart needs."""
IDS = ("project", "person", "team")
"""Columns that may have ids."""
HEADINGS = {
    **{f"{column}_id": f"{column.capitalize()} ID" for column in IDS},
    "partial": "Incomplete",
    "ongoing": "Not over yet",
    "known": "Found in",
    "at": "When",
    "weekly": "Hours per week",
    "logged": "When",
    "last_activity": "Last activity in the period",
    "budget": "Budget",
    "used": "Budget used",
    "allowance_used": "Used",
    "pace": "Pace (pp)",
    "projected": "Projected spend",
    "length": "Duration",
    "treatment": "How it counts",
    "lane": "Kind",
    "exhausted_on": "Used up on",
    "because": "Because of",
    "recurring": "Recurring costs due",
    "includes": "Recurring costs",
    "low80": "80% range, low",
    "high80": "80% range, high",
    "low95": "95% range, low",
    "high95": "95% range, high",
    "burn7": "Burn rate, 7 days",
    "burn30": "Burn rate, 30 days",
    "hours_cost": "Cost of the hours",
    **{category.reported: category.name for category in CATEGORIES},
    "class_a": "Class A operations",
    "class_b": "Class B operations",
    "url": "URL",
    "step_p50": "Step duration, median",
    "run_difference": "Difference (calculated \N{MINUS SIGN} reported)",
    "lifetime_duration": "Lifetime mean duration",
    "message_difference": "Difference (calculated \N{MINUS SIGN} reported)",
    "distinct_messages": "Distinct messages in the period",
    "usual": "Usual cost",
    "text": "Why unusual",
    "cause": "Main cause",
    "beside": "Also on that day",
    "part": "Where",
    "measure": "Measure",
    "usual_count": "Usual count",
    "use": "Usage",
    "share_change": "Change",
    "word": "New or gone",
    "even": "Even share",
    "value": "Value",
    "comparable_value": "Value of complete days",
    "compared_value": "Value before",
    "compared_with": "Days before",
    "found": "Status",
    "clock": "Duration (h:mm)",
    "counted": "Count precision",
    "spare_for": "Alternative for",
    "wanted_for": "Missing for",
    "until_then": "Effect",
    "encoding_told_by": "Encoding detected from",
    "names_rows_by": "Foreign key matched by",
    "values_read": "Sampled values read",
    "passed_over": "Columns not used",
    "would_read": "Columns it would use",
    "told_by": "Detected from",
    "would_lack": "Missing columns",
    "not_added": "Not added (same spend)",
}


def file_name(card: str, over: Selection, ending: str) -> str:
    """Return `meaux_cost-trend_2026-10-23_2026-11-22_team-lab.csv`.

    The dates are the first and last day; the filters follow, as names or as their number.
    """
    period = over.period
    title = _slug(card).encode()[:LONGEST_TITLE].decode(errors="ignore").rstrip("-")
    parts = ["meaux", title, f"{period.start}", f"{period.last}", *_filters(over)]
    return f"{'_'.join(parts)}.{ending}"


def _filters(over: Selection) -> list[str]:
    named = over.named
    if over.only and "team" not in named:
        named = {"team": [*over.only], **named}
    counts = [_slug(f"{len(names)} {plural(noun)}") for noun, names in named.items()]
    words = [
        "-".join([_slug(noun), *(_slug(name)[:LONGEST_NAME] for name in names)])
        if len(names) <= MOST_NAMED
        else count
        for (noun, names), count in zip(named.items(), counts, strict=True)
    ]
    return words if len("_".join(words).encode()) <= LONGEST_NAMES else counts


def _slug(words: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in whole(words).lower()).split())


def csv(
    frame: pd.DataFrame,
    headings: Callable[[str], str] | None = None,
    zone: str = "UTC",
    unit: Unit | None = None,
) -> bytes:
    """Return the frame as CSV in UTF-8, with units in the headings and formulas disarmed."""
    return text(frame, headings, zone, unit).encode("utf-8-sig")


def text(
    frame: pd.DataFrame,
    headings: Callable[[str], str] | None = None,
    zone: str = "UTC",
    unit: Unit | None = None,
) -> str:
    """Return the frame as CSV; every text is quoted, so that a line end in it ends no row."""
    return plain(frame, headings, zone, unit).to_csv(
        index=False, lineterminator="\n", quoting=rows_of_text.QUOTE_NONNUMERIC
    )


def plain(
    frame: pd.DataFrame,
    headings: Callable[[str], str] | None = None,
    zone: str = "UTC",
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Return the frame for a CSV: ISO dates, times in the zone, headings with units, safe texts.

    `unit` is that of numbers whose column has none. With `headings` of its own, a frame has no
    units. The second of two equal headings gets a number.
    """
    heads, columns = [], []
    for name, values in frame.items():
        other = unit if is_number(values) else None
        heads.append(safe(headings(str(name)) if headings else heading(str(name), other)))
        columns.append(_written(values, None if headings else unit_of(str(name)) or other, zone))
    written = pd.DataFrame(dict(enumerate(columns)), index=frame.index)
    written.columns = pd.Index(apart(heads), dtype=object)
    return written


def for_people(frame: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return the frame with names instead of ids, and without what only a chart needs.

    Ids stay, as `project_id` and last, if they are beside their names.
    """
    shown = frame.drop(columns=[name for name in NOT_IN_FILES if name in frame])
    for column in IDS:
        known = names.get(column, {})
        if column not in shown or not _has_ids(shown[column], known):
            continue
        told = shown[column].map(lambda id_, of=known: of.get(id_, id_))
        if "name" in shown and _is_named(shown["name"], told):
            ids = shown.pop(column)
            shown = shown.assign(**{f"{column}_id": ids})
        else:
            shown = shown.assign(**{column: told})
    return shown


def _has_ids(values: pd.Series, known: Mapping[str, str]) -> bool:
    return bool(values.isin(list(known)).any())


def _is_named(names: pd.Series, told: pd.Series) -> bool:
    """Return whether some names are those of ids; a name that two share has its id behind it."""
    pairs = zip(names, told, strict=True)
    return any(isinstance(name, str) and name == of for name, of in pairs)


def heading(column: str, other: Unit | None = None) -> str:
    """Return the heading of a column, in files and tables; `other` is the unit if it has none."""
    if column in DEFINITIONS:
        return DEFINITIONS[column].column
    words = HEADINGS.get(column, capitalised(column.replace("_", " ")))
    unit = unit_of(column) or other
    return words.removesuffix(STYLES[unit].suffix) + STYLES[unit].suffix if unit else words


def is_number(values: pd.Series) -> bool:
    """Return whether a column has numbers, and not flags."""
    kind = values.dtype
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def without_noise(values: pd.Series, unit: Unit | None) -> pd.Series:
    """Round numbers to the decimal places of their unit; small ones to significant digits."""
    if not pd.api.types.is_float_dtype(values.dtype):
        return values
    places = DECIMALS.get(unit, DIGITS) if unit else DIGITS
    large = values.abs().ge(LARGEST_DOUBLE / 10**places).fillna(value=False).astype("bool")
    small = values.abs().lt(10 ** (SIGNIFICANT - 1 - places)).fillna(value=False).astype("bool")
    rounded = values.mask(large).round(places).where(~large, values)
    return rounded.mask(small, values.where(small).map(_significant, na_action="ignore"))


def _significant(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT}g}")


def _written(values: pd.Series, unit: Unit | None, zone: str) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        local = values.dt.tz_convert(zone).dt.strftime("%Y-%m-%dT%H:%M:%S%z")
        return pd.Series(local.str.replace(OFFSET, r"\1:\2", regex=True).str.replace("+00:00", "Z"))
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return pd.Series(values.dt.strftime("%Y-%m-%d"))
    if pd.api.types.is_float_dtype(values.dtype):
        values = without_noise(values, unit)
        if unit in WHOLE and values.dropna().mod(1).eq(0).all() and values.abs().max() < EXACT:
            return values.astype("Float64").astype("Int64")
        return _cells(values) if values.isin([math.inf, -math.inf]).any() else values
    return values if pd.api.types.is_numeric_dtype(values.dtype) else _cells(values)


def _cells(values: pd.Series) -> pd.Series:
    return pd.Series([_cell(value) for value in values], index=values.index, dtype=object)


def _cell(value: object) -> object:
    """Return a finite number as it is, any other value as a safe text, None if it is unknown."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124  NaN
        return None
    finite = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if finite else safe(str(value))


def safe(words: str) -> str:
    """Return a text that no spreadsheet runs, breaks or drops.

    A text that looks like a formula gets an apostrophe in front. One that is too long for a cell is
    cut, and says so at its end.
    """
    words = whole(words)
    return cut(f"'{words}" if runs(words) else words)


def runs(words: str) -> bool:
    """Return whether a spreadsheet may run a text, or read it as the start of another cell."""
    return bool(RUN.match(words))


def cut(words: str) -> str:
    """Return as much of a text as a cell can hold; what is cut says so at its end."""
    units = words.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return words
    end = f" \N{HORIZONTAL ELLIPSIS} truncated ({len(words):,} characters)"
    return units[: 2 * (LONGEST_CELL - len(end))].decode("utf-16-le", "ignore") + end
