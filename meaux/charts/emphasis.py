"""Emphasis: marks that are seen where something holds, and less or not at all elsewhere."""

from __future__ import annotations

from typing import Any

import altair as alt


def opacity(where: Any, full: float, rest: float) -> alt.OpacityValue:
    """The opacity `full` where a selection or a condition holds, `rest` elsewhere."""
    return alt.OpacityValue(**alt.when(where).then(alt.value(full)).otherwise(alt.value(rest)))
