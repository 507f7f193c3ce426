"""Shapes: what of a card's rows its chart draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from meaux import charts
from meaux.query.filters import Selection
from meaux.query.metrics.metric import Unlisted
from meaux.query.series import ANCHORS
from meaux.subjects.card import Draw
from meaux.subjects.own.frames import Column, Typed, local_days
from meaux.subjects.own.heading import Mistake
from meaux.wording import enumerated, sentences

MOST_BARS = 40
MOST_LINES = 10
SUMMED = "Rows of the same day are summed."
WEEK = 7


@dataclass(frozen=True)
class Shape:
    """What a chart draws: its rows, its function, its number, and a note."""

    frame: pd.DataFrame
    draw: Draw
    metric: Unlisted
    note: str = ""


def shape(typed: Typed, chart: str, label: str, selection: Selection) -> Shape:
    """Return what a chart of this kind draws; `label` is its title.

    Raises:
        Mistake: it needs a column that the rows don't have.
    """
    numbers, times = typed.of("number"), typed.of("time")
    if not numbers:
        raise _lacking(chart, "a column with a number", typed)
    if chart == "lines" and not times:
        raise _lacking(chart, "a column with days, months (2026-11) or times", typed)
    if chart in ("lines", "bars") and times:
        return _over_time(typed, chart, times[0], label, selection)
    return _by_label(typed, chart)


def value(typed: Typed) -> tuple[float | None, Column]:
    """Return the number of a card with a single one, and its column.

    Raises:
        Mistake: there are several rows, or no number.
    """
    numbers = typed.of("number") or list(typed.columns)
    if len(typed.frame) > 1:
        raise Mistake(0, f"number needs one row; the SELECT returns {len(typed.frame):,}")
    if not numbers:
        raise _lacking("number", "a column with a number", typed)
    cells = typed.frame[numbers[0].heading].dropna()
    if len(cells) and not typed.of("number"):
        raise _lacking("number", "a column with a number", typed)
    return (float(cells.iloc[0]) if len(cells) else None), numbers[0]


def _lacking(chart: str, what: str, typed: Typed) -> Mistake:
    known = enumerated([column.name for column in typed.columns]) if typed.columns else "none"
    return Mistake(0, f"chart {chart} needs {what}; the SELECT returns {known}")


def _over_time(typed: Typed, chart: str, time: Column, label: str, selection: Selection) -> Shape:
    """Draw the number over days, weeks or months: a line or part per name, or per number."""
    numbers, texts = typed.of("number"), typed.of("text")
    days = local_days(typed.frame[time.heading], selection.zone)
    if texts or len(numbers) == 1:
        series = typed.frame[texts[0].heading] if texts else label
        rows = pd.DataFrame(
            {"day": days, "series": series, "value": typed.frame[numbers[0].heading]}
        )
        note = f"Drawn: {numbers[0].heading}." if len(numbers) > 1 else ""
    else:
        _same_unit(numbers, chart)
        parts = [
            pd.DataFrame({"day": days, "series": n.heading, "value": typed.frame[n.heading]})
            for n in numbers
        ]
        rows, note = pd.concat(parts, ignore_index=True), ""
    rows = rows.dropna(subset="day").assign(value=rows["value"].astype("float64"))
    groups = rows.groupby(["day", "series"], sort=False, dropna=False)["value"]
    summed = groups.sum(min_count=1).reset_index()
    grain = _grain(summed["day"])
    summed = _running(summed, grain, selection.today)
    said = SUMMED if len(summed) < len(rows) else ""
    kept, left = _largest(summed) if chart == "lines" else (summed, "")
    drawn = charts.trend if chart == "lines" else charts.bars
    by = "series" if len(summed["series"].drop_duplicates()) > 1 else None
    return Shape(
        kept,
        partial(drawn, series=by, grain=grain),
        _metric(numbers[0], label),
        sentences(note, said, left),
    )


def _largest(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the lines with the largest sums, and a sentence on those left out."""
    sums = rows.assign(size=rows["value"].abs()).groupby("series", dropna=False)["size"].sum()
    if len(sums) <= MOST_LINES:
        return rows, ""
    kept = rows[rows["series"].isin(sums.nlargest(MOST_LINES).index)]
    return kept, f"The {MOST_LINES} largest of {len(sums):,} lines; the CSV has all."


def _grain(days: pd.Series) -> str:
    """Return whether the days are those on which months or weeks begin; otherwise days."""
    known = days.dropna().drop_duplicates()
    if len(known) > 1 and (known.dt.day == 1).all():
        return "month"
    apart = known.sort_values().diff().dropna().dt.days
    if len(apart) and (known.dt.day_of_week == 0).all() and (apart % WEEK == 0).all():
        return "week"
    return "day"


def _running(rows: pd.DataFrame, grain: str, today: date) -> pd.DataFrame:
    """Mark the day, week or month that isn't over, as every chart does."""
    period = pd.Timestamp(today).to_period(ANCHORS[grain])
    return rows.assign(ongoing=rows["day"].dt.to_period(ANCHORS[grain]) == period).assign(
        partial=lambda marked: marked["ongoing"]
    )


def _by_label(typed: Typed, chart: str) -> Shape:
    """Draw a bar or slice per row."""
    numbers = typed.of("number")
    names = [column for column in typed.columns if column not in numbers]
    if not names and len(numbers) > 1:
        names, numbers = numbers[:1], numbers[1:]
    if not names:
        raise _lacking(chart, "a column with names or days beside its number", typed)
    labels = typed.frame[names[0].heading]
    if names[0] in typed.of("time"):
        labels = labels.dt.strftime("%Y-%m-%d")
    rows = pd.DataFrame(
        {
            "label": labels.astype("str").where(labels.notna(), None),
            "value": typed.frame[numbers[0].heading].astype("float64"),
        }
    )
    said = ""
    if chart == "bars" and len(rows) > MOST_BARS:
        rows, said = rows.head(MOST_BARS), f"The first {MOST_BARS} rows; the CSV has all."
    note = f"Drawn: {numbers[0].heading}." if len(numbers) > 1 else ""
    draw = charts.ranking if chart == "bars" else charts.share
    metric = _metric(numbers[0], "")
    return Shape(rows, partial(draw, label="label"), metric, sentences(note, said))


def _same_unit(numbers: Sequence[Column], chart: str) -> None:
    if len({column.unit for column in numbers}) > 1:
        named = enumerated([column.name for column in numbers])
        raise Mistake(0, f"chart {chart} draws numbers of one unit; {named} have several")


def _metric(column: Column, label: str) -> Unlisted:
    name = column.name.replace("_", " ")
    words = label or f"{name[:1].upper()}{name[1:]}"
    return Unlisted("value", words, column.unit or "number", "", "neither")
