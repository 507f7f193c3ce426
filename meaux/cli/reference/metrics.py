"""Metrics: what each number means."""

from collections.abc import Iterator

from meaux import subjects
from meaux.cli.reference import markdown
from meaux.cli.reference.subject import about
from meaux.data.thresholds import Thresholds
from meaux.query.metrics import DEFINITIONS, Metric
from meaux.subjects.behind import OF_METRICS, WITHOUT_ROWS
from meaux.wording import plural

BETTER = {"up": "higher", "down": "lower", "neither": ""}
TOTALS = {
    "sum": "parts add up to the total",
    "last": "not added up over time: the last value, or one value for the whole period",
    "distinct": "parts may overlap, so they don't add up",
    "merged": "computed from merged counts; percentiles are never averaged",
    "ratio of sums": "sum divided by sum; ratios are never averaged",
}


def page() -> Iterator[str]:
    """Yield the lines of the page of the metrics."""
    yield "# Metrics\n"
    yield "Definitions of all numbers, by subject. Card help, downloads and this page use the same"
    yield "text. The ledger is the list of all cost entries of all categories.\n"
    yield "“Returned by” lists the queries that return this metric in a column of its name, as a"
    yield "total or in parts that add up to it. In any other query, a column of that name has"
    yield "another meaning; see [queries](queries.md). “Computed by the app” means that no"
    yield "single query returns the metric. If several metrics have one label, the heading also has"
    yield "the name.\n"
    yield "“Rows” names what “Show rows” lists: their sum, their number or a ratio of two of these"
    yield "is the metric. Rows that it leaves out are counted and listed apart.\n"
    for module in subjects.METRICS:
        yield f"## {about(module.__package__ or '')}\n"
        for metric in vars(module).values():
            if isinstance(metric, Metric) and DEFINITIONS.get(metric.name) is metric:
                yield from _metric(metric)


def _metric(metric: Metric) -> Iterator[str]:
    alike = [one for one in DEFINITIONS.values() if one.label == metric.label]
    yield f"### {metric.label} ({metric.name})\n" if len(alike) > 1 else f"### {metric.label}\n"
    yield f"{metric.defined(Thresholds())}\n"
    yield from markdown.table(
        ("name", "unit", "better if", "aggregation", "returned by", "rows"),
        [
            (
                f"`{metric.name}`",
                metric.unit,
                BETTER[metric.good],
                TOTALS[metric.total],
                markdown.codes(metric.queries) or "computed by the app",
                "none" if metric in WITHOUT_ROWS else _nouns(metric),
            )
        ],
    )
    if metric in WITHOUT_ROWS:
        yield f"No rows: {WITHOUT_ROWS[metric]}\n"


def _nouns(metric: Metric) -> str:
    """Return the kinds of rows behind a metric."""
    behind = OF_METRICS[metric]
    sides = behind.sides.values() or [behind]
    kinds = dict.fromkeys(plural(source.noun) for side in sides for source in side.sources)
    return ", ".join(kinds)
