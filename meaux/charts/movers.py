"""Movers: what rose and what fell."""

from __future__ import annotations

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.metrics import Metric


def movers(frame: pd.DataFrame, metric: Metric, *, label: str) -> alt.LayerChart:
    """Movers: what rose and what fell."""
    return description.blank(metric)
