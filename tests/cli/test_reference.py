"""The pages of docs/ say what the code says."""

import re
import tomllib
from dataclasses import fields

import pytest
import typer.main
from typer.testing import CliRunner

from meaux.cli import app, reference
from meaux.cli.reference import schema
from meaux.data.schema import LogicalTable, read_model
from meaux.data.schema.encodings import ENCODINGS
from meaux.data.schema.model import TYPES
from meaux.data.settings import IN_SECRETS, PROJECT, SETTINGS
from meaux.query.metrics import DEFINITIONS
from meaux.query.queries import COLUMN_TYPES, QUERIES, compile_query, reads
from meaux.query.queries.reader import read_files
from meaux.ui.visitor import OF_A_PROVIDER

DOCS = PROJECT / "docs"
PAGES = reference.pages(typer.main.get_command(app))
BY_HAND = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "CHANGELOG.md",
    DOCS / "architecture.md",
    DOCS / "decisions.md",
    DOCS / "hosting.md",
    *(DOCS / f"{name}.md" for name in ("pages", "notes", "live", "cards")),
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_the_code_would_write_it_today(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], "run `make docs`"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("metrics.md", DEFINITIONS),
        ("schema.md", [*read_model().tables, *TYPES, *ENCODINGS]),
        ("queries.md", [*QUERIES, *COLUMN_TYPES]),
        ("settings.md", [setting.variable for setting in SETTINGS.values()]),
        ("cli.md", ["demo", "doctor", "query", "docs"]),
    ],
)
def test_a_page_leaves_nothing_out(page, names):
    for name in names:
        assert re.search(rf"(?:`|## ){name}\b", PAGES[page]), f"{name} is not in {page}"


def test_no_page_names_a_place_on_this_machine():
    for name, text in PAGES.items():
        assert str(PROJECT) not in text, name


def test_the_example_of_a_mapping_can_be_used(tmp_path):
    example = re.search(r"```toml\n(.*?)```", PAGES["schema.md"], re.DOTALL)[1]
    file = tmp_path / "schema.toml"
    file.write_text(example)
    assert read_model(file).tables["time_entry"].candidates == ("timesheet",)


def test_the_example_of_an_identity_can_be_used(tmp_path):
    example = re.search(
        r"```toml\n(\[time_entry.columns\]\nproject.*?)```", PAGES["schema.md"], re.DOTALL
    )
    file = tmp_path / "schema.toml"
    file.write_text(example[1])
    model = read_model(file)
    assert model.faults == ()
    assert model.tables["time_entry"].columns["project"].identity == "slug"


OF_THE_PRODUCT = {"name", "about", "unread", "foreign"}
"""What is told of a logical table, but has no use in a user's file."""


def test_the_schema_page_lists_every_key_of_a_table_that_a_mapping_may_set():
    keys = {"candidates" if key == "tables" else key for key in schema.TABLE_KEYS}
    assert keys == {one.name for one in fields(LogicalTable)} - OF_THE_PRODUCT
    for key in (*schema.TABLE_KEYS, *schema.COLUMN_KEYS):
        assert f"| `{key}` |" in PAGES["schema.md"]


def test_the_example_of_a_query_can_be_read_and_compiled(tmp_path, demo_source, select):
    example = re.search(r"```sql\n(.*?)```", PAGES["queries.md"], re.DOTALL)[1]
    file = tmp_path / "queries.sql"
    file.write_text(example)
    [query] = read_files([file], read_model())[0].values()
    assert query.name not in QUERIES
    compiled = compile_query(query, demo_source.binding, select("7d"))
    [rows] = demo_source.database.fetch([compiled.statement])
    assert rows.rows


@pytest.mark.parametrize(
    "text", [PAGES["schema.md"], BY_HAND[0].read_text(encoding="utf-8")], ids=["schema", "README"]
)
def test_the_example_of_a_source_set_by_hand_can_be_used(tmp_path, text):
    example = re.search(r"```toml\n(\[ai_usage\]\n.*?)```", text, re.DOTALL)[1]
    file = tmp_path / "schema.toml"
    file.write_text(example)
    assert read_model(file).tables["ai_usage"].candidates == ("openai_spending",)


def test_the_example_of_a_secrets_file_names_every_key_and_holds_no_value():
    text = (PROJECT / ".streamlit" / "secrets.example.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"(?m)^# (?=\w+ = |\[)", "", text)
    parsed = tomllib.loads(uncommented)
    section = parsed["connections"]["meauxos"]
    assert set(section) == set(IN_SECRETS)
    assert {"redirect_uri", "cookie_secret", *OF_A_PROVIDER} == set(parsed["auth"])
    assert section["api_token"] == ""


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        if target != "docs/home.png":
            assert (page.parent / target).exists(), target


def test_check_says_which_page_is_out_of_date(tmp_path):
    runner = CliRunner()
    assert runner.invoke(app, ["docs", str(tmp_path)]).exit_code == 0
    assert runner.invoke(app, ["docs", str(tmp_path), "--check"]).exit_code == 0
    (tmp_path / "metrics.md").write_text("# Metrics\n")
    result = runner.invoke(app, ["docs", str(tmp_path), "--check"])
    assert result.exit_code == 1
    assert result.stderr == "metrics.md is out of date: run `make docs`.\n"
    assert (tmp_path / "metrics.md").read_text() == "# Metrics\n"


MISSION_TABLES = 60
WRITTEN = {"worker_hourly", "tracked_hourly"}


def test_each_table_that_is_asked_for_or_written_is_read_by_a_query_or_says_why_not():
    model = read_model()
    physical = model.candidates()
    assert len(set(physical) - WRITTEN) == MISSION_TABLES
    for name in physical:
        tables = [table for table in model.tables.values() if name in table.candidates]
        is_read = any(reads.readers(table.name) for table in tables)
        assert is_read != any(table.unread for table in tables), name
