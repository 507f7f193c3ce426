"""Changes: the drawer that splits the change of a number, and each part of it again."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from meaux import charts
from meaux.charts.cells import name
from meaux.charts.layered import specification
from meaux.query import export
from meaux.query.filters import Selection
from meaux.query.metrics import DEFINITIONS, SMALLEST_CHANGE, Metric
from meaux.subjects import changes
from meaux.subjects.behind import BEHIND
from meaux.subjects.change_sentence import sentence
from meaux.subjects.changes import EXPLAINED, NOISE, Explained, top
from meaux.subjects.rows import DAYS, Opening
from meaux.ui import dataframe, explaining, files, opening, origin, visitor
from meaux.ui.drawer import arrival
from meaux.ui.drawer.dialog import opened, refuse
from meaux.ui.drawer.rows import LABELS
from meaux.ui.error_boundary import error_boundary
from meaux.ui.loading import data
from meaux.ui.text import LONGEST_QUOTED, escaped
from meaux.wording import counted, enumerated

BARS = 8
"""The number of bars of a split."""
LOOKED = "parts looked into"
"""The key in the session of how many parts were looked into."""
HINT = f"Choose a part, by a click on its bar or its row, to look into it. {dataframe.KEYS}"
MARKED = "marked"
"""The selection of a bar by a click."""
COLUMNS = ["Part", "Before", "After", "Change", "share_of_change"]
HELP = (
    "The split that explains the change with the fewest parts comes first. A split is explained "
    "by its largest parts that make up 80% of all rises and falls."
)


def drawer(selection: Selection) -> None:
    """Draw the drawer of the change in the URL, if it opens one; open rows come first."""
    wanted = explaining.read()
    if wanted is None or opening.read():
        return
    if not explaining.may(wanted):
        why = "isn't for your role" if wanted.metric in EXPLAINED else "isn't explained"
        refuse(
            f"The change of {escaped(wanted.metric[:LONGEST_QUOTED])} in the link {why}.",
            explaining.close,
        )
        return
    opened(f"What changed: {DEFINITIONS[wanted.metric].label}", _draw, explaining.close)(selection)


def _draw(selection: Selection) -> None:
    """Draw the change; a click inside the drawer reruns only this."""
    if not visitor.is_unchanged():
        st.rerun()
    wanted = explaining.read()
    if wanted is None:
        st.rerun()
    label = DEFINITIONS[wanted.metric].label
    with data.alone(f"what changed in {label}"), error_boundary(f"What changed in {label}"):
        options = changes.options(wanted, selection)
        asks = {ask: ask for change in options for ask in change.asks().values()}
        _explain(changes.explained(options, data.answers(asks)))
    arrival.at(f"{wanted.metric} {opening.written(wanted.of)}")


def _explain(found: Explained) -> None:
    """Draw the answer in a sentence, then the split, its rows and its files."""
    if why := found.unexplained:
        st.info(escaped(why), icon=":material/compare_arrows:")
        return
    with arrival.heading():
        st.markdown(f"**{escaped(sentence(found))}**")
    st.caption(escaped(_days(found)))
    _within(found)
    if found.splits:
        _split(found)
    _foot(found)


def _split(found: Explained) -> None:
    """Draw the chosen split."""
    group = _chosen(found)
    parts = found.splits[group]
    if not len(parts):
        st.info("No rows here.", icon=":material/inbox:")
        return
    _bars(found, group, parts)
    _table(found, group, parts)
    _look_into(found, group, parts)


def _days(found: Explained) -> str:
    """Name the days of both sides, the filters, and what has no amount."""
    over, compared = found.change.over, found.change.comparison
    if compared is None:
        return ""
    rows = f", {over.rows_in_words} only" if over.narrowed else ""
    today = " Today isn't complete and isn't compared." if over.today in over.period else ""
    without = _without_amount(found)
    return f"{compared.now} against {compared.then} ({over.zone}){rows}.{today}{without}"


def _without_amount(found: Explained) -> str:
    """Say how many rows of both sides aren't in the change; empty if none."""
    source = found.change.behind.source
    parts = [
        f"{counted(count, source.noun)} {source.lacking.get(kind, '')}".rstrip()
        for kind, count in found.left_out.items()
    ]
    return f" Not in the change: {enumerated(parts)}, in both periods together." if parts else ""


def _within(found: Explained) -> None:
    """Draw a button for each group that the change is within; it takes the group away."""
    of = found.change.opening.of
    if not of:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Within:", width="content")
        for group, value in of:
            name = found.name(group, value)[:LONGEST_QUOTED]
            rest = tuple(pair for pair in of if pair != (group, value))
            st.button(
                f"{_label(group)}: {escaped(name)}",
                key=f"within {group} {value}",
                on_click=explaining.open_,
                args=(Opening(found.change.opening.metric, rest),),
                icon=":material/close:",
                help="Take this away",
            )


def _label(group: str) -> str:
    return "Day" if group == DAYS else LABELS.get(group, group.capitalize())


def _chosen(found: Explained) -> str:
    """Draw the choice of the split; the URL keeps it, and the deepest is the default."""
    groups = list(found.splits)
    told = explaining.split()
    key = f"split of {opening.written(found.change.opening.of)}"
    st.session_state[key] = told if told in groups else groups[0]
    st.segmented_control(
        "Split by",
        groups,
        format_func=_label,
        required=True,
        key=key,
        on_change=lambda: explaining.split_by(st.session_state[key]),
        help=HELP,
    )
    return str(st.session_state[key])


def _bars(found: Explained, group: str, parts: pd.DataFrame) -> None:
    """Draw the largest rises and falls; a click on one splits the change within it."""
    moved = parts[parts["change"].abs() > NOISE]
    if moved.empty:
        return
    metric, shown = found.change.metric, top(moved, BARS)
    before, after = shown["before"], shown["after"]
    frame = pd.DataFrame(
        {
            "name": shown["name"],
            metric.name: shown["change"],
            "share_change": shown["change"] / before.where(before > 0),
            "word": ["new" if then == 0 else "" for then in before],
        }
    )
    frame["word"] = frame["word"].where(after != 0, "gone")
    spec = data.kept(_specification, frame, metric)
    key = _key(f"bars by {group} of", found)
    values = {
        name(label): value for label, value in zip(shown["name"], shown["value"], strict=True)
    }

    def pick() -> None:
        for mark in st.session_state[key]["selection"][MARKED]:
            _open_within(found, group, values.get(mark.get("label")))

    st.vega_lite_chart(
        spec={**spec}, width="stretch", key=key, on_select=pick, selection_mode=MARKED
    )


def _specification(frame: pd.DataFrame, metric: Metric) -> dict[str, object]:
    return specification(charts.movers(frame, metric, label="name"))


def _table(found: Explained, group: str, parts: pd.DataFrame) -> None:
    """Draw the parts; a click on one splits the change within it."""
    key = _key(f"parts by {group} of", found)

    def pick() -> None:
        for row in st.session_state[key]["selection"]["rows"]:
            _open_within(found, group, parts["value"].iloc[row])

    st.caption(HINT)
    dataframe.rows(
        "What changed",
        _named(parts, group),
        found.change.selection,
        found.change.metric.unit,
        _label(group),
        key=key,
        on_select=pick,
        selection_mode="single-row",
    )


def _named(parts: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the parts with the columns of a table."""
    return pd.DataFrame(
        {
            _label(group): parts["name"],
            "Before": parts["before"],
            "After": parts["after"],
            "Change": parts["change"],
            "share_of_change": parts["share"].where(parts["share"].abs() >= SMALLEST_CHANGE, 0.0)
            if parts["share"].notna().any()
            else parts["share"],
        }
    )


def _look_into(found: Explained, group: str, parts: pd.DataFrame) -> None:
    """Draw the choice of a part, which splits the change within it; keys suffice for it."""
    key = _key(f"within one {group} of", found)
    names = dict(zip(parts["value"], parts["name"], strict=True))
    st.selectbox(
        "Look into",
        list(names),
        None,
        lambda value: names[value],
        key=key,
        on_change=lambda: _open_within(found, group, st.session_state[key]),
        placeholder="Choose a part",
    )


def _key(of: str, found: Explained) -> str:
    """Return the key of a choice of parts; once one was looked into, nothing is chosen any more."""
    count = st.session_state.get(LOOKED, 0)
    return f"{of} {opening.written(found.change.opening.of)}{f' {count}' if count else ''}"


def _open_within(found: Explained, group: str, value: object) -> None:
    """Open the change within one value of a group; all others together are none."""
    st.session_state[LOOKED] = st.session_state.get(LOOKED, 0) + 1
    if isinstance(value, str) and (value or group != DAYS):
        of = (*found.change.opening.of, (group, value))
        explaining.open_(Opening(found.change.opening.metric, of))


def _foot(found: Explained) -> None:
    """Draw the ways to the rows of both sides, the CSV of all splits, and the SQL."""
    metric = found.change.metric
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if metric.name in BEHIND:
            opening.button(found.rows_of("now"), "what changed")
            opening.button(found.rows_of("then"), "what it was before", "Show earlier rows")
        files.button(
            "Download CSV",
            lambda: export.csv(_file(found), unit=metric.unit),
            export.file_name(f"what changed {metric.label}", found.change.over, "csv"),
            type="tertiary",
            disabled=not found.splits,
        )
    origin.folded((found.answers["now"], found.answers["then"]), "what changed")


def _file(found: Explained) -> pd.DataFrame:
    """Return all parts of all splits."""
    return pd.concat(
        [
            _named(parts, group).set_axis(COLUMNS, axis=1).assign(**{"Split by": _label(group)})
            for group, parts in found.splits.items()
        ],
        ignore_index=True,
    )[["Split by", *COLUMNS]]
