"""Cards of the timeline: what happened, on one axis and as a table."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from meaux import charts
from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.money.metrics import COST
from meaux.subjects.timeline import frames as timeline


@card
def happened(
    rows: Annotated[Answer, asking(queries.timeline, limit=timeline.NEWEST)], selection: Selection
) -> tuple[Chart, Table]:
    """Events, deployments, milestones and alerts on one axis, and as a table."""
    lanes = timeline.lanes(rows)
    chart = Chart(
        "Activity timeline",
        lanes,
        partial(charts.timeline, lanes=timeline.LANES, zone=selection.zone),
        COST,
        about="Events that are more than information, deployments, completed milestones and "
        "alerts on spend; the newest of each.",
        note=timeline.cut_off(rows, selection.zone),
    )
    return chart, Table("Timeline in words", lanes, about="The same, newest first.")
