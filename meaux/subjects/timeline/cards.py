"""Cards of the timeline: a chart on one axis of time, and a table."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from meaux import charts
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.timeline import frames as timeline
from meaux.subjects.timeline.metrics import ITEMS


@card
def happened(
    rows: Annotated[Answer, asking(queries.timeline, limit=timeline.NEWEST)], selection: Selection
) -> tuple[Chart, Table]:
    """Show events, deployments, milestones and spend alerts on one axis, and as a table."""
    lanes = timeline.lanes(rows)
    chart = Chart(
        "Activity timeline",
        lanes,
        partial(charts.timeline, lanes=timeline.LANES, zone=selection.zone),
        ITEMS,
        about=f"{ITEMS.definition} At most the latest {timeline.NEWEST} of each kind.",
        note=timeline.cut_off(rows, selection.zone),
    )
    return chart, Table("Timeline details", lanes, about="All timeline items, latest first.")
