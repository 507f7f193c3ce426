"""Budgets: what is spent of each budget."""

from __future__ import annotations

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.metrics import Metric


def budgets(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """Budgets: what is spent of each budget."""
    return description.blank(metric)
