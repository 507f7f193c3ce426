"""Cards of Workers: requests, error rate and response time over time, and all Workers."""

from __future__ import annotations

from functools import partial

from meaux import charts
from meaux.charts.colours import ENDING
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.forecast.unusual import FEWEST_WITHIN
from meaux.query.rollups import MOST_DAYS
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.rows import Opening
from meaux.subjects.workers import frames as workers
from meaux.subjects.workers import sources, unusual
from meaux.subjects.workers.frames import ByWorker, Known, OverTime, Requests
from meaux.subjects.workers.metrics import ERROR_RATE, REQUESTS, RESPONSE_TIME
from meaux.subjects.workers.unusual import FLOORS, Unusual
from meaux.wording import enumerated, sentences


def _note(counted: Answer, selection: Selection, *more: str) -> str:
    """Return the note of all cards made from requests."""
    overlooked = selection.overlooked(project=True, person=False)
    return sentences(sources.origin(counted), sources.sampled(counted), *more, overlooked)


@card
def requests(counted: Requests, over: OverTime, found: Unusual, selection: Selection) -> Chart:
    """Show requests over time by outcome, with the days on which a Worker had unusually many."""
    endings = workers.endings(over)
    return Chart(
        "Requests",
        endings,
        partial(
            charts.bars,
            series="ending",
            colours=ENDING,
            grain=selection.drawn_grain,
            marks=unusual.marks(found, "requests", endings, "requests", selection),
        ),
        REQUESTS,
        note=_note(counted, selection),
        rows=Opening(REQUESTS.name),
    )


@card
def error_rate(counted: Requests, over: OverTime, found: Unusual, selection: Selection) -> Chart:
    """Show the error rate over time, with the days on which a Worker had unusually many errors."""
    rates = workers.rates(over)
    marks = unusual.marks(found, "errors", rates, "error_rate", selection)
    return Chart(
        "Error rate",
        rates,
        partial(charts.trend, grain=selection.drawn_grain, marks=marks),
        ERROR_RATE,
        note=_note(counted, selection),
        rows=Opening(ERROR_RATE.name),
    )


@card
def unusual_days(counted: Requests, found: Unusual, selection: Selection) -> Table | None:
    """List the unusual days of single Workers, if there are any."""
    if not found:
        return None
    return Table(
        "Unusual days of Workers",
        counted.with_frame(unusual.table(found)),
        about="Complete days on which the requests or errors of a Worker differ from their median "
        "in the period much more than on its other days, by at least "
        f"{FLOORS['requests']:g} requests or {FLOORS['errors']:g} errors. Periods from "
        f"{FEWEST_WITHIN} to {MOST_DAYS['worker']} days are compared.",
        note=_note(counted, selection),
        opens=tuple((one.label, one.rows) for one in found),
        dated=True,
    )


@card
def response_time(counted: Requests, over: OverTime, selection: Selection) -> Chart:
    """Show the percentiles of response times over time."""
    return Chart(
        "Response time",
        workers.response_times(over),
        partial(charts.trend, series="percentile", grain=selection.drawn_grain),
        RESPONSE_TIME,
        note=_note(counted, selection, sources.estimated(counted), sources.too_coarse(counted)),
    )


@card
def table(known: Known, logged: ByWorker, counted: Requests, selection: Selection) -> Table:
    """Show every Worker with its registration, statistics and requests."""
    return Table(
        "Workers",
        workers.table(known, logged),
        about="All Workers that are registered, have lifetime statistics, are tracked or had "
        "requests in the period.",
        note=sentences(
            workers.gaps(logged), _note(counted, selection, sources.estimated(counted, "P95 is"))
        ),
        empty=_how_to_fill(known, logged),
        rows=Opening(REQUESTS.name),
        picks={"name": "worker"},
    )


def _how_to_fill(known: Answer, logged: Answer) -> str:
    """Return a sentence on which tables to fill, by their names; '' if there is none of them."""
    tables = {**known.sources, **logged.sources}
    steps = {
        "worker": "list each Worker in",
        "worker_stat": "store its lifetime requests in",
        "worker_log": "log each of its requests in",
    }
    said = [f"{step} {tables[table]}" for table, step in steps.items() if table in tables]
    return f"No Workers found. To see them, {enumerated(said, 'or')}." if said else ""
