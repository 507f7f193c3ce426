"""Tokens and what they cost, as plain SQL finds them."""

import pandas as pd
import pytest

from meaux.query import queries
from meaux.subjects.ai import figures
from meaux.subjects.ai import frames as tokens
from meaux.subjects.money import frames as costs
from meaux.subjects.money.ledger import Ledger

AT = "2026-11-20T12:00:00Z"
TOKENS = "project_id, user_id, model, prompt_tokens, completion_tokens, total_tokens, created_at"


WITHIN = "created_at >= ? AND created_at < ?"


def bounds(selection, period=None):
    span = period or selection.period
    return str(span.start), str(span.end)


@pytest.mark.parametrize(
    ("choice", "where"),
    [
        ({}, ""),
        ({"projects": ("prj_beignet_bot",)}, " AND project_id = 'prj_beignet_bot'"),
        ({"people": ("usr_zoe", "usr_remy")}, " AND user_id IN ('usr_zoe', 'usr_remy')"),
        (
            {"teams": ("team_lab",)},
            " AND project_id IN (SELECT id FROM projects WHERE team_id = 'team_lab')",
        ),
    ],
)
def test_the_figures_are_those_of_the_table_whatever_is_chosen(
    met, select, demo_rows, choice, where
):
    selection = select("90d", **choice)
    sums = "SELECT sum(input_tokens), sum(output_tokens), sum(cost_usd), count(*)"
    sql = f"{sums} FROM ai_cost_tracking WHERE {WITHIN}{where}"
    [(into, out, cost, count)] = demo_rows(sql, *bounds(selection))
    [(into_then, out_then, cost_then, _)] = demo_rows(sql, *bounds(selection, selection.compared))
    [(into_now, out_now, cost_now, _)] = demo_rows(sql, *bounds(selection, selection.comparable))
    assert count > 0
    found = met(figures.input_tokens, selection)
    assert (found.value, found.before, sum(found.trend)) == (into, into_then, into)
    assert found.note == f"{into + out:,} input and output tokens in total."
    found = met(figures.output_tokens, selection)
    assert (found.value, found.before, found.note) == (out, out_then, "")
    assert (met(figures.input_tokens, selection).compared, found.compared) == (into_now, out_now)
    found = met(figures.model_cost, selection)
    assert found.value == pytest.approx(cost)
    assert found.before == (None if cost_then is None else pytest.approx(cost_then))
    assert found.compared == pytest.approx(cost_now)
    price = met(figures.cost_per_thousand, selection)
    assert price.value == pytest.approx(cost / (into + out) * 1_000)
    assert met(figures.ai_requests, selection).value == count


def test_conversations_are_those_that_began_in_the_period(met, select, demo_rows):
    selection = select("90d")
    sql = "SELECT count(*) FROM ai_conversations WHERE started_at >= ? AND started_at < ?"
    found = met(figures.conversations, selection)
    assert [(found.value,)] == demo_rows(sql, *bounds(selection))
    assert [(found.before,)] == demo_rows(sql, *bounds(selection, selection.compared))
    assert [(found.compared,)] == demo_rows(sql, *bounds(selection, selection.comparable))
    assert sum(found.trend) == found.value


def test_the_ai_cost_is_that_of_the_ledger_everywhere(met, answer, select):
    selection = select("30d")
    used, spent = met(tokens.Used, selection), met(tokens.Spent, selection)
    days = answer(queries.cost_by_day, costs.window(selection))
    [ledger] = costs.by_category(Ledger(days, selection.period), selection).frame.query(
        "category == 'AI'"
    )["cost"]
    table = tokens.table(used, spent).frame
    for found in (
        met(figures.model_cost, selection).value,
        tokens.cost_by_model(spent).frame["model_cost"].sum(),
        tokens.cost_over_time(spent, selection).frame["model_cost"].sum(),
        table["model_cost"].sum(),
    ):
        assert found == pytest.approx(ledger)
    assert ledger > 0


def test_each_model_has_its_tokens_its_cost_and_its_price(met, select, demo_rows):
    selection = select("90d")
    used, spent = met(tokens.Used, selection), met(tokens.Spent, selection)
    table = tokens.table(used, spent).frame
    expected = demo_rows(
        "SELECT model, count(*), sum(input_tokens), sum(output_tokens), sum(cost_usd),"
        " sum(cost_usd) / sum(input_tokens + output_tokens) * 1000"
        f" FROM ai_cost_tracking WHERE {WITHIN} GROUP BY 1 ORDER BY sum(cost_usd) DESC",
        *bounds(selection),
    )
    columns = ["model", "ai_requests", "input_tokens", "output_tokens", "model_cost", "cost_per_1k"]
    found = list(table[columns].itertuples(index=False, name=None))
    assert [row[:4] for row in found] == [row[:4] for row in expected]
    for row, hand in zip(found, expected, strict=True):
        assert row[4:] == pytest.approx(hand[4:])


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_models_and_parts_add_up_to_all_tokens_at_every_grain(met, select, grain):
    selection = select("90d", grain=grain)
    used = met(tokens.Used, selection)
    whole = used.frame["tokens"].sum()
    for shaped in (tokens.by_model(used, selection), tokens.by_part(used, selection)):
        assert shaped.frame["tokens"].sum() == whole
        assert shaped.frame["partial"].any()


@pytest.fixture
def only_totals(rows_of):
    """Token lines of which some say only their sum, one only what went in, and one nothing."""
    return rows_of(
        "token_usage",
        TOKENS,
        ("p", "u", "one", None, None, 100, AT),
        ("p", "u", "one", 40, 10, 50, AT),
        ("p", "u", "two", 7, None, None, AT),
        ("p", "u", "two", 3, 2, None, AT),
        ("p", "u", "three", None, None, None, AT),
    )


def test_what_stores_only_sums_has_tokens_that_are_not_split(database_of, met, select, only_totals):
    selection = select("7d")
    source = database_of(only_totals)
    used, spent = met(tokens.Used, selection, source), met(tokens.Spent, selection, source)
    assert met(figures.input_tokens, selection, source).value == 50
    assert (
        met(figures.input_tokens, selection, source).note == "162 input and output tokens in total."
    )
    found = met(figures.output_tokens, selection, source)
    assert (found.value, found.note) == (12, "100 more tokens aren't split into input and output.")
    parts = tokens.by_part(used, selection).frame.groupby("part")["tokens"].sum()
    assert parts.to_dict() == {"Input": 50, "Output": 12, "Input or output unknown": 100}
    table = tokens.table(used, spent).frame.set_index("model")
    assert table["tokens"].fillna(-1).to_dict() == {"one": 150, "two": 12, "three": -1}


def test_where_no_line_is_split_neither_part_is_known_and_none_is_zero(
    database_of, met, select, rows_of
):
    source = database_of(
        rows_of("token_usage", "model, tokens, created_at", ("m", 9, AT), (None, 1, AT))
    )
    selection = select("7d")
    used = met(tokens.Used, selection, source)
    assert met(figures.input_tokens, selection, source).value is None
    assert met(figures.output_tokens, selection, source).value is None
    assert set(tokens.by_part(used, selection).frame["part"]) == {"Input or output unknown"}
    models = tokens.by_model(used, selection).frame
    assert models.groupby("model")["tokens"].sum().to_dict() == {"m": 9, "Unnamed": 1}


def test_the_alerts_count_the_same_tokens_as_the_page(
    database_of, met, answer, select, only_totals
):
    selection = select("7d")
    source = database_of(only_totals)
    alerted = answer(queries.tokens_used, selection, source=source).frame
    [used] = alerted["tokens"]
    assert used == met(tokens.Used, selection, source).frame["tokens"].sum() == 162


def test_where_the_source_counts_requests_these_are_it_and_else_each_line_is_one(
    database_of, met, select, rows_of, only_totals
):
    selection = select("7d")
    assert met(figures.ai_requests, selection, database_of(only_totals)).value == 5
    counted = rows_of(
        "ai_model_usage",
        "model, usage_date, requests, input_tokens",
        ("m", "2026-11-20", 12, 5),
        ("m", "2026-11-21", None, 5),
    )
    assert met(figures.ai_requests, selection, database_of(counted)).value == 12


def test_tokens_and_cost_of_two_tables_say_so(database_of, met, select, rows_of):
    source = database_of(
        rows_of("token_usage", TOKENS, ("p", "u", "m", 600, 400, 1000, AT))
        + rows_of("openai_spending", "date, amount_cents", ("2026-11-20", 250))
    )
    selection = select("7d")
    used, spent = met(tokens.Used, selection, source), met(tokens.Spent, selection, source)
    said = "Tokens from token_usage, cost from openai_spending."
    assert met(figures.model_cost, selection, source).note == said
    price = met(figures.cost_per_thousand, selection, source)
    assert (price.value, price.note) == (2.5, said)
    assert tokens.sources(used, spent) == said
    table = tokens.table(used, spent).frame.set_index("model")
    assert table["model_cost"].fillna(-1).to_dict() == {"Unnamed": 2.5, "m": -1}


def test_of_one_table_nothing_is_said(met, select):
    used, spent = met(tokens.Used, select("30d")), met(tokens.Spent, select("30d"))
    assert tokens.sources(used, spent) == ""


def test_where_nothing_tells_the_cost_it_is_not_available(database_of, met, select, rows_of):
    source = database_of(
        rows_of("token_usage", TOKENS, ("p", "u", "m", 6, 4, 10, AT))
        + rows_of("cloudflare_usage", "usage_date, cost_usd", ("2026-11-20", 3))
    )
    selection = select("7d")
    spent = met(tokens.Spent, selection, source)
    for shaped in (
        tokens.cost_by_model(spent),
        tokens.cost_over_time(spent, selection),
    ):
        assert shaped.state == "unavailable"
        assert shaped.reason.startswith("Needs token_usage.cost_usd")
    for wanted in (figures.model_cost, figures.cost_per_thousand):
        figure = met(wanted, selection, source)
        assert figure.value is None
        assert figure.note.startswith("Needs token_usage.cost_usd")
    assert met(figures.input_tokens, selection, source).value == 6


def test_a_source_that_names_no_project_is_not_available_for_one(database_of, met, select, rows_of):
    script = rows_of("ai_model_usage", "model, usage_date, input_tokens", ("m", "2026-11-20", 5))
    selection = select("7d", projects=("p",))
    figure = met(figures.input_tokens, selection, database_of(script))
    assert figure.value is None
    assert figure.note.startswith("Needs ai_model_usage.project_id or ai_model_usage.project")


def test_a_period_without_use_has_no_tokens_and_no_price(met, select):
    selection = select("30d", projects=("nobody",))
    used, spent = met(tokens.Used, selection), met(tokens.Spent, selection)
    assert met(figures.input_tokens, selection).value == 0
    assert met(figures.ai_requests, selection).value == 0
    price = met(figures.cost_per_thousand, selection)
    assert (price.value, price.note) == (None, "Needs tokens and their cost in the period.")
    assert met(figures.model_cost, selection).value is None
    assert tokens.table(used, spent).state == "empty"


@pytest.mark.parametrize(
    ("cost", "used", "price"),
    [(5.0, 1000.0, 5.0), (0.0, 10.0, 0.0), (None, 10.0, None), (5.0, 0.0, None), (5.0, None, None)],
)
def test_a_price_needs_a_cost_and_a_token(cost, used, price):
    assert tokens.per_thousand(cost, used) == price


def test_what_is_unknown_throughout_has_no_sum():
    assert tokens.summed(pd.DataFrame({"n": [None, None]}, dtype=float), "n") is None
    assert tokens.summed(pd.DataFrame({"n": [None, 2.0]}), "n") == 2
    assert tokens.summed(pd.DataFrame({"n": []}), "n") == 0
