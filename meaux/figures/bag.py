"""The protocol of figures that are still made of a page's answers by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeGuard

import pandas as pd

from meaux import history
from meaux.answers import Answer, Rows
from meaux.figures.figure import Figure, comparable
from meaux.filters import Selection
from meaux.metrics import Metric
from meaux.wording import sentences


def missing(metric: Metric, answer: Answer) -> Figure:
    """The figure of a number that could not be got."""
    return Figure(metric, None, note=answer.reason, unanswered=True)


def unanswered(answer: Answer) -> bool:
    """Whether an answer could not be got; an empty one was."""
    return not answer.answered


def known(answer: Answer | None) -> TypeGuard[Answer]:
    """Whether there is an answer to compare with."""
    return answer is not None and answer.answered


def compared(  # noqa: PLR0913, PLR0917  two sides, and what they are sides of
    figure: Figure,
    rows: Rows,
    selection: Selection,
    tables: Iterable[str],
    measure: Callable[[pd.DataFrame], float | None],
    now: Answer,
    then: Answer | None,
) -> Figure:
    """The figure beside the compared period: both sides are measured alike, on complete days.

    `then` is an answer over the compared days. `tables` are the logical tables that it is made
    of: with days before their first record nothing is compared.
    """
    before = measure(then.frame) if known(then) else None
    return beside(figure, rows, selection, tables, measure(comparable(now, selection)), before)


def beside(  # noqa: PLR0913, PLR0917  two sides, and what they are sides of
    figure: Figure,
    rows: Rows,
    selection: Selection,
    tables: Iterable[str],
    now: float | None,
    then: float | None,
) -> Figure:
    """The figure with its value on the comparable days and on the compared ones.

    Where they can't be compared, the note says why.
    """
    if selection.comparison is None and not selection.uncompared:
        return figure
    if why := history.uncompared_of(rows, selection, tables):
        said = figure.value is not None  # otherwise its note says why already
        return replace(figure, note=sentences(why, figure.note)) if said else figure
    versus = f"vs {selection.compared}"
    if now is None:
        return replace(figure, before=then if figure.value is None else None, versus=versus)
    part = now if selection.comparable != selection.period else None
    return replace(figure, before=then, versus=versus, comparable=part)


def of_today(figure: Figure, selection: Selection) -> Figure:
    """A level as it is today; of a period that is over it says so, and is compared with nothing."""
    if selection.today < selection.period.end:
        return figure
    note = sentences("As of today.", figure.note)
    return replace(figure, before=None, versus="", trend=(), note=note)
