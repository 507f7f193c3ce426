"""Frames of email: messages by state, as reported and as calculated from their events."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import pandas as pd

from meaux import wording
from meaux.query import first_records, needs, queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking

STATES = ("Sent", "Delivered", "Opened", "Clicked", "Bounced", "Complained")
"""The states of a message that rates and trends use."""

FOLLOWED = {"Opened": "Delivered, then opened", "Clicked": "Delivered, then clicked"}
"""The columns of messages delivered in the period that were opened, or clicked, since."""

PRESUPPOSED = {
    "Sent": ("Delivered", "Opened", "Clicked", "Bounced", "Complained"),
    "Delivered": ("Opened", "Clicked", "Complained"),
}
"""The states that others presuppose: if events have the others only, it is unknown, not 0."""

TEMPLATES_SHOWN = 10
OTHER_TEMPLATES = "Other templates"
NO_TEMPLATE = "No template"
FAILURES_SHOWN = 20

Reported = Annotated[Answer, asking(queries.reported_mail)]
ReportedBefore = Annotated[Answer | None, needs.compared(queries.reported_mail)]
Counted = Annotated[Answer, asking(queries.counted_mail)]
Distinct = Annotated[Answer, asking(queries.distinct_mail)]
FirstMail = Annotated[date | None, needs.recorded(*first_records.MAIL)]
DistinctBefore = Annotated[Answer | None, needs.compared(queries.distinct_mail)]
ByTemplate = Annotated[Answer, asking(queries.mail_by_template)]
Queue = Annotated[Answer, asking(queries.mail_queue)]
Failures = Annotated[Answer, asking(queries.failed_mail, limit=FAILURES_SHOWN)]


def _source(reported: Answer, counted: Answer) -> Answer:
    """Return the source of the numbers: reported totals, otherwise those of the events."""
    if reported.state == "ready" or counted.state not in ("ready", "empty"):
        return reported
    return counted


def in_all(reported: Reported, distinct: Distinct) -> Answer:
    """Return the source of the period's numbers."""
    return _source(reported, distinct)


InAll = Annotated[Answer, in_all]


def in_all_before(
    now: InAll, reported: Reported, then_reported: ReportedBefore, then_distinct: DistinctBefore
) -> Answer | None:
    """Return the same source for the comparison period; None without a comparison."""
    return then_reported if now is reported else then_distinct


InAllBefore = Annotated[Answer | None, in_all_before]


def each_day(reported: Reported, counted: Counted) -> Answer:
    """Return the source of each day's numbers."""
    return _source(reported, counted)


EachDay = Annotated[Answer, each_day]


def origin(answer: Answer) -> str:
    """Return a sentence that names the source table; or nothing."""
    return f"Source: {answer.table}." if answer.state == "ready" else ""


def wide(messages: pd.DataFrame) -> pd.DataFrame:
    """Return messages with a column for each of `STATES`, by day if the rows have days.

    A state that wasn't reported is unknown. A state without events is 0, unless later states
    presuppose it.
    """
    if "sent" in messages:
        found = messages.groupby("day")[[state.lower() for state in STATES]].sum(min_count=1)
        return found.set_axis(list(STATES), axis=1).astype("float64")
    return _known(_counted(messages))


def _counted(events: pd.DataFrame) -> pd.DataFrame:
    """Count the events with a column for each of `STATES`, by day if the rows have days."""
    rows = events if "day" in events else events.assign(day=0)
    found = rows.pivot_table(index="day", columns="state", values="messages", aggfunc="sum")
    counts = found.reindex(columns=pd.Index(STATES)).fillna(0).astype("float64")
    if "of_delivered" not in events:
        return counts
    of_delivered = events.set_index("state")["of_delivered"].astype("float64")
    followed = {name: of_delivered.get(state, 0.0) for state, name in FOLLOWED.items()}
    return counts.assign(**followed)


def _known(counts: pd.DataFrame) -> pd.DataFrame:
    """Make the states unknown that have no events though later states do."""
    never = [
        state
        for state, later in PRESUPPOSED.items()
        if not counts[state].any() and counts[list(later)].any(axis=None)
    ]
    return counts.assign(**dict.fromkeys(never, float("nan")))


def total(counts: pd.DataFrame, state: str) -> float | None:
    """Return how many messages have a state; None if unknown. Columns: `STATES`."""
    return series.known_sum(counts[state])


def rate(counts: pd.DataFrame, part: str, whole: str) -> float | None:
    """Return one state ÷ another, on the days with both; None if the other is 0 or unknown.

    Opened and clicked are shares of delivered: if more were reported than delivered, the rate is
    None.
    """
    some, base = parts(counts, part, whole)
    if not base > 0 or (part in FOLLOWED and some > base):
        return None
    return some / base


def parts(counts: pd.DataFrame, part: str, whole: str) -> tuple[float, float]:
    """Return how many messages a rate has above and below its line.

    Events show which of the messages delivered in the period were opened since; reports only how
    many were opened on its days.
    """
    followed = FOLLOWED.get(part, part)
    both = counts[[followed if followed in counts else part, whole]].dropna().sum()
    return float(both.iloc[0]), float(both.iloc[1])


def over_time(answer: Answer, selection: Selection) -> Answer:
    """Return messages by state over time: day, state, messages, partial, ongoing."""

    def shape(_: pd.DataFrame) -> pd.DataFrame:
        known = wide(answer.frame).dropna(axis="columns", how="all")
        met = [state for state in STATES if state in known]
        long = known.reset_index().melt("day", met, "state", "messages")
        return series.over_time(long, "messages", selection, "state", met)

    return answer.map(shape)


def compared(reported: Answer, counted: Answer, distinct: Answer) -> Answer:
    """Compare the reported totals with those calculated from the events of the same days.

    Columns: state, reported_messages, counted_messages (each once per day), message_difference
    (calculated - reported), distinct_messages (each once in the whole period).
    """
    lacking = next((one for one in (reported, counted, distinct) if one.state != "ready"), None)
    if lacking:
        return lacking
    said, events = wide(reported.frame), _counted(counted.frame)
    same = events.reindex(said.index).fillna(0).where(said.notna())
    found = pd.DataFrame(
        {
            "reported_messages": said.sum(min_count=1),
            "counted_messages": same.sum(min_count=1),
            "message_difference": same.sum(min_count=1) - said.sum(min_count=1),
            "distinct_messages": _counted(distinct.frame)[list(STATES)].sum(),
        }
    )
    return reported.with_frame(found.rename_axis("state").reset_index())


def disagreement(reported: Answer, counted: Answer, distinct: Answer) -> str:
    """Return a sentence on whether reported totals and events agree; or nothing."""
    table = compared(reported, counted, distinct)
    if "message_difference" not in table.frame:
        return ""
    off = table.frame[table.frame["message_difference"].fillna(0) != 0]
    if table.frame["message_difference"].isna().all():
        return ""
    tables = f"{reported.table} and {counted.table}"
    missing = _unreported(reported, counted)
    if off.empty:
        return wording.sentences(f"{tables} agree.", missing)
    words = [
        f"{state.lower()} {difference:+,.0f}"
        for state, difference in zip(off["state"], off["message_difference"], strict=True)
    ]
    differ = f"{tables} differ (events \N{MINUS SIGN} reported): {', '.join(words)}."
    return wording.sentences(differ, missing)


def _unreported(reported: Answer, counted: Answer) -> str:
    """Return a sentence that counts the days with events but no report; or nothing."""
    days = len(set(counted.frame["day"]) - set(reported.frame["day"]))
    if not days:
        return ""
    return f"{reported.table} has no row for {wording.counted(days, 'day')} with events."


def by_template(answer: Answer) -> Answer:
    """Return the messages of each template by state: template, state, messages.

    The largest templates come first; the others are together.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.fillna({"template": NO_TEMPLATE})
        shown = list(named.groupby("template")["messages"].sum().nlargest(TEMPLATES_SHOWN).index)
        kept = named["template"].where(named["template"].isin(shown), OTHER_TEMPLATES)
        ordered = named.assign(template=pd.Categorical(kept, [*shown, OTHER_TEMPLATES]))
        groups = ordered.groupby(["template", "state"], as_index=False, observed=True)
        return pd.DataFrame(groups["messages"].sum()).astype({"template": "str"})

    return answer.map(shape)
