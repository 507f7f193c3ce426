"""Plans: what a user may declare, and what is said of an entry that can't be used."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from meaux.errors import SettingError
from meaux.plan import (
    PLAN_SETTINGS,
    SCOPES,
    Allowances,
    Budget,
    Capacity,
    Plan,
    Thresholds,
    read_plan,
    read_plan_file,
)

EXAMPLE = Path(__file__).parents[2] / ".streamlit" / "meaux.example.toml"
TABLES = {"thresholds": Thresholds, "capacity": Capacity, "allowances": Allowances}
AI = {"name": "AI", "monthly": 2_500, "scope": "category", "of": "AI"}
ALL = {"name": "Everything", "monthly": 60_000, "scope": "total"}

by_name = pytest.mark.parametrize(
    "setting", PLAN_SETTINGS, ids=lambda setting: f"{setting.table}.{setting.name}"
)
numbers = pytest.mark.parametrize(
    ("table", "name"),
    [
        (s.table, s.name)
        for s in PLAN_SETTINGS
        if s.name not in ("name", "scope", "of", "working_days", "as_of")
    ],
)


def entry(table, **keys):
    """A mapping whose only entry is a table, or a budget that is otherwise right."""
    return {table: [AI | keys] if table == "budgets" else keys}


def refused(mapping):
    with pytest.raises(SettingError) as raised:
        read_plan(mapping)
    return str(raised.value)


def test_nothing_declared_is_the_default_plan():
    assert read_plan({}) == Plan()
    assert read_plan({}).budgets == ()


def test_the_defaults_are_those_of_the_definitions():
    assert Thresholds() == Thresholds(1.0, 0.8, 0.5, 50, 0.05)
    assert Capacity().hours_per_day == 8
    assert set(dataclasses.astuple(Allowances())) == {None}


@pytest.mark.parametrize(("table", "shape"), TABLES.items())
def test_every_field_is_a_setting_and_every_setting_a_field(table, shape):
    fields = [field.name for field in dataclasses.fields(shape)]
    assert [s.name for s in PLAN_SETTINGS if s.table == table] == fields


@by_name
def test_a_setting_says_in_a_sentence_what_it_means(setting):
    assert setting.description.endswith(".")
    assert setting.description[0].isupper()


@by_name
def test_a_setting_stands_in_the_example(setting):
    assert f"\n{setting.name} = " in EXAMPLE.read_text(encoding="utf-8")


def test_the_example_declares_the_defaults():
    plan = read_plan_file(EXAMPLE)
    assert plan.thresholds == Thresholds()
    assert plan.capacity == Capacity()
    assert plan.allowances.as_of == date(2026, 11, 22)
    assert [budget.name for budget in plan.budgets] == ["Everything", "AI"]


def test_a_budget_says_who_set_it():
    found = read_plan({"budgets": [AI, ALL]}).budgets
    assert found == (
        Budget("AI", "category", "AI", 2_500.0, "meaux.toml"),
        Budget("Everything", "total", "", 60_000.0, "meaux.toml"),
    )


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_is_read_in_any_case(scope):
    given = ALL if scope == "total" else AI
    assert read_plan({"budgets": [given | {"scope": scope.upper()}]}).budgets[0].scope == scope


def test_a_category_is_read_in_any_case_and_spelled_as_the_ledger_does():
    assert read_plan(entry("budgets", of="infraSTRUCTURE")).budgets[0].of == "Infrastructure"


def test_working_days_come_in_the_order_of_the_week():
    assert read_plan(entry("capacity", working_days=["sun", "Mon"])).capacity.working_days == (
        "Mon",
        "Sun",
    )


@numbers
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("80", "is no number"),
        (True, "is no number"),
        (float("nan"), "is no number"),
        (float("inf"), "is no number"),
        (-1, ""),
    ],
)
def test_a_number_must_be_one(table, name, value, reason):
    said = refused(entry(table, **{name: value}))
    assert said.startswith(f"meaux.toml, [{'[budgets]' if table == 'budgets' else table}]")
    assert f", {name}: " in said
    assert reason in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"budget": []}, "meaux.toml: the key budget is not known; did you mean budgets?"),
        (
            entry("thresholds", at_rsk=0.8),
            "meaux.toml, [thresholds]: the key at_rsk is not known; did you mean at_risk?",
        ),
        (
            entry("budgets", montly=5),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”): "
                "the key montly is not known; did you mean monthly?"
            ),
        ),
        (
            entry("budgets", scope="categry"),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”), scope: "
                "'categry' is not known; did you mean category?"
            ),
        ),
        (
            entry("budgets", scope="people"),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”), scope: "
                "'people' is not known; use total, category, project, team."
            ),
        ),
        (
            entry("budgets", of="Infrastucture"),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”), of: "
                "'Infrastucture' is not known; did you mean Infrastructure?"
            ),
        ),
        (
            entry("budgets", monthly=0),
            "meaux.toml, [[budgets]] number 1 (“AI”), monthly: 0 is not more than 0.",
        ),
        (
            {"budgets": [AI, {"name": "B", "scope": "total"}]},
            "meaux.toml, [[budgets]] number 2 (“B”): monthly is missing.",
        ),
        (
            {"budgets": [{"monthly": 5, "scope": "total"}]},
            "meaux.toml, [[budgets]] number 1: name is missing.",
        ),
        (
            {"budgets": [{"name": "T", "monthly": 5, "scope": "team"}]},
            "meaux.toml, [[budgets]] number 1 (“T”): of is missing; name the team.",
        ),
        (
            {"budgets": [ALL | {"of": "AI"}]},
            "meaux.toml, [[budgets]] number 1 (“Everything”): a budget of the total has no `of`.",
        ),
        (
            {"budgets": [AI, ALL | {"name": "ai"}]},
            "meaux.toml, [[budgets]]: two budgets are named “AI”.",
        ),
        ({"budgets": AI}, "meaux.toml: write each budget below a line with [[budgets]]."),
        ({"capacity": 8}, "meaux.toml, [capacity]: it must be a table with keys in it."),
        (
            entry("capacity", hours_per_day=25),
            "meaux.toml, [capacity], hours_per_day: 25 is more than a day has.",
        ),
        (
            entry("capacity", working_days="Mon"),
            "meaux.toml, [capacity], working_days: 'Mon' is no list of weekdays.",
        ),
        (
            entry("thresholds", error_rate=5),
            "meaux.toml, [thresholds], error_rate: 5 is not between 0 and 1; 5 % is 0.05.",
        ),
        (
            entry("thresholds", watch=0.9),
            "meaux.toml, [thresholds]: watch, at_risk and over must rise.",
        ),
        (
            entry("allowances", as_of="2026-11-22"),
            (
                "meaux.toml, [allowances], as_of: "
                "2026-11-22 is no date; write it without quotes, as 2026-11-22."
            ),
        ),
    ],
)
def test_a_bad_entry_is_named_with_its_file_and_the_reason(mapping, said):
    assert refused(mapping) == said


def test_no_file_is_the_default_plan(tmp_path):
    assert read_plan_file(tmp_path / "meaux.toml") == Plan()


@pytest.mark.parametrize("content", [b"[thresholds", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(SettingError, match=r"mine\.toml is not valid TOML"):
        read_plan_file(tmp_path / "mine.toml")


def test_an_error_in_a_file_names_that_file(tmp_path):
    (tmp_path / "mine.toml").write_text("[thresholds]\nover = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingError, match=r"^mine\.toml, \[thresholds\], over: "):
        read_plan_file(tmp_path / "mine.toml")
