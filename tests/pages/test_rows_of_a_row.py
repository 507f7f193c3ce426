"""Show data: the rows behind one row of a card add up to that row."""

import pandas as pd
import pytest
import streamlit as st

from meaux.query import queries
from meaux.query.answers import ask
from meaux.query.collation import ids_by_name
from meaux.subjects.ai import cards as ai
from meaux.subjects.behind import BEHIND
from meaux.subjects.hours import cards as hours
from meaux.subjects.listing import RowsAsked, sums_of, total
from meaux.subjects.money.cards import costs
from meaux.ui.drawer import content

CARDS = [
    *(costs.trend, costs.by_category, costs.by_project, costs.by_person, costs.by_service),
    *(costs.dearest_projects, hours.by_project, hours.project_shares, ai.by_model),
    *(ai.cost, ai.cost_by_model),
]
SEVERAL = 12


@pytest.fixture
def offered(monkeypatch, answer):
    """The names that the sidebar offers."""
    choices = {
        "team": queries.team_choices,
        "project": queries.project_choices,
        "person": queries.person_choices,
    }
    options = {kind: ids_by_name(answer(query).frame) for kind, query in choices.items()}
    monkeypatch.setattr(st, "session_state", {"options": options})


@pytest.fixture
def sum_behind(demo_source, reading, select):
    def sum_behind(rows):
        asked = RowsAsked(rows, BEHIND[rows.metric], select(), {})
        beside = asked.beside()
        answers = ask(list(beside.values()), demo_source.binding, *reading(demo_source))
        return total(asked, sums_of(asked, dict(zip(beside, answers, strict=True)))).amount

    return sum_behind


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.__module__} {card.__name__}")
def test_the_rows_behind_a_row_of_a_card_add_up_to_it(met, select, sum_behind, card):
    shown = met(card)
    frame = shown.answer.frame
    told = 0
    for _, row in frame.iloc[:: -(-len(frame) // SEVERAL)].iterrows():
        days = content.days_of(shown, row, select())
        rows = content.rows_of(shown, row, days)
        if rows:
            told += 1
            expected = row[shown.metric.name]
            assert (sum_behind(rows) or 0) == pytest.approx(0 if pd.isna(expected) else expected)
    assert told


@pytest.mark.usefixtures("offered")
def test_a_row_that_something_else_tells_from_others_has_no_rows(met, select):
    shown = met(ai.by_day)
    row = shown.answer.frame.iloc[0]
    assert content.rows_of(shown, row, content.days_of(shown, row, select())) is None
    tree = met(costs.sunburst)
    assert content.rows_of(tree, tree.answer.frame.iloc[0], None) is None
