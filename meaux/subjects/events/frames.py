"""Frames of events: counts by severity and log, and the logs themselves, page by page.

Five logs are read as one, latest event first (`meaux.query.paging`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

import pandas as pd

from meaux.data.schema.vocabulary import SEVERITIES
from meaux.query import first_records, paging, queries, series
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection
from meaux.query.needs import Control, Request, asking, each
from meaux.query.paging import Start
from meaux.query.queries import Query, Unanswerable
from meaux.wording import sentences

NEEDS = "Needs "

LOGS: Mapping[str, Query] = {
    "System events": queries.system_page,
    "Platform events": queries.platform_page,
    "Audit log": queries.audit_page,
    "Event log": queries.general_page,
    "Error log": queries.error_page,
}
"""Every log and the query for a page of it; events of the same time are in this order."""

NAMING_PROJECTS, NAMING_PEOPLE = "Platform events", "Audit log and Event log"
TELLING = ("system_event", "platform_event", "log_entry", "error_entry")
"""The logs with a severity; in the last, an event without one is an error."""

ROWS_A_PAGE = 50
ERRORS_SHOWN = 20
COLUMNS = ["logged", "severity", "log", "event", "source", "message", "person", "project"]

ByDay = Annotated[Answer, asking(queries.events_by_day)]
TopErrors = Annotated[Answer, asking(queries.top_errors, limit=ERRORS_SHOWN)]
Projects = Annotated[Answer, asking(queries.project_choices)]


@dataclass(frozen=True)
class View(Control):
    """Which events to show, by log, severity and text; empty means all."""

    logs: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.logs or self.severities or self.text)


@dataclass
class Trail(Control):
    """The pages opened so far in one view of the logs: where each begins, the open one last."""

    selection: Selection
    view: View
    starts: list[Start]

    @property
    def start(self) -> Start:
        """Where the open page begins."""
        return self.starts[-1]

    def newer(self) -> None:
        """Turn back to the page before."""
        del self.starts[-1]

    def older(self, start: Start) -> None:
        """Turn to the page that begins at a position."""
        self.starts.append(start)


@dataclass(frozen=True)
class LogPage:
    """A page of the logs, and where the next one begins; None if nothing is older."""

    answer: Answer
    older: Start | None
    notes: tuple[str, ...] = field(default=())


def asks(trail: Trail) -> dict[str, Ask]:
    """Ask each shown log for the rows of a page, and one more.

    The extra row tells whether there is an older page.
    """
    view = trail.view
    return {
        log: Ask(
            query,
            trail.selection,
            limit=ROWS_A_PAGE + 1,
            names=view.severities,
            text=view.text,
            before=trail.start.get(log),
        )
        for log, query in LOGS.items()
        if not view.logs or log in view.logs
    }


def _of_page(request: Request) -> dict[str, Ask]:
    return asks(request.given(Trail))


OfLogs = Annotated[Mapping[str, Answer], each(_of_page, *LOGS.values())]


def page(of_logs: OfLogs, trail: Trail) -> LogPage:
    """Merge the answers of the logs into the open page; its columns are `COLUMNS`."""
    merged = _merged(of_logs)
    shown = merged.head(ROWS_A_PAGE)
    older = {**trail.start, **paging.positions(shown, "log")} if len(merged) > ROWS_A_PAGE else None
    answer = _together(list(of_logs.values()), shown[COLUMNS].reset_index(drop=True))
    return LogPage(answer, older, tuple(_gaps(of_logs, answer)))


OpenPage = Annotated[LogPage, page]


def _merged(answers: Mapping[str, Answer]) -> pd.DataFrame:
    """Merge the events of all logs, latest first."""
    pages = {
        log: answer.frame.rename(columns={"at": "logged"})
        for log, answer in answers.items()
        if answer.state == "ready"
    }
    found = paging.merged(pages, "log", lambda events: events["logged"])
    return found if len(found) else pd.DataFrame(columns=[*COLUMNS, "place", "key"])


def _together(parts: Sequence[Answer], rows: pd.DataFrame) -> Answer:
    """Merge several answers into one: ready if any is, otherwise failed, empty or unavailable."""
    for state in ("ready", "failed", "empty", "unavailable"):
        of_state = [part for part in parts if part.state == state]
        if of_state:
            reason = _together_in_words([part.reason for part in of_state])
            return replace(
                of_state[0],
                frame=rows,
                reason=reason,
                parts=tuple(parts),
                rowless=_rowless(of_state),
            )
    raise ValueError("a page needs at least one log")


def _rowless(parts: Sequence[Answer]) -> tuple[str, ...]:
    """Return the tables of all parts, if all of them are empty."""
    tables = {table for part in parts for table in part.rowless}
    return tuple(sorted(tables)) if all(part.rowless for part in parts) else ()


def _together_in_words(reasons: Sequence[str]) -> str:
    """Join the reasons into one sentence: any of the needed things is enough."""
    needs = [reason.removeprefix(NEEDS).removesuffix(".") for reason in dict.fromkeys(reasons)]
    alike = all(reason.startswith(NEEDS) for reason in reasons)
    return f"{NEEDS}{' or '.join(needs)}." if alike else " ".join(dict.fromkeys(reasons))


def _gaps(answers: Mapping[str, Answer], whole: Answer) -> Iterable[str]:
    """Yield a sentence for each log missing from the page."""
    for log, answer in answers.items():
        if answer.reason and answer.state != whole.state:
            yield f"{log} not included: {answer.reason}"


def named(answer: Answer, people: Answer, projects: Answer) -> Answer:
    """Replace the ids of people and projects by their names."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            person=_names(frame["person"], people), project=_names(frame["project"], projects)
        )

    return answer.map(shape)


def _names(ids: pd.Series, choices: Answer) -> pd.Series:
    known = dict(zip(choices.frame["id"], choices.frame["name"], strict=True))
    return ids.map(lambda id_: known.get(id_, id_)).astype("str")


def over_time(answer: Answer, selection: Selection) -> Answer:
    """Return events by severity over time: day, severity, events, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        met = [severity for severity in SEVERITIES if severity in set(frame["severity"])]
        return series.over_time(frame, "events", selection, "severity", met)

    return answer.map(shape)


def missing(answer: Answer) -> str:
    """Return a sentence that names the logs that are missing or can't be filtered; or nothing."""
    logs = [words for log in first_records.LOGS if (words := _lacking(answer, log))]
    return f"Not included: {' and '.join(logs)}." if logs else ""


def _lacking(answer: Answer, log: str) -> str:
    """Return a missing log, or the log and the column its filter needs; empty for neither."""
    needed = answer.needed_of(log, members=True)
    if log in answer.without:
        return needed.removeprefix("the table ")
    return f"{answer.sources[log]} (needs {needed})" if needed else ""


def unsaid(answer: Answer, severity: str) -> str:
    """Return a sentence on what is needed if no log records this severity; or nothing."""
    lacking = answer.without
    if severity == "Error" and TELLING[-1] not in lacking:
        return ""
    words = [lacking.get(f"{log}.severity") or lacking.get(log) for log in TELLING]
    return str(Unanswerable([" or ".join(filter(None, words))])) if all(words) else ""


def by_log(answer: Answer) -> Answer:
    """Return events by log and severity, largest log first: log, severity, events."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        sizes = frame.groupby("log")["events"].sum().sort_values(ascending=False, kind="stable")
        ordered = frame.assign(log=pd.Categorical(frame["log"], sizes.index))
        groups = ordered.groupby(["log", "severity"], as_index=False, observed=True)
        return pd.DataFrame(groups["events"].sum()).astype({"log": "str"})

    return answer.map(shape)


def overlooked(selection: Selection) -> str:
    """Return a sentence on which logs the project and people filters apply to; or nothing."""
    heeding = []
    if selection.projects or selection.teams:
        heeding.append(f"project filters apply to {NAMING_PROJECTS} only")
    if selection.people or selection.teams:
        heeding.append(f"people filters apply to {NAMING_PEOPLE} only")
    words = "; ".join(heeding)
    if not words:
        return ""
    return sentences(
        f"{words[:1].upper()}{words[1:]}. The other logs don't record them.",
        "A team filter selects the team's projects and members." if selection.teams else "",
    )
