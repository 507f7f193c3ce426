"""A copy on ClickHouse lists and counts the rows that no number contains as its source does."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from messy import MESSY

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.subjects.health import measures
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money.metrics import COST

ODD = """
CREATE TABLE cloudflare_usage (usage_date, service, resource, cost_usd, status);
INSERT INTO cloudflare_usage VALUES
 ('2026-11-20', 'Workers', 'api', 3, NULL), ('2026-11-20', 'R2', 'media', 2, NULL),
 ('2026-11-20', NULL, NULL, 5, NULL), ('2026-11-21', 'KV', 'cache', 7, 'refunded'),
 ('2026-11-21', 'D1', 'main', 4, 'refunded'), ('2026-11-21', 'D1', 'main', -4, 'refunded'),
 ('2026-10-30', 'D1', 'main', 9, 'draft'), ('one day', 'D1', 'main', 9, 'draft');
CREATE TABLE ai_cost_tracking (id, model, tokens, cost_usd, created_at);
INSERT INTO ai_cost_tracking VALUES
 (1, 'opus', 10, 1, '2026-11-20T10:00:00Z'), (1, 'opus', 10, 1, '2026-11-20T10:00:00Z'),
 (1, 'opus', 10, 1, '2026-11-20T10:00:00Z'), (2, 'opus', 20, 2, '2026-10-20T10:00:00Z'),
 (2, 'opus', 20, 2, '2026-10-20T10:00:00Z');
"""
LEFT_OUT = {
    ("messy", COST): {"unpriced": 2, "unread": 1, "marked": 3, "repeated": 2},
    ("messy", HOURS): {"running": 2, "unread": 1, "marked": 1, "repeated": 1},
    ("odd", COST): {"marked": 1, "refunded": 1, "summed": 1, "repeated": 2},
}


@pytest.fixture(scope="module")
def both(tmp_path_factory, copy_of):
    """Each database, and its copy."""
    folder, found = tmp_path_factory.mktemp("left_out"), {}
    for name, script in {"messy": MESSY, "odd": ODD}.items():
        path = folder / f"left_out_{name}.db"
        with closing(sqlite3.connect(path)) as database:
            database.executescript(script)
        opened = [open_source(one, Path("no.toml")) for one in (SQLiteFile(path), copy_of(path))]
        found[name] = opened
    return found


@pytest.mark.parametrize(("name", "metric"), LEFT_OUT, ids=lambda one: getattr(one, "name", one))
def test_rows_that_a_number_leaves_out_are_those_of_the_source(behind, both, name, metric):
    source, copy = both[name]
    _, there, _ = behind(metric, source=source)
    _, here, _ = behind(metric, source=copy)
    assert here == there
    assert here.left_out == LEFT_OUT[name, metric]
    for kind, count in here.left_out.items():
        rows, expected = (
            pd.concat(behind(metric, ("left", kind), source=one, rows=2)[0])
            for one in (copy, source)
        )
        assert len(rows) == count
        pd.testing.assert_frame_equal(rows, expected, check_dtype=False)


def sizes(opened):
    asks = measures.asks(opened)
    found = dict(zip(asks, fetch_each(opened.database, list(asks.values())), strict=True))
    return {table: (one.rows, one.none) for table, one in measures.measured(opened, found).items()}


def test_health_counts_all_rows_and_those_left_out_as_on_the_source(both):
    there, here = map(sizes, both["messy"])
    assert here == there
    assert here["time_entries"] == (11, 1)


def test_health_does_not_count_a_charge_whose_refund_is_there(both):
    for opened in both["odd"]:
        assert sizes(opened)["cloudflare_usage"] == (8, 2 + 1 + 1)
