"""Each metric and each report has the numbers of the pages."""

import json
import math

import pytest
from typer.testing import CliRunner

from meaux.api.metrics import OF_HEALTH, figures
from meaux.cli import app as command_line
from meaux.data.plan import Plan, read_plan_file
from meaux.query.metrics import DEFINITIONS
from meaux.subjects.alerts import rules
from meaux.subjects.money.budget_status import Statuses
from meaux.subjects.money.outlook import Scenario, Seen
from meaux.subjects.page import all_pages, parts


def close(one, other):
    return one == other or math.isclose(one, other, rel_tol=1e-12)


def counted(name, health):
    """A number of the database's health, counted in the report."""
    columns = [column for table in health["logical"] for column in table["columns"]]
    return {
        "tables_found": sum(table["kind"] is not None for table in health["tables"]),
        "columns_bound": sum(column["needs"] == "" for column in columns),
        "queries_answered": sum(query["answerable"] for query in health["queries"]),
        "missing_indexes": sum(index["statement"] != "" for index in health["indexes"]),
    }[name]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_metric_has_the_value_of_its_card_and_its_comparison(ask, met, select, today, name):
    metric, found = DEFINITIONS[name], ask(f"/v1/metrics/{name}", period="30d").json()
    assert found["unit"] == metric.unit
    assert found["definition"] == metric.defined(Plan().thresholds)
    if name in OF_HEALTH:
        assert found["value"] == counted(name, ask("/v1/health").json()["health"])
    elif name not in figures():
        assert found["value"] is None
        assert found["note"].startswith("This metric has values in parts only")
    else:
        figure = met(figures()[name], select("30d"), controls=[Scenario(0.0, 0.0, today)])
        told = (figure.value, figure.before, figure.change, figure.note, figure.versus)
        keys = ("value", "before", "change", "note", "versus")
        for one, other in zip(told, (found[key] for key in keys), strict=True):
            assert close(one, other)


def test_every_number_on_a_page_is_a_metric_of_the_api():
    shown = {
        p.metric.name for page in all_pages() for p in parts(page.items) if hasattr(p, "metric")
    }
    assert shown == figures().keys()


def test_the_filters_narrow_a_metric_as_they_do_on_a_page(ask, met, select, demo_rows):
    [(project, name)] = demo_rows("SELECT id, name FROM projects ORDER BY id LIMIT 1")
    figure = met(figures()["hours"], select("90d", projects=(project,)))
    by_id, by_name = (
        ask("/v1/metrics/hours", period="90d", project=one).json() for one in (project, name)
    )
    assert by_id["value"] == by_name["value"] == pytest.approx(figure.value)
    assert by_id["value"] < ask("/v1/metrics/hours", period="90d").json()["value"]


def test_an_unknown_metric_is_404_and_a_similar_name_is_told(ask):
    found = ask("/v1/metrics/costs")
    assert found.status_code == 404
    assert "did you mean cost?" in found.json()["detail"]


def test_all_metrics_are_listed_with_their_definitions(ask):
    listed = ask("/v1/metrics").json()["metrics"]
    assert [one["name"] for one in listed] == list(DEFINITIONS)


def test_the_alerts_are_those_of_the_command_line(ask, own_world):  # noqa: ARG001
    told = CliRunner().invoke(command_line, ["alerts", "--json"])
    assert ask("/v1/alerts").json()["alerts"] == json.loads(told.stdout)


BUDGETS = """
[[budgets]]
name = "Everything"
monthly = 100
scope = "total"
[[budgets]]
name = "AI"
monthly = 1_000_000
scope = "category"
of = "AI"
[api]
requests_per_minute = 1_000
"""


def test_the_budgets_are_those_of_the_pages(ask, declare, met, tmp_path):
    declare(BUDGETS)
    expected = met(Statuses, plan=read_plan_file(tmp_path / "meaux.toml"))
    found = ask("/v1/budgets").json()["budgets"]
    assert [one["name"] for one in found] == [one.budget.name for one in expected]
    for shown, status in zip(found, expected, strict=True):
        assert shown["status"] == status.status
        assert shown["sentence"] == status.sentence
        for name in ("actual", "used", "forecast", "burn30"):
            assert close(shown[name], getattr(status, name))


def test_an_alert_follows_from_a_budget(ask, declare):
    declare(BUDGETS)
    alerts = ask("/v1/alerts").json()["alerts"]
    found = [a["rule"] for a in alerts if a["severity"] == "Critical" and a["rule"]]
    assert found == ["budget over"]
    assert {a["rule"] for a in alerts} <= {rule.name for rule in rules.RULES} | {None}


def test_the_forecast_is_that_of_the_pages(ask, met):
    expected, found = met(Seen), ask("/v1/forecast").json()
    assert found["method"] == expected.forecast.method
    assert found["sentence"] == expected.forecast.sentence
    assert close(found["month"]["forecast"], expected.month.forecast)
    assert close(found["quarter"]["forecast"], expected.quarter.forecast)
    table = expected.table
    assert [day["day"] for day in found["days"]] == [str(day.date()) for day in table["day"]]
    known = table["forecast"].dropna().tolist()
    assert [d["forecast"] for d in found["days"] if d["forecast"] is not None] == pytest.approx(
        known
    )


def test_the_health_names_every_logical_table_and_query(ask, demo_source):
    found = ask("/v1/health").json()["health"]
    assert [one["name"] for one in found["logical"]] == list(demo_source.binding.model.tables)
    assert all(one["answerable"] for one in found["queries"])
