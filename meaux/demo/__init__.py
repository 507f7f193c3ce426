"""The demo database: eighteen months of data of a fictional studio, the same for each seed."""

from meaux.demo.database import DEFAULT_PATH, build, ensure, last_day

__all__ = ["DEFAULT_PATH", "build", "ensure", "last_day"]
