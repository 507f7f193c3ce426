"""Choice: how marks show the selection by a click or the pointer."""

from __future__ import annotations

from typing import Any

import altair as alt

SIZE = 260


def opacity(where: Any, full: float, rest: float) -> alt.OpacityValue:
    """Return the opacity `full` if a selection or a condition applies, otherwise `rest`."""
    return alt.OpacityValue(**alt.when(where).then(alt.value(full)).otherwise(alt.value(rest)))


def picked() -> Any:
    """Select the series chosen in the legend; add it to the first layer that has this legend."""
    return alt.selection_point(name="picked", fields=["series"], bind="legend")


def marked(**how: Any) -> Any:
    """Select the marks of a label by a click; add it to the layer of these marks."""
    return alt.selection_point(name="marked", fields=["label"], on="click", **how)


def celled(**how: Any) -> Any:
    """Select the cells of a grid by a click, by the names of their row and column."""
    return alt.selection_point(name="celled", fields=["row_name", "column_name"], on="click", **how)


def dated(*, empty: bool = True, **how: Any) -> Any:
    """Select days, weeks or months by a click; `empty`: none selected is like all."""
    return alt.selection_point(name="dated", fields=["at"], on="click", empty=empty, **how)


def faint(rest: float) -> Any:
    """Return full opacity for the selected series, `rest` for all others."""
    return opacity(picked(), 1, rest)


def faint_fill(rest: float) -> Any:
    """Return a full fill for the marks of the selected label, `rest` for all others."""
    return alt.FillOpacityValue(**alt.when(marked()).then(alt.value(1)).otherwise(alt.value(rest)))


def hovered(marks: Any, full: float, **how: Any) -> Any:
    """Show marks only while the pointer is on them; `how` defines the selection."""
    under = _under(**how)
    return marks.encode(opacity=opacity(under, full, 0)).add_params(under)


def hovered_days(marks: Any, full: float, **how: Any) -> Any:
    """Show the marks of days while the pointer is on them, and once a click has selected them."""
    under = _under(**how)
    selected = dated(
        empty=False, **{name: value for name, value in how.items() if name != "fields"}
    )
    return marks.encode(opacity=opacity(under | selected, full, 0)).add_params(under, selected)


def _under(**how: Any) -> Any:
    return alt.selection_point(
        name="hovered", on="pointerover", clear="pointerout", empty=False, **how
    )


def ring(points: Any) -> Any:
    """Draw a ring around the point nearest to the pointer, with that point's tooltip."""
    rings = points.mark_point(size=SIZE, stroke="currentColor", strokeWidth=1.5)
    return hovered(rings, 0.8, nearest=True)
