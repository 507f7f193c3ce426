"""Events: how severe the records of five logs are, counted again, and which of them are shown."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from meaux.data.schema.vocabulary import SEVERITIES
from meaux.query.filters import Period
from meaux.subjects.events import figures
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import LOGS, Trail, View
from meaux.subjects.hours.frames import Choices

NOON = "2026-11-20 12:00:00"
SPELLED = {
    "info": "Info", "INFO": "Info", "debug": "Info", "warning": "Warning", "warn": "Warning",
    "error": "Error", "ERROR": "Error", "critical": "Critical", "fatal": "Critical",
}  # fmt: skip
PLAIN = {
    "System events": "SELECT severity, date(created_at), message, source FROM system_events",
    "Platform events": (
        "SELECT severity, date(created_at / 1000, 'unixepoch'), message, NULL FROM platform_events"
    ),
    "Audit log": "SELECT 'info', date(created_at), entity_id, entity_type FROM audit_log",
    "Event log": "SELECT level, date(created_at, 'unixepoch'), message, NULL FROM event_log",
    "Error log": "SELECT level, date(created_at), message, source FROM error_logs",
}


@pytest.fixture(scope="module")
def by_hand(demo_rows):
    """Every record of the demo: its log, severity, day, message and source."""
    return [
        (log, SPELLED[word], date.fromisoformat(day), message, source)
        for log, sql in PLAIN.items()
        for word, day, message, source in demo_rows(sql)
    ]


@pytest.mark.parametrize("period", ["7d", "30d", "all"])
def test_records_and_their_severities_are_those_of_the_tables(met, select, by_hand, period):
    selection = select(period)
    inside = [record for record in by_hand if record[2] in selection.period]
    counts = Counter(severity for _, severity, *_ in inside)
    assert met(figures.events, selection).value == len(inside)
    critical, errors, warnings = (met(figure, selection) for figure in figures.severities)
    assert critical.value == counts["Critical"]
    assert errors.value == counts["Error"]
    assert warnings.value == counts["Warning"]
    assert sum(errors.trend) == errors.value
    logs = events.by_log(met(events.ByDay, selection)).frame
    assert {(row.log, row.severity): row.events for row in logs.itertuples()} == Counter(
        (log, severity) for log, severity, *_ in inside
    )


def test_they_are_compared_with_those_of_the_period_before(met, select, by_hand):
    selection = select("30d")
    for side, days in (("before", selection.compared), ("compared", selection.comparable)):
        inside = [record for record in by_hand if record[2] in days]
        errors = met(figures.severities[1], selection)
        assert getattr(met(figures.events, selection), side) == len(inside)
        assert getattr(errors, side) == sum(r[1] == "Error" for r in inside)


def test_severity_over_time_adds_up_and_every_day_is_there(met, select):
    by_day = met(events.ByDay, "30d")
    over = events.over_time(by_day, select("30d")).frame
    assert over["events"].sum() == by_day.frame["events"].sum()
    assert over["day"].nunique() == 31
    known = set(by_day.frame["severity"])
    assert list(dict.fromkeys(over["severity"])) == [word for word in SEVERITIES if word in known]


def test_the_top_errors_are_those_that_plain_python_counts(met, select, by_hand):
    selection = select("30d")
    inside = [
        (message, source, log, severity)
        for log, severity, day, message, source in by_hand
        if day in selection.period and severity in ("Critical", "Error")
    ]
    found = met(events.TopErrors, selection).frame
    shown = {
        (row.message, None if row.source != row.source else row.source, row.log, row.severity): (
            row.events
        )
        for row in found.itertuples()
    }
    assert shown == dict(Counter(inside).most_common(20))
    assert list(found["events"]) == sorted(found["events"], reverse=True)


def test_an_error_was_last_seen_when_its_newest_record_was_made(met, demo_rows):
    newest = dict(
        demo_rows("SELECT message, max(unixepoch(created_at)) FROM error_logs GROUP BY 1")
    )
    found = met(events.TopErrors, "all").frame
    errors = found[found["log"] == "Error log"]
    assert len(errors) > 2
    for row in errors.itertuples():
        assert int(row.at.timestamp()) <= newest[row.message]
    assert {int(row.at.timestamp()) for row in errors.itertuples()} & set(newest.values())


ODD = ["CRITICAL", " Fatal ", "Err", "warn", "Medium", "notice", "verbose", "", None, "5"]
MEANT = ["Critical", "Critical", "Error", "Warning", "Warning", "Info", "Info", "Info", "Info"]
MEANT.append("Info")


@pytest.fixture
def odd(open_script, table):
    """Two logs with severities in odd spellings."""
    rows = [(f"m{n}", word, NOON) for n, word in enumerate(ODD)]
    return open_script(
        table("system_events", "message, severity, created_at", *rows)
        + table("error_logs", "message, level, created_at", *rows)
    )


def test_odd_spellings_mean_what_they_say_and_a_failure_without_one_is_an_error(met, odd):
    found = met(events.ByDay, "7d", odd).frame
    counts = {(row.log, row.severity): row.events for row in found.itertuples()}
    system = Counter(MEANT)
    # What stands in the error log is an error, unless it says otherwise.
    errors = system - Counter({"Info": 2}) + Counter({"Error": 2})
    assert counts == {
        **{("System events", severity): n for severity, n in system.items()},
        **{("Error log", severity): n for severity, n in errors.items()},
    }


@pytest.mark.parametrize("chosen", [("Critical",), ("Info",), ("Error", "Warning"), ()])
def test_the_log_shows_the_chosen_severities_alone(turned, select, odd, chosen):
    [shown] = turned(odd, select("7d"), View(severities=chosen))
    meant = [
        (f"m{n}", severity)
        for n, severity in enumerate(MEANT)
        if severity in (chosen or tuple(SEVERITIES))
    ]
    system = shown.frame[shown.frame["log"] == "System events"]
    assert sorted(system[["message", "severity"]].itertuples(index=False, name=None)) == meant


@pytest.mark.parametrize("log", LOGS)
def test_the_log_shows_the_chosen_logs_alone(turned, demo_source, select, by_hand, log):
    shown = list(turned(demo_source, select("7d"), View(logs=(log,))))
    count = sum(record[0] == log and record[2] in select("7d").period for record in by_hand)
    assert sum(len(page.frame) for page in shown) == count
    assert {name for page in shown for name in page.frame["log"]} <= {log}


SAID = [
    "Disk FULL on web-1",
    "100% of *it*",
    "it's [a](b) 'quoted'",
    "naïve Ünïcode",
    "x' OR '1'='1",
]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("disk full", [0]),
        ("DISK", [0]),
        ("%", [1]),
        ("*it*", [1]),
        ("'", [2, 4]),
        ("[a](b)", [2]),
        ("Ünïcode", [3]),
        ("' OR '1'='1", [4]),
        ("_", []),
        (":text", []),
        ("web-", [0, 1, 2, 3, 4]),
    ],
)
def test_the_log_is_searched_for_the_words_just_as_they_are(
    open_script, table, turned, select, text, fits
):
    rows = [(said, f"web-{n}", NOON) for n, said in enumerate(SAID)]
    source = open_script(table("error_logs", "message, source, created_at", *rows))
    [shown] = turned(source, select("7d"), View(text=text))
    assert sorted(shown.frame["message"]) == sorted(SAID[n] for n in fits)


def test_paging_goes_on_through_what_a_filter_leaves(turned, demo_source, select, by_hand):
    view = View(severities=("Info", "Error"), text="JOB")
    pages = list(turned(demo_source, select("all"), view))
    expected = sum(
        severity in ("Info", "Error") and log == "Event log" for log, severity, *_ in by_hand
    )
    assert len(pages) > 1
    assert sum(len(page.frame) for page in pages) == expected


@pytest.mark.parametrize(
    ("choice", "table", "column"),
    [
        ({"projects": ("prj_marais",)}, "Platform events", "project"),
        ({"people": ("usr_zoe",)}, "Audit log", "person"),
        ({"people": ("usr_zoe",)}, "Event log", "person"),
    ],
)
def test_projects_and_people_narrow_the_logs_that_name_them(
    turned, demo_source, select, choice, table, column
):
    (ids,) = choice.values()
    pages = [page.frame for page in turned(demo_source, select("all", **choice))]
    named = {name for page in pages for name in page[page["log"] == table][column]}
    assert named == set(ids)
    assert {log for page in pages for log in page["log"]} >= {"System events", "Error log"}
    assert "The other logs don't record them." in events.overlooked(select("all", **choice))


def test_a_team_narrows_the_logs_to_its_projects_and_members(
    turned, demo_source, select, demo_rows
):
    team = "team_lab"
    projects = {p for (p,) in demo_rows("SELECT id FROM projects WHERE team_id = ?", team)}
    members = {
        person
        for (person,) in demo_rows(
            "SELECT user_id FROM team_members WHERE team_id = ? AND left_at IS NULL", team
        )
    }
    pages = [page.frame for page in turned(demo_source, select("90d", teams=(team,)))]
    assert {p for page in pages for p in page["project"].dropna()} <= projects
    assert {p for page in pages for p in page["person"].dropna()} <= members
    assert "A team filter selects the team's projects and members." in events.overlooked(
        select("90d", teams=(team,))
    )


def test_nothing_is_said_to_be_overlooked_where_nothing_is_chosen(select):
    assert events.overlooked(select()) == ""


def test_a_log_that_the_filters_can_not_choose_from_is_named(met, select, open_script, table):
    source = open_script(
        table("audit_log", "id TEXT, action TEXT, created_at TEXT", ("1", "login", "2026-11-20"))
        + table("users", "id TEXT, name TEXT", ("u", "Uma"))
        + table(
            "system_events", "id TEXT, message TEXT, created_at TEXT", ("1", "up", "2026-11-20")
        )
    )
    everybody = met(events.ByDay, "7d", source)
    assert "needs" not in events.missing(everybody)
    of_one = met(events.ByDay, select("7d", people=("u",)), source)
    assert "audit_log (needs audit_log.actor_id" in events.missing(of_one)
    assert of_one.frame["events"].sum() == 1


def test_a_missing_log_is_named_and_the_others_are_shown(met, turned, select, odd):
    assert events.missing(met(events.ByDay, "7d", odd)) == (
        "Not included: platform_events and audit_log and event_log."
    )
    [shown] = turned(odd, select("7d"))
    assert shown.state == "ready"
    assert len(shown.frame) == 2 * len(ODD)
    assert len(shown.parts) == len(LOGS)


def test_without_any_log_the_page_says_which_tables_it_needs(met, turned, select, open_script):
    source = open_script("CREATE TABLE other (x);")
    [shown] = turned(source, select("7d"))
    assert shown.state == "unavailable"
    for name in ("system_events", "platform_events", "audit_log", "event_log", "error_logs"):
        assert f"the table {name}" in shown.reason
    found = [met(figure, "7d", source) for figure in (figures.events, *figures.severities)]
    assert [figure.value for figure in found] == [None] * 4
    assert all(figure.note.startswith("Needs the table system_events") for figure in found)


def test_an_empty_page_names_every_empty_table_and_none_if_one_has_older_rows(
    turned, select, open_script, table
):
    names = ("audit_log", "error_logs", "event_log", "platform_events", "system_events")
    empty = "".join(table(name, "id, message, created_at") for name in names)
    [shown] = turned(open_script(empty), select("7d"))
    assert (shown.state, shown.rowless) == ("empty", names)
    older = "INSERT INTO event_log VALUES (1, 'x', '2020-01-01 12:00:00');"
    [shown] = turned(open_script(empty + older), select("7d"))
    assert (shown.state, shown.rowless) == ("empty", ())


@pytest.mark.parametrize("name", ["system_events", "platform_events", "event_log", "error_logs"])
def test_a_record_that_counts_no_repeats_happened_once(met, open_script, table, name):
    rows = [(repeats, NOON) for repeats in (0, None, -2, 3)]
    source = open_script(table(name, "repeat_count, created_at", *rows))
    assert met(figures.events, "7d", source).value == 1 + 1 + 1 + 3


def test_a_view_without_a_key_can_not_be_paged_and_says_so(turned, select, open_script):
    source = open_script(
        "CREATE TABLE kept (message, created_at);"
        f"INSERT INTO kept VALUES ('m', '{NOON}');"
        "CREATE VIEW error_logs AS SELECT message, created_at FROM kept;"
    )
    [shown] = turned(source, select("7d"), View(logs=("Error log",)))
    assert shown.state == "unavailable"
    assert "error_logs.id" in shown.reason


def test_an_empty_period_has_no_event_and_an_empty_page(met, turned, demo_source, select):
    empty = Period(date(2003, 3, 1), date(2003, 3, 8))
    assert met(figures.events, select(empty)).value == 0
    [shown] = turned(demo_source, select(empty))
    assert shown.state == "empty"
    assert shown.frame.empty


def test_people_and_projects_have_their_names_and_strangers_their_ids(
    met, select, open_script, table
):
    at = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp())
    source = open_script(
        table("users", "id, name", (7, "Zoë *Star*"))
        + table("event_log", "message, user_id, created_at", ("a", 7, at), ("b", 8, at - 1))
    )
    trail = Trail(select("7d"), View(), [{}])
    page = met(events.OpenPage, "7d", source, controls=[trail])
    people, projects = met(Choices, "7d", source), met(events.Projects, "7d", source)
    shown = events.named(page.answer, people, projects).frame
    assert shown["person"].tolist() == ["Zoë *Star*", "8"]
