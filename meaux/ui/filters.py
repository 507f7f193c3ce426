"""The shared filters: drawn in the sidebar, kept in the URL, applied to every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.data.categories import NAMES as CATEGORIES
from meaux.data.settings import Settings, time_zones
from meaux.query.answers import Answer, Ask
from meaux.query.collation import ids_by_name
from meaux.query.export import Names
from meaux.query.filters import COMPARISONS, GRAINS, Period, Selection, period_of, preset
from meaux.query.filters.period import EARLIEST
from meaux.subjects.page import CHOICES, known_in
from meaux.ui import choices
from meaux.ui.choices import CUSTOM, DEFAULT_PERIOD, PERIODS
from meaux.ui.loading import data, receipt
from meaux.ui.text import LONGEST_QUOTED, escaped

COMPARE_HELP = (
    "Days are compared with the same weekdays, so up to 6 days can lie between a period and the "
    "previous one. Months are compared with the same days of the month."
)
GRANULARITY_HELP = "Time step of trend charts: day, week or month."
ANNOTATED = "notes"
"""The key of the switch for annotations, in the URL too."""
KEYS_IN_WORDS = {
    "compare": "comparison",
    "cost_category": "category",
    "days": "dates",
    "grain": "granularity",
    "zone": "time zone",
}
"""Parameters of a link that have another name on the page."""
ANNOTATIONS = (
    "Deployments, milestones, incidents, budget changes and your own notes in charts over time. "
    "Incidents and budget changes are found among the latest 500 events."
)
WORDS: dict[str, Mapping[str, str]] = {
    "period": {name: label for label, name in PERIODS.items()},
    "compare": COMPARISONS,
    "grain": GRAINS,
}
"""The options of filters in the command line's words, and their words on the pages."""
OF_PAGES: dict[str, Any] = {"status": [], "priority": [], "category": [], "find": ""}
"""The filters that pages add to the sidebar, by their key in the URL, with their default values."""


def current() -> Selection:
    """Return the selection drawn in this run."""
    found: Selection = st.session_state["selection"]
    return found


def draw(settings: Settings, page: str, place: DeltaGenerator) -> Selection:
    """Draw the shared filters at a place, store the selection for the page, and return it.

    `page` is its title: the URL may hold filters that only some pages have.
    """
    _spell_out(settings.day(settings.timezone))
    with place:
        days, rows, own = (st.container(gap="small") for _ in range(3))
        with st.expander("Time zone", icon=":material/schedule:"):
            zone = _listed("Time zone", _zones(settings), "zone")
        st.button(
            "Reset filters",
            on_click=_reset,
            args=(settings.timezone,),
            icon=":material/restart_alt:",
            width="stretch",
        )
    today = settings.day(zone)
    with days:
        period = _period(today)
        compare = _worded("Compare with", _offered(COMPARISONS), "compare", COMPARE_HELP)
        grain = _worded("Granularity", GRAINS, "grain", GRANULARITY_HELP)
        st.toggle("Annotations", value=True, key=ANNOTATED, help=ANNOTATIONS, bind="query-params")
    with rows:
        narrowed = _narrowed(Selection(period, today, zone, only=data.only()))
    partly: dict[str, Any] = choices.of_url(page)
    if "category" in choices.offered(page):
        _drop_unknown_categories()
    selection = replace(narrowed, compare=compare, grain=grain, **partly)
    st.session_state["selection"] = selection
    st.session_state["filters here"] = choices.offered(page)
    st.session_state["filters of the page"] = own
    return selection


def known() -> frozenset[str]:
    """Return the ids and names of the teams and projects that the filters offer in this run."""
    return known_in(st.session_state["offered"])


def naming() -> Callable[[], Names]:
    """Return a function that returns the names of all teams, projects and people by their ids.

    A file needs them when it is downloaded, after this run.
    """
    options: Mapping[str, Mapping[str, str]] = st.session_state["options"]
    return lambda: {key: {id_: name for name, id_ in of.items()} for key, of in options.items()}


def unmatched(selection: Selection) -> str:
    """Return a sentence if none of the visitor's teams is in the database; or empty."""
    if selection.only is None or st.session_state["offered"][0].state != "empty":
        return ""
    named = ", ".join(selection.only) or "none"
    return f"You see nothing: none of your teams is in this database ({named})."


def of_page() -> DeltaGenerator:
    """Return the container for a page's own filters, below the shared ones."""
    place: DeltaGenerator = st.session_state["filters of the page"]
    return place


def several(label: str, key: str, options: Sequence[str]) -> tuple[str, ...]:
    """Draw a multi-select and return its values, kept in the URL; none means no restriction."""
    notice_unknown(key, options)
    chosen = tuple(
        st.multiselect(
            label,
            options,
            key=key,
            placeholder="All",
            disabled=not options,
            bind="query-params",
        )
    )
    receipt.choose(label, *chosen)
    return chosen


def one(label: str, key: str, options: Sequence[str], width: int) -> str:
    """Draw a select box and return its value, kept in the URL; `width` in pixels."""
    with st.container(width=width):
        chosen = _listed(label, options, key)
    receipt.choose(label, chosen)
    return chosen


def clamp(key: str, most: int) -> None:
    """Limit a number in the URL to the available maximum."""
    if st.session_state.get(key, 1) > max(most, 1):
        st.session_state[key] = max(most, 1)


def restart(key: str, paged: object) -> None:
    """Reset a page number to 1 if what is paged has changed since the last run."""
    before = st.session_state.get(f"{key} of")
    st.session_state[f"{key} of"] = paged
    if before not in (None, paged):
        st.session_state[key] = 1


def text(label: str, key: str, placeholder: str) -> str:
    """Draw a search box and return its text, kept in the URL."""
    found = st.text_input(
        label, key=key, placeholder=placeholder, max_chars=LONGEST_QUOTED, bind="query-params"
    )
    words = (found or "").strip()
    receipt.choose(label, words)
    return words


def _zones(settings: Settings) -> list[str]:
    """Return all time zones; the one in the settings is first and so the default."""
    return [settings.timezone, *sorted(time_zones() - {settings.timezone})]


def _offered(options: Mapping[str, str]) -> dict[str, str]:
    """Return the options with the default first."""
    return {"previous": options["previous"]} | dict(options)


def _worded(label: str, options: Mapping[str, str], key: str, help_: str | None = None) -> str:
    """Draw a choice by its words, which the URL keeps; return the option's name."""
    names = {words: name for name, words in options.items()}
    return names[_listed(label, list(names), key, help_)]


def _listed(
    label: str, options: Sequence[str], key: str, help_: str | None = None, default: int = 0
) -> str:
    """Draw a select box and return its word, kept in the URL."""
    notice_unknown(key, options)
    return st.selectbox(label, options, default, key=key, help=help_, bind="query-params")


def _period(today: date) -> Period:
    labels = [*PERIODS, CUSTOM]
    label = _listed("Period", labels, "period", default=labels.index(DEFAULT_PERIOD))
    if label != CUSTOM:
        st.query_params.pop(choices.BACK, None)
        return preset(PERIODS[label], today)
    month = (today - timedelta(days=30), today)
    notice_unknown("days", filter(_is_date, st.query_params.get_all("days")))
    days = st.date_input("Dates", month, EARLIEST, key="days", bind="query-params")
    chosen = [day for day in (days if isinstance(days, tuple) else (days,)) if day is not None]
    return Period(min(chosen, default=today), max(chosen, default=today) + timedelta(days=1))


def _narrowed(selection: Selection) -> Selection:
    """Draw the choices of teams, projects and people; return the selection with those chosen."""
    answers = data.answers({query: Ask(query, selection) for query in CHOICES})
    teams, projects, people = answers.values()
    st.session_state["offered"], st.session_state["options"] = (teams, projects), {}
    chosen = {
        "team": _several("Team", "team", teams),
        "project": _several("Project", "project", projects),
        "person": _several("Person", "person", people),
    }
    ids = [tuple(sorted(rows)) for rows in chosen.values()]
    names = {(noun, id_): name for noun, rows in chosen.items() for id_, name in rows.items()}
    return replace(selection, teams=ids[0], projects=ids[1], people=ids[2], names=names)


def _several(label: str, key: str, answer: Answer) -> dict[str, str]:
    """Draw a choice of rows by name; return the names by id; none means no restriction."""
    ids = data.kept(ids_by_name, answer.frame)
    st.session_state["options"][key] = ids
    notice_unknown(key, ids)
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
    return {ids[name]: name for name in names if name in ids}


def _spell_out(today: date) -> None:
    """Let a link use the command line's words: write the pages' words into the URL, and rerun.

    Only before the first run can a widget that is bound to the URL take another word from there.
    """
    words: dict[str, str | list[str]] = {
        key: options[asked]
        for key, options in WORDS.items()
        if key not in st.session_state and (asked := st.query_params.get(key, "")) in options
    }
    asked = st.query_params.get("period", "")
    if "period" not in st.session_state and ".." in asked:
        with suppress(ValueError):
            period = period_of(asked, today)
            words |= {"period": CUSTOM, "days": [str(period.start), str(period.last)]}
    if words:
        st.query_params.update(words)
        st.rerun()


def notice_unknown(key: str, known: Iterable[str]) -> None:
    """Say once which values in the URL are ignored because they are unknown."""
    if key in st.session_state:
        return
    for value in sorted(set(st.query_params.get_all(key)) - {*known, ""}):
        noun = KEYS_IN_WORDS.get(key, key)
        st.toast(
            f"Unknown {noun} in the link: {escaped(value[:LONGEST_QUOTED])}. It was ignored.",
            icon=":material/filter_alt_off:",
            duration="infinite",
        )


def _drop_unknown_categories() -> None:
    """Take unknown categories out of the URL, where no widget does it, and say so."""
    key = choices.IN_URL["category"]
    if not set(st.query_params.get_all(key)) <= set(CATEGORIES):
        notice_unknown(key, CATEGORIES)
        choices.put("category", choices.get("category"))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= EARLIEST
    except ValueError:
        return False


def _reset(zone: str) -> None:
    """Set every filter to its default; a key that is only removed is read from the URL again."""
    st.session_state.update(
        {
            "period": DEFAULT_PERIOD,
            "compare": COMPARISONS["previous"],
            "grain": GRAINS["auto"],
            "zone": zone,
            ANNOTATED: True,
            "team": [],
            "project": [],
            "person": [],
            **{key: none for key, none in OF_PAGES.items() if key in st.session_state},
        }
    )
    for kind in choices.IN_URL:
        choices.put(kind, ())
    st.session_state.pop("days", None)
