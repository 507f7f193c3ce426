"""Fan: a daily line and where it is going."""

from __future__ import annotations

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.metrics import Metric


def fan(
    history: pd.DataFrame,
    metric: Metric,
    forecast: pd.DataFrame,
    *,
    marks: pd.DataFrame | None = None,
    budget: float | None = None,
) -> alt.LayerChart:
    """Fan: a daily line and where it is going."""
    return description.blank(metric)
