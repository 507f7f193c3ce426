"""Every fault of a D1 that has a name, as the client meets it: right rows or a sentence, always."""

import pytest
from faulty import FAULTS, TOKEN, FaultyD1

from meaux.data.database import D1, SQLiteFile, Statement
from meaux.data.database.responses import LONGEST_WAIT
from meaux.data.database.retries import TRIES, Retries
from meaux.errors import DatabaseError, TooLarge

ASKED = [
    Statement("SELECT id, name, 1 AS one FROM projects ORDER BY id", width=3),
    Statement("SELECT count(*) AS n FROM time_entries", width=1),
    Statement("SELECT id FROM teams WHERE id = ?1", ("none",), width=1),
]
SECONDS = 0.2


@pytest.fixture(scope="module")
def faulty(demo_file):
    server = FaultyD1(demo_file, pause=SECONDS / 4)
    yield server
    server.close()


@pytest.fixture
def d1(faulty, clock):
    database = D1(
        "an-account",
        "a-database",
        TOKEN,
        faulty.url,
        seconds=SECONDS,
        retries=Retries(clock.sleep, lambda: 0.0, clock),
    )
    yield database
    database.close()


@pytest.fixture(scope="module")
def right(demo_file):
    return [rows.rows for rows in SQLiteFile(demo_file).fetch(ASKED)]


def came_to(d1):
    try:
        return [one.rows for one in d1.fetch(ASKED)]
    except DatabaseError as error:
        return error


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_right_rows_or_a_sentence_in_few_calls_and_over_when_it_is_over(
    faulty, d1, right, clock, name
):
    fault = FAULTS[name]
    d1._seconds = SECONDS if fault.slow else 20
    faulty.break_by(name)
    found = came_to(d1)
    if isinstance(found, DatabaseError):
        assert str(found).endswith(".")
        assert fault.kind != "meta" or "NaN" in name
        assert not isinstance(found, TooLarge) or name in {"too large", "packed bomb"}
    else:
        assert not fault.slow
        assert found == right or fault.meant
    assert faulty.calls <= TRIES
    faulty.mend()
    clock.now += LONGEST_WAIT
    assert [one.rows for one in d1.fetch(ASKED)] == right


def test_there_are_faults_of_every_kind():
    kinds = [fault.kind for fault in FAULTS.values()]
    assert len(kinds) >= 80
    assert {"transport", "status", "words", "shape", "cell", "meta"} == set(kinds)
