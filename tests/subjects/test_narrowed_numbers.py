"""Filters that only some pages have: category, model or service, and Worker, in every number."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from messy import MESSY

from meaux.data.categories import CATEGORIES
from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.filters.selection import PARTIAL
from meaux.query.memo import Memo
from meaux.query.queries import QUERIES
from meaux.query.queries.reads import parameters_of
from meaux.query.rollups import ADD_UP, rolled_up
from meaux.subjects.ai import figures as of_ai
from meaux.subjects.allowances.month import month
from meaux.subjects.behind import BEHIND
from meaux.subjects.money import figures as of_money
from meaux.subjects.workers import figures as of_workers

CASES = {
    "cost by category": ("categories", of_money.cost, queries.cost_by_day, "category"),
    "cost by service": ("services", of_money.cost, queries.cost_row_sums, "service"),
    "AI cost by model": ("services", of_ai.model_cost, queries.model_cost_by_day, "model"),
    "tokens by model": ("services", of_ai.input_tokens, queries.tokens_by_day, "model"),
    "requests by Worker": ("workers", of_workers.requests, queries.requests_by_worker, "worker"),
}
COLUMNS = {"cost": "cost", "model_cost": "cost"}
every_database = pytest.mark.parametrize("database", ["demo", "messy", "later"])


@pytest.fixture(scope="module")
def opened(demo_source, later_source, open_script):
    """Each database by its name."""
    return {"demo": demo_source, "messy": open_script(MESSY), "later": later_source}


@every_database
@pytest.mark.parametrize(("part", "figure", "query", "column"), CASES.values(), ids=CASES)
def test_the_narrowed_number_is_the_share_of_that_part_and_all_parts_are_the_whole(
    met, answer, select, opened, database, part, figure, query, column
):
    source = opened[database]
    lines = answer(query, source=source)
    if not lines.answered:
        assert met(figure, source=source).value is None
        return
    amount = COLUMNS.get(figure.metric.name, figure.metric.name)
    shares = lines.frame.groupby(lines.frame[column].fillna(""))[amount].sum(min_count=1)
    found = 0.0
    for value, share in shares.items():
        narrowed = met(figure, select(**{part: (value,)}), source=source).value
        assert (narrowed or 0) == pytest.approx(0 if share != share else share), value  # noqa: PLR0124
        found += narrowed or 0
    assert found == pytest.approx(met(figure, source=source).value or 0)
    two = tuple(shares.index[:2])
    of_two = met(figure, select(**{part: two}), source=source).value or 0
    assert of_two == pytest.approx(shares[list(two)].sum())


@pytest.fixture(scope="module")
def only_one(demo_file, tmp_path_factory):
    """The demo with the entries of one category alone, and one old entry of each other."""

    def only_one(category):
        path = tmp_path_factory.mktemp("one") / "one.db"
        shutil.copyfile(demo_file, path)
        tables = {
            "Time": ("time_entries", "started_at"),
            "AI": ("ai_cost_tracking", "created_at"),
            "Infrastructure": ("cloudflare_usage", "usage_date"),
        }
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("PRAGMA synchronous = OFF")
            for other, (table, at) in tables.items():
                if other != category:
                    oldest = f"SELECT min({at}) FROM {table}"  # keeps the table in use
                    database.execute(f"DELETE FROM {table} WHERE {at} > ({oldest})")
        return open_source(SQLiteFile(path), override=path.parent / "none.toml")

    return only_one


@pytest.mark.parametrize("category", [one.name for one in CATEGORIES])
def test_forecast_burn_and_month_are_those_of_a_database_with_that_category_alone(
    met, select, only_one, category
):
    alone = only_one(category)
    for figure in (
        of_money.cost,
        of_money.daily_burn,
        of_money.month_end,
        of_money.cost_this_month,
    ):
        narrowed = met(figure, select(categories=(category,)))
        expected = met(figure, source=alone)
        assert narrowed.value == pytest.approx(expected.value), figure.metric.name
        assert narrowed.before == pytest.approx(expected.before), figure.metric.name


def test_budgets_and_allowances_are_those_of_the_whole_whatever_the_category(met, select, today):
    whole = met(of_money.budgets_in_danger)
    narrowed = met(of_money.budgets_in_danger, select(categories=("AI",)))
    assert "regardless of filters" in narrowed.note
    assert replace(narrowed, note=whole.note) == whole
    chosen = select(categories=("AI",), services=("gpt-4o",), workers=("api",))
    assert month(chosen) == month(select())
    assert today in month(chosen).period


CHOSEN = {"categories": ("AI",), "services": ("gpt-4o",), "workers": ("wrk_cafe_etoile",)}


@pytest.mark.parametrize("part", PARTIAL)
def test_sums_that_are_added_up_are_narrowed_like_those_that_are_read(demo_source, select, part):
    selection = select(**{part: CHOSEN[part]})
    asks = [Ask(QUERIES[name], selection, limit=5_000) for name in ADD_UP]
    fetch = Memo().call
    read = ask(asks, demo_source.binding, lambda all_: fetch_each(demo_source.database, all_))
    added = ask(
        asks,
        demo_source.binding,
        lambda all_: fetch_each(demo_source.database, all_),
        fetch,
        rolled_up,
    )
    for one, other in zip(read, added, strict=True):
        columns = list(one.frame.columns)
        numbers = one.frame.select_dtypes("number").columns
        assert one.state == other.state
        assert one.frame[numbers].sum().to_numpy() == pytest.approx(
            other.frame[numbers].sum().to_numpy(), rel=1e-6
        ), (one.query.name, columns)


def test_the_rows_behind_a_narrowed_number_are_narrowed_by_the_same():
    for metric, part in (("cost", "categories"), ("cost", "services"), ("tokens", "services")):
        source = BEHIND[metric].source
        for query in (*source.tables.values(), source.sums):
            assert part in parameters_of(query), (query.name, part)


def test_an_ask_keeps_only_the_filters_that_its_query_has(select):
    chosen = select(categories=("AI",), services=("gpt-4o",), workers=("api",))
    hours = Ask(queries.hours_by_day, chosen).selection
    assert (hours.categories, hours.services, hours.workers) == ((), (), ())
    assert Ask(queries.cost_by_day, chosen).selection.categories == ("AI",)
    assert Ask(queries.requests_over_time, chosen).selection.workers == ("api",)
