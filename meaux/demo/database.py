"""The demo file: how it is written, and how an old one is recognised."""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from uuid import uuid4

from meaux.demo import (
    events,
    hours,
    infrastructure,
    mail,
    models,
    oddities,
    people,
    projects,
    storage,
    workers,
    workflows,
)
from meaux.demo.book import HERE, Book
from meaux.demo.scene import Month, Scene
from meaux.errors import NotADatabase

Progress = Callable[[str, float], None]
Step = tuple[str, Callable[[], object]]

DEFAULT_PATH = HERE.parents[1] / "data" / "meauxos.db"
APPLICATION = int.from_bytes(b"Meax")
HEADER = struct.Struct(">16s44xI4xI")
MAGIC = b"SQLite format 3\0"
LATELY = 90
FIXED = (people, projects, models, workers, infrastructure, storage, workflows, mail, oddities)
MONTHLY = (
    people, projects, hours, models, workers, infrastructure, storage, workflows, mail, events,
)  # fmt: skip
SCRIPTS = ("time.sql", "models.sql", "costs.sql", "systems.sql")


def build(
    path: Path,
    *,
    now: datetime,
    scale: float = 1.0,
    seed: int = 7,
    progress: Progress | None = None,
) -> None:
    """Write a demo database whose data end at `now`; replace an older one."""
    if now.tzinfo is None:
        raise ValueError("The demo database needs a time with a zone, not a naive one.")
    last_day(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        _write(draft, Scene(now, scale, seed), progress or _silent)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def ensure(path: Path, *, now: datetime, progress: Progress | None = None) -> bool:
    """Build the demo unless its data reach the UTC day of `now`; return whether it was built."""
    day = last_day(path)
    if day is not None and day >= now.astimezone(UTC).date():
        return False
    build(path, now=now, progress=progress)
    return True


def last_day(path: Path) -> date | None:
    """Return the last day of a demo database, or None without a file."""
    try:
        with path.open("rb") as file:
            start = file.read(HEADER.size)
    except FileNotFoundError:
        return None
    magic, version, application = HEADER.unpack(start.ljust(HEADER.size, b"\0"))
    if (magic, application) != (MAGIC, APPLICATION):
        raise NotADatabase(f"{path} is not a demo database: move it away, or name another path.")
    return datetime.strptime(str(version), "%Y%m%d").replace(tzinfo=UTC).date()


def _write(path: Path, scene: Scene, progress: Progress) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {scene.today:%Y%m%d}")
        steps = list(_steps(Book(connection), scene))
        for number, (label, step) in enumerate(steps, start=1):
            step()
            progress(label, number / len(steps))
        connection.commit()


def _steps(book: Book, scene: Scene) -> Iterator[Step]:
    """Everything that has to be written, in order, with a label for each step."""
    tables, _, indexes = (HERE / "schema.sql").read_text(encoding="utf-8").partition("\n-- Indexes")
    yield "Tables", partial(book.connection.executescript, tables)
    for subject in FIXED:
        yield _label(subject), partial(subject.write, book, scene)
    for month in scene.months:
        yield month.name, partial(_write_month, book, scene, month)
    for script in SCRIPTS:
        yield "Totals", partial(book.script, script, _parameters(scene))
    yield "Indexes", partial(book.connection.executescript, indexes.partition("\n")[2])


def _write_month(book: Book, scene: Scene, month: Month) -> None:
    for subject in MONTHLY:
        subject.write_month(book, scene, month)


def _parameters(scene: Scene) -> dict[str, int | str]:
    return {
        "present": scene.present,
        "lately": scene.ago(LATELY),
        "first": str(scene.first),
        "today": str(scene.today),
    }


def _label(subject: ModuleType) -> str:
    return subject.__name__.rpartition(".")[2].capitalize()


def _silent(_label: str, _fraction: float) -> None:
    """Report nothing."""
