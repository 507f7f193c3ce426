"""An unusual day is found in the part where it happens, and named by its cause."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from meaux.query.answers import without_query
from meaux.query.filters import Period
from meaux.subjects.money import anomalies
from meaux.subjects.money.cards.costs import unusual
from meaux.subjects.money.cards.forecast import ahead
from meaux.subjects.money.metrics import COST
from meaux.subjects.money.parts import Part

USAGE = """
CREATE TABLE projects (id TEXT, name TEXT);
INSERT INTO projects VALUES ('p1', 'Bot'), ('p2', 'Shop');
CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);
CREATE TABLE ai_cost_tracking (
  id INTEGER PRIMARY KEY, created_at TEXT, cost_usd REAL, model TEXT, project_id TEXT);
WITH RECURSIVE d (day) AS (
  SELECT '2026-07-01' UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2026-11-22')
INSERT INTO cloudflare_usage SELECT day, 'R2', 10 FROM d;
INSERT INTO ai_cost_tracking (created_at, cost_usd, model, project_id)
  SELECT usage_date || 'T12:00:00Z', column1, column2, column3 FROM cloudflare_usage, (
    VALUES (20, 'gpt', 'p1'), (5, 'claude', 'p1'), (30, 'gpt', 'p2'), (5, 'claude', 'p2'));
"""
CALL = "INSERT INTO ai_cost_tracking (created_at, cost_usd, model, project_id) VALUES"


@pytest.fixture
def found(database_of, met):
    """The unusual days of a database: each with its part, its cause and its difference."""

    def found(script="", period="30d"):
        return met(anomalies.OfPeriod, period, database_of(USAGE + script))

    return found


def test_days_like_all_others_are_none(found):
    assert found() == ()


def calls(*amounts, day="2026-11-18"):
    """Write calls of a day: amount, model, project."""
    rows = ", ".join(f"('{day}T09:00:00Z', {a}, '{m}', '{p}')" for a, m, p in amounts)
    return f"{CALL} {rows};"


ONE, BOTH_MODELS, BOTH_PROJECTS = (
    calls((200, "gpt", "p1")),
    calls((99, "gpt", "p1"), (101, "claude", "p1")),
    calls((99, "gpt", "p1"), (101, "gpt", "p2")),
)
CREDIT = "INSERT INTO cloudflare_usage VALUES ('2026-11-18', 'Credit', -100);"


@pytest.mark.parametrize(
    ("script", "cause", "of_cause"),
    [
        (ONE, ("AI", "p1", "gpt"), 200),
        (BOTH_MODELS, ("AI", "p1", None), 200),
        (BOTH_PROJECTS, ("AI", None, "gpt"), 200),
        (CREDIT, ("Infrastructure", None, "Credit"), -100),
    ],
    ids=["one model of a project", "a project", "a model", "a credit"],
)
def test_the_cause_is_the_smallest_part_with_most_of_the_difference(found, script, cause, of_cause):
    [one] = found(script)
    assert (one.day, one.cause) == (date(2026, 11, 18), Part(*cause))
    assert one.of_cause == pytest.approx(of_cause)
    assert one.cost - one.usual == pytest.approx(of_cause)
    assert one.where == "All costs"


def test_two_causes_on_one_day_are_two_findings(found):
    script = (
        calls((500, "gpt", "p1")) + "INSERT INTO cloudflare_usage VALUES ('2026-11-18', 'D1', 400);"
    )
    causes = {one.what: one.of_cause for one in found(script)}
    assert causes == {
        "AI › Bot › gpt": pytest.approx(500),
        "Infrastructure › D1": pytest.approx(400),
    }


def test_what_one_project_gains_and_another_loses_is_found_although_the_total_is_usual(found):
    script = (
        "UPDATE ai_cost_tracking SET cost_usd = 0 WHERE project_id = 'p2'"
        " AND model = 'gpt' AND created_at LIKE '2026-11-18%';"
        + calls((60, "gpt", "p1"), (-30, "claude", "p2"))
    )
    assert [(one.where, one.cost) for one in found(script)] == [
        ("AI › Bot", 85),
        ("AI › Shop", -25),
    ]


def test_a_finding_says_how_much_against_the_usual_and_who(found):
    [one] = found(ONE)
    assert one.sentence == (
        "All costs: $270.00, 3.9× a usual Wednesday; AI › Bot › gpt: $200.00 more than usual"
    )
    assert one.label == "18 Nov, AI › Bot › gpt"


def test_costs_that_a_filter_narrows_are_not_called_all(met, select, database_of):
    chosen = select("30d", projects=("p1",))
    [one] = met(anomalies.OfPeriod, chosen, database_of(USAGE + BOTH_MODELS))
    assert one.sentence.startswith("All selected costs: $225.00")


def test_the_rows_of_a_finding_are_those_of_the_cause_on_that_day(met, database_of, behind):
    source = database_of(USAGE + ONE)
    [one] = met(anomalies.OfPeriod, "30d", source)
    assert one.rows.metric == COST.name
    [page], total, _ = behind(COST, *one.rows.of, source=source)
    assert sorted(page["cost"]) == [20, 200]
    assert total.amount == one.of_cause + 20


def test_unusual_days_of_projects_are_found_in_a_year_and_before_it_by_category(met, database_of):
    days = ("2025-09-01", "2026-02-02")
    long = USAGE.replace("2026-07-01", "2025-06-01")
    source = database_of(long + "".join(calls((400, "gpt", "p1"), day=day) for day in days))
    whole = Period(date(2025, 8, 1), date(2026, 11, 22))
    early, late = met(anomalies.OfPeriod, whole, source)
    assert (str(early.day), str(late.day)) == days
    assert (early.cause, late.cause) == (Part("AI"), Part("AI", "p1", "gpt"))
    assert met(unusual, whole, source).note == (
        "Projects and models are judged since 13 Nov 2025, earlier days by category."
    )
    assert met(unusual, "12m", source).note == ""


def test_the_card_lists_the_latest_first_with_a_button_for_the_rows_of_each(met, database_of):
    script = calls((200, "gpt", "p1"), day="2026-11-10") + calls((300, "claude", "p2"))
    card = met(unusual, "30d", database_of(USAGE + script))
    assert card.answer.frame["day"].dt.day.tolist() == [18, 10]
    assert [label for label, _ in card.opens] == [
        "18 Nov, AI › Shop › claude",
        "10 Nov, AI › Bot › gpt",
    ]


def test_unusual_days_are_marked_on_the_line_of_the_forecast(met, database_of):
    source = database_of(USAGE + calls((300, "claude", "p2")))
    [mark] = met(ahead, "30d", source).draw.keywords["marks"].itertuples()
    assert (mark.day.date(), mark.value) == (date(2026, 11, 18), 370)
    assert "AI › Shop › claude" in mark.text


DAYS = pd.date_range("2026-07-01", "2026-11-21", unit="s")
TODAY = date(2026, 11, 22)


def quiet(seed, noise, **spike):
    """Costs of ten projects with a weekly rhythm, some of them sparse, and monthly invoices."""
    rng = np.random.default_rng(seed)
    week = np.where(DAYS.day_of_week < 5, 1.0, 0.2)
    rows = []
    for project in range(10):
        worked = rng.random(len(DAYS)) > (0.6 if project % 2 else 0.0)
        for category, size in (("Time", 150.0), ("AI", 12.0)):
            cost = size * rng.lognormal(0, 0.7) * week * noise(rng, len(DAYS)) * worked
            of = zip(DAYS, cost, strict=True)
            rows += [(day, category, f"p{project}", "m", amount) for day, amount in of]
    rows += [(day, "Infrastructure", None, "Plan", 400.0) for day in DAYS[DAYS.day == 1]]
    rows += [(day, "Infrastructure", None, "R2", 15.0) for day in DAYS]
    rows += [(pd.Timestamp(day), "AI", "p3", "m", cost) for day, cost in spike.get("at", ())]
    frame = pd.DataFrame(rows, columns=["day", "category", "project", "service", "cost"])
    frame = frame.assign(name=frame["project"], day=frame["day"].astype("datetime64[s]"))
    return frame[frame["cost"] != 0]


NOISES = {
    "gamma": lambda rng, size: rng.gamma(4, 1 / 4, size),
    "lognormal": lambda rng, size: rng.lognormal(-0.1, 0.45, size),
    "normal": lambda rng, size: np.maximum(0, rng.normal(1, 0.5, size)),
}


@pytest.fixture
def judged(select):
    def judged(frame):
        selection = select(Period(date(2026, 8, 28), TODAY))
        reach = selection.period.reaching_back(56)
        answer = without_query("", frame, selection.over(reach))
        return anomalies.find(answer, frame, selection, 50)

    return judged


@pytest.mark.parametrize("noise", NOISES)
def test_quiet_data_have_at_most_a_few_unusual_days_a_month(judged, noise):
    """86 days are 2.8 months; measured over five seeds."""
    counts = [len(judged(quiet(seed, NOISES[noise]))) for seed in range(5)]
    assert sum(counts) / len(counts) / 2.8 <= 3
    assert max(counts) / 2.8 <= 5


@pytest.mark.parametrize("noise", NOISES)
def test_a_day_of_three_times_the_usual_ai_cost_is_found_with_its_project(judged, noise):
    for seed in range(3):
        frame = quiet(seed, NOISES[noise])
        usual = frame[frame["category"] == "AI"].groupby("day")["cost"].sum().median()
        frame = quiet(seed, NOISES[noise], at=[("2026-11-11", 2 * usual)])
        on_the_day = [one for one in judged(frame) if one.day == date(2026, 11, 11)]
        assert ("AI", "p3") in [one.cause[:2] for one in on_the_day], on_the_day
        assert len(on_the_day) == 1
