"""Access log: who asked for what, as lines of JSON on standard output.

A line never contains a value of a row, a value of a filter, a key or a token.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from threading import Lock

_lock = Lock()


def write(  # noqa: PLR0913, PLR0917  each is in the line
    who: str,
    what: str,
    status: int,
    queries: Iterable[str] = (),
    rows_read: int = 0,
    milliseconds: float = 0.0,
) -> None:
    """Write one line: `what` is an endpoint or a page, `queries` are the names of SQL texts."""
    entry = {
        "log": "access",
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": who,
        "what": what,
        "status": status,
        "queries": sorted(set(queries)),
        "rows_read": rows_read,
        "milliseconds": round(milliseconds, 1),
    }
    line = json.dumps(entry, ensure_ascii=True)
    with _lock:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
