"""Controls of the page Analytics: the year of the calendar, and what if."""

from __future__ import annotations

from datetime import date

import streamlit as st

from meaux.query.filters import Selection
from meaux.query.filters.period import DAY
from meaux.subjects.money.cards import Year
from meaux.subjects.money.outlook import Scenario
from meaux.ui import cards, filters

YEARS_BACK = 4
NARROW = 150
"""The width of a small choice, in pixels."""

LARGEST_CHANGE = 100
STEP = 5
"""Of the daily burn, in per cent."""


def year(selection: Selection) -> Year:
    """The year of the calendar, this one unless chosen; in the URL."""
    this = selection.today.year
    years = [str(this - n) for n in range(YEARS_BACK + 1)]
    return Year(int(filters.one("Year of the calendar", "year", years, width=NARROW)))


def scenario(selection: Selection) -> Scenario:
    """What if: the choice stands in the URL."""
    with st.container(border=True):
        st.markdown("**What if** the days from tomorrow on cost more or less?")
        with cards.row(3):
            change = st.slider(
                "Daily burn",
                -LARGEST_CHANGE,
                LARGEST_CHANGE,
                0,
                STEP,
                format="%+d %%",
                key="burn",
                bind="query-params",
            )
            once = st.number_input(
                "One-off cost (USD)", value=0.0, step=100.0, key="once", bind="query-params"
            )
            on = st.date_input(
                "On",
                selection.today + DAY,
                min_value=selection.today + DAY,
                max_value=selection.today + 92 * DAY,
                key="on",
                bind="query-params",
            )
    day = on if isinstance(on, date) else selection.today + DAY
    return Scenario(change / 100, float(once or 0), day)
