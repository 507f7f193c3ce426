"""A source: one open database, and the parts of the model that it has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TypeVar

from meaux import demo
from meaux.data.database import (
    D1,
    Copy,
    Database,
    Fetched,
    Meta,
    Metered,
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
from meaux.data.settings import CLOUDFLARE_API, PROJECT, Settings
from meaux.data.warehouse import Evidence
from meaux.data.warehouse.address import Address
from meaux.data.warehouse.bound import on_copy
from meaux.errors import QueryError, SchemaError, SettingError, Unloaded

SCHEMA_OVERRIDE = PROJECT / ".streamlit" / "schema.toml"
DEMO_HOUR = time(15, 30)
"""The time of day at which the demo's data end if the date is fixed."""

REFUSALS = 3
"""How often the schema is requested again; the last time without possibly unreadable objects."""

NO_ROWS = Rows((), [], Meta(None, 0.0, ""))

Name = TypeVar("Name", bound=Hashable)
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Source:
    """A database, its binding, and the rows that the binding was made from."""

    database: Database
    catalog: Catalog
    binding: Binding
    evidence: Evidence = field(repr=False)
    fetched: Mapping[Statement, Fetched] = field(default_factory=dict)

    @property
    def faults(self) -> list[Fault]:
        """Invalid entries of the mapping, and unusable tables of the database."""
        return [*self.binding.model.faults, *self.catalog.faults]

    @property
    def key(self) -> str:
        """A text unique to this source, for cache keys."""
        return f"{self.database.name} {self.binding.fingerprint}"


def connect(settings: Settings, progress: Progress | None = None) -> Database:
    """Open the database of the settings; build the demo first if it is missing or old.

    Raises:
        DatabaseError: the file can't be opened.
        SettingError: the file doesn't exist, or the gateway has a key and no address.
    """
    match settings.source:
        case "file":
            return SQLiteFile(_file(settings.database))
        case "clickhouse":
            return _clickhouse(settings)
        case "d1":
            return Metered(_d1(settings), settings.rows_a_day)
    demo.ensure(demo.DEFAULT_PATH, now=demo_now(settings), progress=progress)
    return SQLiteFile(demo.DEFAULT_PATH)


def _clickhouse(settings: Settings) -> Database:
    """Open a copy on ClickHouse.

    Raises:
        SettingError: the address is none.
    """
    # Its driver and the parser of its statements take half a second to import.
    from meaux.data.database.clickhouse import ClickHouse, Place  # noqa: PLC0415

    address = Address.read(settings.database, "MEAUX_DATABASE")
    return ClickHouse(
        Place(
            address.database,
            address.host,
            address.port,
            address.secure,
            address.user,
            settings.database_password.reveal(),
            address.folder,
        )
    )


def _d1(settings: Settings) -> D1:
    """Open D1 over its API, or through the gateway, whose key nobody else must see."""
    if settings.gateway_key and settings.base_url == CLOUDFLARE_API:
        raise SettingError(
            "To read through the gateway, also set CLOUDFLARE_API_BASE_URL to its address."
        )
    return D1(
        settings.account_id,
        settings.database_id,
        settings.api_token.reveal(),
        settings.base_url,
        gateway_key=settings.gateway_key.reveal(),
    )


def _file(named: str) -> Path:
    """Return the path of the file in the settings."""
    path = Path(named)
    try:
        path = path.expanduser()
        is_there = path.is_file()
    except (OSError, RuntimeError):  # too long a name, a home of nobody
        is_there = False
    if not is_there:
        raise SettingError(f"MEAUX_DATABASE points to {path.name}, but the file doesn't exist.")
    return path


def demo_now(settings: Settings) -> datetime:
    """Return the time at which the demo's data end."""
    if settings.today is None:
        return datetime.now(UTC)
    return datetime.combine(settings.today, DEMO_HOUR, UTC)


def open_source(
    database: Database,
    override: Path | None = None,
    also: Callable[[Binding], Sequence[Statement]] | None = None,
) -> Source:
    """Read the schema and bind the model to it, in two calls: the schema, then a few rows.

    `also` returns more statements for the second call; their rows are in `Source.fetched`.

    Raises:
        DatabaseError: the database doesn't respond.
    """
    model = read_model(override or SCHEMA_OVERRIDE)
    if isinstance(database, Copy):
        return _copied(database, model, also)
    return _bound(database, model, schema_of(database), also)


def remapped(
    opened: Source, lines: str, also: Callable[[Binding], Sequence[Statement]] | None = None
) -> Source:
    """Bind the same database with a mapping added to the current one, in one call.

    `lines` is text in the format of `schema.toml`; `also` is as in `open_source`. The opened source
    doesn't change.

    Raises:
        DatabaseError: the database doesn't respond.
        SchemaError: the mapping is invalid, or the database is a copy.
    """
    if isinstance(opened.database, Copy):
        raise SchemaError(
            "A copy can't be mapped. Add the mapping to schema.toml and load the copy again."
        )
    return _bound(opened.database, mapped(opened.binding.model, lines), opened.evidence, also)


def _bound(
    database: Database,
    model: Model,
    schema: Evidence,
    also: Callable[[Binding], Sequence[Statement]] | None,
) -> Source:
    """Bind the model to a database of a known schema, in one call."""
    catalog = schema.catalog()
    samples = sampled(model, catalog)
    extra = also(bind(model, catalog, dict.fromkeys(samples, NO_ROWS))) if also else ()
    named, counted = naming(model, catalog), counting(model, catalog)
    asked = [*samples.values(), *named.values(), *counted.values(), *extra]
    came = dict(zip(asked, fetch_each(database, asked), strict=True))
    evidence = replace(
        schema,
        samples=_readable(samples, came),
        names=_readable(named, came),
        counted=_readable(counted, came),
    )
    kept = {statement: one for statement in extra if isinstance(one := came[statement], Fetched)}
    return Source(database, *evidence.bound(model), evidence, kept)


def _copied(
    database: Copy, model: Model, also: Callable[[Binding], Sequence[Statement]] | None
) -> Source:
    """Bind the model as on the source of a copy, and read the copy's tables.

    Raises:
        Unloaded: nothing is loaded yet, or by another version.
    """
    stored = database.evidence()
    if not stored:
        raise Unloaded
    evidence = Evidence.read(stored)
    catalog, binding = evidence.bound(model)
    binding = on_copy(binding)
    extra = also(binding) if also else ()
    came = zip(extra, fetch_each(database, extra), strict=True)
    kept = {statement: one for statement, one in came if isinstance(one, Fetched)}
    return Source(database, catalog, binding, evidence, kept)


def _readable(
    asked: Mapping[Name, Statement], came: Mapping[Statement, Outcome]
) -> dict[Name, Rows]:
    """Return the rows of each statement, without tables that the database can't read."""
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


def schema_of(database: Database) -> Evidence:
    """Read the schema without the views and virtual tables that the database can't read.

    One of them makes the database refuse the whole schema, with a message that names what is
    missing.
    """
    left_out: dict[str, str] = {}
    made: dict[str, str] = {}
    for refusals_left in reversed(range(REFUSALS + 1)):
        try:
            answers = tuple(database.fetch(introspection(left_out)))
            read_catalog(answers, left_out)
            return Evidence(answers, dict(left_out), source=database.title)
        except QueryError as refusal:
            if ends_the_batch(refusal) or not refusals_left:
                raise
            made = made or dict(database.fetch([makers()])[0].rows)
            rest = {name: sql for name, sql in made.items() if name not in left_out}
            meant = unreadable(rest, refusal) if refusals_left > 1 else {}
            left_out |= meant or dict.fromkeys(rest, refusal.message.rstrip("."))
    raise AssertionError
