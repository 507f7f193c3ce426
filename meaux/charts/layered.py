"""Layered: what every chart is in the end, layers one upon another whose marks can be heard."""

from __future__ import annotations

from typing import Any

import altair as alt
from altair.typing import ChartType

from meaux.charts.spoken import spoken

Drawn = ChartType
"""What a chart is, whatever it is made of."""

PADDING = {"left": 0, "right": 0, "top": 0, "bottom": 4}
"""The room around a chart in pixels; its card has its own."""


class _Layered(alt.LayerChart):  # type: ignore[misc]  # no stubs
    """Layers that are drawn without being held to Vega-Lite's schema once more.

    The tests hold every chart to it. Doing it again whenever a page is drawn would take a sixth of
    the page's time. For the same reason channels are given as classes, `alt.OpacityValue(1)`: from
    `alt.value(1)` Altair would find the class anew each time.
    """

    def to_dict(self, validate: bool = False, **how: Any) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """The specification, as `alt.LayerChart.to_dict` gives it."""
        spec: dict[str, Any] = super().to_dict(validate=validate, **how)
        return spec


def layered(*layers: Any, description: str, height: float | None = None) -> alt.LayerChart:
    """A chart of some layers, the first at the back; None is no layer."""
    sized = {} if height is None else {"height": height, "padding": PADDING}
    drawn = _Layered(layer=[spoken(layer) for layer in layers if layer is not None])
    return drawn.properties(**sized, description=description)
