"""Asks: a card's SQL as one statement for one database and selection."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from meaux.data.database import Rows
from meaux.data.schema import Binding, Catalog
from meaux.data.schema.secrets import Secrecy
from meaux.errors import MeauxError
from meaux.query.answers import Ask
from meaux.query.queries import Compiled, NotForTeams, Query, Unanswerable, compile_query
from meaux.query.queries.calls import positional
from meaux.query.queries.compiler import with_chosen_clauses
from meaux.query.queries.reader import parameters_in
from meaux.subjects.health.sql import LIVE, CopiedTables, Refused, read
from meaux.subjects.own import language, native
from meaux.subjects.own.folder import CardFile
from meaux.subjects.own.heading import Mistake

LOG = logging.getLogger(__name__)

MOST_ROWS = 1_000
"""The most rows that a card shows."""

WHOLE_DATABASE = "rows of the whole database: its SQL is on the database's own tables"

NOT_ON_A_COPY = (
    "This card's SQL is on the source's own tables, which the copy on ClickHouse doesn't have. "
    "Write it on logical tables (docs/cards.md), or open the source."
)

ONLY_ON_A_COPY = (
    "This card's SQL is ClickHouse's, on the tables of a copy. Open the copy (docs/scale.md), or "
    "write it on logical tables (docs/cards.md)."
)

SCHEMA = Query("schema", "The schema now.", "", frozenset(), (), (), Path(), 0, {})
"""Stands for the statement that reads the schema; it has no named columns."""


def query_of(card: CardFile, sql: str) -> Query:
    """Return a card's SQL as a query on logical tables; its name is that of the file."""
    return Query(
        card.name,
        card.about,
        f"SELECT * FROM (\n{sql.strip()}\n) LIMIT {MOST_ROWS + 1}",
        frozenset(card.heading.optional),
        (),
        language.chosen_by(sql),
        Path(card.name),
        1,
        {},
    )


class Mistaken(Unanswerable):
    """A card's SQL is wrong with the filters as they are, for this reason."""

    def __init__(self, sentence: str) -> None:
        self.lacking = (sentence,)
        MeauxError.__init__(self, sentence)


@dataclass(frozen=True)
class OwnAsk(Ask):
    """A card's SQL on a selection; its answer tells only whether there are rows.

    `sql` is without comments; `native`: it is ClickHouse's, on the tables of the open copy
    (`copied`), if one is open. The rows themselves, with the columns that the SQL names, are in
    `Answer.fetched`.
    """

    sql: str = ""
    product: bool = False
    native: bool = False
    catalog: Catalog = field(default_factory=lambda: Catalog({}), compare=False)
    secrecy: Secrecy = field(default_factory=Secrecy)
    copied: CopiedTables | None = field(default=None, compare=False)

    def compiled(self, binding: Binding) -> Compiled:
        """Return the statement that answers it, or raise Unanswerable."""
        if not self.product and self.selection.only is not None:
            raise NotForTeams([WHOLE_DATABASE])
        if not self.product and self.native != binding.is_copy:
            raise Mistaken(ONLY_ON_A_COPY if self.native else NOT_ON_A_COPY)
        try:
            if self.copied and self.native:
                return self._on_copied_tables(self.copied)
            return self._on_logical_tables(binding) if self.product else self._on_physical_tables()
        except Unanswerable:
            raise
        except (Mistake, Refused) as wrong:
            reason = str(wrong).rstrip(".")
            said = f"{self.query.name}, without the clauses in [[ ]] that aren't in use: {reason}."
            raise Mistaken(said) from None
        except Exception as error:
            # Whatever it is, the other cards of the page stand.
            LOG.exception("%s can't be compiled", self.query.name)
            raise Mistaken(f"{self.query.name}: this SQL can't be compiled.") from error

    def missing(self, binding: Binding) -> Mapping[str, str]:
        """Return what each missing optional table or column would need, or raise Unanswerable."""
        return super().missing(binding) if self.product else {}

    def frame(self, rows: Rows) -> pd.DataFrame:
        """Return a row per row, without its values."""
        return pd.DataFrame({"row": range(len(rows.rows))})

    def _on_logical_tables(self, binding: Binding) -> Compiled:
        if self.selection.only is not None:
            written = with_chosen_clauses(self.sql, self.selection.parameters(), binding.tables)
            why = language.refuse_what_is_narrowed(written, self.catalog, binding.model)
            if why:
                raise NotForTeams([why])
        found = compile_query(self.query, binding, self.selection)
        # Its columns are known only from its rows.
        return replace(found, statement=replace(found.statement, width=None, own=True))

    def _on_physical_tables(self) -> Compiled:
        first, last = self.selection.bounds
        given: dict[str, str | float] = {
            **self.selection.parameters(),
            "start_seconds": first,
            "end_seconds": last,
        }
        written = with_chosen_clauses(self.sql, given)
        unset = parameters_in(written) - given.keys()
        if unset:
            raise Mistake(0, f"the parameter :{min(unset)} in [[ … ]]")
        asked = positional(written, given)
        reading = read(asked.sql)
        if reading.explains:
            raise Mistake(0, "a SELECT instead of EXPLAIN")
        language.guarded(reading, self.catalog, self.secrecy)
        statement = replace(
            reading.limited(MOST_ROWS + 1, [str(value) for value in asked.params]), own=True
        )
        timed = "period" in language.uses(written, product=False)
        return Compiled(self.query, statement, {}, {}, timed=timed)

    def _on_copied_tables(self, tables: CopiedTables) -> Compiled:
        asked = native.statement(self.sql, self.selection, tables, MOST_ROWS + 1)
        timed = "period" in language.uses(self.sql, product=False)
        return Compiled(self.query, asked, {}, {}, timed=timed)


@dataclass(frozen=True)
class SchemaAsk(Ask):
    """The schema as it is now, with which the guard checks what was read of physical tables.

    `of` is the SQL of a page's cards; `copied` are the tables of an open copy. The statement
    differs with `of` and with the filters, so that it is read in the call that reads their rows,
    and isn't older than they are.
    """

    of: tuple[str, ...] = ()
    copied: CopiedTables | None = field(default=None, compare=False)

    def compiled(self, binding: Binding) -> Compiled:
        """Return the statement that reads it."""
        if self.selection.only is not None:
            raise NotForTeams([WHOLE_DATABASE])
        if binding.is_copy and self.copied is None:
            raise Mistaken(NOT_ON_A_COPY)
        told = repr((self.of, sorted(self.selection.parameters().items())))
        mark = sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        live, place = LIVE, "\n  AND"
        if self.copied is not None:
            live, place = self.copied.live, "\nHAVING"
        return Compiled(self.query, replace(live, sql=f"{live.sql}{place} '{mark}' <> ''"), {}, {})

    def frame(self, rows: Rows) -> pd.DataFrame:
        """Return a row per table, without its values."""
        return pd.DataFrame({"row": range(len(rows.rows))})
