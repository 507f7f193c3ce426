"""`[[reports]]` in meaux.toml: which reports are sent to whom."""

import pytest

from meaux.data.plan import read_plan
from meaux.data.reporting import REPORTS, Sent
from meaux.data.times import times
from meaux.reports import Scope, kinds

MONDAY = {"name": "Monday", "to": ["team"], "when": "0 7 * * 1"}


def test_an_entry_has_its_defaults():
    [sent] = read_plan({"reports": [MONDAY]}).reports
    assert sent == Sent("Monday", "weekly", ("team",), times("0 7 * * 1"))
    assert (sent.paper, sent.form, sent.teams) == ("a4", "both", ())


def test_every_key_is_read():
    given = {
        **MONDAY,
        "report": "monthly",
        "period": "mtd",
        "zone": "Europe/Paris",
        "teams": ["Platform"],
        "projects": ["prj_bolt"],
        "people": ["Anna"],
        "paper": "Letter",
        "form": "attachment",
    }
    [sent] = read_plan({"reports": [given]}).reports
    assert sent.zone == "Europe/Paris"
    assert sent.teams == ("Platform",)
    assert (sent.paper, sent.form) == ("letter", "attachment")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": []}, "to: [] is not a list"),
        ({"to": "anna"}, "to: 'anna' is not a list of keys"),
        ({"when": ""}, "when: '' is not text"),
        ({"name": None}, "name: None is not text"),
        ({"paper": "a5"}, "paper: unknown value 'a5'"),
        ({"zone": "Mars"}, "zone: "),
        ({"form": "fax"}, "form: unknown value 'fax'"),
        ({"report": "weakly"}, "report: unknown value 'weakly'; did you mean weekly?"),
        ({"adress": "x"}, "unknown key adress"),
    ],
)
def test_an_invalid_entry_is_named_and_affects_no_other(change, words):
    other = {**MONDAY, "name": "Other"}
    plan = read_plan({"reports": [{**MONDAY, **change}, other]})
    assert [sent.name for sent in plan.reports] == ["Other"]
    [fault] = plan.faults
    assert "[[reports]] number 1" in fault.sentence
    assert words in fault.sentence
    assert "This report is not sent until corrected." in fault.sentence


@pytest.mark.parametrize("needed", ["name", "to", "when"])
def test_what_is_needed_is_named(needed):
    given = {name: value for name, value in MONDAY.items() if name != needed}
    [fault] = read_plan({"reports": [given]}).faults
    assert f"{needed} is missing" in fault.sentence


def test_a_name_is_used_once():
    plan = read_plan({"reports": [MONDAY, {**MONDAY, "name": "MONDAY"}]})
    assert len(plan.reports) == 1
    assert "name already used by an earlier entry" in plan.faults[0].sentence


def test_something_else_than_entries_is_named():
    plan = read_plan({"reports": {"name": "Monday"}})
    assert plan.reports == ()
    assert "All entries are ignored until corrected." in plan.faults[0].sentence
    assert "must be a table" in read_plan({"reports": ["Monday"]}).faults[0].sentence


def test_a_reader_with_teams_sees_no_recipients():
    assert read_plan({"reports": [MONDAY]}).only(["Platform"]).reports == ()


def test_every_report_can_be_sent():
    assert sorted(REPORTS) == sorted(kind.name for kind in kinds())


def test_the_scope_of_an_entry_is_what_it_says():
    given = {**MONDAY, "period": "mtd", "teams": ["Platform"], "projects": ["prj_bolt"]}
    [sent] = read_plan({"reports": [given]}).reports
    assert Scope.of(sent) == Scope("mtd", projects=("prj_bolt",), only=("Platform",))
    [sent] = read_plan({"reports": [MONDAY]}).reports
    assert Scope.of(sent) == Scope()
