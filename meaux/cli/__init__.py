"""The command line: a demo, a look at the database, rows, alerts, numbers to collect, docs."""

from meaux.cli.app import app

__all__ = ["app"]
