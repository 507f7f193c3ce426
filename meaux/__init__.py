"""Meaux Analytics: the operations dashboard for a business that runs on Cloudflare D1."""

import os

# Forecasts multiply small matrices. Several threads would mostly wait for each other: that doubles
# the processor time of a forecast. NumPy and SciPy read this variable when they are imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
