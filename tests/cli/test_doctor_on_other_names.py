"""`doctor` names the table that fits by shape, in words, as JSON and as lines to take over."""

import json
import re

from meaux.data.schema import read_model


def test_names_the_best_table_of_each_missing_kind_in_a_line(told, later_file):
    result = told("doctor", MEAUX_DATABASE=later_file)
    assert result.exit_code == 1
    [line] = [
        words
        for words in result.stdout.splitlines()
        if words.startswith("  workflow_run ") and "_runs: " in words
    ]
    assert "Suggested mappings" in result.stdout
    assert "agent_workflow_runs: id, workflow_id, project_id, status" in line
    assert "240 rows, newest today" in line
    assert "mcp_workflow_runs: " not in result.stdout
    assert "agent_usage_events for ai_usage" in result.stdout
    assert "missing; needs the table ai_cost_tracking" in result.stdout


def test_gives_all_that_fit_as_json_the_best_first(told, later_file):
    found = json.loads(told("doctor", "--json", MEAUX_DATABASE=later_file).stdout)
    runs = [one for one in found["suggestions"] if one["logical"] == "workflow_run"]
    assert [one["table"] for one in runs][:2] == ["agent_workflow_runs", "mcp_workflow_runs"]
    assert runs[0]["reads"]["cost"] == "cost_usd"
    assert runs[0]["found_by"]["cost"] == "spelling"
    assert runs[1]["lacks"] == ["project"]
    assert runs[0]["size"]["rows"] == 240


def test_writes_the_best_as_comments_that_change_nothing(told, later_file, tmp_path):
    written = told("doctor", "--mapping", MEAUX_DATABASE=later_file).stdout
    assert '# tables = ["agent_usage_events"]' in written
    file = tmp_path / "schema.toml"
    file.write_text(written, encoding="utf-8")
    assert read_model(file).tables == read_model().tables


def test_without_the_marks_the_lines_are_the_mapping(told, later_file, tmp_path):
    written = told("doctor", "--mapping", MEAUX_DATABASE=later_file).stdout
    lines = [
        re.sub(r"^# (?=(tables|only|\w+) = )", "", line) if "…" not in line else line
        for line in written.splitlines()
    ]
    file = tmp_path / "schema.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    tables = read_model(file).tables
    assert tables["workflow_run"].candidates == ("agent_workflow_runs",)
    assert tables["workflow_step"].columns["run"].candidates == ("agent_run_id",)
    assert tables["infrastructure_usage"].only["spend_ledger"] == "coalesce({model_key}, '') = ''"


def test_says_nothing_of_the_kind_on_the_demo(told, demo_file):
    assert "Suggested mappings" not in told("doctor", MEAUX_DATABASE=demo_file).stdout
    assert (
        json.loads(told("doctor", "--json", MEAUX_DATABASE=demo_file).stdout)["suggestions"] == []
    )
