"""What the doctor says of a large database: when D1 is full, and how old the copy is."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from meaux import warehouse
from meaux.data.database import fetch_each
from meaux.data.settings import PROJECT, Settings
from meaux.data.source import Source, connect
from meaux.data.warehouse import copied as tables_of
from meaux.data.warehouse import copied_apart
from meaux.data.warehouse.address import Address
from meaux.errors import MeauxError
from meaux.query.filters import Selection, preset
from meaux.subjects.health import Growth, growth
from meaux.wording import enumerated

SOON = 90
"""A D1 that is full within so many days is a warning."""
OLD = timedelta(hours=26)
"""An older copy is a warning."""
UNTOLD = "no index sorts them by time, and they have no rowid"
TIME = "%d %b %Y %H:%M UTC"


@dataclass(frozen=True)
class PastD1:
    """The growth of a D1, and the state of the copy; None for what there isn't.

    `problem` says why the copy can't be used. `lags` are the tables with newer rows at the source;
    `untold` are those of which that can't be said for a few rows read. `behind` are the tables that
    the loader didn't compare with D1 for more than a day.
    """

    today: date
    growth: Growth | None = None
    copied: warehouse.Copied | None = None
    problem: str = ""
    lags: tuple[warehouse.Lag, ...] = ()
    untold: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()

    def lines(self) -> Iterator[tuple[str, str, bool]]:
        """Yield a subject, a sentence, and whether all is well."""
        if self.growth:
            full = self.growth.full(self.today)
            is_far = full is None or (full - self.today).days > SOON
            yield "size", self.growth.sentence(self.today), is_far
        if self.copied:
            age = datetime.now(UTC) - self.copied.at if self.copied.at else None
            old = f"{age / timedelta(hours=1):,.1f} hours old" if age else "not complete yet"
            yield "copy", f"{old}, {self.copied.rows:,} rows", age is not None and age < OLD
            if self.copied.left:
                yield "copy", f"still to load: {enumerated(self.copied.left)}", False
        if self.problem:
            yield "copy", self.problem, False
        for lag in self.lags:
            yield "lagging", _sentence(lag), lag.behind is not None and lag.behind < OLD
        if self.untold:
            yield "lagging", f"not known of {enumerated(self.untold)}: {UNTOLD}", True
        if self.behind:
            yield "lagging", f"not compared with D1 for a day: {enumerated(self.behind)}", False

    def record(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        found: dict[str, Any] = {}
        if self.growth:
            day = self.growth.full(self.today)
            a_day = self.growth.a_day
            found["bytes"] = self.growth.size
            found["bytes_a_day"] = None if a_day is None else round(a_day)
            found["full"] = str(day) if day else None
        if self.copied:
            found["copied_at"] = _iso(self.copied.at)
            found["copied_rows"] = self.copied.rows
            found["still_to_load"] = list(self.copied.left)
            found["lagging"] = {lag.table: _record(lag) for lag in self.lags}
            found["lag_unknown"] = list(self.untold)
        if self.behind:
            found["behind"] = list(self.behind)
        return found


def looked_at(opened: Source, settings: Settings) -> PastD1:
    """Look at the size of a D1, in one call, and at the copy if a target is set.

    What lags is looked for if the source can be reached, too: in one call more.

    Raises:
        DatabaseError: D1 doesn't answer.
    """
    today = settings.day(settings.timezone)
    is_d1, grown = settings.source == "d1", None
    if is_d1:
        selection = Selection(preset("30d", today), today, settings.timezone)
        outcomes = fetch_each(opened.database, growth.asks(opened, selection))
        grown = growth.growth(outcomes, selection.period.days)
    if not (settings.warehouse or settings.source == "clickhouse"):
        return PastD1(today, grown)
    copied, problem, lags, untold = None, "", list[warehouse.Lag](), list[str]()
    try:
        address = _address(settings)
        with closing(warehouse.Target(address)) as target:
            copied = target.copied()
            problem = "" if copied else "none yet; run python -m meaux load clickhouse"
            lags, untold = _lags(opened, settings, target) if copied else ([], [])
    except MeauxError as error:
        problem = f"not compared with its source: {error}" if copied else str(error)
    late = warehouse.behind(PROJECT / settings.mirror_file, time.time()) if is_d1 else []
    return PastD1(today, grown, copied, problem, tuple(lags), tuple(untold), tuple(late))


def _lags(
    opened: Source, settings: Settings, target: warehouse.Target
) -> tuple[list[warehouse.Lag], list[str]]:
    """Return the tables that lag, and those of which it isn't known.

    Both are empty if the settings have no source beside the copy.
    """
    catalog, binding, database = opened.catalog, opened.binding, opened.database
    if binding.is_copy:
        if not settings.database_id:
            return [], []
        catalog, binding = opened.evidence.bound(binding.model)
        database = connect(replace(settings, database=""))
    asked = warehouse.newest_rows(binding, catalog)
    newest = target.newest((tables_of(binding) | copied_apart(binding)).values())
    untold = [name for name, statement in asked.items() if statement is None]
    return list(warehouse.lagging(database, asked, newest)), untold


def _sentence(lag: warehouse.Lag) -> str:
    there = f"{lag.table}: the source has a row of {lag.source:{TIME}}, the copy"
    return f"{there} none after {lag.copy:{TIME}}" if lag.copy else f"{there} has none"


def _record(lag: warehouse.Lag) -> dict[str, str | None]:
    return {"source": _iso(lag.source), "copy": _iso(lag.copy)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _address(settings: Settings) -> Address:
    """Return where the copy is: the one that is filled here, else the one that is read."""
    if settings.warehouse:
        return Address.read(settings.warehouse.reveal(), "MEAUX_WAREHOUSE")
    read = Address.read(settings.database, "MEAUX_DATABASE")
    return replace(read, password=settings.database_password)
