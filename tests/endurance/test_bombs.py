"""Twenty people ask at once for more than there is: each is told so, and the process stays small.

A bomb is a statement that reads, passes the box, and has no end of rows, of bytes or of work.
"""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, thread_time
from urllib.parse import urlencode

import pytest

from meaux.data.database import SQLiteFile, Statement, limits, memory
from meaux.errors import DatabaseError, OutOfMemory, QueryTimeout, TooLarge
from meaux.ui.loading import data

MANY = 20
MOST_MB = 900
SOON = 0.4
"""How many seconds a statement may run."""
LATE = 2.0
"""How many seconds after its end a statement may still be stopped: others may keep it waiting."""
DRAWING = 10.0
"""How many seconds twenty pages at once may take to be drawn."""
BUSY = f"{data.AT_ONCE} other statements are running"
NAMES_WHAT_IS_WRONG = (
    BUSY,
    "timed out",
    "Not enough memory",
    "The result is larger than",
)

_PAIRS = "time_entries AS a, time_entries AS b, time_entries AS c"
_NUMBERS = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
BOMBS = {
    "text put together": f"SELECT json_group_array(hex(randomblob(100000))) AS x FROM {_PAIRS}",
    "wide rows sorted": "SELECT sum(n) AS x FROM (SELECT n, row_number() OVER "
    f"(ORDER BY hex(randomblob(60))) AS r FROM ({_NUMBERS} SELECT n FROM c))",
    "small rows sorted": "SELECT sum(n) AS x FROM (SELECT n, row_number() OVER "
    f"(ORDER BY random()) AS r FROM ({_NUMBERS} SELECT n FROM c))",
    "all told apart": f"SELECT count(*) AS x FROM (SELECT DISTINCT random() AS r FROM {_PAIRS})",
    "each number once": "WITH RECURSIVE c (n) AS (SELECT 1 UNION SELECT n + 1 FROM c) "
    "SELECT count(*) AS x FROM c",
    "no end": f"{_NUMBERS} SELECT count(*) AS x FROM c",
    "large cells": f"SELECT hex(randomblob(1000000)) AS x FROM {_PAIRS}",
    "many cells": f"SELECT hex(randomblob(1600)) AS x FROM {_PAIRS} LIMIT 9900",
    "bytes": f"SELECT zeroblob(1000000) AS x FROM {_PAIRS}",
    "slow steps": "SELECT sum(length(replace(printf('%.*c', 1000000, 'x'), 'x', 'yz'))) AS x "
    f"FROM {_PAIRS}",
}
"""Each takes no end of something."""
QUICK = ("text put together", "large cells", "many cells", "bytes")
"""Those that are over at once, because what they fill is full."""

each_bomb = pytest.mark.parametrize("name", BOMBS)


def outcome(database, name, asked=memory.of_people):
    """How a bomb ended, and after how many seconds of a processor."""
    began = thread_time()
    try:
        with asked():
            database.fetch([Statement(BOMBS[name])])
    except DatabaseError as error:
        return type(error), thread_time() - began
    return None, thread_time() - began


@each_bomb
def test_two_of_a_bomb_end_in_time_and_say_why(demo_file, name):
    database = SQLiteFile(demo_file, seconds=SOON)
    with ThreadPoolExecutor(2) as pool:
        ends = [*pool.map(lambda _: outcome(database, name), range(2))]
    for error, seconds in ends:
        assert error in {QueryTimeout, OutOfMemory, TooLarge}
        assert seconds <= SOON + LATE
    assert database.fetch([Statement("SELECT 1")])[0].rows == [(1,)]


def test_what_people_write_puts_no_file_on_the_disk(demo_file):
    database = SQLiteFile(demo_file)
    assert outcome(database, "wide rows sorted")[0] is OutOfMemory


def test_all_answers_of_a_call_share_its_room(demo_file):
    database = SQLiteFile(demo_file)
    half = Statement(f"SELECT hex(zeroblob(1000000)) AS x FROM {_PAIRS} LIMIT 3")
    database.fetch([half] * 2)
    with memory.of_people(), pytest.raises(TooLarge, match="8 MB"):
        database.fetch([half] * 2)
    with memory.of_people():
        database.fetch([half])


def test_the_room_of_people_ends_with_their_call():
    assert memory.now().on_disk
    with memory.of_people():
        assert memory.now() == memory.Room(limits.ASKED_BYTES, on_disk=False)
    assert memory.now() == memory.Room(limits.ANSWER_BYTES, on_disk=True)


def bombing(names, ends):
    """A visitor who opens the box with a bomb in it, and runs it when all are ready."""

    def visit_as(visitor, number, ready):
        sql = BOMBS[names[number % len(names)]]
        visitor.open("data", urlencode({"tab": "SQL", "sql": sql, "limit": 10_000}))
        ready.wait()
        began = monotonic()
        visitor.press("Run")
        if any(one.label == "Run anyway" for one in visitor.drawn("button")):
            began = monotonic()
            visitor.press("Run anyway")
        ends.append((visitor.alerts, monotonic() - began))
        ready.wait()

    return visit_as


def check(server, ends, record, what, before):
    longest = max(seconds for _, seconds in ends)
    record(f"MB, {what}", before, server.most_memory, server.memory)
    record(f"seconds, {what}", 0, longest, longest)
    assert len(ends) == MANY
    for alerts, _ in ends:
        assert any(words in alert for alert in alerts for words in NAMES_WHAT_IS_WRONG), alerts
    assert server.most_memory < MOST_MB
    assert server.temporary_files == []


@pytest.fixture
def unnoted():
    return lambda *_: None


def test_twenty_bombs_at_once_are_all_answered_in_little_memory(
    start, demo_file, together, unnoted
):
    server, ends = start(demo_file), []
    together(server, MANY, bombing(QUICK, ends))
    check(server, ends, unnoted, "", 0)


@pytest.mark.soak
@pytest.mark.parametrize("names", [[one] for one in BOMBS] + [[*BOMBS]], ids="-".join)
def test_twenty_of_a_bomb_at_once_are_answered_in_time(
    start, full_demo_file, together, record, names
):
    server, ends = start(full_demo_file), []
    before = server.memory
    together(server, MANY, bombing(names, ends), seconds=300)
    what = f"20 bombs: {names[0] if len(names) == 1 else 'of every kind'}"
    check(server, ends, record, what, before)
    # The plan and the statement each wait for a turn; twenty pages are drawn meanwhile.
    turns = 2 * data.PATIENT
    assert max(seconds for _, seconds in ends) <= turns + limits.SECONDS + LATE + DRAWING


@pytest.mark.soak
@each_bomb
def test_as_many_of_a_bomb_as_run_at_a_time_end_at_the_full_limit(full_demo_file, record, name):
    database = SQLiteFile(full_demo_file)
    with ThreadPoolExecutor(data.AT_ONCE) as pool:
        ends = [*pool.map(lambda _: outcome(database, name), range(data.AT_ONCE))]
    longest = max(seconds for _, seconds in ends)
    record(f"seconds of the statement: {name}", 0, longest, longest)
    assert all(error is not None for error, _ in ends)
    assert max(seconds for _, seconds in ends) <= limits.SECONDS + LATE
