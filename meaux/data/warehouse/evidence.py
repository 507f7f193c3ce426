"""Evidence: the rows of the source that its binding was made from, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meaux.data.database import Meta, Rows
from meaux.data.schema import Binding, Catalog, Model, bind, read_catalog
from meaux.errors import Unloaded

FORMAT = 2
"""The number of this format; a copy in another one has to be loaded again."""


@dataclass(frozen=True)
class Evidence:
    """The answers about a source: its schema, sampled rows, names, and which tables have rows.

    `source` is the title of the source. `left_out` are the tables that it can't read, with reasons.
    The other fields are the arguments of `read_catalog` and `bind`.
    """

    schema: tuple[Rows, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, Rows] = field(default_factory=dict)
    names: Mapping[str, Rows] = field(default_factory=dict)
    counted: Mapping[tuple[str, str], Rows] = field(default_factory=dict)
    source: str = ""

    def catalog(self) -> Catalog:
        """Return the tables, columns and indexes of the source."""
        return read_catalog(self.schema, self.left_out)

    def bound(self, model: Model) -> tuple[Catalog, Binding]:
        """Return the catalog of the source and the binding of a model to it."""
        catalog = self.catalog()
        return catalog, bind(model, catalog, self.samples, self.names, self.counted)

    def written(self) -> str:
        """Return all of it as JSON; bytes are lists of numbers, as in D1's answers."""
        parts = {
            "format": FORMAT,
            "source": self.source,
            "schema": [_rows(one) for one in self.schema],
            "left_out": dict(self.left_out),
            "samples": {name: _rows(one) for name, one in self.samples.items()},
            "names": {name: _rows(one) for name, one in self.names.items()},
            "counted": [[*key, _rows(one)] for key, one in self.counted.items()],
        }
        return json.dumps(parts, ensure_ascii=True, default=list)

    @classmethod
    def read(cls, text: str) -> Evidence:
        """Read what `written` returned.

        Raises:
            Unloaded: It was written by a version with another format.
        """
        parts = json.loads(text)
        if parts["format"] > FORMAT:
            raise Unloaded("its copy was loaded by a newer version", "Update this installation.")
        if parts["format"] < FORMAT:
            raise Unloaded("its copy was loaded by an older version")
        return cls(
            tuple(map(_read, parts["schema"])),
            parts["left_out"],
            {name: _read(one) for name, one in parts["samples"].items()},
            {name: _read(one) for name, one in parts["names"].items()},
            {(table, name): _read(one) for table, name, one in parts["counted"]},
            parts["source"],
        )


def _rows(rows: Rows) -> dict[str, Any]:
    return {"columns": rows.columns, "rows": rows.rows}


def _read(rows: Mapping[str, Any]) -> Rows:
    return Rows(tuple(rows["columns"]), [tuple(row) for row in rows["rows"]], Meta(None, 0.0, ""))
