"""The command line: a demo to try, a look at the database, rows, alerts, the reference pages."""

from meaux.cli.app import app

__all__ = ["app"]
