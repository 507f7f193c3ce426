"""Figures of storage: bytes and objects stored, growth, GB-month and images."""

from __future__ import annotations

from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.subjects.figure import (
    NumberCard,
    Reading,
    Unknown,
    figure,
    only,
)
from meaux.subjects.storage import frames as storage
from meaux.subjects.storage.frames import Images, Levels, Peaks
from meaux.subjects.storage.metrics import GB_MONTH, GROWTH, IMAGES, OBJECTS, STORED
from meaux.wording import day_of, sentences

NO_LEVEL = "No storage measurement in the period."

NEEDS_DAYS = f"Needs measurements on {storage.FIT_NEEDS} complete days."


def _level(metric: Metric, column: str) -> NumberCard:
    @figure(metric)
    def level(levels: Levels, selection: Selection) -> Reading:
        whole = storage.total(storage.held(levels.frame, selection, "bucket", column), column)
        if whole.empty:
            return Unknown(note=NO_LEVEL)
        first = whole["day"].iloc[0]
        return Reading(
            float(whole[column].iloc[-1]),
            float(whole[column].iloc[0]) if len(whole) > 1 else None,
            f"since {day_of(first)}" if len(whole) > 1 else "",
            tuple(whole[column].astype(float)),
            selection.overlooked(project=True, person=False),
        )

    return level


stored = _level(STORED, "bytes")
"""The last measurement of all buckets, and its change over the period."""

objects = _level(OBJECTS, "objects")
"""The last number of objects and its change over the period."""


@figure(GROWTH)
def growth(levels: Levels, selection: Selection) -> Reading:
    """Return bytes per day, from a linear fit."""
    whole = storage.total(storage.held(levels.frame, selection, "bucket"))
    found = storage.growth(whole, selection.today)
    if found is None:
        return Unknown(note=NEEDS_DAYS)
    return Reading(found, note=f"{GROWTH.short(30 * found)} in 30 days at this rate.")


@figure(GB_MONTH)
def gb_month(peaks: Peaks, levels: Levels, selection: Selection) -> Reading:
    """Return the mean of the daily peaks in decimal GB."""
    used = storage.gb_month(levels.frame, peaks.frame, selection, "bucket")
    return Reading(used, note=NO_LEVEL if used is None else "")


@figure(IMAGES)
def images(kept: Images, selection: Selection) -> Reading:
    """Return how many images are stored, and how many of them were added in the period."""
    count, size = only(kept.frame, "images") or 0.0, only(kept.frame, "bytes")
    dated = "image.uploaded" not in kept.without
    return Reading(
        count,
        count - (only(kept.frame, "added") or 0.0) if dated else None,
        f"since {day_of(selection.period.start)}" if dated else "",
        note=sentences(
            f"{STORED.short(size)} in {kept.sources['image']}." if size is not None else "",
            selection.overlooked(project=True, person=False),
        ),
    )
