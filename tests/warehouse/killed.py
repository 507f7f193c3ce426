"""Kill a load at each of some statements, go on with the next, and print what is in the copy.

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
from loads import changed, contents, loaded

from meaux.data.warehouse.address import Address
from meaux.warehouse import target

FILE, FOLDER = Path(sys.argv[1]), sys.argv[2]
SHOWN = Path(sys.argv[3])


def child(work) -> int:
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def killed_at(place: int, database: str) -> None:
    """Load, and die as soon as a statement has run."""
    left = [place]

    def dying(run):
        def one(self, *given):
            run(self, *given)
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        return one

    for name in ("_command", "_insert", "_fill"):
        setattr(target.Target, name, dying(getattr(target.Target, name)))
    loaded(FILE, Address(folder=FOLDER, database=database))


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


AT_FIRST, AFTER_A_CHANGE = (4, 9, 19), (7, 8, 9)
"""After how many statements a load dies: the later ones are amid the exchange of a month."""

deaths = [child(partial(killed_at, place, "disturbed")) == signal.SIGKILL for place in AT_FIRST]
child(partial(loaded, FILE, Address(folder=FOLDER, database="disturbed")))
changed(FILE, "UPDATE time_entries SET cost = 1", "DELETE FROM time_entries WHERE id = 1")
deaths += [
    child(partial(killed_at, place, "disturbed")) == signal.SIGKILL for place in AFTER_A_CHANGE
]
for database in ("disturbed", "undisturbed"):
    child(partial(loaded, FILE, Address(folder=FOLDER, database=database)))
child(partial(show, sum(deaths)))
