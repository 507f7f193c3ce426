"""Plans: what a user may declare, and what is said of an entry that can't be used."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from meaux.data import faults
from meaux.data.budgeting import SCOPES, Budget
from meaux.data.plan import TABLES, Plan, read_plan, read_plan_file
from meaux.data.thresholds import Allowances, Capacity, Thresholds

EXAMPLE = Path(__file__).parents[2] / ".streamlit" / "meaux.example.toml"
AI = {"name": "AI", "monthly": 2_500, "scope": "category", "of": "AI"}
ALL = {"name": "Everything", "monthly": 60_000, "scope": "total"}

KEYS = {f"{table}.{name}": key for table, keys in TABLES.items() for name, key in keys.items()}

by_name = pytest.mark.parametrize("setting", KEYS.values(), ids=KEYS)
NO_NUMBERS = (
    *("name", "scope", "of", "period", "first_day", "last_day", "working_days", "as_of"),
    *("on", "sources"),
)
numbers = pytest.mark.parametrize(
    ("table", "name"),
    [
        (table, name)
        for table, keys in TABLES.items()
        for name in keys
        if name not in NO_NUMBERS and table not in ("reports", "schedule")
    ],
)


def entry(table, **keys):
    """A mapping whose only entry is a table, or a budget that is otherwise right."""
    return {table: [AI | keys] if table == "budgets" else keys}


def refused(mapping):
    """What is said of the only entry that can't be used; the plan is else what it would be."""
    [fault] = read_plan(mapping).faults
    return fault.sentence


def test_nothing_declared_is_the_default_plan():
    assert read_plan({}) == Plan()
    assert read_plan({}).budgets == ()


def test_the_defaults_are_those_of_the_definitions():
    assert Thresholds() == Thresholds(1.0, 0.8, 0.5, 50, 0.05)
    assert Capacity().hours_per_day == 8
    assert set(dataclasses.astuple(Allowances())) == {None}


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
    assert [budget.name for budget in plan.budgets] == [
        *("Everything", "AI", "The dearest model", "Infrastructure next year"),
    ]


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
        ("80", "is not a number"),
        (True, "is not a number"),
        (float("nan"), "is not a number"),
        (float("inf"), "is not a number"),
        (10**400, "is not a number"),
        (-1, ""),
    ],
)
def test_a_number_must_be_one(table, name, value, reason):
    said = refused(entry(table, **{name: value}))
    assert said.startswith(f"meaux.toml, [{'[budgets]' if table == 'budgets' else table}]")
    assert f", {name}: " in said
    assert reason in said
    assert said.endswith("until corrected.")


LEFT_OUT = "This budget is ignored until corrected."
PASSED_OVER = "It is ignored."


@pytest.mark.parametrize(
    ("mapping", "said", "effect"),
    [
        (
            {"budget": []},
            "meaux.toml: unknown key budget; did you mean budgets?",
            PASSED_OVER,
        ),
        (
            entry("thresholds", at_rsk=0.8),
            "meaux.toml, [thresholds]: unknown key at_rsk; did you mean at_risk?",
            PASSED_OVER,
        ),
        (
            entry("budgets", montly=5),
            ("meaux.toml, [[budgets]] number 1 (“AI”): unknown key montly; did you mean monthly?"),
            LEFT_OUT,
        ),
        (
            entry("budgets", scope="categry"),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”), scope: "
                "unknown value 'categry'; did you mean category?"
            ),
            LEFT_OUT,
        ),
        (
            entry("budgets", scope="people"),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”), scope: "
                "unknown value 'people'; use total, category, project, team, model, person."
            ),
            LEFT_OUT,
        ),
        (
            entry("budgets", of="Infrastucture"),
            (
                "meaux.toml, [[budgets]] number 1 (“AI”), of: "
                "unknown value 'Infrastucture'; did you mean Infrastructure?"
            ),
            LEFT_OUT,
        ),
        (
            entry("budgets", monthly=0),
            "meaux.toml, [[budgets]] number 1 (“AI”), monthly: 0 must be above 0.",
            LEFT_OUT,
        ),
        (
            {"budgets": [AI, {"name": "B", "scope": "total"}]},
            "meaux.toml, [[budgets]] number 2 (“B”): set monthly, or amount and period.",
            LEFT_OUT,
        ),
        (
            {"budgets": [{"monthly": 5, "scope": "total"}]},
            "meaux.toml, [[budgets]] number 1: name is missing.",
            LEFT_OUT,
        ),
        (
            {"budgets": [{"name": "T", "monthly": 5, "scope": "team"}]},
            "meaux.toml, [[budgets]] number 1 (“T”): of is missing; name the team.",
            LEFT_OUT,
        ),
        (
            {"budgets": [ALL | {"of": "AI"}]},
            (
                "meaux.toml, [[budgets]] number 1 (“Everything”): "
                "remove `of`: the scope total has none."
            ),
            LEFT_OUT,
        ),
        (
            {"budgets": [AI, ALL | {"name": "ai"}]},
            "meaux.toml, [[budgets]] number 2 (“ai”): name already used by an earlier entry.",
            LEFT_OUT,
        ),
        (
            {"budgets": [AI, "5000"]},
            "meaux.toml, [[budgets]] number 2: must be a table with keys.",
            LEFT_OUT,
        ),
        (
            {"budgets": AI},
            "meaux.toml, [[budgets]]: write each entry under its own [[budgets]] line.",
            "All entries are ignored until corrected.",
        ),
        (
            {"capacity": 8},
            "meaux.toml, [capacity]: must be a table with keys.",
            "Its defaults apply until corrected.",
        ),
        (
            entry("capacity", hours_per_day=25),
            "meaux.toml, [capacity], hours_per_day: 25 must be at most 24.",
            "The default (8) applies until corrected.",
        ),
        (
            entry("capacity", working_days="Mon"),
            "meaux.toml, [capacity], working_days: 'Mon' is not a list of weekdays.",
            "The default (Mon, Tue, Wed, Thu, Fri) applies until corrected.",
        ),
        (
            entry("thresholds", error_rate=5),
            "meaux.toml, [thresholds], error_rate: 5 must be between 0 and 1; 5% is 0.05.",
            "The default (0.05) applies until corrected.",
        ),
        (
            entry("thresholds", watch=0.9),
            (
                "meaux.toml, [thresholds], watch: must be watch ≤ at_risk ≤ over, "
                "but watch is 0.9, at_risk is 0.8, over is 1."
            ),
            "The default (0.5) applies until corrected.",
        ),
        (
            entry("allowances", as_of="2026-11-22"),
            (
                "meaux.toml, [allowances], as_of: "
                "2026-11-22 is not a date; write it without quotes, e.g. 2026-11-22."
            ),
            "It stays unset until corrected.",
        ),
    ],
)
def test_a_bad_entry_is_named_with_its_file_the_reason_and_what_holds_instead(
    mapping, said, effect
):
    assert refused(mapping) == f"{said} {effect}"


BAD = {
    "budgets": [AI, {"name": "Bad", "monthly": "lots", "scope": "total"}, ALL],
    "thresholds": {"at_risk": 0.9, "over": "x", "error_rate": 0.1},
    "capacity": {"hours_per_day": 6, "working_days": []},
    "allowances": {"ai_usd": 5, "ai_tokens": "many"},
    "wishes": {},
}


def test_a_mistake_takes_nothing_else_with_it():
    plan = read_plan(BAD)
    assert [budget.name for budget in plan.budgets] == ["AI", "Everything"]
    assert plan.thresholds == Thresholds(at_risk=0.9, error_rate=0.1)
    assert plan.capacity == Capacity(hours_per_day=6)
    assert plan.allowances == Allowances(ai_usd=5)
    assert len(plan.faults) == len(BAD)


def test_what_is_right_is_read_as_if_the_mistakes_were_not_there():
    right = {
        "budgets": [AI, ALL],
        "thresholds": {"at_risk": 0.9, "error_rate": 0.1},
        "capacity": {"hours_per_day": 6},
        "allowances": {"ai_usd": 5},
    }
    assert dataclasses.replace(read_plan(BAD), faults=()) == read_plan(right)


@pytest.mark.parametrize(
    ("part", "entries"),
    [
        ("budgets", ["[[budgets]] number 2 (“Bad”), monthly"]),
        ("thresholds", ["[thresholds], over"]),
        ("thresholds.over", ["[thresholds], over"]),
        ("thresholds.at_risk", []),
        ("allowances", ["[allowances], ai_tokens"]),
    ],
)
def test_what_is_said_of_a_part_is_what_touches_it(part, entries):
    plan = read_plan(BAD)
    assert [fault.entry for fault in faults.of(plan.faults, part)] == entries
    assert plan.said(part) == " ".join(f.sentence for f in faults.of(plan.faults, part))


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ({"at_risk": 1.2}, {}),
        ({"at_risk": 0.4}, {}),
        ({"over": 0.6}, {}),
        ({"watch": 0.9, "at_risk": 0.7}, {}),
        ({"watch": 0.2, "at_risk": 1.2}, {"watch": 0.2}),
        ({"watch": 1.5, "at_risk": 1.6, "over": 1.2}, {}),
        ({"watch": 0.9, "at_risk": 0.95}, {"watch": 0.9, "at_risk": 0.95}),
    ],
)
def test_thresholds_that_do_not_rise_give_way_to_their_defaults(given, held):
    plan = read_plan({"thresholds": given})
    assert plan.thresholds == Thresholds(**held)
    dropped = {fault.touches.removeprefix("thresholds.") for fault in plan.faults}
    assert dropped == given.keys() - held.keys()


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [
        (Thresholds(), {"over": "100%", "watch": "50%", "anomaly_floor_usd": "$50"}),
        (
            Thresholds(at_risk=0.875, error_rate=0.005, stale_days=1, anomaly_floor_usd=0.5),
            {"at_risk": "87.5%", "error_rate": "0.5%", "stale_days": "1 day"},
        ),
        (Thresholds(anomaly_floor_usd=1234.5, watch=0.57), {"anomaly_floor_usd": "$1,234.50"}),
        (Thresholds(watch=0.57), {"watch": "57%"}),
    ],
)
def test_a_threshold_in_words_is_neither_rounded_nor_padded(thresholds, words):
    assert thresholds.words.items() >= words.items()


def test_no_file_is_the_default_plan(tmp_path):
    assert read_plan_file(tmp_path / "meaux.toml") == Plan()


@pytest.mark.parametrize("content", [b"[thresholds", b"\xff\xfe"])
def test_only_a_file_that_is_no_toml_loses_all_of_itself(tmp_path, content):
    (tmp_path / "mine.toml").write_bytes(content)
    plan = read_plan_file(tmp_path / "mine.toml")
    assert dataclasses.replace(plan, faults=(), rules=Plan().rules) == Plan()
    assert not plan.rules.entries
    assert plan.said("budgets").startswith("mine.toml: it is not valid TOML")
    assert plan.said("capacity") == plan.said("allowances.ai_usd") == plan.said("budgets")


def test_a_file_that_can_not_be_read_is_named(tmp_path):
    (tmp_path / "mine.toml").mkdir()
    assert read_plan_file(tmp_path / "mine.toml").said("budgets").startswith("mine.toml: it can't")


def test_a_fault_of_a_file_names_that_file(tmp_path):
    (tmp_path / "mine.toml").write_text("[thresholds]\nover = 'x'\n", encoding="utf-8")
    [fault] = read_plan_file(tmp_path / "mine.toml").faults
    assert fault.sentence.startswith("mine.toml, [thresholds], over: ")


def test_a_plan_for_some_teams_has_nothing_of_the_company_or_of_others():
    written = [
        {"name": "All", "scope": "total", "monthly": 1},
        {"name": "AI", "scope": "category", "of": "AI", "monthly": 1},
        {"name": "Lab", "scope": "team", "of": "LAB", "monthly": 1},
        {"name": "Client", "scope": "team", "of": "Client", "monthly": 1},
        {"name": "Site", "scope": "project", "of": "p1", "monthly": 1},
        {"name": "Wrong", "scope": "project", "monthly": "a lot"},
    ]
    plan = read_plan({"budgets": written, "allowances": {"ai_usd": 5}})
    assert plan.faults
    own = plan.only({"Lab", "P1"})
    assert [budget.name for budget in own.budgets] == ["Lab", "Site"]
    assert own.allowances == Plan().allowances
    assert own.faults == ()
