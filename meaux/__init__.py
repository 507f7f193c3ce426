"""Meaux Analytics: the operations dashboard for a business that runs on Cloudflare D1."""

import os

# NumPy reads it when it is imported, which comes after this. Its matrices here are small: more
# threads take twice the processor time, because they wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
