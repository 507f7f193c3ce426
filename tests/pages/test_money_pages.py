"""The pages about money: the same total everywhere, budgets of the plan, and a plan gone wrong."""

import pytest

from meaux import plan
from meaux.ui import data, pages

HOME, EXECUTIVE, FINANCIAL = (
    next(page for page in pages.PAGES if page.title == title)
    for title in ("Home", "Executive overview", "Financial analytics")
)
PLAN = """
[[budgets]]
name = "All of it"
monthly = 60_000
scope = "total"
"""


@pytest.fixture
def declare(monkeypatch, tmp_path):
    """Write a plan that the pages read."""

    def declare(text):
        path = tmp_path / "meaux.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(data, "read_plan_file", lambda: plan.read_plan_file(path))

    return declare


@pytest.mark.parametrize("period", ["Last 7 days", "Last 30 days", "Last month"])
def test_the_same_period_costs_the_same_on_every_page(open_page, period):
    executive = open_page(page=EXECUTIVE, period=period)
    financial = open_page(page=FINANCIAL, period=period)
    home = open_page(page=HOME, period=period)
    shown = executive.figure("Cost")
    assert financial.figure("Cost").value == shown.value
    assert financial.figure("Cost").delta == shown.delta
    assert financial.figure("Cost").trend == shown.trend
    total = sum(shown.trend)
    assert f"Total: ${total:,.2f} in total" in home.card("Cost trend").description
    assert f"Total: ${total:,.2f} in total" in financial.card("Cost trend").description
    month = home.figure("This month's cost")
    assert executive.figure("This month's cost").value == month.value


@pytest.mark.parametrize("page", [EXECUTIVE, FINANCIAL], ids=lambda page: page.title)
def test_a_page_about_money_is_one_call_when_cold_and_none_when_warm(open_page, counting, page):
    opened = open_page(page=page, period="Last 7 days")
    cold = len(counting[0].calls)
    assert opened.exceptions == []
    opened.run()
    assert len(counting[0].calls) == cold
    opened.choose("period", "Last month")
    assert len(counting[0].calls) == cold + 1


def test_a_declared_budget_stands_in_the_table_the_chart_and_the_month(open_page, declare):
    bare = open_page(page=FINANCIAL)
    declare(PLAN)
    page = open_page(page=FINANCIAL)
    assert page.exceptions == []
    assert "All of it" in page.card("Budget and actual").description
    table = page.card("Budgets in numbers").table
    [line] = table[table["name"] == "All of it"].to_dict("records")
    assert line["budget"] == 60_000
    assert line["actual"] == pytest.approx(sum(open_page().figure("This month's cost").trend))
    assert "60,000" in page.card("Month to date").description
    assert "60,000" not in bare.card("Month to date").description


@pytest.mark.parametrize("page", [HOME, EXECUTIVE], ids=lambda page: page.title)
def test_a_budget_that_is_over_is_an_alert_with_its_numbers(open_page, declare, page):
    declare(PLAN.replace("60_000", "10"))
    opened = open_page(page=page)
    assert "All of it budget: $" in opened.words.replace("\\", "")
    assert "of $10.00 used" in opened.words.replace("\\", "")


@pytest.mark.parametrize("page", [HOME, EXECUTIVE, FINANCIAL], ids=lambda page: page.title)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            PLAN.replace("total", "totl"),
            "meaux.toml, [[budgets]] number 1 (“All of it”), scope: 'totl' is not known; did",
        ),
        ("[thresholds\n", "meaux.toml is not valid TOML"),
    ],
)
def test_a_plan_that_cannot_be_used_is_one_sentence_in_place_of_the_page(
    open_page, declare, page, text, sentence
):
    declare(text)
    opened = open_page(page=page)
    assert opened.exceptions == []
    [said] = opened.errors
    assert said.startswith(sentence)
    assert opened.figures() == []
    declare(PLAN)
    assert opened.run().errors == []
