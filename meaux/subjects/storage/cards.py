"""Cards of storage: buckets and other storage over time, growth, images and objects."""

from __future__ import annotations

from functools import partial

from meaux import charts
from meaux.charts.colours import LEVEL
from meaux.query.filters import Selection
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.rows import Opening
from meaux.subjects.storage import frames as storage
from meaux.subjects.storage.frames import Buckets, ImagesByDay, Levels, NewestObjects, OtherLevels
from meaux.subjects.storage.metrics import CHANGE, IMAGES_ADDED, STORED
from meaux.wording import sentences


def _note(selection: Selection) -> str:
    return selection.overlooked(project=True, person=False)


@card
def growth(levels: Levels, selection: Selection) -> Chart:
    """Show the change of all buckets since the first day, with its linear fit."""
    return Chart(
        "R2 storage growth",
        storage.grown(levels, selection),
        partial(charts.trend, series="line", colours=LEVEL, grain=selection.drawn_grain),
        CHANGE,
        note=_note(selection),
    )


@card
def over_time(levels: Levels, selection: Selection) -> Chart:
    """Show each bucket over time."""
    return Chart(
        "R2 storage over time",
        storage.over_time(levels, selection, "bucket"),
        partial(charts.bars, series="bucket", grain=selection.drawn_grain),
        STORED,
        note=_note(selection),
        rows=Opening(STORED.name),
    )


@card
def by_bucket(buckets: Buckets, selection: Selection) -> Chart:
    """Show each bucket with its share of the total."""
    return Chart(
        "R2 storage by bucket",
        buckets,
        partial(charts.ranking, label="bucket", shares=True),
        STORED,
        note=_note(selection),
        rows=Opening(STORED.name),
    )


@card
def other(levels: OtherLevels, selection: Selection) -> Chart:
    """Show other kinds of storage over time."""
    return Chart(
        "Other storage",
        storage.over_time(levels, selection, "source"),
        partial(charts.trend, series="source", grain=selection.drawn_grain),
        STORED,
        note=sentences(storage.origin(levels), selection.overlooked(project=False, person=False)),
    )


@card
def images(by_day: ImagesByDay, selection: Selection) -> Chart:
    """Show images uploaded over time."""
    return Chart(
        "Images uploaded",
        storage.images(by_day, selection),
        partial(charts.bars, grain=selection.drawn_grain),
        IMAGES_ADDED,
        note=_note(selection),
        rows=Opening(IMAGES_ADDED.name),
    )


@card
def table(buckets: Buckets, levels: Levels, selection: Selection) -> Table:
    """Show every bucket with its last measurement and the change."""
    return Table(
        "Buckets",
        buckets,
        about="Last measurement of each bucket in the period and the change since the first.",
        note=sentences(_note(selection), storage.silent(levels)),
        rows=Opening(STORED.name),
    )


@card
def newest_objects(objects: NewestObjects, selection: Selection) -> Table:
    """Show the latest objects."""
    return Table(
        "Latest objects", objects, about="Latest uploads in the period.", note=_note(selection)
    )
