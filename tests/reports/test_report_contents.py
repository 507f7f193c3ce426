"""What a report contains: every page whole, what is missing in its place, nothing of others."""

import shutil
import sqlite3
from contextlib import closing
from html import unescape

import one_team
import pytest

from meaux.data.database import SQLiteFile
from meaux.data.plan import read_plan
from meaux.data.source import open_source
from meaux.reports import kinds, summary
from meaux.reports.cards import FAILED
from meaux.reports.document import Lines, Listed, Missing, Numbers, Picture, Words
from meaux.reports.summary import NOTHING
from meaux.subjects.figure import NumberCard
from meaux.subjects.money.cards import costs
from meaux.subjects.page import parts

PAGES = [kind.name for kind in kinds() if kind.page]


def all_titles(report):
    return {
        block.title
        for block in report.document.blocks
        if isinstance(block, Picture | Listed | Missing)
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(made, name):
    report = made(name)
    assert report.document.failed == ()
    figures = {p.metric.label for p in parts(kind_of(name).page.items) if isinstance(p, NumberCard)}
    shown = [one for b in report.document.blocks if isinstance(b, Numbers) for one in b.items]
    assert figures <= {number.label for number in shown}
    assert report.pdf.startswith(b"%PDF-")
    assert "<h1>" in report.html


def kind_of(name):
    return next(kind for kind in kinds() if kind.name == name)


def test_tabs_are_sections(made):
    titles = [section.title for section in made("operations").document.sections]
    assert titles[:3] == ["Workflows", "Email", "Events"]


def test_the_weekly_report_has_its_sections(weekly):
    assert [section.title for section in weekly.document.sections] == [
        "Needs attention",
        "Costs",
        "Budgets",
        "What changed most",
        "Hours",
        "Projects to look at",
        "Systems",
        "Forecast",
        "Data notes",
    ]


def test_rows_beyond_the_limit_are_counted(weekly):
    [portfolio] = [b for b in weekly.document.blocks if getattr(b, "title", "") == "Portfolio"]
    assert portfolio.grid.left_out > 0
    whole = 15 + portfolio.grid.left_out
    assert f"The first 15 of {whole} rows." in weekly.html


def test_without_any_table_a_report_says_what_is_missing(made, bare):
    report = made("weekly", source=bare)
    assert report.document.summary == (NOTHING,)
    assert report.document.failed == ()
    missing = [block for block in report.document.blocks if isinstance(block, Missing)]
    assert all("Not available for this database." in one.words for one in missing[:3])
    assert not [block for block in report.document.blocks if isinstance(block, Picture)]
    assert report.pdf.startswith(b"%PDF-")
    assert "Not available" in report.html
    assert report.message().get_body(("html",)) is not None


def test_a_card_that_fails_says_so_and_the_others_stand(made, monkeypatch, caplog):
    def breaks(*_of, **_how):
        raise RuntimeError("no chart today")

    monkeypatch.setattr(costs.charts, "trend", breaks)
    report = made("home", compare="none")
    assert report.document.failed == ("Cost trend",)
    assert FAILED in unescape(report.html)
    assert "no chart today" not in report.html
    assert "no chart today" in caplog.text
    assert "Project status" in all_titles(report)
    assert "Cost trend: This can't be shown" in report.text


def test_a_query_that_the_database_refuses_is_said_in_its_place(made, demo_file, tmp_path):
    path = shutil.copyfile(demo_file, tmp_path / "changed.db")
    source = open_source(SQLiteFile(path), override=path.with_name("none.toml"))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE project_activity")
    report = made("projects", source=source)
    assert {"Stale projects", "activity_by_project"} <= set(report.document.failed)
    assert "Projects" not in report.document.failed
    numbers = next(b for b in report.document.blocks if isinstance(b, Numbers)).items
    assert {n.label: n.value != "–" for n in numbers} == {
        "Total projects": True,
        "Cost": True,
        "Activity": False,
        "Stale projects": False,
    }
    assert report.pdf.startswith(b"%PDF-")


def test_a_summary_that_fails_says_so(made, bare, monkeypatch, caplog):
    def breaks(_met):
        raise RuntimeError("no facts today")

    monkeypatch.setattr(summary, "facts", breaks)
    [sentence] = made("weekly", source=bare).document.summary
    assert sentence.startswith(FAILED)
    assert "no facts today" in caplog.text


def test_invalid_entries_are_data_notes(made):
    plan = read_plan({"budgets": [{"name": "Half"}], "thresholds": {"over": "much"}})
    *_, notes = made("projects", plan=plan).document.sections
    assert notes.title == "Data notes"
    words = " ".join(w for block in notes.blocks if isinstance(block, Words) for w in block.items)
    assert "Half" in words
    assert "[thresholds], over" in words


@pytest.fixture(scope="module")
def marked(demo_file, tmp_path_factory):
    """The demo with a mark in all that isn't of one team."""
    path = tmp_path_factory.mktemp("marked") / "marked.db"
    shutil.copyfile(demo_file, path)
    with closing(sqlite3.connect(path)) as database, database:
        one_team.mark_the_others(database)
    return open_source(SQLiteFile(path), override=path.with_name("none.toml"))


@pytest.mark.parametrize("name", ["weekly", "operations", "data"])
def test_a_report_for_one_team_has_no_trace_of_another(made, marked, name):
    budget = {"name": f"All {one_team.MARK}", "scope": "total", "monthly": one_team.NUMBER}
    report = made(name, source=marked, plan=read_plan({"budgets": [budget]}), only=one_team.GIVEN)
    for form in (report.html, report.text, report.message().as_string()):
        assert one_team.MARK not in form
        assert f"{one_team.NUMBER:,}" not in form


def test_the_same_for_all_teams_has_the_others(made, marked):
    assert one_team.MARK in made("projects", source=marked).html


def test_a_report_for_one_team_has_neither_log_nor_health(made):
    assert "Log" not in all_titles(made("operations", only=one_team.GIVEN))
    sections = made("data", only=one_team.GIVEN).document.sections
    assert {section.title for section in sections} <= {"Data notes"}


def test_alerts_come_most_severe_first(weekly):
    [lines] = [block for block in weekly.document.blocks if isinstance(block, Lines)]
    order = [line.severity for line in lines.items]
    assert order == sorted(order, key=["Critical", "Error", "Warning", "Info"].index)
