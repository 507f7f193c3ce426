"""The SQL box: a statement that reads, what it would read, what came back, and a quick chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

import streamlit as st

from meaux import charts
from meaux.data.database import Fetched, Rows
from meaux.data.database.limits import ASKED_BYTES, SECONDS
from meaux.data.schema import preview, sizes
from meaux.errors import DatabaseError
from meaux.query.answers import Answer, without_query
from meaux.query.filters import Selection
from meaux.subjects.card import Chart, Table
from meaux.subjects.health import raw_rows, sql
from meaux.subjects.health.metrics import of_column
from meaux.subjects.health.sql import Reading, Refused, Scan
from meaux.ui import cards, data
from meaux.ui.text import escaped
from meaux.wording import counted

WORK = "sql work"
RESULTS_KEPT = 100
KEPT_BYTES = 64_000_000
"""What the results of all sessions take together; one is 8 MB at most."""
LET_GO = "The result made room for newer ones: run the statement again."
ROWS = 500
HEIGHT = 150
NARROW = 150
"""Pixels of a small input."""

EXAMPLE = "SELECT status, count(*) AS projects FROM projects GROUP BY status"
RULES = (
    f"One statement that reads: SELECT, WITH, VALUES or EXPLAIN QUERY PLAN. At most "
    f"{sql.MOST_ROWS:,} rows, {SECONDS:.0f} seconds and {ASKED_BYTES // 1_000_000} MB. "
    "A link fills the box; nothing runs before you say so."
)
RUN, PLAN = "Run", "Show the plan"
NO_CHART, BARS, LINE = "No chart", "Bars", "Line"


@dataclass(frozen=True)
class Request:
    """What stands in the box: the statement, the values of its parameters, and how many rows."""

    reading: Reading
    values: tuple[str, ...]
    rows: int


@dataclass
class Work:
    """What was done in this session for what stands in the box.

    `wanted` says that it is to be run, `agreed` that it is, although it reads a lot, `done` that
    it was; its result is kept by the `key`.
    """

    request: Request
    plan: list[str]
    scans: list[Scan]
    wanted: bool
    agreed: bool = False
    done: bool = False
    failure: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def waits(self) -> bool:
        """Whether somebody has to agree before it is run: large tables are read whole."""
        whole = [scan for scan in self.scans if scan.whole]
        return self.wanted and not self.agreed and sql.reads(whole) >= sql.LARGE

    def agree(self) -> None:
        """Have it run in spite of what it reads."""
        self.agreed = True


def tab(selection: Selection) -> None:
    """The box, and below it what was done for what stands in it."""
    st.caption(escaped(RULES))
    _names()
    work = _work(*_box())
    if work is not None:
        _plan(work)
        if work.failure:
            st.error(escaped(work.failure), icon=":material/error:")
        if work.done:
            _shown(work, selection)


def _names() -> None:
    """Tables and columns to copy."""
    catalog = data.current_source().catalog
    with st.popover("Tables and columns", icon=":material/account_tree:"):
        names = [catalog.tables[name].name for name in sorted(catalog.tables)]
        name = st.selectbox("Table to name", names, None, placeholder="Choose a table")
        table = None if name is None else catalog.find(name)
        if table is not None:
            st.code(preview.sketch(table), language="sql")


def _box() -> tuple[Request | None, str]:
    """What stands in the box, if it can be sent, and which button was pressed."""
    with st.form("sql box", border=True):
        text = st.text_area(
            "Statement", key="sql", height=HEIGHT, placeholder=EXAMPLE, bind="query-params"
        )
        reading, refusal = _read(text or "")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            values = [_value(number + 1) for number in range(reading.parameters if reading else 0)]
            rows = st.number_input(
                "Rows at most",
                1,
                sql.MOST_ROWS,
                ROWS,
                key="limit",
                width=NARROW,
                bind="query-params",
            )
            run = st.form_submit_button(RUN, type="primary", icon=":material/play_arrow:")
            plan = st.form_submit_button(PLAN, icon=":material/schema:")
    missing = [f"?{number}" for number, value in enumerate(values, 1) if not value]
    if refusal:
        st.error(escaped(f"Not sent. {refusal}"), icon=":material/block:")
    elif missing:
        st.info(escaped(f"Fill in {', '.join(missing)}, then run it."), icon=":material/edit:")
    if reading is None or missing:
        return None, ""
    return Request(reading, tuple(values), int(rows)), RUN if run else PLAN if plan else ""


def _read(text: str) -> tuple[Reading | None, str]:
    """What a text is, or why it is not sent."""
    if not text.strip():
        return None, ""
    try:
        return sql.read(text), ""
    except Refused as refusal:
        return None, str(refusal)


def _value(number: int) -> str:
    words = st.text_input(f"?{number}", key=f"p{number}", width=NARROW, bind="query-params")
    return words or ""


def _work(request: Request | None, pressed: str) -> Work | None:
    """What was done for a request; what a button asks for is done now."""
    if request is not None and pressed:
        st.session_state[WORK] = _planned(request, wanted=pressed == RUN)
    work: Work | None = st.session_state.get(WORK)
    if request is None or work is None or work.request != request:
        return None
    if work.wanted and not work.waits and not work.done and not work.failure:
        _run(work)
    return work


def _planned(request: Request, *, wanted: bool) -> Work:
    """How the database would answer, and what it would read whole, for one call."""
    reading, catalog = request.reading, data.current_source().catalog
    if reading.explains:
        return Work(request, [], [], wanted=True)
    tables = [table for table in sql.tables(reading, catalog) if sizes.measuring(table)]
    measures = [statement for table in tables if (statement := sizes.measuring(table))]
    try:
        plan, *measured = data.run([reading.plan(request.rows, request.values), *measures])
    except DatabaseError as error:
        return Work(request, [], [], wanted=wanted, failure=str(error))
    rows = {
        table.name.lower(): sizes.measured(one.rows, table).rows
        for table, one in zip(tables, measured, strict=True)
    }
    scans = sql.scans(reading, plan.rows, rows, catalog, request.rows + 1)
    return Work(request, sql.outline(plan.rows), scans, wanted=wanted)


def _run(work: Work) -> None:
    """Ask for one row more than is shown, to know whether there are more."""
    request = work.request
    try:
        [found] = data.run([request.reading.limited(request.rows + 1, request.values)])
    except DatabaseError as error:
        work.failure = str(error)
    else:
        _kept(work.key, found)
        work.done = True


@st.cache_data(max_entries=RESULTS_KEPT, max_size=KEPT_BYTES, show_spinner=False)
def _kept(key: str, _given: Fetched | None = None) -> Fetched:  # noqa: ARG001
    """The result that is kept by the key, else the one given; a LookupError is never cached."""
    if _given is None:
        raise LookupError
    return _given


def _shown(work: Work, selection: Selection) -> None:
    """The result, unless those of others took its place."""
    try:
        result = _kept(work.key)
    except LookupError:
        st.info(LET_GO, icon=":material/refresh:")
    else:
        _result(work.request, result, selection)


def _plan(work: Work) -> None:
    """What the statement would read, and the plan that says so."""
    if not work.plan:
        return
    sentences = [scan.sentence for scan in work.scans]
    words = " ".join(sentences or ["It reads no table whole."])
    if work.waits:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(escaped(words), icon=":material/warning:")
            st.button("Run it all the same", on_click=work.agree, icon=":material/play_arrow:")
    with st.expander("Query plan", icon=":material/schema:", expanded=not work.wanted):
        st.caption(escaped(words))
        st.code("\n".join(work.plan), language=None)


def _result(request: Request, fetched: Fetched, selection: Selection) -> None:
    rows = fetched.rows
    found = raw_rows.frame(rows.columns, rows.rows[: request.rows])
    answer = without_query(
        "The result of the statement.",
        found,
        selection,
        statement=request.reading.limited(request.rows, request.values),
        fetched=fetched,
        literal=True,
    )
    card = Table(
        "Result",
        answer,
        about="What the statement returned, under the names that it gives.",
        note=_took(request, rows),
        empty="The statement returned no row.",
    )
    cards.table(card, partial(cards.literal, "Result"))
    if raw_rows.numbers(found):
        _chart(answer)


def _took(request: Request, rows: Rows) -> str:
    """How many rows came back, whether there are more, and what that took."""
    more = len(rows.rows) > request.rows
    shown = counted(min(len(rows.rows), request.rows), "row")
    count = f"The first {shown}; there are more" if more else shown
    read = rows.meta.rows_read
    cost = "Rows read are not counted here" if read is None else f"Rows read: {read:,}"
    return f"{count}. {cost}; {rows.meta.duration_ms:,.1f} ms."


def _chart(answer: Answer) -> None:
    """A quick chart of two columns."""
    found = answer.frame
    lines = raw_rows.days(found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = cards.switch("Chart", [NO_CHART, BARS, *([LINE] if lines else [])], "chart")
        if kind == NO_CHART:
            return
        columns = lines if kind == LINE else list(map(str, found))
        across = st.selectbox("Across", columns, width=NARROW)
        value = st.selectbox("Values", raw_rows.numbers(found), width=NARROW)
    metric = of_column(value)
    if kind == LINE:
        drawn = answer.with_frame(raw_rows.by_day(found, across, value))
        note = "Rows of the same day are added up."
        cards.chart(Chart("Chart", drawn, charts.trend, metric, note=note))
    else:
        drawn = answer.with_frame(raw_rows.by_label(found, across, value))
        note = f"The first {raw_rows.BARS} rows." if len(found) > raw_rows.BARS else ""
        ranking = partial(charts.ranking, label="label")
        cards.chart(Chart("Chart", drawn, ranking, metric, note=note))
