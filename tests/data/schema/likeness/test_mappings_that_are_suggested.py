"""The lines of a suggestion bind without a fault and answer the queries of their table."""

import tomllib

import pytest

from meaux.data.database import fetch_each
from meaux.data.schema import read_model
from meaux.data.source import remapped
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.queries import QUERIES, Unanswerable, reads

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
def offered(suggested, later_source):
    return suggested(later_source)


@pytest.fixture(scope="module")
def mapped(offered, later_file, opened, tmp_path_factory):
    """The source as it is opened with the lines of the best suggestion, by logical table."""
    folder = tmp_path_factory.mktemp("mapped")

    def mapped(logical):
        file = folder / f"{logical}.toml"
        one = next(one for one in offered if one.logical == logical and one.place == 1)
        file.write_text(one.mapping, encoding="utf-8")
        return opened(later_file, override=file)

    return mapped


@pytest.fixture(scope="module")
def together(offered, later_source):
    """The source with the lines of every best suggestion."""
    lines = "\n".join(one.mapping for one in offered if one.place == 1)
    return remapped(later_source, lines)


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


def test_every_suggestion_binds_as_it_says(offered, later_source):
    for one in offered:
        source = remapped(later_source, one.mapping)
        bound = source.binding.tables[one.logical]
        assert (bound.physical, bound.has_rows) == (one.table, True)
        assert set(one.reads) <= set(bound.columns), one
        assert not set(one.lacks) & set(one.reads)


def test_a_trial_binds_as_the_file_does_and_leaves_what_was_open_alone(
    offered, mapped, later_source
):
    before = later_source.binding.fingerprint
    for logical in KINDS:
        one = next(one for one in offered if one.logical == logical and one.place == 1)
        tried = remapped(later_source, one.mapping)
        assert tried.binding.tables == mapped(logical).binding.tables
        assert tried.binding.fingerprint != before
    assert later_source.binding.fingerprint == before


@pytest.mark.parametrize("logical", KINDS)
def test_its_queries_are_answered_or_name_another_table_or_what_it_was_said_to_lack(
    together, offered, rows, select, logical
):
    source = together
    one = next(one for one in offered if one.logical == logical and one.place == 1)
    lacking = {source.binding.lacks(logical, column) for column in one.lacks}
    answered = []
    for query in map(QUERIES.get, reads.readers(logical)):
        try:
            Ask(query, select("90d"), limit=100, names=("",)).compiled(source.binding)
        except Unanswerable as reason:
            own = {words for words in reason.lacking if _are_all_of(one.table, words)}
            assert own <= lacking, query.name
        else:
            rows(source, query)
            answered.append(query.name)
    # The list of projects is the only query of what is deployed, and there are no projects.
    assert answered or logical == "project_stat"


def _are_all_of(table, words):
    return all(word.startswith(f"{table}.") for word in words.split(" or "))


def test_all_of_the_best_together_bind(together):
    assert set(KINDS) <= set(together.binding.tables)


def test_nothing_is_bound_unasked(offered, later_source):
    assert offered
    assert not set(KINDS) & set(later_source.binding.tables)


# By hand


def test_the_cost_of_ai_is_what_the_rows_come_to(mapped, rows, later_rows):
    found = rows(mapped("ai_usage"), queries.cost_by_day)
    [(cost,)] = later_rows("SELECT sum(cost_usd) FROM agent_usage_events")
    assert found["cost"].sum() == pytest.approx(cost)


def test_the_cost_of_infrastructure_leaves_the_rows_of_ai_out(mapped, rows, later_rows):
    found = rows(mapped("infrastructure_usage"), queries.cost_by_day)
    [(all_, cloud)] = later_rows(
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
