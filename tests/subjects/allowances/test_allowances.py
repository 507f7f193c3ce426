"""Allowances: a dated list of what the plans include, and this month's use beside it."""

from datetime import date

import pytest

from meaux.data.plan import Plan, read_plan_file
from meaux.data.settings import PROJECT
from meaux.data.thresholds import Allowances
from meaux.query.needs import queries_of
from meaux.subjects.allowances import cards
from meaux.subjects.allowances import frames as allowances
from meaux.subjects.allowances.frames import ASSUMED
from meaux.subjects.allowances.month import AIMonth, StorageMonth, WorkersMonth
from meaux.subjects.allowances.resources import (
    AI,
    AS_OF,
    DOCS,
    R2_STORAGE,
    RESOURCES,
    STORAGE,
    WORKERS,
)

TODAY = date(2026, 11, 22)
SUBJECTS = {
    "Workers": (WORKERS, WorkersMonth, cards.workers),
    "Storage": (STORAGE, StorageMonth, cards.storage),
    "AI": (AI, AIMonth, cards.ai),
}
"""The resources of each subject, what this month of it needs, and the card about it."""

DECLARED = Plan(
    allowances=Allowances(
        as_of=date(2026, 11, 1),
        workers_requests=1_000,
        r2_storage_gb=2_000,
        ai_tokens=1e9,
        ai_usd=500,
    )
)
LISTED = {
    "Workers requests": (10_000_000, 0.30 / 1e6),
    "Workers CPU time": (30_000, 0.02 / 1e3),
    "R2 storage": (10, 0.015),
    "R2 class A operations": (1_000_000, 4.50 / 1e6),
    "R2 class B operations": (10_000_000, 0.36 / 1e6),
    "D1 storage": (5, 0.75),
    "D1 rows read": (25_000_000_000, 0.001 / 1e6),
    "D1 rows written": (50_000_000, 1.00 / 1e6),
    "KV storage": (1, 0.50),
    "KV keys read": (10_000_000, 0.50 / 1e6),
    "KV keys written": (1_000_000, 5.00 / 1e6),
    "KV keys deleted": (1_000_000, 5.00 / 1e6),
    "KV list requests": (1_000_000, 5.00 / 1e6),
}
"""What Cloudflare's pages say is included a month, and dollars for one more."""

every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.name)


@every_resource
def test_a_resource_is_listed_with_its_source_or_only_declared(resource):
    assert [other.name for other in RESOURCES].count(resource.name) == 1
    if resource.paid is None:
        assert resource in AI
        assert resource.setting
        return
    assert resource.url.startswith(f"{DOCS}/")
    assert resource.free
    paid, price = LISTED[resource.name]
    assert resource.paid == paid
    assert resource.price / resource.per == pytest.approx(price)


def test_the_list_is_dated_and_not_of_the_future():
    assert date(2026, 1, 1) < AS_OF <= TODAY
    assert {resource.name for resource in RESOURCES if resource.paid} == set(LISTED)


@every_resource
def test_a_setting_is_one_of_the_plan_and_stands_in_the_example(resource):
    if resource.setting:
        plan = read_plan_file(PROJECT / ".streamlit" / "meaux.example.toml")
        assert resource.is_declared(plan)
        assert not resource.is_declared(Plan())


@pytest.fixture(scope="session")
def uses(met, select):
    """The uses of the demo on a day, by name."""

    def uses(plan, *source, **choices):
        selection = select("7d", **choices)
        uses = [
            use
            for resources, month, _ in SUBJECTS.values()
            for use in allowances.uses(resources, met(month, selection, *source), plan)
        ]
        return {use.name: use for use in uses}

    return uses


def test_the_use_of_this_month_is_that_of_the_tables(uses, demo_rows):
    found = {name: use.used for name, use in uses(DECLARED).items()}
    [(requests, cpu)] = demo_rows(
        "SELECT count(*), sum(cpu_ms) FROM worker_logs"
        " WHERE timestamp >= unixepoch('2026-11-01') * 1000"
    )
    [(class_a, class_b)] = demo_rows(
        "SELECT sum(class_a), sum(class_b) FROM r2_usage WHERE usage_date >= '2026-11-01'"
    )
    [(stored,)] = demo_rows(
        "SELECT sum(bytes) / 1e9 / 22 FROM r2_usage WHERE usage_date >= '2026-11-01'"
    )
    levels = dict(
        demo_rows(
            "SELECT source, avg(bytes) / 1e9 FROM storage_usage"
            " WHERE recorded_at >= unixepoch('2026-11-01') GROUP BY 1"
        )
    )
    operations = demo_rows(
        "SELECT sum(rows_read), sum(rows_written), sum(reads), sum(writes), sum(deletes), "
        "sum(lists) FROM storage_usage WHERE recorded_at >= unixepoch('2026-11-01') "
        "AND source IN ('d1', 'kv') GROUP BY source ORDER BY source"
    )
    [(used, spent)] = demo_rows(
        "SELECT sum(input_tokens + output_tokens), sum(cost_usd) FROM ai_cost_tracking"
        " WHERE created_at >= '2026-11-01'"
    )
    assert found == pytest.approx(
        {
            "Workers requests": requests,
            "Workers CPU time": cpu / 1000,
            "R2 storage": stored,
            "R2 class A operations": class_a,
            "R2 class B operations": class_b,
            "D1 storage": levels["d1"],
            "D1 rows read": operations[0][0],
            "D1 rows written": operations[0][1],
            "KV storage": levels["kv"],
            "KV keys read": operations[1][2],
            "KV keys written": operations[1][3],
            "KV keys deleted": operations[1][4],
            "KV list requests": operations[1][5],
            "AI tokens": used,
            "AI spend": spent,
        }
    )


def test_what_a_user_declared_wins_and_otherwise_a_plan_is_assumed(uses):
    listed, declared = uses(Plan()), uses(DECLARED)
    assert set(declared) - set(listed) == {"AI tokens", "AI spend"}
    for use in listed.values():
        assert (use.source, use.as_of) == (ASSUMED, AS_OF)
        assert use.url.startswith(DOCS)
    own = declared["Workers requests"]
    assert (own.allowed, own.source, own.as_of, own.url) == (
        1_000,
        "meaux.toml",
        date(2026, 11, 1),
        "",
    )
    assert own.share == own.used / 1_000
    assert declared["D1 storage"] == listed["D1 storage"]


def test_what_goes_beyond_costs_the_list_price_and_what_is_within_nothing(uses):
    found = uses(Plan())
    stored = found["R2 storage"]
    assert stored.extra_cost == pytest.approx((stored.used - 10) * 0.015)
    assert found["R2 class A operations"].extra_cost == 0
    assert found["D1 rows read"].extra_cost == 0
    assert R2_STORAGE.extra_cost(9.0, Plan()) == 0
    assert R2_STORAGE.extra_cost(None, Plan()) is None


def test_allowances_are_of_the_company_whatever_is_chosen(uses):
    chosen = uses(DECLARED, teams=("team_lab",), people=("usr_zoe",), grain="month")
    assert chosen == uses(DECLARED)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_one_subject_asks_and_tells_only_of_itself(met, subject):
    resources, month, card = SUBJECTS[subject]
    told = met(card, "7d", plan=DECLARED).answer.frame["resource"]
    assert list(told) == [resource.name for resource in resources]
    others = {month for _, month, _ in SUBJECTS.values()} - {month}
    assert queries_of([card]) == queries_of([month])
    assert not set(queries_of([card])) & set(queries_of(others))


def test_on_a_database_without_a_table_no_use_is_known(uses, database_of):
    found = uses(DECLARED, database_of(""))
    assert {use.used for use in found.values()} == {None}
    assert {use.share for use in found.values()} == {None}
    assert all(use.allowed for use in found.values())


def test_as_a_table_each_use_has_its_unit_its_share_and_its_source(uses):
    table = allowances.frame(uses(DECLARED).values()).set_index("resource")
    row = table.loc["R2 storage"]
    assert (row["unit"], row["allowance"], row["source"]) == ("GB-month", 2_000, "meaux.toml")
    assert row["allowance_used"] == pytest.approx(row["use"] / 2_000)
    assert allowances.frame([]).empty


def test_use_that_is_not_recorded_has_no_share_and_no_cost(uses, database_of):
    levels = "CREATE TABLE storage_usage (source TEXT, recorded_at INTEGER, bytes INTEGER);"
    table = allowances.frame(uses(Plan(), database_of(levels)).values()).set_index("resource")
    assert table.loc["D1 rows read", ["use", "allowance_used", "estimated_cost"]].isna().all()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_was_not_measured_this_month_is_an_empty_card(met, database_of, subject):
    _, _, card = SUBJECTS[subject]
    assert met(card, "7d", database_of(""), plan=DECLARED).answer.state == "unavailable"
    assert met(card, "7d", plan=DECLARED).answer.state == "ready"
    bare = met(card, "7d", plan=Plan()).answer
    assert bare.state == ("empty" if subject == "AI" else "ready")
