"""Frames of storage: levels over time, growth, GB-month, and the table of buckets.

A level is a measurement that holds until the next one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from meaux.data.schema.vocabulary import UNNAMED
from meaux.query import queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking
from meaux.wording import day_of

GB = 1e9
FIT_NEEDS = 3
"""The fewest complete days for a linear fit."""

TOTAL, FIT = "All buckets", "Trend"

BUCKET_COLUMNS = [
    "bucket",
    "bytes",
    "objects",
    "change_bytes",
    "growth",
    "project",
    "class_a",
    "class_b",
    "recorded",
]

OBJECTS_SHOWN = 20

Levels = Annotated[Answer, asking(queries.bucket_levels)]
Peaks = Annotated[Answer, asking(queries.bucket_peaks)]
Operations = Annotated[Answer, asking(queries.bucket_operations)]
Known = Annotated[Answer, asking(queries.known_buckets)]
OtherLevels = Annotated[Answer, asking(queries.storage_levels)]
Images = Annotated[Answer, asking(queries.images_stored)]
ImagesByDay = Annotated[Answer, asking(queries.images_by_day)]
NewestObjects = Annotated[Answer, asking(queries.newest_objects, limit=OBJECTS_SHOWN)]


def held(frame: pd.DataFrame, selection: Selection, by: str, value: str = "bytes") -> pd.DataFrame:
    """Return a level for every day from the first measurement up to today: day, `by`, value.

    A day without a measurement keeps the level of the day before. The largest come first.
    `frame`: day, `by`, value.
    """
    wide = _wide(frame, selection, by, value).ffill()
    order = wide.max().sort_values(ascending=False).index
    long = wide[order].reset_index().melt("day", value_name=value)
    return long.dropna(subset=value, ignore_index=True)


def total(levels: pd.DataFrame, value: str = "bytes") -> pd.DataFrame:
    """Sum the levels of `held` by day: day, value."""
    return levels.groupby("day", as_index=False)[[value]].sum(min_count=1)


def gb_month(
    levels: pd.DataFrame, peaks: pd.DataFrame, selection: Selection, by: str
) -> float | None:
    """Return the mean of the total daily peaks in decimal GB; None without measurements.

    The peak of a day without a measurement is its level. `levels`: day, `by`, bytes; `peaks`: day,
    `by`, peak (bytes).
    """
    if levels.empty or peaks.empty:
        return None
    until_next = _wide(levels, selection, by, "bytes").ffill()
    highest = _wide(peaks, selection, by, "peak").fillna(until_next)
    return float(highest.sum(axis=1, min_count=1).mean()) / GB


def _wide(frame: pd.DataFrame, selection: Selection, by: str, value: str) -> pd.DataFrame:
    """Pivot the recorded values: a row for every day up to today, a column per value of `by`."""
    period = series.since_recorded(selection.period, frame)
    days = [day for day in period if day <= selection.today]
    named = frame.assign(**{by: frame[by].fillna(UNNAMED)})
    wide = named.pivot_table(index="day", columns=by, values=value, aggfunc="last")
    return wide.reindex(pd.DatetimeIndex(days, dtype="datetime64[s]").rename("day"))


def origin(levels: OtherLevels) -> str:
    """Return a sentence that names the table of the levels; empty without levels."""
    return f"Source: {levels.sources['storage_level']}." if levels.state == "ready" else ""


def growth(levels: pd.DataFrame, today: date) -> float | None:
    """Return bytes per day: the slope of the least-squares line through complete days' levels.

    None with fewer than three complete days. `levels`: day, bytes.
    """
    line = _line(levels, today)
    return None if line is None else float(line.deriv()(0))


def _line(levels: pd.DataFrame, today: date) -> np.polynomial.Polynomial | None:
    """Fit a line over the days since the first one."""
    complete = levels["day"] < pd.Timestamp(today)
    if complete.sum() < FIT_NEEDS:
        return None
    fit = np.polynomial.Polynomial.fit(_numbered(levels)[complete], levels["bytes"][complete], 1)
    return fit.convert()


def _numbered(levels: pd.DataFrame) -> pd.Series:
    return pd.Series((levels["day"] - levels["day"].min()) / pd.Timedelta(days=1))


def over_time(answer: Answer, selection: Selection, by: str) -> Answer:
    """Return the last level of each day, week or month: day, `by`, bytes, partial, ongoing."""
    return answer.map(
        lambda frame: series.levels(held(frame, selection, by), "bytes", selection, by)
    )


def grown(answer: Answer, selection: Selection) -> Answer:
    """Return the change of all buckets since the first day of the period, and its linear fit.

    Columns: day, line, change_bytes, partial, ongoing.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        whole = total(held(frame, selection, "bucket"))
        lines = [whole.assign(line=TOTAL)]
        found = _line(whole, selection.today)
        if found is not None:
            lines.append(whole.assign(line=FIT, bytes=found(_numbered(whole).to_numpy())))
        both = pd.concat(lines, ignore_index=True)
        both["change_bytes"] = both["bytes"] - whole["bytes"].iloc[0]
        return series.levels(both, "change_bytes", selection, "line")

    return answer.map(shape)


def buckets(levels: Levels, operations: Operations, known: Known, selection: Selection) -> Answer:
    """Return every bucket with its last level in the period and the change, largest first.

    Columns: bucket, bytes, objects, change_bytes, growth (bytes per day), project, class_a, class_b
    (operations in the period), recorded (the day of the measurement).
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.assign(bucket=frame["bucket"].fillna(UNNAMED))
        rows = pd.DataFrame(
            [_bucket(str(name), rows, selection) for name, rows in named.groupby("bucket")]
        )
        registry = _registry(known.frame)
        used = operations.frame.fillna({"bucket": UNNAMED}).set_index("bucket")
        joined = rows.join(used, on="bucket").join(registry, on="bucket")
        joined["bucket"] = joined["name"].fillna(joined["bucket"])
        silent = registry[~registry["name"].isin(joined["bucket"])].drop_duplicates("name")
        every = pd.concat([joined, silent.assign(bucket=silent["name"])])
        order = ["bytes", "bucket"]
        return every.sort_values(order, ascending=[False, True], ignore_index=True)[BUCKET_COLUMNS]

    return levels.map(shape)


Buckets = Annotated[Answer, buckets]


def _bucket(name: str, rows: pd.DataFrame, selection: Selection) -> dict[str, object]:
    """Return the row of one bucket from its measurements, oldest first."""
    first, last = rows.iloc[0], rows.iloc[-1]
    return {
        "bucket": name,
        "bytes": last["bytes"],
        "objects": last["objects"],
        "change_bytes": last["bytes"] - first["bytes"],
        "growth": growth(held(rows, selection, "bucket"), selection.today),
        "recorded": last["day"],
    }


def _registry(known: pd.DataFrame) -> pd.DataFrame:
    """Return name and project of each bucket, by every identifier that usage rows may use."""
    by_id = known.dropna(subset="bucket").set_index("bucket")
    by_name = known.dropna(subset="name").set_index("name", drop=False)
    both = pd.concat([by_name[["name", "project"]], by_id[["name", "project"]]])
    return both[~both.index.duplicated()]


def silent(levels: Answer) -> str:
    """Return a sentence that counts the buckets not measured on the latest day; or nothing."""
    last = levels.frame.groupby("bucket", dropna=False)["day"].max()
    older = int((last < last.max()).sum())
    if not older:
        return ""
    have, their = ("bucket has", "its") if older == 1 else ("buckets have", "their")
    newest = day_of(last.max())
    return f"{older} {have} no measurement on {newest}: {their} last value is used."


def images(by_day: Answer, selection: Selection) -> Answer:
    """Return images uploaded by day, week or month: day, images_added, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.rename(columns={"images": "images_added"})
        return series.over_time(named, "images_added", selection)

    return by_day.map(shape)
