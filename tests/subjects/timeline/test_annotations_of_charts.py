"""What charts over time are annotated with: events of the database, and notes."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from meaux.data.notes import Note
from meaux.query import queries
from meaux.subjects.timeline.annotations import (
    NEWEST,
    beside,
    cut_off,
    recorded,
    together,
    with_year,
)

START, END = "2026-10-23", "2026-11-23"
NONE = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "kind": [], "text": []})


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("Deployment", "project_activity WHERE action = 'deploy' AND created_at"),
        ("Milestone", "project_milestones WHERE completed_at"),
        ("Incident", "system_events WHERE severity = 'critical' AND created_at"),
        (
            "Budget change",
            "audit_log WHERE entity_type = 'budget' AND action LIKE '%te' AND created_at",
        ),
    ],
)
def test_each_kind_has_the_rows_of_its_table_in_the_period(answer, demo_rows, kind, sql):
    column = sql.split()[-1]
    [(count,)] = demo_rows(f"SELECT count(*) FROM {sql} >= ? AND {column} < ?", START, END)
    found = answer(queries.annotations, "30d", limit=1000).frame
    assert (found["kind"] == kind).sum() == count


def test_the_days_are_local(met, select):
    frame = met(recorded, select("30d"))
    assert list(frame) == ["day", "kind", "text", "times"]
    assert (frame["day"] == frame["day"].dt.normalize()).all()


def texts(selection, *notes, known=frozenset()):
    return list(together(NONE, notes, selection, known)["text"])


def test_a_note_shows_with_what_it_is_about(select):
    about = Note(date(2026, 11, 13), text="Bot", projects=("beignet bot",))
    everything = Note(date(2026, 11, 14), text="All")
    over = select("30d")
    assert texts(over, about, everything) == ["Bot", "All"]
    named = replace(over, projects=("p1",), names={("project", "p1"): "Beignet Bot"})
    assert texts(named, about, everything) == ["Bot", "All"]
    assert texts(replace(over, projects=("p2",)), about, everything) == ["All"]


def test_someone_of_one_team_sees_only_notes_of_their_projects_and_team(select):
    over = replace(select("30d"), only=("Lab",))
    mine = Note(date(2026, 11, 13), text="Mine", teams=("Lab",))
    other = Note(date(2026, 11, 13), text="Other", teams=("Client",))
    everything = Note(date(2026, 11, 13), text="All")
    assert texts(over, mine, other, everything, known=frozenset({"Lab"})) == ["Mine"]


def test_a_note_on_several_days_is_drawn_on_the_first_of_the_period(select):
    note = Note(date(2026, 10, 1), date(2026, 10, 30), "Long")
    drawn = together(NONE, (note,), select("30d"), frozenset())
    assert list(drawn["day"]) == [pd.Timestamp("2026-10-23")]
    assert list(drawn["text"]) == ["Long (1\N{EN DASH}30 Oct 2026)"]


def test_a_full_kind_says_since_when_it_is_shown():
    days = pd.to_datetime(["2026-11-13", "2026-11-14"])
    found = pd.DataFrame({"day": days, "kind": "Note", "text": "A", "times": [1, NEWEST - 1]})
    assert "Note since 13 Nov 2026" in cut_off(found)
    assert not cut_off(found.tail(1))


def test_what_happens_several_times_on_a_day_is_there_once(met, database_of, select):
    source = database_of("""
        CREATE TABLE audit_log (id INTEGER, action TEXT, entity_type TEXT, created_at TEXT);
        INSERT INTO audit_log VALUES
            (1, 'update', 'budget', '2026-11-13T08:00:00Z'),
            (2, 'update', 'budget', '2026-11-13T09:00:00Z'),
            (3, 'update', 'budget', '2026-11-12T09:00:00Z'),
            (4, 'login', 'user', '2026-11-12T10:00:00Z');""")
    found = met(recorded, select("30d"), source)
    assert list(found["text"]) == ["Budget: update (2\N{MULTIPLICATION SIGN})", "Budget: update"]


def test_what_lies_beside_a_day_is_on_it_or_the_day_before():
    days = pd.to_datetime(["2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14"])
    found = pd.DataFrame({"day": days, "kind": "Note", "text": ["A", "B", "C", "D"]})
    assert beside(date(2026, 11, 13), found) == "Note: C; Note: B, the day before"


def test_a_year_adds_the_days_outside_of_the_period(select):
    def noted(*days):
        found = pd.DataFrame({"day": pd.to_datetime([*days]), "kind": "Note"})
        return found.assign(text=[*days]).astype({"day": "datetime64[s]"})

    inside, outside = "2026-11-13", "2026-03-02"
    found = with_year(noted(inside), noted(outside, inside), select("30d"))
    assert list(found["text"]) == [inside, outside]
