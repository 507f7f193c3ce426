"""The SQL console: a read-only statement, its query plan, its result, and a quick chart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from uuid import uuid4

import pandas as pd
import streamlit as st

from meaux import charts
from meaux.data.database import Fetched, Rows
from meaux.data.database.limits import ASKED_BYTES, SECONDS
from meaux.data.schema import Catalog, preview, sizes
from meaux.errors import DatabaseError, QueryError
from meaux.query.answers import Answer, without_query
from meaux.query.filters import Selection
from meaux.subjects.card import Chart, Table
from meaux.subjects.health import raw_rows, sql
from meaux.subjects.health.metrics import of_column
from meaux.subjects.health.sql import (
    CopiedReading,
    Guard,
    Live,
    Masks,
    Reading,
    Refused,
)
from meaux.ui import cards, copied, dataframe
from meaux.ui.data_page import console, keep
from meaux.ui.data_page.catalog import shown
from meaux.ui.loading import data
from meaux.ui.text import escaped
from meaux.wording import counted, sentences

WORK, SKETCHED = "sql work", "sketched table"
RESULTS_KEPT = 100
KEPT_BYTES = 64_000_000
"""Maximum size of all sessions' results; one result is 8 MB at most."""
LET_GO = "The result expired. Run the statement again."
ROWS = 500
HEIGHT = 150
NARROW = 150
"""Pixels of a small input."""

EXAMPLE = "SELECT status, count(*) AS projects FROM projects GROUP BY status"
RULES = (
    f"Read-only SQL, one statement (SELECT, WITH, VALUES or EXPLAIN QUERY PLAN). At most "
    f"{sql.MOST_ROWS:,} rows, {SECONDS:.0f} seconds and {ASKED_BYTES // 1_000_000} MB. "
    "If a link brought you here with a statement, it is in the box; press Run to execute it."
)
EXAMPLE_ON_COPY = "SELECT status, count() AS projects FROM project GROUP BY status"
RULES_ON_COPY = (
    f"ClickHouse's SQL on the copy's tables, one statement (SELECT, WITH or EXPLAIN). At most "
    f"{sql.MOST_ROWS:,} rows, {SECONDS:.0f} seconds and {ASKED_BYTES // 1_000_000} MB. Functions "
    "that reach outside of the copy are not allowed. If a link brought you here with a statement, "
    "it is in the box; press Run to execute it."
)
ANOTHER = "Another database was opened. Run the statement again."
RUN, PLAN = "Run", "Show query plan"
PLAN_COLUMNS = ("explain",)
"""The columns of a plan that ClickHouse draws as a tree."""
NO_CHART, BARS, LINE = "No chart", "Bars", "Line"


@dataclass(frozen=True)
class Request:
    """The content of the box: the statement, its parameters' values, and the row limit."""

    reading: Reading
    values: tuple[str, ...]
    rows: int


@dataclass
class Work:
    """The state of this session's request.

    `wanted`: it is to be run. `agreed`: it is run although it reads a lot. `done`: it was run.
    `key`: the key of the kept result. `masks`: what is masked in it. `reads`: the rows that it
    reads, in sentences. `heavy`: they are so many that it is to be agreed to.
    """

    request: Request
    wanted: bool
    plan: list[str] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    heavy: bool = False
    masks: Masks = field(default_factory=Masks)
    agreed: bool = False
    done: bool = False
    failure: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def waits(self) -> bool:
        """Whether it needs agreement before it runs, because it reads many rows."""
        return self.wanted and self.heavy and not self.agreed

    def agree(self) -> None:
        """Let it run although it reads a lot."""
        self.agreed = True


def tab(selection: Selection) -> None:
    """Draw the box, and the plan and result of its statement below."""
    st.caption(escaped(RULES_ON_COPY if copied.tables() else RULES))
    _names()
    work = _work(*_box())
    if work is not None:
        _plan(work)
        if work.failure:
            st.error(escaped(work.failure), icon=":material/error:")
        if work.done:
            _shown(work, selection)


def _catalog() -> Catalog:
    """Return the tables that a statement may read."""
    tables = copied.tables()
    return tables.catalog if tables else shown()


def _names() -> None:
    """Draw tables and columns to copy."""
    catalog = _catalog()
    with st.popover("Tables and columns", icon=":material/account_tree:"):
        names = [catalog.tables[name].name for name in sorted(catalog.tables)]
        name = st.selectbox("Table", names, None, key=SKETCHED, placeholder="Choose a table")
        table = None if name is None else catalog.find(name)
        if table is not None:
            st.code(preview.sketch(table), language="sql")
            st.button("Put into the box", on_click=console.fill, args=(table,))


def _box() -> tuple[Request | None, str]:
    """Draw the box; return its request, if it is valid, and the pressed button."""
    with st.form("sql box", border=True):
        text = st.text_area(
            "Statement",
            key=console.BOX,
            height=HEIGHT,
            placeholder=EXAMPLE_ON_COPY if copied.tables() else EXAMPLE,
            bind="query-params",
        )
        reading, refusal = _read(text or "")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            values = [_value(number + 1) for number in range(reading.parameters if reading else 0)]
            rows = st.number_input(
                "Row limit",
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
        st.error(escaped(f"Not run: {refusal}"), icon=":material/block:")
    elif missing:
        st.info(escaped(f"Fill in {', '.join(missing)}, then press Run."), icon=":material/edit:")
    if reading is None or missing:
        return None, ""
    return Request(reading, tuple(values), int(rows)), RUN if run else PLAN if plan else ""


def _read(text: str) -> tuple[Reading | None, str]:
    """Return the parsed statement, or the reason why it isn't run."""
    if not text.strip():
        return None, ""
    try:
        tables = copied.tables()
        return (tables.read(text) if tables else sql.read(text)), ""
    except Refused as refusal:
        return None, str(refusal)


def _value(number: int) -> str:
    words = st.text_input(f"?{number}", key=f"p{number}", width=NARROW, bind="query-params")
    return words or ""


def _work(request: Request | None, pressed: str) -> Work | None:
    """Return the state of a request; do what the pressed button asks for."""
    if request is not None and pressed:
        st.session_state[WORK] = _planned(request, wanted=pressed == RUN)
    work: Work | None = st.session_state.get(WORK)
    if request is None or work is None or work.request != request:
        return None
    if work.wanted and not work.waits and not work.done and not work.failure:
        _run(work)
    return work


def _planned(request: Request, *, wanted: bool) -> Work:
    """Return the query plan and the full table scans, with one database call."""
    if isinstance(request.reading, CopiedReading):
        return _planned_on_copy(request, request.reading, wanted=wanted)
    reading, catalog = request.reading, data.current_source().catalog
    tables = [table for table in sql.tables(reading, catalog) if sizes.measuring(table)]
    measures = [statement for table in tables if (statement := sizes.measuring(table))]
    plans = [] if reading.explains else [reading.plan(request.rows, request.values), *measures]
    try:
        now, *planned = data.run([sql.LIVE, *plans])
        guard = Guard(catalog, data.secrecy(), Live.of(now.rows.rows))
        masks = guard.check(reading)
    except (DatabaseError, Refused) as error:
        return Work(request, wanted, failure=_why(error, reading))
    if reading.explains:
        return Work(request, wanted=True, masks=masks)
    plan, *measured = planned
    rows = {
        table.name.lower(): sizes.measured(one.rows, table).rows
        for table, one in zip(tables, measured, strict=True)
    }
    scans = sql.scans(reading, plan.rows, rows, catalog, request.rows + 1)
    reads = [scan.sentence for scan in scans] or ["No full table scans."]
    heavy = sql.reads([scan for scan in scans if scan.whole]) >= sql.LARGE
    return Work(request, wanted, sql.outline(plan.rows), reads, heavy, masks)


def _planned_on_copy(request: Request, reading: CopiedReading, *, wanted: bool) -> Work:
    """Return ClickHouse's query plan and estimate, with one database call."""
    tables = copied.tables()
    if tables is None:
        return Work(request, wanted, failure=ANOTHER)
    asked = [reading.estimate(request.rows, request.values)]
    asked += [] if reading.explains else [reading.plan(request.rows, request.values)]
    try:
        now, estimate, *plan = data.run([tables.live, *asked])
        live = Live.of(now.rows.rows)
        masks = Guard(tables.catalog, tables.secrecy, live).check(reading.checked)
    except (DatabaseError, Refused) as error:
        return Work(request, wanted, failure=_why(error, reading))
    reads = sql.estimated(estimate.rows)
    said = sql.reads_up_to(reads)
    if reading.explains:
        return Work(request, wanted=True, reads=said, masks=masks)
    lines = [str(line) for (line,) in plan[0].rows.rows]
    heavy = not reading.stops and sum(reads.values()) >= sql.LARGE_ON_A_COPY
    return Work(request, wanted, lines, said, heavy, masks)


def _run(work: Work) -> None:
    """Request one row more than is shown, to detect whether more exist."""
    request = work.request
    try:
        [found] = data.run([request.reading.limited(request.rows + 1, request.values)])
    except DatabaseError as error:
        work.failure = _why(error, request.reading)
    else:
        rows = work.masks.rows(found.rows.columns, found.rows.rows)
        _kept(work.key, replace(found, rows=replace(found.rows, rows=rows)))
        work.done = True


def _why(error: DatabaseError | Refused, reading: Reading) -> str:
    return (
        sql.explained(error, reading, _catalog()) if isinstance(error, QueryError) else str(error)
    )


@st.cache_data(max_entries=RESULTS_KEPT, max_size=KEPT_BYTES, show_spinner=False)
def _kept(key: str, _given: Fetched | None = None) -> Fetched:  # noqa: ARG001
    """Return the result kept under the key, or keep the given one; never cache a LookupError."""
    if _given is None:
        raise LookupError
    return _given


def _shown(work: Work, selection: Selection) -> None:
    """Draw the result, unless it has expired."""
    try:
        result = _kept(work.key)
    except LookupError:
        st.info(LET_GO, icon=":material/refresh:")
    else:
        _result(work, result, selection)


def _plan(work: Work) -> None:
    """Draw the full table scans and the query plan."""
    if not work.plan:
        return
    words = " ".join(work.reads)
    if work.waits:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(escaped(f"Not run yet. {words}"), icon=":material/warning:")
            st.button("Run anyway", on_click=work.agree, icon=":material/play_arrow:")
    with st.expander("Query plan", icon=":material/schema:", expanded=not work.wanted):
        st.caption(escaped(words))
        st.code("\n".join(work.plan), language=None)


def _result(work: Work, fetched: Fetched, selection: Selection) -> None:
    request, rows = work.request, fetched.rows
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
        about="Query result, with the column names of the statement.",
        note=sentences(*(work.reads if request.reading.explains else ()), _took(request, rows)),
        empty="No rows returned.",
    )
    is_plan = isinstance(request.reading, CopiedReading) and rows.columns == PLAN_COLUMNS
    cards.table(card, _lines if is_plan else partial(dataframe.literal, "Result"))
    kind = _chart(answer) if raw_rows.numbers(found) else NO_CHART
    if not request.reading.explains:
        keep.draw(request.reading, request.values, kind)


def _lines(plan: pd.DataFrame) -> None:
    """Draw the lines of a plan as they are indented."""
    st.code("\n".join(plan.iloc[:, 0].fillna("").astype(str)), language=None)


def _took(request: Request, rows: Rows) -> str:
    """Return the number of rows, whether there are more, and what the query took."""
    more = len(rows.rows) > request.rows
    shown = counted(min(len(rows.rows), request.rows), "row")
    count = f"First {shown}; more available" if more else shown
    read = rows.meta.rows_read
    cost = "" if read is None else f"{counted(read, 'row')} read; "
    return f"{count}. {cost}{rows.meta.duration_ms:,.1f} ms."


def _chart(answer: Answer) -> str:
    """Draw a quick chart of two columns; return its kind."""
    found = answer.frame
    lines = raw_rows.days(found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = cards.switch("Chart", [NO_CHART, BARS, *([LINE] if lines else [])], "chart")
        if kind == NO_CHART:
            return kind
        columns = lines if kind == LINE else list(map(str, found))
        across = st.selectbox("X axis", columns, width=NARROW)
        value = st.selectbox("Y axis", raw_rows.numbers(found), width=NARROW)
    metric = of_column(value)
    if kind == LINE:
        drawn = answer.with_frame(raw_rows.by_day(found, across, value))
        note = "Rows of the same day are summed."
        cards.chart(Chart("Chart", drawn, charts.trend, metric, note=note))
    else:
        drawn = answer.with_frame(raw_rows.by_label(found, across, value))
        note = f"The first {raw_rows.BARS} rows." if len(found) > raw_rows.BARS else ""
        ranking = partial(charts.ranking, label="label")
        cards.chart(Chart("Chart", drawn, ranking, metric, note=note))
    return kind
