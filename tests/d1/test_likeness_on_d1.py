"""On a real D1: what fits by shape is the same as on a file, for a few rows read, and binds."""

from pathlib import Path

import pytest

from meaux.data.database import Fetched, SQLiteFile, fetch_each
from meaux.data.source import open_source, remapped
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.subjects import health
from meaux.subjects.health.suggestions import ROWS

pytestmark = pytest.mark.d1

COUNTED = 240
"""Rows of the largest tables, which are few enough to be counted."""
ENDS = 4


def examined(database, select):
    source = open_source(database, Path("no-such-file.toml"))
    looks = health.looks(source)
    outcomes = dict(zip(looks, fetch_each(database, list(looks.values())), strict=True))
    return source, health.examine(source, select("30d"), {}, looked=outcomes), outcomes


def test_suggestions_are_the_same_on_d1_as_on_a_file(later_d1, later_file, select):
    _, on_d1, _ = examined(later_d1, select)
    _, on_file, _ = examined(SQLiteFile(later_file), select)
    assert on_d1.suggestions == on_file.suggestions
    assert len(on_d1.suggestions) >= 10


def test_a_few_rows_of_each_table_are_read(later_d1, select):
    _, _, outcomes = examined(later_d1, select)
    assert outcomes
    for name, outcome in outcomes.items():
        assert isinstance(outcome, Fetched), (name, outcome)
        most = ROWS + ROWS if name.startswith("rows of ") else COUNTED + ENDS
        assert outcome.rows.meta.rows_read <= most, name


def test_what_is_tried_answers_on_d1_as_on_a_file(later_d1, later_file, select):
    totals = []
    for database in (later_d1, SQLiteFile(later_file)):
        source, found, _ = examined(database, select)
        lines = "\n".join(one.mapping for one in found.suggestions if one.place == 1)
        tried = remapped(source, lines)
        asked = [Ask(queries.cost_by_day, select("90d")), Ask(queries.runs_by_day, select("90d"))]
        answers = ask(asked, tried.binding, lambda wanted, db=database: fetch_each(db, wanted))
        assert all(answer.state == "ready" for answer in answers)
        totals.append([answer.frame.sum(numeric_only=True).to_dict() for answer in answers])
    on_d1, on_file = totals
    assert [one.keys() for one in on_d1] == [one.keys() for one in on_file]
    for one, other in zip(on_d1, on_file, strict=True):
        assert one == pytest.approx(other)
