"""Mail: what became of messages, as it was reported and as it is counted from their events."""

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
"""What may happen to a message, as far as rates and trends speak of it."""

FOLLOWED = {"Opened": "Delivered, then opened", "Clicked": "Delivered, then clicked"}
"""What the messages delivered in the period are called that were opened, or clicked, since."""

PRESUPPOSED = {
    "Sent": ("Delivered", "Opened", "Clicked", "Bounced", "Complained"),
    "Delivered": ("Opened", "Clicked", "Complained"),
}
"""What must have happened before; where the events never tell it, it is unknown and not none."""

TEMPLATES_SHOWN = 10
OTHER_TEMPLATES = "Other templates"
NO_TEMPLATE = "Without a template"
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
    """The answer that feeds the numbers: what was reported, else what the events tell."""
    if reported.state == "ready" or counted.state not in ("ready", "empty"):
        return reported
    return counted


def in_all(reported: Reported, distinct: Distinct) -> Answer:
    """What feeds the numbers of the period."""
    return _source(reported, distinct)


InAll = Annotated[Answer, in_all]


def in_all_before(
    now: InAll, reported: Reported, then_reported: ReportedBefore, then_distinct: DistinctBefore
) -> Answer | None:
    """The same source over the compared days; None where nothing is compared."""
    return then_reported if now is reported else then_distinct


InAllBefore = Annotated[Answer | None, in_all_before]


def each_day(reported: Reported, counted: Counted) -> Answer:
    """What feeds the numbers of each day."""
    return _source(reported, counted)


EachDay = Annotated[Answer, each_day]


def origin(answer: Answer) -> str:
    """A sentence that names the table which feeds the numbers; or nothing."""
    return f"From {_table(answer)}." if answer.state == "ready" else ""


def wide(messages: pd.DataFrame) -> pd.DataFrame:
    """Messages with a column for each of `STATES`, by day where the rows tell days.

    What was not reported is missing. What no event tells did not happen, unless it must have.
    """
    if "sent" in messages:
        found = messages.groupby("day")[[state.lower() for state in STATES]].sum(min_count=1)
        return found.set_axis(list(STATES), axis=1).astype("float64")
    return _known(_counted(messages))


def _counted(events: pd.DataFrame) -> pd.DataFrame:
    """The counts of events with a column for each of `STATES`, by day where there are days."""
    rows = events if "day" in events else events.assign(day=0)
    found = rows.pivot_table(index="day", columns="state", values="messages", aggfunc="sum")
    counts = found.reindex(columns=pd.Index(STATES)).fillna(0).astype("float64")
    if "of_delivered" not in events:
        return counts
    of_delivered = events.set_index("state")["of_delivered"].astype("float64")
    followed = {name: of_delivered.get(state, 0.0) for state, name in FOLLOWED.items()}
    return counts.assign(**followed)


def _known(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts without those states that are never told, though later ones are."""
    never = [
        state
        for state, later in PRESUPPOSED.items()
        if not counts[state].any() and counts[list(later)].any(axis=None)
    ]
    return counts.assign(**dict.fromkeys(never, float("nan")))


def total(counts: pd.DataFrame, state: str) -> float | None:
    """How many messages have a state; None where that is not known. Columns: `STATES`."""
    return series.known_sum(counts[state])


def rate(counts: pd.DataFrame, part: str, whole: str) -> float | None:
    """Return one state ÷ another, of the days that know both; None without any of the whole.

    Of those delivered, what was opened or clicked is a share: where reports hold more, it is none.
    """
    some, base = parts(counts, part, whole)
    if not base > 0 or (part in FOLLOWED and some > base):
        return None
    return some / base


def parts(counts: pd.DataFrame, part: str, whole: str) -> tuple[float, float]:
    """Return how many messages a rate has above and below its line.

    Events tell which of the messages delivered in the period were opened since; reports tell how
    many were opened on its days.
    """
    followed = FOLLOWED.get(part, part)
    both = counts[[followed if followed in counts else part, whole]].dropna().sum()
    return float(both.iloc[0]), float(both.iloc[1])


def over_time(answer: Answer, selection: Selection) -> Answer:
    """Messages by state at the selection's grain: day, state, messages, partial, ongoing."""

    def shape(_: pd.DataFrame) -> pd.DataFrame:
        known = wide(answer.frame).dropna(axis="columns", how="all")
        met = [state for state in STATES if state in known]
        long = known.reset_index().melt("day", met, "state", "messages")
        return series.over_time(long, "messages", selection, "state", met)

    return answer.map(shape)


def compared(reported: Answer, counted: Answer, distinct: Answer) -> Answer:
    """What was reported beside what the events tell of the same days.

    Columns: state, reported_messages, counted_messages (each once a day), message_difference
    (counted less reported), distinct_messages (each once in the whole period).
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
    """A sentence that says whether what was reported is what the events tell; or nothing."""
    table = compared(reported, counted, distinct)
    if "message_difference" not in table.frame:
        return ""
    off = table.frame[table.frame["message_difference"].fillna(0) != 0]
    if table.frame["message_difference"].isna().all():
        return ""
    tables = f"{_table(reported)} and {_table(counted)}"
    missing = _unreported(reported, counted)
    if off.empty:
        return f"{tables} agree. {missing}".strip()
    words = [
        f"{state.lower()} {difference:+,.0f}"
        for state, difference in zip(off["state"], off["message_difference"], strict=True)
    ]
    return f"{tables} disagree; the events have {', '.join(words)}. {missing}".strip()


def _unreported(reported: Answer, counted: Answer) -> str:
    """A sentence that counts the days of which only the events tell."""
    days = len(set(counted.frame["day"]) - set(reported.frame["day"]))
    if not days:
        return ""
    return f"{_table(reported)} lacks {wording.counted(days, 'day')} on which there are events."


def _table(answer: Answer) -> str:
    return next(iter(answer.sources.values()), answer.query.name)


def by_template(answer: Answer) -> Answer:
    """The messages of each template by what became of them: template, state, messages.

    The largest templates first; the others are one.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = frame.fillna({"template": NO_TEMPLATE})
        shown = list(named.groupby("template")["messages"].sum().nlargest(TEMPLATES_SHOWN).index)
        kept = named["template"].where(named["template"].isin(shown), OTHER_TEMPLATES)
        ordered = named.assign(template=pd.Categorical(kept, [*shown, OTHER_TEMPLATES]))
        groups = ordered.groupby(["template", "state"], as_index=False, observed=True)
        return pd.DataFrame(groups["messages"].sum()).astype({"template": "str"})

    return answer.map(shape)
