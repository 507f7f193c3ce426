"""A source: one open database, and what of the product's model it holds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TypeVar

from meaux import demo
from meaux.data.database import (
    D1,
    Database,
    Fetched,
    Meta,
    Outcome,
    Rows,
    SQLiteFile,
    Statement,
    fetch_each,
)
from meaux.data.database.retries import ends_the_batch
from meaux.data.faults import Fault
from meaux.data.schema import (
    Binding,
    Catalog,
    Model,
    bind,
    counting,
    introspection,
    makers,
    mapped,
    naming,
    read_catalog,
    read_model,
    sampled,
    unreadable,
)
from meaux.data.settings import PROJECT, Settings
from meaux.errors import QueryError, SettingError

SCHEMA_OVERRIDE = PROJECT / ".streamlit" / "schema.toml"
DEMO_HOUR = time(15, 30)
"""The time of day at which the demo's data end where the date is pinned."""

REFUSALS = 3
"""How often the schema is asked for again; the last time without whatever may be unreadable."""

NO_ROWS = Rows((), [], Meta(None, 0.0, ""))

Name = TypeVar("Name", bound=Hashable)
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Source:
    """A database and its binding."""

    database: Database
    catalog: Catalog
    binding: Binding
    fetched: Mapping[Statement, Fetched] = field(default_factory=dict)

    @property
    def faults(self) -> list[Fault]:
        """What of the mapping, and of the database's own tables, can't be used."""
        return [*self.binding.model.faults, *self.catalog.faults]

    @property
    def key(self) -> str:
        """What tells this source from any other, in a cache key."""
        return f"{self.database.name} {self.binding.fingerprint}"


def connect(settings: Settings, progress: Progress | None = None) -> Database:
    """The database that the settings name; the demo is built first where it is missing or old.

    Raises:
        DatabaseError: the file can't be opened.
        SettingError: the file that is named does not exist.
    """
    match settings.source:
        case "file":
            return SQLiteFile(_file(settings.database))
        case "d1":
            token = settings.api_token.reveal()
            return D1(settings.account_id, settings.database_id, token, settings.base_url)
    demo.ensure(demo.DEFAULT_PATH, now=demo_now(settings), progress=progress)
    return SQLiteFile(demo.DEFAULT_PATH)


def _file(named: str) -> Path:
    """The file that the settings name."""
    path = Path(named)
    try:
        path = path.expanduser()
        is_there = path.is_file()
    except (OSError, RuntimeError):  # too long a name, a home of nobody
        is_there = False
    if not is_there:
        raise SettingError(f"MEAUX_DATABASE names {path.name}, but there is no such file.")
    return path


def demo_now(settings: Settings) -> datetime:
    """The moment at which the demo's data end."""
    if settings.today is None:
        return datetime.now(UTC)
    return datetime.combine(settings.today, DEMO_HOUR, UTC)


def open_source(
    database: Database,
    override: Path | None = None,
    also: Callable[[Binding], Sequence[Statement]] = lambda _: (),
) -> Source:
    """Read the schema and bind the model to it, in two calls: what is there, then a few rows.

    `also` names statements to fetch on the way, with the second call: their rows come in
    `Source.fetched`.

    Raises:
        DatabaseError: the database gives no answer.
    """
    return _bound(database, read_model(override or SCHEMA_OVERRIDE), _catalog(database), also)


def remapped(
    opened: Source, lines: str, also: Callable[[Binding], Sequence[Statement]] = lambda _: ()
) -> Source:
    """The same database, read by a mapping on top of the one it was opened with, in one call.

    `lines` are those of a `schema.toml`; `also` is as in `open_source`. The source that was opened
    stays what it is.

    Raises:
        DatabaseError: the database gives no answer.
        SchemaError: the mapping can't be used.
    """
    return _bound(opened.database, mapped(opened.binding.model, lines), opened.catalog, also)


def _bound(
    database: Database,
    model: Model,
    catalog: Catalog,
    also: Callable[[Binding], Sequence[Statement]],
) -> Source:
    """The model bound to a database of a known catalog, for one call."""
    samples = sampled(model, catalog)
    extra = also(bind(model, catalog, dict.fromkeys(samples, NO_ROWS)))
    named, counted = naming(model, catalog), counting(model, catalog)
    asked = [*samples.values(), *named.values(), *counted.values(), *extra]
    came = dict(zip(asked, fetch_each(database, asked), strict=True))
    rows = (_readable(samples, came), _readable(named, came), _readable(counted, came))
    kept = {statement: one for statement in extra if isinstance(one := came[statement], Fetched)}
    return Source(database, catalog, bind(model, catalog, *rows), kept)


def _readable(
    asked: Mapping[Name, Statement], came: Mapping[Statement, Outcome]
) -> dict[Name, Rows]:
    """The rows of what was asked, without those of a table that the database can't read."""
    rows: dict[Name, Rows] = {}
    for name, statement in asked.items():
        match came[statement]:
            case Fetched() as fetched:
                rows[name] = fetched.rows
            case QueryError():
                pass
            case failure:
                raise failure
    return rows


def _catalog(database: Database) -> Catalog:
    """What there is, without the views and virtual tables that the database can't read.

    It refuses the whole schema for one of them, and says what that one lacks.
    """
    left_out: dict[str, str] = {}
    made: dict[str, str] = {}
    for refusals_left in reversed(range(REFUSALS + 1)):
        try:
            return read_catalog(database.fetch(introspection(left_out)), left_out)
        except QueryError as refusal:
            if ends_the_batch(refusal) or not refusals_left:
                raise
            made = made or dict(database.fetch([makers()])[0].rows)
            rest = {name: sql for name, sql in made.items() if name not in left_out}
            meant = unreadable(rest, refusal) if refusals_left > 1 else {}
            left_out |= meant or dict.fromkeys(rest, refusal.message.rstrip("."))
    raise AssertionError
