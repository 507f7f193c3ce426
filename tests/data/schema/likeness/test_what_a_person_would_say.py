"""Suggested mappings are what a person would say who reads the names of tables and columns."""

import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema import read_model
from meaux.data.schema.likeness.kinds import kinds
from meaux.data.schema.likeness.ranking import FLOOR

NOTHING = ""
ASKED = [table.name for table in read_model().tables.values() if not table.unread]

ABSENT = """
project activity ai_conversation spend_alert team user_session project_cost project_cost_month
progress milestone ai_budget worker worker_stat bucket bucket_usage storage_level workflow
workflow_event workflow_day_cost workflow_day workflow_optimization workflow_recommendation
reported_month saving reported_week reported_day email_day email_event email_log email_queue
audit log_entry
"""

SAID = {
    # Found by their names: nothing is to be said.
    "time_entry": {NOTHING},
    "person": {NOTHING},
    # What a person finds by reading.
    "ai_usage": {"agent_usage_events", "spend_ledger"},
    "model_usage": {"agent_usage_events"},
    "infrastructure_usage": {"spend_ledger"},
    "workflow_run": {"agent_workflow_runs"},
    "workflow_step": {"agent_execution_steps"},
    "stored_object": {"r2_deploy_manifest_objects", "media_assets"},
    "image": {"media_assets"},
    "error_entry": {"worker_analytics_errors"},
    "worker_log": {"otlp_traces"},
    "worker_hour": {NOTHING},
    "tracked_hour": {NOTHING},
    # What one may see either way. A deployment names its project, its address and its time, and
    # the product takes the newest of each. Memberships are of workspaces, which may be teams.
    "project_stat": {"cloudflare_deployments", NOTHING},
    "team_member": {"memberships", NOTHING},
    "project_member": {"memberships", NOTHING},
    "platform_event": {"agent_webhook_events", NOTHING},
    "system_event": {"agent_webhook_events", NOTHING},
    # A workspace is no project, a terminal session no sign-in, a roll-up of a day no report of all
    # costs, a theme no team, a webhook no mail, and progress in a course none of a project.
    **{name: {NOTHING} for name in ABSENT.split()},
}
"""By logical table, which tables of the later database a person would name; written by hand."""


@pytest.fixture(scope="module")
def best(suggested, later_source):
    return {one.logical: one for one in suggested(later_source) if one.place == 1}


def test_every_kind_of_row_that_is_read_has_an_entry_and_is_asked_about():
    assert set(kinds()) == set(ASKED) == set(SAID)


def test_an_entry_names_columns_that_there_are():
    model = read_model()
    for name, kind in kinds().items():
        told = {column for group in kind.tells for column in group}
        assert told <= set(model.tables[name].columns), name
        assert not kind.with_ or kind.with_ in model.tables[name].columns
        for entry in filter(None, (kind.without, kind.shared)):
            assert model.has(*entry.split(".")), name


@pytest.mark.parametrize("logical", ASKED)
def test_the_best_table_is_one_that_a_person_would_name(best, logical):
    found = best[logical].table if logical in best else NOTHING
    assert found in SAID[logical]


def test_precision_and_recall_are_told(best, record_property):
    right = [name for name, one in best.items() if one.table in SAID[name]]
    wanted = [name for name, tables in SAID.items() if NOTHING not in tables]
    found = [name for name in wanted if name in right]
    precision, recall = len(right) / len(best), len(found) / len(wanted)
    record_property("precision", f"{len(right)} of {len(best)}")
    record_property("recall", f"{len(found)} of {len(wanted)}")
    assert (precision, recall) == (1, 1)


def test_nothing_below_the_floor_is_said(suggested, later_source):
    assert all(FLOOR <= one.score <= 1 for one in suggested(later_source))


def test_the_best_goes_first_and_places_count_from_one(suggested, later_source):
    found = suggested(later_source)
    for logical in {one.logical for one in found}:
        ranked = [one for one in found if one.logical == logical]
        assert [one.place for one in ranked] == list(range(1, len(ranked) + 1))
        assert [one.score for one in ranked] == sorted((o.score for o in ranked), reverse=True)


def test_a_ledger_of_all_spend_is_split_by_whether_a_row_has_a_model(suggested, later_source):
    found = {(one.logical, one.table): one for one in suggested(later_source)}
    cloud = found["infrastructure_usage", "spend_ledger"]
    assert cloud.caution.startswith("Only rows without a model_key would count")
    assert "coalesce({model_key}, '') = ''" in cloud.mapping
    ai = found["ai_usage", "spend_ledger"]
    assert ai.caution.startswith("Only rows with a model_key would count")
    assert "coalesce({model_key}, '') <> ''" in ai.mapping


def test_a_ledger_whose_rows_say_that_they_are_another_categorys_is_suggested_with_a_warning(
    suggested, opened, tmp_path
):
    path = tmp_path / "general.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("""
            CREATE TABLE charges (id TEXT, charged_at TEXT, service TEXT, kind TEXT, cost_usd REAL);
            INSERT INTO charges VALUES ('1', '2026-11-02', 'Workers', 'hosting', 5.0),
                ('2', '2026-11-03', 'gpt-5', ' ai', 7.0);
        """)
    [cloud] = [o for o in suggested(opened(path)) if o.logical == "infrastructure_usage"]
    assert cloud.caution == (
        "Some rows are AI according to kind. They would count as infrastructure, "
        "and twice if another table has them too."
    )
