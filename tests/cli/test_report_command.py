"""`report` writes the files of a report, or one sentence that says why not."""

import pytest

from meaux.data import source
from meaux.subjects.projects import cards

DAYS = "meaux-projects-2026-10-23_2026-11-22"


@pytest.fixture
def report(meaux, environment, demo_file, demo_source, tmp_path):
    """Run the command in a folder of its own, on the demo."""
    environment.setattr(source, "open_source", lambda _database: demo_source)
    environment.chdir(tmp_path)

    def report(*arguments, **variables):
        return meaux("report", *arguments, MEAUX_DATABASE=demo_file, **variables)

    return report


def test_writes_html_and_pdf_named_by_their_days_and_prints_their_names(report, tmp_path):
    result = report("projects")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{DAYS}.html\n{DAYS}.pdf\n"
    assert (tmp_path / f"{DAYS}.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / f"{DAYS}.pdf").read_bytes().startswith(b"%PDF-")


def test_overwrites_no_file_unless_forced(report, tmp_path):
    kept = tmp_path / "projects.html"
    kept.write_text("mine", encoding="utf-8")
    refused = report("projects", "--html", kept)
    assert refused.exit_code == 2
    assert refused.stderr == "projects.html already exists; --force overwrites it.\n"
    assert kept.read_text(encoding="utf-8") == "mine"
    assert report("projects", "--html", kept, "--force").exit_code == 0
    assert "<h1>Project analytics</h1>" in kept.read_text(encoding="utf-8")


def test_writes_one_form_to_stdout(report, tmp_path):
    result = report("projects", "--pdf", "-", "--paper", "letter")
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == []


def test_takes_the_filters_and_says_them(report, tmp_path):
    chosen = ("--project", "Café Étoile storefront", "--period", "2026-11-01..2026-11-07")
    assert report("Project analytics", *chosen, "--zone", "Europe/Paris").exit_code == 0
    page = (tmp_path / "meaux-projects-2026-11-01_2026-11-07.html").read_text(encoding="utf-8")
    assert "1–7 Nov 2026 (Europe/Paris), project Café Étoile storefront only, compared with" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("wekly",), "There is no report 'wekly'; did you mean weekly?"),
        (("weekly", "--period", "fortnight"), "Invalid period"),
        (("weekly", "--zone", "Mars"), "Invalid zone"),
        (("weekly", "--team", "Nobody"), "Unknown team 'Nobody'"),
        (("weekly", "--html", "-", "--pdf", "-"), "Only one of --html and --pdf"),
        (("projects", "--html", "none/x.html"), "none/x.html can't be written: No such file"),
    ],
)
def test_says_in_one_sentence_why_nothing_is_written(report, tmp_path, arguments, words):
    result = report(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_exits_with_one_if_a_part_failed_and_names_it(report, environment):
    def breaks(*_of, **_how):
        raise RuntimeError

    environment.setattr(cards.charts, "scatter", breaks)
    result = report("projects", "--html", "-")
    assert result.exit_code == 1
    assert "Failed in the report: Cost vs progress." in result.stderr
    assert "<h1>Project analytics</h1>" in result.stdout


def test_a_report_for_a_team_says_so(report):
    result = report("projects", "--only", "L'atelier d'idées", "--html", "-")
    assert result.exit_code == 0
    assert "Your teams only: L&#x27;atelier d&#x27;idées." in result.stdout
