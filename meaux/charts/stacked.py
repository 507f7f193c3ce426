"""Stacked: horizontal bars made of parts."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.metrics import Metric


def stacked(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    series: str,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Stacked: horizontal bars made of parts."""
    return description.blank(metric)
