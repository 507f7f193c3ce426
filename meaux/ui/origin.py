"""Origin: the SQL of answers with its parameters, what it took, and what was missing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import streamlit as st

from meaux.data.database import Copy, Statement
from meaux.errors import DatabaseError
from meaux.query.answers import Answer
from meaux.ui import visitor
from meaux.ui.loading import data
from meaux.ui.text import age, escaped
from meaux.wording import counted


def folded(answers: Iterable[Answer], key: str) -> None:
    """Draw the SQL of answers, folded; nothing if the visitor may not see it."""
    if not visitor.current().may("sql"):
        return
    label, icon = "SQL", ":material/code:"
    with st.expander(label, key=f"sql of {key}", icon=icon, on_change="rerun") as fold:
        if fold.open:
            for answer in answers:
                _draw(answer)


def _draw(answer: Answer) -> None:
    st.caption(escaped(_took(answer)))
    missing = [words for words in answer.without.values() if words.startswith("the table")]
    if missing:
        st.caption(escaped(f"Calculated without {'; '.join(missing)}."))
    if answer.statement:
        _shown(answer.statement)


def _shown(statement: Statement) -> None:
    """Draw a statement as it was sent, with the values of the parameters that stand in it."""
    database = data.current_source().database
    sql, is_copy = statement.sql, isinstance(database, Copy)
    if isinstance(database, Copy):
        with suppress(DatabaseError):
            sql = database.sent(statement)
    st.code(sql, language="sql", height=280)
    for number, value in enumerate(statement.params, 1):
        name = f"p{number}" if is_copy else f"?{number}"
        if not is_copy or f"{{{name}:" in sql:
            st.caption(escaped(f"{name} = {value}"))


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
