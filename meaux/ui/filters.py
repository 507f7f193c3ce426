"""The shared filters: drawn once in the sidebar, kept in the URL, read by every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from meaux import queries
from meaux.answers import Answer
from meaux.filters import COMPARISONS, GRAINS, PRESETS, Period, Selection, preset
from meaux.settings import Settings
from meaux.ui import data
from meaux.ui.text import escaped

CUSTOM = "Custom"
PERIODS = {label: name for name, (label, _) in PRESETS.items()}
DEFAULT_PERIOD = PRESETS["30d"][0]
WIDGETS = ("period", "days", "compare", "grain", "zone", "team", "project", "person")
CHOICES = {
    "team": queries.QUERIES["team_choices"],
    "project": queries.QUERIES["project_choices"],
    "person": queries.QUERIES["person_choices"],
}


def current() -> Selection:
    """What the reader has chosen, as drawn in this run."""
    found: Selection = st.session_state["selection"]
    return found


def draw(settings: Settings) -> Selection:
    """Draw the shared filters in the sidebar and keep the selection for the page."""
    with st.sidebar:
        zones = _zones(settings)
        _notice_unknown({"zone": zones, "period": [*PERIODS, CUSTOM]})
        place = st.container(gap="small")
        with st.expander("Time zone and grain", icon=":material/tune:"):
            zone = st.selectbox("Time zone", zones, key="zone", bind="query-params")
            grain = _worded("Grain", GRAINS, "grain", "How fine the points of a trend are.")
        today = settings.day(zone)
        with place:
            period = _period(today)
            compare = _worded("Compare with", _offered(COMPARISONS), "compare")
        chosen = _rows_to_choose(Selection(period, today, zone))
        st.button("Reset filters", on_click=_reset, icon=":material/restart_alt:", width="stretch")
    selection = Selection(period, today, zone, compare, grain, **chosen)
    st.session_state["selection"] = selection
    return selection


def _zones(settings: Settings) -> list[str]:
    """Every zone, the declared one first, so that it is the default."""
    return [settings.timezone, *sorted(available_timezones() - {settings.timezone})]


def _offered(options: Mapping[str, str]) -> dict[str, str]:
    """The options with the default first."""
    return {"previous": options["previous"]} | dict(options)


def _worded(label: str, options: Mapping[str, str], key: str, help_: str | None = None) -> str:
    """A choice by its words, which stand in the URL; returns the option's name."""
    names = {words: name for name, words in options.items()}
    _notice_unknown({key: names})
    return names[st.selectbox(label, list(names), key=key, help=help_, bind="query-params")]


def _period(today: date) -> Period:
    labels = [*PERIODS, CUSTOM]
    default = labels.index(DEFAULT_PERIOD)
    label = st.selectbox("Period", labels, index=default, key="period", bind="query-params")
    if label != CUSTOM:
        return preset(PERIODS[label], today)
    month = (today - timedelta(days=30), today)
    days = st.date_input("Days", month, key="days", bind="query-params")
    chosen = [day for day in (days if isinstance(days, tuple) else (days,)) if day is not None]
    return Period(min(chosen, default=today), max(chosen, default=today) + timedelta(days=1))


def _rows_to_choose(selection: Selection) -> dict[str, tuple[str, ...]]:
    answers = data.load(selection, *CHOICES.values())
    return {
        "teams": _several("Team", "team", answers.team_choices),
        "projects": _several("Project", "project", answers.project_choices),
        "people": _several("Person", "person", answers.person_choices),
    }


def _several(label: str, key: str, answer: Answer) -> tuple[str, ...]:
    """A choice of some rows by name; without any there is no restriction."""
    ids = named(answer.frame)
    _notice_unknown({key: ids})
    reason = answer.reason if answer.state in ("unavailable", "failed") else None
    names = st.multiselect(
        label,
        list(ids),
        key=key,
        help=reason and escaped(reason),
        placeholder="All",
        disabled=answer.state != "ready",
        bind="query-params",
    )
    return tuple(ids[name] for name in names if name in ids)


def named(choices: pd.DataFrame) -> dict[str, str]:
    """Ids by name; rows that share a name have their id behind it."""
    count = Counter(choices["name"])
    rows = zip(choices["id"], choices["name"], strict=True)
    return {f"{name} ({id_})" if count[name] > 1 else str(name): str(id_) for id_, name in rows}


def _notice_unknown(known: Mapping[str, Iterable[str]]) -> None:
    """Say once which value of the URL is dropped because nothing has that name."""
    for key, options in known.items():
        if key in st.session_state:
            continue
        for value in set(st.query_params.get_all(key)) - set(options):
            st.toast(
                f"The link asks for {key} {escaped(value[:80])}, which is not known here; "
                "it was left out.",
                icon=":material/filter_alt_off:",
            )


def _reset() -> None:
    for key in WIDGETS:
        st.session_state.pop(key, None)
    for key in ("team", "project", "person"):
        st.session_state[key] = []
    st.session_state["period"] = DEFAULT_PERIOD
