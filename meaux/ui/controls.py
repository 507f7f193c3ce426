"""Controls of the page Analytics: the calendar year and the scenario."""

from __future__ import annotations

from datetime import date

import streamlit as st

from meaux.query.filters import Selection
from meaux.query.filters.period import DAY
from meaux.subjects.money.cards.calendar import Year
from meaux.subjects.money.outlook import Scenario
from meaux.ui import cards, filters
from meaux.ui.loading import receipt
from meaux.wording import day_of, money

YEARS_BACK = 4
NARROW = 150
"""The width of a small choice, in pixels."""

LARGEST_CHANGE = 100
STEP = 5
"""Step of the change in daily cost, in percent."""


def year(selection: Selection) -> Year:
    """Return the calendar year from the URL; by default, this year."""
    this = selection.today.year
    years = [str(this - n) for n in range(YEARS_BACK + 1)]
    return Year(int(filters.one("Calendar year", "year", years, width=NARROW)))


def scenario(selection: Selection) -> Scenario:
    """Draw the controls of the scenario and return it; the URL keeps their values."""
    with st.container(border=True):
        st.markdown("**Scenario**: change daily cost from tomorrow on.")
        with cards.row(3):
            change = st.slider(
                "Change in daily cost",
                -LARGEST_CHANGE,
                LARGEST_CHANGE,
                0,
                STEP,
                format="%+d%%",
                key="burn",
                bind="query-params",
            )
            once = st.number_input(
                "One-off cost (USD)", value=0.0, step=100.0, key="once", bind="query-params"
            )
            on = st.date_input(
                "Date of one-off cost",
                selection.today + DAY,
                min_value=selection.today + DAY,
                max_value=selection.today + 92 * DAY,
                key="on",
                bind="query-params",
            )
    day = on if isinstance(on, date) else selection.today + DAY
    receipt.choose("Change in daily cost", f"{change:+d}%" if change else "")
    receipt.choose("One-off cost", f"{money(once)} on {day_of(day)}" if once else "")
    return Scenario(change / 100, float(once or 0), day)
