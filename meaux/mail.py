"""Mail: what became of messages, as it was reported and as it is counted from their events."""

from __future__ import annotations

import pandas as pd

from meaux import series
from meaux.answers import Answer
from meaux.filters import Selection

STATES = ("Sent", "Delivered", "Opened", "Clicked", "Bounced", "Complained")
"""What may happen to a message, as far as rates and trends speak of it."""

PRESUPPOSED = {
    "Sent": ("Delivered", "Opened", "Clicked", "Bounced", "Complained"),
    "Delivered": ("Opened", "Clicked", "Complained"),
}
"""What must have happened before; where the events never tell it, it is unknown and not none."""

TEMPLATES_SHOWN = 10
OTHER_TEMPLATES = "Other templates"
NO_TEMPLATE = "Without a template"


def source(reported: Answer, counted: Answer) -> Answer:
    """The answer that feeds the numbers: what was reported, else what the events tell."""
    if reported.state == "ready" or counted.state not in ("ready", "empty"):
        return reported
    return counted


def origin(reported: Answer, counted: Answer) -> str:
    """A sentence that names the table which feeds the numbers; or nothing."""
    answer = source(reported, counted)
    return f"From {_table(answer)}." if answer.state == "ready" else ""


def by_day(answer: Answer) -> pd.DataFrame:
    """Messages of each day, a column for each of `STATES`; an unknown number is missing.

    Counted from events, a message stands on the day on which that first happened to it.
    """
    if "sent" in answer.frame:
        wide = answer.frame.groupby("day")[[state.lower() for state in STATES]].sum(min_count=1)
        return wide.set_axis(list(STATES), axis=1).astype("float64")
    return _known(_pivoted(answer.frame, "first_messages"))


def _pivoted(counted: pd.DataFrame, value: str) -> pd.DataFrame:
    """The counts of events, a column for each of `STATES`; what is not told did not happen."""
    wide = counted.pivot_table(index="day", columns="state", values=value, aggfunc="sum")
    return wide.reindex(columns=pd.Index(STATES)).fillna(0).astype("float64")


def _known(wide: pd.DataFrame) -> pd.DataFrame:
    """The counts without those states that are never told, though later ones are."""
    never = [
        state
        for state, later in PRESUPPOSED.items()
        if not wide[state].any() and wide[list(later)].any(axis=None)
    ]
    return wide.assign(**dict.fromkeys(never, float("nan")))


def total(wide: pd.DataFrame, state: str) -> float | None:
    """How many messages have a state; None where that is not known."""
    found = wide[state].sum(min_count=1)
    return None if pd.isna(found) else float(found)


def rate(wide: pd.DataFrame, part: str, whole: str) -> float | None:
    """One state by another, of the days that know both; None where there is none of the whole."""
    both = wide[[part, whole]].dropna()
    base = float(both[whole].sum())
    return float(both[part].sum()) / base if base > 0 else None


def over_time(answer: Answer, selection: Selection) -> Answer:
    """Messages by state at the selection's grain: day, state, messages, partial."""

    def shape(_: pd.DataFrame) -> pd.DataFrame:
        wide = by_day(answer).dropna(axis="columns", how="all")
        met = [state for state in STATES if state in wide]
        long = wide.reset_index().melt("day", met, "state", "messages")
        filled = series.daily(long, selection.period, "messages", "state", met)
        return series.grained(filled, "messages", selection, "state")

    return answer.shaped(shape)


def compared(reported: Answer, counted: Answer) -> Answer:
    """What was reported beside what the events tell of the same days.

    Columns: state, reported_messages, counted_messages (each once a day), message_difference
    (counted less reported), distinct_messages (each once in the whole period).
    """
    if reported.state != "ready" or counted.state not in ("ready", "empty"):
        return reported if reported.state != "ready" else counted
    said, events = by_day(reported), _pivoted(counted.frame, "messages")
    same = events.reindex(said.index).fillna(0)
    first = _pivoted(counted.frame, "first_messages")
    found = pd.DataFrame(
        {
            "reported_messages": said.sum(min_count=1),
            "counted_messages": same.where(said.notna()).sum(min_count=1),
            "distinct_messages": first.sum(),
        }
    )
    found["message_difference"] = found["counted_messages"] - found["reported_messages"]
    columns = ["reported_messages", "counted_messages", "message_difference", "distinct_messages"]
    return reported.holding(found[columns].rename_axis("state").reset_index())


def disagreement(reported: Answer, counted: Answer) -> str:
    """A sentence that says whether what was reported is what the events tell; or nothing."""
    table = compared(reported, counted)
    if table.state != "ready" or "message_difference" not in table.frame:
        return ""
    off = table.frame[table.frame["message_difference"].fillna(0) != 0]
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
    return f"{_table(reported)} lacks {days} day{'s' * (days != 1)} on which there are events."


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

    return answer.shaped(shape)
