"""The lines of a suggestion bind without a fault and answer the queries of their table."""

import tomllib

import pytest

from meaux import askers, queries
from meaux.answers import Ask, ask
from meaux.database import fetch_each
from meaux.queries import QUERIES
from meaux.schema import read_model
from meaux.source import remapped

KINDS = [
    "ai_usage",
    "model_usage",
    "infrastructure_usage",
    "project_stat",
    "worker_log",
    "stored_object",
    "image",
    "workflow_run",
    "workflow_step",
    "error_entry",
]
"""What is suggested on the later database."""


@pytest.fixture(scope="module")
def offered(suggested, successor_source):
    return suggested(successor_source)


@pytest.fixture(scope="module")
def mapped(offered, successor_file, opened, tmp_path_factory):
    """The source as it is opened with the lines of the best suggestion, by logical table."""
    folder = tmp_path_factory.mktemp("mapped")

    def mapped(logical):
        file = folder / f"{logical}.toml"
        one = next(one for one in offered if one.logical == logical and one.place == 1)
        file.write_text(one.mapping, encoding="utf-8")
        return opened(successor_file, override=file)

    return mapped


@pytest.fixture(scope="module")
def rows(select):
    """The frame of a query on a source, over the 90 days that hold all of the rows."""

    def rows(source, query):
        asked = [Ask(query, select("90d"), limit=100, names=("",))]
        [answer] = ask(asked, source.binding, lambda wanted: fetch_each(source.database, wanted))
        assert answer.answered, f"{query.name}: {answer.reason}"
        return answer.frame

    return rows


def test_these_kinds_are_suggested(offered):
    assert {one.logical for one in offered} == set(KINDS)


def test_every_suggestion_binds_as_it_says(offered, successor_source):
    for one in offered:
        source = remapped(successor_source, one.mapping)
        bound = source.binding.tables[one.logical]
        assert (bound.physical, bound.has_rows) == (one.table, True)
        assert set(one.reads) <= set(bound.columns), one
        assert not set(one.lacks) & set(one.reads)


def test_a_trial_binds_as_the_file_does_and_leaves_what_was_open_alone(
    offered, mapped, successor_source
):
    before = successor_source.binding.fingerprint
    for logical in KINDS:
        one = next(one for one in offered if one.logical == logical and one.place == 1)
        tried = remapped(successor_source, one.mapping)
        assert tried.binding.tables == mapped(logical).binding.tables
        assert tried.binding.fingerprint != before
    assert successor_source.binding.fingerprint == before


@pytest.mark.parametrize("logical", KINDS)
def test_every_query_that_asks_no_other_table_is_answered(mapped, rows, logical):
    source, refused = mapped(logical), []
    for name in askers.of_table(logical):
        needed = {t for t in askers.tables(name) if source.binding.model.has(t)}
        if needed <= source.binding.tables.keys():
            rows(source, QUERIES[name])
        else:
            refused.append(name)
    assert len(refused) < len(askers.of_table(logical)) or logical == "project_stat"


def test_all_of_the_best_together_bind(offered, successor_source):
    lines = "\n".join(one.mapping for one in offered if one.place == 1)
    bound = remapped(successor_source, lines).binding.tables
    assert set(KINDS) <= set(bound)


def test_nothing_is_bound_unasked(offered, successor_source):
    assert offered
    assert not set(KINDS) & set(successor_source.binding.tables)


# By hand


def test_the_cost_of_ai_is_what_the_rows_come_to(mapped, rows, successor_rows):
    found = rows(mapped("ai_usage"), queries.cost_by_day)
    [(cost,)] = successor_rows("SELECT sum(cost_usd) FROM agent_usage_events")
    assert found["cost"].sum() == pytest.approx(cost)


def test_the_cost_of_infrastructure_leaves_the_rows_of_ai_out(mapped, rows, successor_rows):
    found = rows(mapped("infrastructure_usage"), queries.cost_by_day)
    [(all_, cloud)] = successor_rows(
        "SELECT sum(amount_usd), sum(amount_usd) FILTER (WHERE model_key IS NULL) FROM spend_ledger"
    )
    assert found["cost"].sum() == pytest.approx(cloud)
    assert cloud < all_ / 2


def test_what_is_mapped_is_toml_of_one_logical_table(offered):
    model = read_model()
    for one in offered:
        [(name, entry)] = tomllib.loads(one.mapping).items()
        assert name == one.logical
        assert entry["tables"] == [one.table]
        assert set(entry.get("columns", {})) <= set(model.tables[name].columns)
