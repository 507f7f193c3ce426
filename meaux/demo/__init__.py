"""The demo database: eighteen months of an invented studio, the same for the same seed."""

from meaux.demo.database import DEFAULT_PATH, build, ensure, last_day

__all__ = ["DEFAULT_PATH", "build", "ensure", "last_day"]
