"""Time tracking shows what the database holds, the same as every other page and plain SQL."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from meaux.ui import pages

TIME = next(page for page in pages.PAGES if page.title == "Time tracking")
MONDAY = 0
LENGTH = "coalesce(seconds, ended_at - started_at)"
PERIOD = "started_at >= unixepoch('2026-10-23') AND started_at < unixepoch('2026-11-23')"
EVIL = ["**bold** [x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "=1+1", ":red[$x$]"]

CARDS = [
    "Hours over time",
    "Hours by project",
    "Project time distribution",
    "Hours by weekday and hour",
    "Hours by team member",
    "Hours per member per week",
    "Team productivity",
    "Timesheet",
    "Data notes",
    "Entries to review",
    "Other time tables",
]


def open_time(open_page, database=None, **url):
    return open_page(page=TIME, **url) if database is None else open_page(database, TIME, **url)


def test_the_page_stands_in_the_section_work_and_home_links_to_it(open_page):
    assert TIME.section == "Work"
    assert open_time(open_page).titles() == CARDS
    assert 'label: "Time tracking"' in open_page().words


@pytest.mark.parametrize(
    "url",
    [
        {},
        {"period": "Last 7 days"},
        {"period": "Last 12 months"},
        {"zone": "Asia/Kolkata"},
        {"team": "L'atelier d'idées"},
        {"project": ["Gumbo Graph", "<b>Bolt</b> checkout"]},
    ],
    ids=["default", "a week", "a year", "zone", "team", "projects"],
)
def test_the_total_is_that_of_home_for_the_same_selection(open_page, url):
    home, time = open_page(**url), open_time(open_page, **url)
    one, other = (page.figure("Total time logged") for page in (home, time))
    assert (one.value, one.delta, one.trend, one.note) == (
        other.value,
        other.delta,
        other.trend,
        other.note,
    )


def test_the_numbers_are_those_of_plain_sql(open_page, demo_rows):
    page = open_time(open_page)
    [(hours, entries, running, billable, said)] = demo_rows(
        f"SELECT sum(s) FILTER (WHERE s >= 0) / 3600.0, count(*) FILTER (WHERE s >= 0),"
        " count(*) FILTER (WHERE s IS NULL),"
        " sum(s) FILTER (WHERE s >= 0 AND billable = 1) / 3600.0,"
        " sum(s) FILTER (WHERE s >= 0 AND billable IS NOT NULL) / 3600.0"
        f" FROM (SELECT {LENGTH} AS s, billable FROM time_entries WHERE {PERIOD})"
    )
    people = demo_rows(
        f"SELECT count(DISTINCT user_id) FROM time_entries WHERE {PERIOD} AND {LENGTH} >= 0"
    )[0][0]
    assert page.figure("Total time logged").value == f"{hours:,.1f} h"
    assert page.figure("Time entries").value == f"{entries:,}"
    assert page.figure("Running timers").value == str(running)
    assert page.figure("Billable ratio").value == f"{billable / said:.1%}"
    assert page.figure("Billable ratio").note == (
        f"Left out: {hours - said:,.1f} h not marked as billable or non-billable."
    )
    assert page.figure("Utilisation").value == f"{billable / (people * 21 * 8):.1%}"
    assert f"{people} people × 21 working days × 8 h" in page.figure("Utilisation").note
    assert page.figure("Effective rate").value.startswith("$")
    sheet = page.card("Timesheet").table
    assert sheet["hours"].iloc[0] == pytest.approx(hours)
    assert sheet["hours"].iloc[1:].sum() == pytest.approx(hours)
    assert f"{hours:,.1f} h in total" in page.card("Project time distribution").description


def test_the_settings_of_the_plan_make_the_capacity(open_page, declare):
    declare('[capacity]\nhours_per_day = 6\nworking_days = ["Mon", "Tue"]\n')
    page = open_time(open_page)
    assert "8 working days × 6 h" in page.figure("Utilisation").note
    assert set(page.card("Team productivity").table["capacity"].dropna()) == {48.0}


@pytest.mark.parametrize(
    ("grain", "words"),
    [("Day", "Fri 23 Oct 2026"), ("Week", "Week of 19 Oct"), ("Month", "Oct 2026")],
)
def test_hours_over_time_follow_the_grain_of_the_sidebar(open_page, grain, words):
    description = open_time(open_page, grain=grain).card("Hours over time").description
    assert f"Total time logged, {words}" in description
    assert ("Comparison period" in description) == (grain == "Day")


def test_a_long_period_has_weeks_in_its_timesheet(open_page):
    days = open_time(open_page).card("Timesheet").table
    weeks = open_time(open_page, period="Last 90 days").card("Timesheet").table
    assert list(days.columns[2:]) == [
        f"{d:%a} {d.day} {d:%b}" for d in pd.date_range("2026-10-23", periods=31)
    ]
    named = weeks.columns[2:].str.extract(r"^Week of ([^,]+)(, partial)?$")
    assert set(pd.to_datetime(named[0]).dt.day_of_week) == {MONDAY}
    assert named[named[1].notna()].index.tolist() == [len(named) - 1]


def test_data_notes_count_and_treat_what_is_odd(open_page):
    page = open_time(open_page)
    notes = page.card("Data notes").table
    assert notes["finding"].tolist()[:2] == ["Running timer", "Negative duration"]
    assert notes["treatment"].str.endswith(".").all()
    newest = page.card("Entries to review").table
    assert set(newest["finding"]) == set(notes["finding"])
    assert newest.groupby("finding").size().max() <= 5


def test_other_time_tables_stand_beside_the_one_in_use(open_page):
    table = open_time(open_page).card("Other time tables").table
    assert table["table"].iloc[0] == "time_entries"
    assert table["note"].iloc[0] == "In use."
    assert set(table["table"]) >= {"time_logs", "time_sessions", "work_sessions"}


def test_a_table_that_names_no_project_is_compared_for_the_whole_company(open_page, demo_copy):
    path = demo_copy(
        "DROP INDEX time_logs_project; ALTER TABLE time_logs DROP COLUMN project_slug;"
    )
    card = open_time(open_page, path, project=["Gumbo Graph"]).card("Other time tables")
    notes = dict(zip(card.table["table"], card.table["note"], strict=True))
    assert notes["time_logs"].startswith("Whole company: ")
    assert notes["time_sessions"] == ""
    assert card.note == "Compared for the whole company because they can't be filtered: time_logs."


def test_a_period_without_entries_says_so_everywhere_and_has_no_ratio(open_page):
    page = open_time(open_page, period="Custom", days=["2003-03-01", "2003-03-07"])
    for title in CARDS:
        card = page.card(title)
        assert not card.is_drawn, title
        assert card.state.endswith("."), title
    assert page.card("Data notes").state == "Nothing to review in this period."
    assert page.figure("Total time logged").value == "0.0 h"
    for label in ("Billable ratio", "Utilisation", "Effective rate"):
        assert page.figure(label).value == "-", label
        assert page.figure(label).note.endswith("."), label


LOGS_ONLY = """
CREATE TABLE time_logs (log_date TEXT, hours REAL, billable TEXT);
INSERT INTO time_logs VALUES ('2026-11-19', 2.5, 'true'), ('2026-11-20', 1.5, NULL);
"""


def test_a_database_with_logs_only_has_hours_and_says_what_it_lacks(open_page, file_of):
    page = open_time(open_page, file_of(LOGS_ONLY))
    assert page.exceptions == []
    assert page.figure("Total time logged").value == "4.0 h"
    assert page.figure("Billable ratio").value == "100.0%"
    assert "1.5 h not marked as billable or non-billable." in page.figure("Billable ratio").note
    assert page.figure("Effective rate").note == "No hours have a price."
    assert page.figure("Utilisation").note.startswith("Needs time_logs.user_id (or")
    assert page.card("Hours over time").is_drawn
    by_hour = page.card("Hours by weekday and hour")
    assert by_hour.note == "4.0 h left out: entries without a time of day."
    assert not by_hour.is_drawn
    assert "Needs time_logs.project_id (or" in page.card("Hours by project").state
    for title in ("Hours by team member", "Team productivity", "Timesheet"):
        assert "Needs time_logs.user_id (or" in page.card(title).state, title
    assert not page.card("Data notes").is_drawn


def test_a_database_that_never_says_what_is_billable_shows_hours_and_no_ratio(open_page, demo_copy):
    page = open_time(open_page, demo_copy("ALTER TABLE time_entries DROP COLUMN billable"))
    assert page.exceptions == []
    for label in ("Billable ratio", "Utilisation"):
        assert page.figure(label).value == "-"
        assert page.figure(label).note.startswith("Needs time_entries.billable (or ")
    description = page.card("Hours over time").description
    assert "Unspecified: " in description
    assert "Billable: " not in description
    assert page.card("Team productivity").table["utilisation"].isna().all()


def test_names_of_any_kind_stand_as_they_are_and_nowhere_in_markdown(open_page, demo_copy):
    database = demo_copy()
    with closing(sqlite3.connect(database)) as connection, connection:
        ids = [row[0] for row in connection.execute(
            f"SELECT user_id FROM time_entries WHERE {PERIOD} AND user_id IS NOT NULL"
            " GROUP BY 1 LIMIT 4"
        )]  # fmt: skip
        connection.executemany(
            "UPDATE users SET name = ? WHERE id = ?", zip(EVIL, ids, strict=True)
        )
        connection.execute(
            f"UPDATE time_entries SET note = ?, project_id = ? WHERE {PERIOD}", (EVIL[0], EVIL[1])
        )
    page = open_time(open_page, database)
    assert page.exceptions == []
    assert page.errors == []
    assert set(EVIL) <= set(page.card("Timesheet").table["name"])
    markdown = [*page.app.main.markdown, *page.app.main.caption, *page.app.main.info]
    assert not [words for words in EVIL for said in markdown if words in said.value]


def test_what_home_has_read_is_not_asked_for_again(open_page, counting):
    open_page()
    open_time(open_page)
    sent = [s for database in counting for call in database.calls for s in call]
    assert len(sent) == len(set(sent))


def test_flags_are_words_beside_the_boxes_that_choose_rows(open_page):
    page = open_page(page=TIME, data="Hours over time")
    table = page.drawer.dataframe[0].value
    assert set(table["partial"]) == {"", "Yes"}
    assert set(table.loc[table["partial"] == "Yes", "day"].dt.date.astype(str)) == {"2026-11-22"}
