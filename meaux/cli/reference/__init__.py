"""The reference: documentation pages generated from the code, each by a module of its name."""

from typing import Any

from meaux.cli.reference import alerts, commands, metrics, queries, schema, settings
from meaux.data.schema import read_model

HEAD = "<!-- Written by `make docs` from the code; a test compares them. -->\n"


def pages(command: Any) -> dict[str, str]:
    """Return all reference pages by file name; `command` is the root of the command line."""
    model = read_model()
    written = {
        "metrics.md": metrics.page(),
        "schema.md": schema.page(model),
        "queries.md": queries.page(model),
        "alerts.md": alerts.page(),
        "settings.md": settings.page(),
        "cli.md": commands.page(command),
    }
    return {name: HEAD + "\n".join(lines) + "\n" for name, lines in written.items()}
