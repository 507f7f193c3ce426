"""Menu: what a card offers besides its picture: its rows, its CSV and its SQL."""

from __future__ import annotations

import streamlit as st

from meaux.data.categories import capitalised
from meaux.query import export
from meaux.query.answers import Answer
from meaux.query.workbook import Sheet
from meaux.subjects.card import Chart, Table
from meaux.ui import annotating, content, files, filters, marks, opening, paper, visitor
from meaux.ui.text import age, escaped
from meaux.wording import counted, enumerated


def draw(card: Chart | Table, held: Sheet) -> None:
    """Draw a card's menu: its data and rows, a CSV of the `held` rows, a picture, the SQL.

    It has only what the visitor may see; a card in a drawer doesn't show its data in another one.
    """
    title, answer, rows = card.title, card.answer, card.rows
    csv, sql = visitor.current().may("files"), visitor.current().may("sql")
    shows = not marks.are_still()
    if not csv and not sql and not shows:
        return
    behind = rows is not None and opening.may(rows) and answer.state == "ready"
    drawn = card if isinstance(card, Chart) and answer.state == "ready" else None
    kinds = "CSV or a picture" if drawn else "CSV"
    deeds = ["Show the data"] * shows + ["show the rows"] * behind
    deeds += [f"download the {kinds}"] * csv + ["see the SQL"] * sql
    parts = ["Rows"] * behind + ["CSV"] * csv + ["SQL"] * sql
    with st.popover(
        enumerated(parts or ["Data"], "&"),
        type="tertiary",
        icon=":material/database:",
        help=capitalised(f"{enumerated(deeds, 'or')} of {escaped(title)}"),
    ):
        if shows:
            content.button(card)
        if behind:
            opening.button(rows, title)
        if csv:
            with st.container(horizontal=True, gap="xsmall"):
                _csv(held, answer)
                if drawn:
                    paper.pictures(annotating.on_chart(drawn))
        if sql:
            for part in answer.parts or (answer,):
                origin(part)


def _csv(held: Sheet, answer: Answer) -> None:
    names = filters.naming()

    def made() -> bytes:
        if held.literal:
            return export.csv(held.frame, str, answer.selection.zone)
        named = export.for_people(held.frame, names())
        return export.csv(named, zone=answer.selection.zone, unit=held.unit)

    files.button(
        "Download CSV",
        made,
        export.file_name(held.title, answer.selection, "csv"),
        key=f"csv {held.title}",
        disabled=answer.state != "ready",
    )


def origin(answer: Answer) -> None:
    """Draw the SQL of an answer with its parameters, what it took, and missing tables."""
    st.caption(escaped(_took(answer)))
    missing = [words for words in answer.without.values() if words.startswith("the table")]
    if missing:
        st.caption(escaped(f"Calculated without {'; '.join(missing)}."))
    if answer.statement:
        st.code(answer.statement.sql, language="sql", height=280)
        for number, value in enumerate(answer.statement.params, 1):
            st.caption(escaped(f"?{number} = {value}"))


def _took(answer: Answer) -> str:
    if answer.fetched is None and answer.query.name:
        return f"{answer.query.about} Not read."
    if answer.fetched is None:
        return "From the schema, which was read when the database was opened; no query."
    meta = answer.fetched.rows.meta
    rows = "" if meta.rows_read is None else f"{counted(meta.rows_read, 'row')} read, "
    return (
        f"{answer.query.about} Answered by {meta.served_by} {age(answer.fetched.at)} ({rows}"
        f"{meta.duration_ms:,.1f} ms)."
    )
