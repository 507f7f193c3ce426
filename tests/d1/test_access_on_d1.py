"""On a real D1: what somebody sees who may see one team only, and what is masked."""

import pandas as pd
import pytest

from meaux.data.database import Statement, fetch_each
from meaux.data.schema.secrets import MASK, Secrecy
from meaux.data.source import open_source
from meaux.query.answers import Ask, ask
from meaux.query.queries import QUERIES
from meaux.subjects.health import sql
from meaux.subjects.health.sql import LIVE, Guard, Live, Refused

pytestmark = pytest.mark.d1

A_FEW = 20
SCRIPT = (
    "CREATE TABLE people (id INTEGER, name TEXT, password_hash TEXT)",
    "INSERT INTO people VALUES (1, 'Anna', 'qqaaqq')",
    "CREATE VIEW renamed AS SELECT id, password_hash AS harmless FROM people",
)


def test_every_query_for_one_team_says_the_same_on_d1_as_on_a_file(d1_source, file_source, select):
    asks = [
        Ask(query, select("30d", only=("Platform & data",)), A_FEW) for query in QUERIES.values()
    ]
    on_d1, on_file = (
        ask(asks, source.binding, lambda asked, source=source: fetch_each(source.database, asked))
        for source in (d1_source, file_source)
    )
    for one, other in zip(on_d1, on_file, strict=True):
        assert (one.state, one.reason) == (other.state, other.reason)
        pd.testing.assert_frame_equal(one.frame, other.frame)
    assert "failed" not in {one.state for one in on_d1}


def test_secrets_are_masked_in_what_d1_answers(local_d1, no_override):
    database = local_d1.open("EMPTY")
    try:
        database.fetch([Statement(one) for one in SCRIPT])
        source = open_source(database, no_override)
        [now] = database.fetch([LIVE])
        guard = Guard(source.catalog, Secrecy(), Live.of(now.rows))
        reading = sql.read("SELECT * FROM people a JOIN people b ON a.id = b.id")
        [found] = database.fetch([reading.limited(5)])
        rows = guard.check(reading).rows(found.columns, found.rows)
        assert rows == [(1, "Anna", MASK) * 2]
        with pytest.raises(Refused, match="renamed can't be read"):
            guard.check(sql.read("SELECT * FROM renamed"))
    finally:
        database.fetch([Statement("DROP VIEW IF EXISTS renamed"), Statement("DROP TABLE people")])
        database.close()
