"""Reports of odd databases: each comes, and says what is missing in its place."""

from datetime import date

import pytest

from meaux.data.database import SQLiteFile
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query.filters import Selection
from meaux.reports import find, make
from meaux.reports.document import Missing, Numbers
from meaux.reports.summary import NOTHING

TODAY = date(2026, 11, 22)


@pytest.fixture
def report_of(odd_file):
    def report_of(name):
        source = open_source(SQLiteFile(odd_file(name)), override=odd_file(name).with_name("no"))
        wanted = find("weekly")
        return make(wanted, source, Plan(), Selection(wanted.period(TODAY), TODAY))

    return report_of


def test_a_report_comes_whatever_the_database_says(report_of):
    report = report_of("hostile_names")
    assert report.document.failed == ()
    assert len(report.document.summary) > 1
    assert report.pdf.startswith(b"%PDF-")
    assert "<script" not in report.html


def test_of_empty_tables_no_number_is_made_up(report_of):
    report = report_of("all_tables_empty")
    assert report.document.failed == ()
    assert report.document.summary == (NOTHING,)
    shown = [n for b in report.document.blocks if isinstance(b, Numbers) for n in b.items]
    assert {n.value for n in shown if n.label in ("Cost", "Daily burn rate")} == {"–"}
    missing = [block for block in report.document.blocks if isinstance(block, Missing)]
    assert any("has no rows" in one.words or "have no rows" in one.words for one in missing)
