"""Changes of costs that are written down by hand: equal weeks are equal, whatever today cost."""

from datetime import date

import pytest

from meaux.query.filters import Period
from meaux.subjects.money import figures, rankings
from meaux.subjects.money import frames as costs

TABLES = """
CREATE TABLE projects (id TEXT, name TEXT);
CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, cost_usd REAL);
"""
EQUAL_WEEKS = f"""
{TABLES}
WITH RECURSIVE days (day) AS (
  SELECT '2026-05-01' UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2026-11-21'
)
INSERT INTO ai_cost_tracking
  SELECT day || 'T09:00:00Z', 'p1', iif(strftime('%w', day) IN ('0', '6'), 10, 50) FROM days;
INSERT INTO ai_cost_tracking VALUES
  ('2026-11-22T08:00:00Z', 'p1', 5000), ('2026-11-22T09:00:00Z', 'p2', 7);
"""
"""$50 on each working day and $10 on each day of a weekend, until today, which costs $5,007."""


@pytest.fixture
def equal_weeks(met, select, database_of):
    """What is made of equal weeks."""
    source = database_of(EQUAL_WEEKS)

    def equal_weeks(wanted, period="30d", **choices):
        return met(wanted, select(period, **choices), source)

    return equal_weeks


@pytest.mark.parametrize(
    ("period", "compare", "value", "compared", "versus"),
    [
        # 21 working days and 9 of weekends, and today
        ("30d", "previous", 6147, 1140, "vs 18 Sep - 17 Oct 2026"),
        ("30d", "month", 6147, 1140, "vs 18 Sep - 17 Oct 2026"),
        # one week, and today
        ("7d", "previous", 5277, 270, "vs 8-14 Nov 2026"),
        ("7d", "month", 5277, 270, "vs 18-24 Oct 2026"),
        # 15 working days and 6 of weekends, and today; as many in October
        ("mtd", "previous", 5817, 810, "vs 1-21 Oct 2026"),
        # from Wednesday to Friday
        (Period(date(2026, 11, 18), date(2026, 11, 21)), "previous", 150, 150, "vs 11-13 Nov 2026"),
    ],
)
def test_equal_weeks_show_no_change_whatever_today_costs(
    equal_weeks, period, compare, value, compared, versus
):
    figure = equal_weeks(figures.cost, period, compare=compare)
    assert (figure.value, figure.compared, figure.before) == (value, compared, compared)
    assert figure.delta == 0
    assert figure.versus.replace("\N{EN DASH}", "-") == versus


def test_whole_months_meet_whole_months_however_many_weekends_they_have(equal_weeks):
    """October has 22 working days and 9 of weekends, September 22 and 8."""
    figure = equal_weeks(figures.cost, "last-month")
    assert (figure.value, figure.before) == (1190, 1180)
    assert (figure.delta, figure.versus) == ("+0.8%", "vs 1\N{EN DASH}30 Sep 2026")


def test_this_month_is_compared_on_its_days_that_are_over(equal_weeks):
    figure = equal_weeks(figures.cost_this_month)
    assert (figure.value, figure.compared, figure.before, figure.delta) == (5817, 810, 810, 0)
    assert figure.versus == "vs 1\N{EN DASH}21 Oct 2026"
    assert "October total: $1,190." in figure.note


@pytest.fixture
def behind(equal_weeks, select):
    """What stands behind the trend of equal weeks."""

    def behind(period, **choices):
        by_day, first = (
            equal_weeks(need, period, **choices) for need in (costs.ByDay, costs.FirstLine)
        )
        return costs.backdrop(by_day, first, select(period, **choices))

    return behind


def test_today_alone_is_compared_with_nothing_and_says_so(equal_weeks, behind):
    figure = equal_weeks(figures.cost, "today")
    assert (figure.value, figure.before, figure.delta, figure.versus) == (5007, None, None, "")
    assert figure.note.startswith("No comparison: today is not complete.")
    compared = equal_weeks(rankings.Compared, "today")
    assert compared.frame["change"].isna().all()
    assert behind("today").ghost is None


@pytest.mark.parametrize("compare", ["previous", "month"])
def test_the_line_behind_equal_weeks_is_the_line_itself(equal_weeks, behind, select, compare):
    found = behind("30d", compare=compare)
    by_day = equal_weeks(costs.ByDay, compare=compare)
    now = costs.total_by_day(by_day.frame, select("30d", compare=compare).comparable)
    assert found.ghost[["day", "cost"]].to_dict("list") == now.to_dict("list")
    assert found.said == "Dotted line: comparison period (same weekday, 5 weeks earlier)."


def test_a_project_that_only_today_knows_is_no_mover_yet(equal_weeks):
    found = equal_weeks(rankings.Compared)
    shown = {line["project"]: line for line in found.frame.to_dict("records")}
    assert (shown["p1"]["cost"], shown["p1"]["before"], shown["p1"]["change"]) == (6140, 1140, 0)
    assert (shown["p2"]["cost"], shown["p2"]["change"]) == (7, 0)
    assert rankings.movers(found).state == "empty"


@pytest.fixture
def compared(met, select, database_of):
    """The projects of a database, as if all of the compared days had been recorded."""

    def compared(script):
        source, selection = database_of(f"{TABLES} {script}"), select("30d")
        now, then = (
            met(need, selection, source) for need in (costs.ByProject, rankings.ByProjectBefore)
        )
        return rankings.compared_by_project(now, then, None, selection)

    return compared


@pytest.fixture
def moved(compared):
    """The projects that moved: each by its name, with its cost before and now."""

    def moved(**projects):
        lines = [
            f"('{day}T09:00:00Z', '{name}', {cost})"
            for name, both in projects.items()
            for day, cost in zip(("2026-10-10", "2026-11-10"), both, strict=True)
            if cost is not None
        ]
        return compared(f"INSERT INTO ai_cost_tracking VALUES {', '.join(lines)};")

    return moved


def test_eight_projects_move_most_rises_first(moved):
    changes = [1, -2, 3, -4, 5, -6, 7, -8, 9, -10]
    found = moved(**{f"p{n}": (100, 100 + change) for n, change in enumerate(changes)})
    shown = rankings.movers(found).frame
    assert shown["change"].tolist() == [9, 7, 5, 3, -4, -6, -8, -10]
    assert shown["share_change"].tolist() == pytest.approx(
        [0.09, 0.07, 0.05, 0.03, -0.04, -0.06, -0.08, -0.1]
    )


def test_a_project_moves_by_a_cent_at_least(moved):
    found = moved(cent=(1.0, 1.01), less=(1.0, 1.009), fall=(1.01, 1.0), same=(1.0, 1.0))
    assert rankings.movers(found).frame["name"].tolist() == ["cent", "fall"]


def test_a_mover_without_a_base_is_new_and_one_without_a_cost_is_gone(moved):
    shown = rankings.movers(moved(new=(None, 5), gone=(5, None), credit=(-5, 5))).frame
    words = {line["name"]: (line["change"], line["word"]) for line in shown.to_dict("records")}
    assert words == {"new": (5, "new"), "gone": (-5, "gone"), "credit": (10, "")}
    assert shown["share_change"].dropna().tolist() == [-1]


def test_a_project_whose_days_that_are_over_have_no_price_has_no_change(compared):
    script = (
        "INSERT INTO ai_cost_tracking VALUES ('2026-10-10T09:00:00Z', 'p1', 5),"
        " ('2026-11-10T09:00:00Z', 'p1', NULL), ('2026-11-22T09:00:00Z', 'p1', 9),"
        " ('2026-11-10T09:00:00Z', 'p2', 1);"
    )
    found = compared(script).frame.set_index("project")
    assert found.loc["p1", "cost"] == 9
    assert found["change"].isna().to_dict() == {"p1": True, "p2": False}


BEGUN = f"""
{TABLES}
INSERT INTO ai_cost_tracking VALUES ('2026-05-01T09:00:00Z', 'p1', 1),
  ('2026-11-10T09:00:00Z', 'new', 5), ('2026-10-10T09:00:00Z', 'bare', NULL),
  ('2026-11-10T09:00:00Z', 'bare', 5);
"""
"""A ledger since May; of two projects with the same cost, one had no entry before, one no price."""


@pytest.mark.parametrize("figure", [figures.cost, figures.cost_of_period])
@pytest.mark.parametrize(
    ("project", "before", "moved"), [("new", 0, [("new", 5, "new")]), ("bare", None, [])]
)
def test_no_entry_before_is_no_cost_and_an_entry_without_a_price_is_unknown(
    met, select, database_of, figure, project, before, moved
):
    source, selection = database_of(BEGUN), select("30d", projects=(project,))
    shown = met(figure, selection, source)
    assert (shown.value, shown.compared, shown.before) == (5, 5, before)
    said = "No cost in 18 Sep \N{EN DASH} 17 Oct 2026."
    assert shown.note.startswith(said) is (before == 0)
    movers = met(rankings.movers, selection, source).frame
    assert list(movers[["name", "change", "word"]].itertuples(index=False, name=None)) == moved


@pytest.mark.parametrize("count", [12, 13, 15])
def test_twelve_projects_have_a_bar_of_their_own_and_the_rest_share_one(moved, count):
    found = moved(**{f"p{n:02}": (1, 100 - n) for n in range(count)})
    own = [f"p{n:02}" for n in range(12)]
    rest = {12: [], 13: ["1 other"], 15: ["3 others"]}[count]
    assert rankings.dearest(found).frame["name"].tolist() == own + rest
    assert rankings.dearest(found).frame["cost"].sum() == sum(100 - n for n in range(count))
