"""Kill loads at each of some statements, go on with the next, and write what is in the copy.

The mirror of the file is made by runs that are killed, too, and the copy is loaded from it.

It is a process of its own, which forks a child for each load: the engine can be opened once in a
process, and doesn't survive a fork.
"""

import json
import os
import signal
import sys
from functools import partial
from pathlib import Path

import clickhouse_connect
from copies import changed, contents, loaded

from meaux.data.database import SQLiteFile
from meaux.data.schema import read_model
from meaux.data.source import schema_of
from meaux.data.warehouse.address import Address
from meaux.warehouse import mirror, target

FILE, FOLDER, SHOWN = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
MIRROR = FILE.with_name("mirror.db")


def child(work) -> int:
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def dies(kind: type, names: tuple[str, ...], place: int) -> None:
    """Have this process die as soon as some methods have run so often."""
    left = [place]

    def dying(run):
        def one(self, *given, **options):
            run(self, *given, **options)
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        return one

    for name in names:
        setattr(kind, name, dying(getattr(kind, name)))


def killed_at(place: int, database: str) -> None:
    dies(target.Target, ("_command", "_insert", "_fill"), place)
    loaded(MIRROR, Address(folder=FOLDER, database=database))


def mirrored(place: int = 0) -> None:
    """Read a day later than before, in pages of two rows."""
    mirror.PAGE, mirror.A_DAY = 2, 0
    if place:
        dies(mirror.Mirror, ("_put", "_note"), place)
    source = SQLiteFile(FILE)
    mirror.Mirror(MIRROR, source, read_model(), schema_of(source).catalog()).update()


def show(deaths: int) -> None:
    client = clickhouse_connect.get_client(interface="chdb", path=FOLDER)
    whole = contents(client, "undisturbed")
    SHOWN.write_text(
        json.dumps(
            {
                "deaths": deaths,
                "rows": sum(map(len, whole.values())),
                "same": contents(client, "disturbed") == whole,
            }
        )
    )


MIRRORED, AT_FIRST, AFTER_A_CHANGE = (1, 5), (4, 19), (7, 9)
"""After how many statements a run dies: the last ones are amid the exchange of a month."""


def deaths(work, places: tuple[int, ...]) -> int:
    return sum(child(partial(work, place)) == signal.SIGKILL for place in places)


def load_whole(*databases: str) -> None:
    child(mirrored)
    for database, file in zip(databases, (MIRROR, FILE), strict=False):
        child(partial(loaded, file, Address(folder=FOLDER, database=database)))


disturbed = partial(killed_at, database="disturbed")
died = deaths(mirrored, MIRRORED)
child(mirrored)
died += deaths(disturbed, AT_FIRST)
load_whole("disturbed")
changed(FILE, "UPDATE time_entries SET cost = 1", "DELETE FROM time_entries WHERE id = 1")
died += deaths(mirrored, (2,))
child(mirrored)
died += deaths(disturbed, AFTER_A_CHANGE)
load_whole("disturbed", "undisturbed")
child(partial(show, died))
