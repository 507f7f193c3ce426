"""Cumulative: a running total over the days of the month."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.metrics import Metric


def cumulative(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    series: str,
    budget: float | None = None,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Cumulative: a running total over the days of the month."""
    return description.blank(metric)
