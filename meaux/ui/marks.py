"""Marks: what the marks of a chart and the rows of a card stand for, and what a click on one does.

A chart has selections, each of some fields. What a field means is told by the card: its `picks`
name the filter of a column. Which marks are selected is told by the filters, so every chart is
drawn again after a click, with a key of its own: a widget that has changed its value once would
not tell of the same value again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice, product
from typing import Any

import pandas as pd
import streamlit as st

from meaux.charts.annotations import annotated
from meaux.charts.cells import name
from meaux.charts.layered import specification
from meaux.data.categories import NAMES as CATEGORIES
from meaux.query.filters import Period, Selection
from meaux.query.metrics import Metric
from meaux.subjects.card import Chart, Draw, grain_of
from meaux.ui import choices, filters
from meaux.ui.text import escaped
from meaux.wording import enumerated, sentences

Picks = Mapping[str, str]
"""The filter that the values of a column stand for, by column."""

ROLES = {"label": "label", "series": "series", "row_name": "row", "column_name": "column"}
"""The parameter of a chart that names the column of a field."""
CLICKED = ("picked", "marked", "celled", "dated")
"""The selections that a click on a chart or its legend changes."""
AT = "at"
"""The field of a day: midnight UTC in milliseconds."""
DAYS = choices.DAY
WHOLE = "chart before the click"
"""The key in the session of the last chart that was clicked, as it was before."""
NOT_ITSELF = "This card isn't narrowed by what is selected in it."
NOT_ONE = re.compile(r"unnamed|no [a-z]+|\d[\d,]* others?", re.IGNORECASE)
"""What a mark is called that stands for rows without a name, or for all others together."""
MOST_SELECTED = 50
"""The most selected marks of a chart that is drawn."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart's specification, and the fields of each of its selections."""

    spec: dict[str, Any]
    fields: Mapping[str, tuple[str, ...]]
    is_annotated: bool = False


def drawing(
    draw: Draw, frame: pd.DataFrame, metric: Metric, noted: pd.DataFrame | None = None
) -> Drawing:
    """Draw a chart, annotated if it is over time, and find its selections."""
    plain = draw(frame, metric)
    chart = plain if noted is None else annotated(plain, noted, grain_of(draw))
    spec = specification(chart)
    params = (one for layer in spec["layer"] for one in layer.get("params", ()))
    found = {
        one["name"]: tuple(one["select"].get("fields", ())) for one in params if "select" in one
    }
    return Drawing(
        spec, {name: found[name] for name in CLICKED if name in found}, chart is not plain
    )


@dataclass(frozen=True)
class Marks:
    """The marks of one chart: its frame, how it is drawn, and what its columns stand for.

    `selection` is that of the page, `drawn_days` is the period of the chart.
    """

    frame: pd.DataFrame
    draw: Draw
    picks: Picks
    selection: Selection
    drawn_days: Period

    def kind(self, field: str) -> str | None:
        """Return the filter that a field stands for; None if none."""
        return DAYS if field == AT else self.picks.get(self.column(field))

    def column(self, field: str) -> str:
        """Return the column of the frame that a field is drawn from."""
        given: Mapping[str, Any] = getattr(self.draw, "keywords", {})
        role = "label" if field == "row_name" and "label" in given else ROLES.get(field, field)
        return str(given.get(role, "name" if role == "label" else ""))

    @property
    def grain(self) -> str:
        """The step of its time axis."""
        return grain_of(self.draw)

    def values(self, picked: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
        """Return the values of each filter that some selected marks stand for."""
        found: dict[str, list[str]] = {}
        for mark in picked:
            for field, shown in mark.items():
                kind, column = self.kind(field), self.column(field)
                if kind and kind != DAYS:
                    value = value_of(kind, self.frame, column, str(shown))
                    found.setdefault(kind, []).extend([] if value is None else [value])
        return {kind: list(dict.fromkeys(values)) for kind, values in found.items()}

    def days(self, picked: Sequence[Mapping[str, Any]]) -> Period | None:
        """Return the days from the first to the last of some marks; None if none is of days."""
        at = [mark[AT] for mark in picked if isinstance(mark.get(AT), int | float)]
        parts = [part_of(pd.Timestamp(one, unit="ms").date(), self.grain) for one in at]
        if not parts:
            return None
        whole = Period(min(part.start for part in parts), max(part.end for part in parts))
        return within(whole, self.drawn_days)


def part_of(day: date, grain: str) -> Period:
    """Return the day, week or month that begins on a day."""
    return next(iter(Period(day, date.max).parts(grain)))


def within(part: Period, period: Period) -> Period:
    """Return the days of a part that are in a period; if there are none, all of them."""
    start, end = max(part.start, period.start), min(part.end, period.end)
    return Period(start, end) if start < end else part


def value_of(kind: str, frame: pd.DataFrame, column: str, shown: str) -> str | None:
    """Return the value of a filter that a mark or row with a name stands for; None if it has none.

    A row's id, in the column of the filter's name, tells rows with the same name apart.
    """
    if kind in choices.NAMED:
        return _offered(kind, frame, column, shown)
    if column not in frame or NOT_ONE.fullmatch(shown):
        return None
    if kind == "category":
        return shown if shown in CATEGORIES else None
    return next((str(cell) for cell in frame[column].dropna() if name(cell) == shown), None)


def _offered(kind: str, frame: pd.DataFrame, column: str, shown: str) -> str | None:
    names = {id_: one for one, id_ in choices.options(kind).items()}
    if kind in frame and kind != column and column in frame:
        named = frame.loc[[name(cell) == shown for cell in frame[column]], kind].dropna()
        ids = {names[str(id_)] for id_ in named if str(id_) in names}
        if len(ids) == 1:
            return ids.pop()
        if len(ids) > 1:
            return None
    return next((one for one in names.values() if name(one) == shown), None)


def show(title: str, drawn: Drawing, of: Marks, card: Chart) -> None:
    """Draw a chart whose marks set the page's filters; `card` is what it is drawn from."""
    base = f"chart {title}"
    count = st.session_state.get(f"{base} drawn", 0)
    key = f"{base} {count}" if count else base
    active = () if _still.get() else tuple(_active(drawn, of))
    given = {one: list(_selected(of, drawn.fields[one])) for one in active}
    # Streamlit takes the rows out of what it is given.
    spec = {**drawn.spec} if not any(given.values()) else _selecting(drawn.spec, given)
    draw = partial(st.vega_lite_chart, spec=spec, width="stretch", key=key)
    if active:
        draw(on_select=partial(_clicked, base, key, of, active, card), selection_mode=active)
    else:
        draw()


def _active(drawn: Drawing, of: Marks) -> Iterator[str]:
    """Yield the selections whose fields are all filters of this page."""
    here = {*choices.here(), DAYS} if choices.here() else set()
    for selection, fields in drawn.fields.items():
        if fields and all(of.kind(field) in here for field in fields):
            yield selection


def _selected(of: Marks, fields: tuple[str, ...]) -> Iterator[Mapping[str, object]]:
    """Yield the marks that match the set filters."""
    if fields == (AT,):
        if choices.is_of_days():
            yield from ({AT: at} for at in _instants(of.selection.period, of.grain))
        return
    named = [[{field: one} for one in _shown(of, field)] for field in fields]
    for together in islice(product(*named), MOST_SELECTED):
        yield {field: one for part in together for field, one in part.items()}


def _shown(of: Marks, field: str) -> list[str]:
    """Return what the marks are called that stand for the values of a set filter."""
    kind, column = of.kind(field), of.column(field)
    values = set(choices.get(kind)) if kind else set()
    if not kind or not values or column not in of.frame:
        return []
    named = dict.fromkeys(map(name, of.frame[column].dropna()))
    return [one for one in named if value_of(kind, of.frame, column, one) in values]


def _instants(period: Period, grain: str) -> Iterator[int]:
    """Yield the first instants of the days, weeks or months of a period, as a chart has them."""
    for part in islice(period.parts(grain), MOST_SELECTED):
        first = part.start
        if grain == "week":
            first -= timedelta(days=first.weekday())
        elif grain == "month":
            first = first.replace(day=1)
        yield int(pd.Timestamp(first).timestamp() * 1000)


def _selecting(spec: dict[str, Any], given: Mapping[str, Sequence[object]]) -> dict[str, Any]:
    """Return a specification in which some marks are selected from the start."""

    def param(one: dict[str, Any]) -> dict[str, Any]:
        values = given.get(one["name"])
        return {**one, "value": values} if values else one

    layers = [
        {**layer, "params": [param(one) for one in layer["params"]]} if "params" in layer else layer
        for layer in spec["layer"]
    ]
    return {**spec, "layer": layers}


def _clicked(base: str, key: str, of: Marks, active: Iterable[str], card: Chart) -> None:
    """Set or take back what the marks stand for that are selected in the chart with this key."""
    told: Any = st.session_state.get(key, {}).get("selection", {})
    st.session_state[f"{base} drawn"] = st.session_state.get(f"{base} drawn", 0) + 1
    # A click beside the marks of a preset selection tells it as a mark without fields.
    marks = ([mark for mark in told.get(one, []) if mark] for one in active)
    picked: list[dict[str, Any]] = next(filter(None, marks), [])
    if period := of.days(picked):
        _keep(base, card, [DAYS])
        choices.toggle_days(period, of.selection.period)
        return
    told_of = [mark for mark in picked if all(of.values([mark]).values())]
    if lost := [str(value) for mark in picked if mark not in told_of for value in mark.values()]:
        st.toast(f"No filter for {escaped(enumerated(lost))}.", icon=":material/filter_alt_off:")
    elif picked:
        wanted = of.values(picked)
        _keep(base, card, list(wanted))
        choices.toggle(wanted)


@dataclass(frozen=True)
class Whole:
    """A chart before a click on one of its marks: its card, its selection, and what was set."""

    chart: str
    card: Chart
    selection: Selection
    kinds: tuple[str, ...]

    @property
    def still_holds(self) -> bool:
        """Whether the filters differ only in what the click has set."""
        return any(map(choices.is_set, self.kinds)) and self._but(self.selection) == self._but(
            filters.current()
        )

    def _but(self, selection: Selection) -> Selection:
        fields: dict[str, Any] = {choices.FIELDS[kind]: () for kind in self.kinds if kind != DAYS}
        over = selection.over(self.selection.period) if DAYS in self.kinds else selection
        return replace(over, **fields)


def _keep(base: str, card: Chart, kinds: Sequence[str]) -> None:
    """Keep a chart as it is before a click, so that Shift can add marks to the first."""
    kept: Whole | None = st.session_state.get(WHOLE)
    same = kept is not None and kept.chart == base and {*kinds} <= {*kept.kinds}
    if not (same and kept and kept.still_holds) and "status" not in kinds:
        st.session_state[WHOLE] = Whole(base, card, filters.current(), tuple(kinds))


def whole(card: Chart) -> Chart:
    """Return a chart's card as it was before a click on one of its marks, if that still holds."""
    kept: Whole | None = st.session_state.get(WHOLE)
    if kept is None or kept.chart != f"chart {card.title}" or kept.card.metric != card.metric:
        return card
    if not kept.still_holds or "refresh" in st.session_state:
        return card
    return replace(kept.card, note=sentences(kept.card.note, NOT_ITSELF))


@contextmanager
def still() -> Iterator[None]:
    """Draw charts whose marks set nothing, such as in a drawer."""
    token = _still.set(True)
    try:
        yield
    finally:
        _still.reset(token)


def are_still() -> bool:
    """Return whether marks set nothing here."""
    return _still.get()


_still: ContextVar[bool] = ContextVar("still", default=False)
