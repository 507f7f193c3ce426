"""Bars: a column for each day, week or month."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.metrics import Metric


def bars(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    x: str = "day",
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
    grain: str = "day",
) -> alt.LayerChart:
    """Bars: a column for each day, week or month."""
    return description.blank(metric)
