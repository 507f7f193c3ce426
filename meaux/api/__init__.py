"""API: the dashboard's queries, metrics and reports over HTTP, for scripts.

It runs in the process of the pages, below `/api`, and reads through the same cache: `mounted` gets
from the pages a `Service` for that.
"""

from meaux.api.mount import mounted
from meaux.api.service import Service

__all__ = ["Service", "mounted"]
