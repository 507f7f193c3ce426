"""The page Alerts: the course of findings, pauses, and rules tried on the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from meaux import charts
from meaux.data import state
from meaux.data.database import Outcome, Statement
from meaux.data.state import Alerts, Held, Kept, Pause
from meaux.errors import StateError
from meaux.query.answers import without_query
from meaux.query.filters import Selection
from meaux.query.filters.period import DAY
from meaux.query.filters.zone import midnight
from meaux.query.metrics.metric import Unlisted
from meaux.query.needs import Request
from meaux.subjects.alerts import delivered, history
from meaux.subjects.alerts.cards import Course
from meaux.subjects.alerts.delivered import Remembered
from meaux.subjects.card import Chart
from meaux.ui import cards, visitor
from meaux.ui.error_boundary import section
from meaux.ui.loading import data
from meaux.ui.text import escaped

NOBODY = (
    "No alert was sent to anybody yet, so there are no past ones to show. An administrator can set "
    "up e-mail, chat or a pager (docs/notify.md)."
)
NONE_SENT = "No alert has been sent to anybody yet."
COURSE = Unlisted(
    "alert_events",
    "Alerts",
    "count",
    "When alerts opened, when each destination was last told, and when they ended. Ended alerts "
    "are kept for 90 days.",
    "neither",
)
SOMEBODY = "Somebody on the dashboard"
ABOUT = (
    "Alerts that were found when they were last delivered, and those that ended in the last 90 "
    "days, with the destinations that were told."
)


def draw(card: Course) -> None:
    """Draw what the state file remembers, and the rules that can be tried."""
    _course(card.selection)
    _rules(card.selection)


@section
def _course(selection: Selection) -> None:
    try:
        found = delivered.remembered(data.current_settings())
    except StateError as error:
        st.warning(escaped(str(error)), icon=":material/warning:")
        return
    if not found.known:
        st.info(NOBODY, icon=":material/notifications_off:")
        return
    events = without_query(COURSE.definition, delivered.course(found), selection)
    draw = partial(charts.timeline, lanes=delivered.LANES, zone=selection.zone)
    cards.chart(Chart("Alert history", events, draw, COURSE, empty=NONE_SENT))
    frame = delivered.table(found, selection.zone)
    cards.made("Delivered alerts", ABOUT, frame, selection, empty=NONE_SENT)
    if found.open and visitor.current().may("files"):
        _pause(found, selection)


def _pause(found: Remembered, selection: Selection) -> None:
    """Draw the choice of an open finding, with buttons to pause and resume it."""
    titles = {f"{one.severity}: {one.sentence}": one for one in found.open}
    with st.container(border=True):
        chosen = titles[st.selectbox("Open alert", list(titles), key="alert")]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            until = st.date_input(
                "Snooze until",
                selection.today + 7 * DAY,
                min_value=selection.today + DAY,
                key="snooze until",
            )
            end = midnight(until, selection.zone)
            st.button("Snooze", on_click=_paused, args=(chosen, "snoozed", end))
            st.button("Acknowledge", on_click=_paused, args=(chosen, "acknowledged", None))
            if chosen.key in {one.key for one in found.pauses}:
                st.button("Resume", on_click=_resumed, args=(chosen,))


def _paused(held: Held, kind: Kept, until: int | None) -> None:
    now = int(datetime.now(UTC).timestamp())
    who = visitor.current().who or SOMEBODY
    with state.opened(state.path_of(data.current_settings())) as file, file.step():
        Alerts(file.connection).pause(Pause(held.key, kind, who, now, until))


def _resumed(held: Held) -> None:
    with state.opened(state.path_of(data.current_settings())) as file, file.step():
        Alerts(file.connection).resume([held.key])


@section
def _rules(selection: Selection) -> None:
    """Draw the choice of a rule of the user, and how often it would have fired."""
    plan = data.current_plan()
    rules = {rule.name: rule for rule in plan.alerts}
    if not rules:
        return
    with st.container(border=True):
        name = st.selectbox("Rule of your own", list(rules), key="rule")
        if st.button("Try on the past 90 days", icon=":material/history:"):
            request = Request(selection, plan, data.current_source().binding)
            tried = history.tried(rules[name], request, _fetch)
            st.markdown(escaped(tried.sentence))


def _fetch(statements: Sequence[Statement]) -> list[Outcome]:
    read = data.read({statement: statement for statement in statements})
    return [read[statement] for statement in statements]
