"""Paper: the open page as PDF, and charts as pictures, made only when they are downloaded.

They show what the page showed. Nothing is read from the database.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from meaux.data.reporting import PAPERS, Paper
from meaux.query import export
from meaux.query.filters import Selection
from meaux.subjects.card import Chart
from meaux.ui import files
from meaux.ui.loading import receipt
from meaux.ui.pages import MenuItem

if TYPE_CHECKING:
    from meaux.reports.pictures import Form

NAMES: dict[Paper, str] = {"a4": "A4", "letter": "Letter"}
WITH_LETTER = {"US", "CA", "MX", "CL", "CO", "PH", "PR", "VE"}
"""Countries that print on Letter."""
KINDS: tuple[Form, ...] = ("png", "svg")


def button(page: MenuItem, scope: str, selection: Selection, database: str) -> None:
    """Draw a button that opens the choice of paper for the page as PDF."""
    if st.button("Print", icon=":material/print:", type="tertiary"):
        taken = receipt.current()
        kept = (page.title, scope, _choices(), taken.page, selection, database, taken.oldest)

        def made(paper: Paper) -> bytes:
            # Typst and vl-convert are imported by nothing else on a page.
            from meaux.reports import printed  # noqa: PLC0415

            return printed.written(printed.View(*kept, page.filtered), paper)

        _dialog(page.title, selection, made)


@st.dialog("Print this page", icon=":material/print:")
def _dialog(title: str, selection: Selection, made: Callable[[Paper], bytes]) -> None:
    """Draw a file for each size of paper, the one of the reader's country first."""
    st.markdown("This page as PDF, with its open tab and filters.")
    for paper in _papers():
        files.button(
            f"PDF, {NAMES[paper]}",
            partial(made, paper),
            export.file_name(f"{title} {NAMES[paper]}", selection, "pdf"),
            key=f"print {paper}",
            width="stretch",
        )


def _choices() -> tuple[str, ...]:
    """Return what the page's own filters and controls are set to, in words."""
    return tuple(f"{label}: {value}" for label, value in receipt.current().choices.items())


def _papers() -> list[Paper]:
    """Return the sizes of paper, the one of the reader's country first."""
    country = str(st.context.locale or "").rpartition("-")[2].upper()
    return sorted(PAPERS, key=lambda paper: (paper == "a4") == (country in WITH_LETTER))


def pictures(card: Chart) -> None:
    """Draw the buttons that download a chart as PNG and SVG."""
    over = card.answer.selection
    words = " ".join([over.sentence, *(f"{choice}." for choice in _choices())])

    def made(form: Form) -> bytes:
        from meaux.reports import pictures as of_reports  # noqa: PLC0415  see above

        return of_reports.picture(card, words, form)

    for form in KINDS:
        files.button(
            form.upper(),
            partial(made, form),
            export.file_name(card.title, over, form),
            key=f"{form} {card.title}",
            type="tertiary",
        )
