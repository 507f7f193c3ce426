"""Hours by project, by person and by what is billable, worked out again from the raw rows."""

import re
from datetime import date, timedelta
from functools import cache, partial
from typing import Annotated

import pandas as pd
import pytest

from meaux.data.plan import Plan
from meaux.data.thresholds import Capacity
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period, Selection
from meaux.query.needs import asking
from meaux.subjects.hours import figures
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours.frames import WorkingTime

Recorded = Annotated[Answer, asking(queries.hours_recorded)]
KINDS = {1: "Billable", 0: "Non-billable"}
TODAY = date(2026, 11, 22)

every_period = pytest.mark.parametrize(
    ("period", "zone"),
    [("today", "UTC"), ("30d", "UTC"), ("30d", "Asia/Kolkata"), ("90d", "America/New_York")],
)
everything = pytest.mark.parametrize(
    "choice",
    [
        {},
        {"projects": ("prj_cafe_etoile", "prj_bolt")},
        {"people": ("usr_remy",)},
        {"teams": ("team_lab",)},
    ],
    ids=["all", "projects", "person", "team"],
)


def chosen(entries, choice):
    """The entries that a choice leaves."""
    columns = {"projects": "project", "people": "person", "teams": "team"}
    for name, ids in choice.items():
        entries = entries[entries[columns[name]].isin(ids)]
    return entries


@cache
def headings(period):
    """The first day of each column that a timesheet may have, in ISO form, by its heading."""
    days = pd.date_range(period.start - timedelta(6), period.last)
    found = {f"{day:%a} {day.day} {day:%b}": str(day.date()) for day in days}
    return found | {f"Week of {day.day} {day:%b %Y}": str(day.date()) for day in days}


def iso(period, head):
    """The first day of a timesheet's column, in ISO form, from its heading."""
    return headings(period).get(head.split(",")[0], head)


def monday(day):
    """The Monday of a day's week, in ISO form."""
    return str(day - timedelta(days=day.weekday()))


def kind(billable):
    return "Unspecified" if pd.isna(billable) else KINDS[billable]


@every_period
@everything
def test_the_hours_are_the_same_however_they_are_cut(met, select, by_hand, period, zone, choice):
    selection = select(period, zone=zone, **choice)
    total = chosen(by_hand(selection), choice)["hours"].sum()
    people = met(hours.People, selection)
    sheet = hours.timesheet(people, met(hours.ByDay, selection)).frame
    cuts = {
        "day": met(hours.ByDay, selection).frame,
        "over time": hours.trend(met(hours.ByDay, selection), selection).frame,
        "project": hours.by_project(met(hours.ByProject, selection)).frame,
        "largest projects": hours.largest(hours.by_project(met(hours.ByProject, selection))).frame,
        "hour of the week": met(hours.ByWeekdayHour, selection).frame,
        "person": hours.by_person(people).frame,
        "week": hours.by_week(people).frame,
        "productivity": hours.productivity(people, WorkingTime(1, 8)).frame,
        "timesheet": sheet[1:],
        "total of the timesheet": sheet[:1],
        "in all": met(Recorded, selection).frame,
    }
    assert {cut: frame["hours"].sum() for cut, frame in cuts.items()} == pytest.approx(
        dict.fromkeys(cuts, total)
    )
    assert met(figures.total_hours, selection).value == pytest.approx(total)


@every_period
def test_hours_by_billable_are_those_of_the_entries_that_say_so(met, select, by_hand, period, zone):
    selection = select(period, zone=zone)
    entries = by_hand(selection)
    expected = entries.groupby(["day", entries["billable"].map(kind)])["hours"].sum()
    found = met(hours.ByDay, selection).frame
    product = {(r.day.date(), r.billable): r.hours for r in found.itertuples() if r.entries}
    assert product == pytest.approx(expected.to_dict())


@everything
def test_the_ratio_leaves_out_what_does_not_say_whether_it_is_billable(
    met, select, by_hand, choice
):
    selection = select("30d", **choice)
    figure = met(figures.billable_ratio, selection)
    entries = chosen(by_hand(selection), choice)
    said = entries[entries["billable"].notna()]
    ratio = said[said["billable"] == 1]["hours"].sum() / said["hours"].sum()
    assert figure.value == pytest.approx(ratio)
    unspecified = entries["hours"].sum() - said["hours"].sum()
    assert figure.note == (
        f"Left out: {unspecified:,.1f} h not marked as billable or non-billable."
        if unspecified >= 0.05
        else ""
    )
    for side, days in (("before", selection.compared), ("compared", selection.comparable)):
        inside = chosen(by_hand(selection.over(days)), choice)
        billable = inside[inside["billable"] == 1]["hours"].sum()
        said = inside[inside["billable"].notna()]["hours"].sum()
        assert getattr(figure, side) == pytest.approx(billable / said)


@everything
def test_the_effective_rate_is_cost_by_the_hours_that_have_one(met, select, by_hand, choice):
    selection = select("30d", **choice)
    figure = met(figures.effective_rate, selection)
    priced = chosen(by_hand(selection), choice).dropna(subset="cost")
    assert figure.value == pytest.approx(priced["cost"].sum() / priced["hours"].sum())


def test_hours_without_a_price_are_told_and_make_no_rate_cheaper(books, entry, at, met):
    start = at("2026-11-20 09:00")
    opened = books(
        entry(start, 7_200, cost=100.0),
        entry(start, 3_600, cost=None),
        entry(start, -900, cost=-25.0),
        entry(start, None, cost=9.0),
    ).source
    selection = Selection(Period(date(2026, 11, 1), date(2026, 11, 23)), TODAY)
    figure = met(figures.effective_rate, selection, opened)
    assert figure.value == 50.0
    assert figure.note.endswith("Left out: 1.0 h without a USD price.")


@every_period
def test_projects_have_the_hours_of_their_entries_and_the_rest_stands_in_one_line(
    met, select, by_hand, period, zone
):
    selection = select(period, zone=zone)
    found = hours.largest(hours.by_project(met(hours.ByProject, selection))).frame
    entries = by_hand(selection)
    names = entries["project_name"].fillna(entries["project"]).fillna("Unassigned")
    expected = entries.groupby(names)["hours"].sum().sort_values(ascending=False)
    listed = found[~found["name"].str.endswith(" others")]
    assert dict(zip(listed["name"], listed["hours"], strict=True)) == pytest.approx(
        {name: expected[name] for name in listed["name"]}
    )
    assert set(listed["name"]) >= set(expected.head(hours.PROJECTS_SHOWN).index) - {"Unassigned"}
    assert found["hours_share"].sum() == pytest.approx(1)
    assert found["entries"].sum() == len(entries)


def test_a_person_has_what_their_entries_have(met, select, by_hand):
    selection = select("30d")
    table = hours.productivity(met(hours.People, selection), WorkingTime(21, 8)).frame.set_index(
        "name"
    )
    entries = by_hand(selection)
    for name, own in entries.groupby(entries["person_name"].fillna(entries["person"])):
        priced, said = own.dropna(subset="cost"), own.dropna(subset="billable")
        billable = own[own["billable"] == 1]["hours"].sum()
        line = table.loc[name]
        assert line["hours"] == pytest.approx(own["hours"].sum())
        assert line["entries"] == len(own)
        assert line["capacity"] == 168
        assert line["hours_cost"] == pytest.approx(priced["cost"].sum())
        assert line["effective_rate"] == pytest.approx(priced["cost"].sum() / priced["hours"].sum())
        assert line["billable_ratio"] == pytest.approx(billable / said["hours"].sum())
        assert line["utilisation"] == pytest.approx(billable / 168)
    assert list(table.index) == sorted(table.index, key=str.casefold)


def test_utilisation_is_what_the_people_who_logged_time_could_have_billed(met, select, by_hand):
    selection = select("30d")
    working = met(hours.Working, selection)
    figure = met(figures.utilisation, selection)
    entries = by_hand(selection).dropna(subset="person")
    working_days = sum(day.weekday() < 5 for day in selection.period)
    capacity = entries["person"].nunique() * working_days * 8
    assert working.days == working_days == 21
    billable = entries[entries["billable"] == 1]["hours"].sum()
    assert figure.value == pytest.approx(billable / capacity)
    people = entries["person"].nunique()
    of = f"{billable:,.1f} h billable ÷ {capacity:,.1f} h capacity"
    assert figure.note == f"{of} ({people} people × 21 working days × 8 h)."


@pytest.mark.parametrize(
    ("first", "end", "days"),
    [
        (date(2026, 11, 16), date(2026, 11, 23), 5),
        (date(2026, 11, 21), date(2026, 11, 23), 0),
        (date(2026, 11, 20), date(2026, 12, 31), 1),
        (date(2026, 12, 1), date(2026, 12, 31), 0),
    ],
    ids=["a week", "a weekend", "until next month", "in the future"],
)
def test_capacity_counts_the_working_days_up_to_today(answer, first, end, days):
    by_day = answer_over(answer, first, end)
    assert hours.working_time(by_day, Plan()).days == days


def answer_over(answer, first, end):
    return answer(hours.queries.hours_by_day, Selection(Period(first, end), TODAY))


def test_capacity_follows_the_plan(answer):
    by_day = answer_over(answer, date(2026, 11, 16), date(2026, 11, 23))
    working = hours.working_time(by_day, Plan(capacity=Capacity(6.5, ("Mon", "Sat"))))
    assert (working.days, working.hours) == (2, 13.0)


def test_all_periods_have_the_capacity_of_the_days_since_the_first_entry(
    books, entry, at, met, select
):
    opened = books(entry(at("2026-11-16 09:00"))).source
    assert met(hours.Working, select("all"), opened).days == 5


def test_where_there_was_no_working_day_nobody_has_a_capacity(books, entry, at, met):
    opened = books(entry(at("2026-11-21 09:00"))).source
    selection = Selection(Period(date(2026, 11, 21), date(2026, 11, 23)), TODAY)
    people, working = (
        met(hours.People, selection, opened),
        met(hours.Working, selection, opened),
    )
    figure = met(figures.utilisation, selection, opened)
    assert (figure.value, figure.note) == (None, "No working days in the period yet.")
    line = hours.productivity(people, working).frame.iloc[0]
    assert line["hours"] == 1.0
    assert pd.isna(line["capacity"])
    assert pd.isna(line["utilisation"])


def test_hours_that_say_nothing_make_no_ratio_and_no_utilisation(books, entry, at, met):
    opened = books(entry(at("2026-11-20 09:00"), billable=None)).source
    selection = Selection(Period(date(2026, 11, 16), date(2026, 11, 23)), TODAY)
    people, working = (
        met(hours.People, selection, opened),
        met(hours.Working, selection, opened),
    )
    for figure in (
        met(figures.billable_ratio, selection, opened),
        met(figures.utilisation, selection, opened),
    ):
        assert figure.value is None
        assert figure.note == "No hours are marked billable or non-billable."
    line = hours.productivity(people, working).frame.iloc[0]
    assert line[["utilisation", "billable_ratio", "effective_rate", "hours_cost"]].isna().all()
    assert hours.by_person(people).frame.to_dict("records") == [
        {"name": "u1", "billable": "Unspecified", "hours": 1.0}
    ]


def test_entries_and_running_timers_are_counted_apart(books, entry, at, met):
    start = at("2026-11-20 09:00")
    lengths = ((3_600, None), (1_800, None), (None, None), (-60, start), (0, start), (0, None))
    opened = books(*(entry(start, *length) for length in lengths)).source
    selection = Selection(Period(date(2026, 11, 1), date(2026, 11, 23)), TODAY)
    assert met(figures.entries, selection, opened).value == 3
    note = met(figures.entries, selection, opened).note
    assert note == "No comparison: no data before 20 Nov 2026. 30 min on average."
    running = met(figures.running_timers, selection, opened)
    assert (running.value, running.note) == (2, "Left out of hours until stopped.")
    assert met(figures.total_hours, selection, opened).value == 1.5


def test_an_entry_without_seconds_lasts_from_its_start_to_its_end(books, entry, at, met):
    start = at("2026-11-20 09:00")
    opened = books(entry(start, None, start + 5_400), entry(start, 60, start + 5_400)).source
    selection = Selection(Period(date(2026, 11, 1), date(2026, 11, 23)), TODAY)
    assert met(figures.total_hours, selection, opened).value == pytest.approx(1.5 + 1 / 60)


def test_what_has_no_project_and_nobody_stand_under_names_of_their_own(books, entry, at, met):
    start = at("2026-11-20 09:00")
    opened = books(entry(start, project=None, person=None), entry(start, 7_200)).source
    selection = Selection(Period(date(2026, 11, 16), date(2026, 11, 23)), TODAY)
    projects = hours.by_project(met(hours.ByProject, selection, opened)).frame
    assert dict(zip(projects["name"], projects["hours"], strict=True)) == {"p1": 2, "Unassigned": 1}
    people = met(hours.People, selection, opened)
    table = hours.productivity(people, WorkingTime(5, 8)).frame
    assert table["name"].tolist() == ["u1", "No person"]
    assert table["capacity"].isna().tolist() == [False, True]
    figure = met(figures.utilisation, selection, opened)
    assert figure.value == pytest.approx(2 / 40)
    assert figure.note == "2.0 h billable ÷ 40.0 h capacity (1 person × 5 working days × 8 h)."


NAMESAKES = """
CREATE TABLE users (id TEXT, name TEXT);
INSERT INTO users VALUES ('u1', 'Ann'), ('u2', 'Ann'), ('u3', 'No person'), ('u4', 'Bo');
CREATE TABLE projects (id TEXT, name TEXT, color TEXT);
INSERT INTO projects VALUES ('p1', 'Site', '#112233'), ('p2', 'Site', NULL);
"""


def test_people_and_projects_of_the_same_name_are_told_apart(books, entry, at, met):
    start = at("2026-11-20 09:00")
    entries = [entry(start, person=person) for person in ("u1", "u2", "u3", None, "u4")]
    opened = books(*entries, entry(start, project="p2"), script=NAMESAKES).source
    selection = Selection(Period(date(2026, 11, 16), date(2026, 11, 23)), TODAY)
    table = hours.productivity(met(hours.People, selection, opened), WorkingTime(5, 8)).frame
    assert dict(zip(table["name"], table["hours"], strict=True)) == {
        "Ann (u1)": 2,
        "Ann (u2)": 1,
        "Bo": 1,
        "No person (u3)": 1,
        "No person": 1,
    }
    projects = hours.by_project(met(hours.ByProject, selection, opened)).frame
    assert dict(zip(projects["name"], projects["hours"], strict=True)) == {
        "Site (p1)": 5,
        "Site (p2)": 1,
    }


def test_more_people_than_bars_share_the_last_one(books, entry, at, met):
    start = at("2026-11-20 09:00")
    many = hours.PEOPLE_SHOWN + 3
    entries = [entry(start, 3_600 * (n + 1), person=f"u{n:03}") for n in range(many)]
    selection = Selection(Period(date(2026, 11, 16), date(2026, 11, 23)), TODAY)
    opened = books(*entries).source
    people = met(hours.People, selection, opened)
    found = hours.by_person(people).frame
    assert len(found) == hours.PEOPLE_SHOWN + 1
    assert found.iloc[-1].to_dict() == {"name": "3 others", "billable": "Billable", "hours": 6.0}
    assert sorted(hours.busiest(people).frame["name"]) == [f"u{n:03}" for n in range(3, many)]
    assert hours.left_out(people) == "Top 30 of 33 people by hours."
    assert hours.left_out(hours.busiest(people)) == ""


@pytest.mark.parametrize(
    ("period", "grain", "columns"), [("30d", "day", 31), ("90d", "week", 13), ("all", "week", 79)]
)
def test_the_timesheet_adds_up_in_both_directions(met, select, by_hand, period, grain, columns):
    selection = select(period)
    sheet = hours.timesheet(met(hours.People, selection), met(hours.ByDay, selection)).frame
    assert list(sheet.columns[:2]) == ["name", "hours"]
    sheet = sheet.rename(columns=partial(iso, selection.period))
    spans = list(sheet.columns[2:])
    assert len(spans) == columns
    assert spans == sorted(str(date.fromisoformat(span)) for span in spans)
    entries = by_hand(selection)
    starts = entries["day"].map(str if grain == "day" else monday)
    who = entries["person_name"].fillna(entries["person"]).fillna("No person")
    expected = entries.groupby([who, starts])["hours"].sum()
    cells = sheet[1:].melt("name", spans).dropna().set_index(["name", "variable"])["value"]
    assert cells.to_dict() == pytest.approx(expected.to_dict())
    total = sheet.iloc[0]
    assert total["name"] == "Total"
    assert total[spans].dropna().to_dict() == pytest.approx(
        expected.groupby(level=1).sum().to_dict()
    )
    assert total["hours"] == pytest.approx(entries["hours"].sum())


def test_where_nothing_was_logged_the_timesheet_has_nothing_and_no_zero(books, entry, at, met):
    opened = books(entry(at("2026-11-20 09:00"))).source
    selection = Selection(Period(date(2026, 11, 20), date(2026, 11, 22)), TODAY)
    sheet = hours.timesheet(
        met(hours.People, selection, opened), met(hours.ByDay, selection, opened)
    ).frame
    assert sheet["Fri 20 Nov"].tolist() == [1.0, 1.0]
    assert sheet["Sat 21 Nov"].isna().all()


def test_hours_over_time_follow_the_grain(met, select):
    for grain, spans in (("day", 31), ("week", 5), ("month", 2)):
        selection = select("30d", grain=grain)
        found = hours.trend(met(hours.ByDay, selection), selection).frame
        assert found["day"].nunique() == spans
        assert found["partial"].any()


def test_the_compared_period_lies_behind_the_days_and_nowhere_else(met, select, by_hand):
    selection = select("30d")
    ghost = met(hours.Ghost, selection)
    before = by_hand(selection.over(selection.compared))
    assert ghost["hours"].sum() == pytest.approx(before["hours"].sum())
    assert ghost["day"].dt.date.tolist() == list(selection.period)[:-1]
    assert ghost["actual_day"].iloc[0] == pd.Timestamp("2026-09-18")
    assert (ghost["day"].dt.day_of_week == ghost["actual_day"].dt.day_of_week).all()
    assert met(hours.Ghost, select("30d", grain="week")) is None
    assert met(hours.Ghost, select("30d", compare="none")) is None


def test_the_file_of_hours_over_time_holds_the_compared_period_too(met, select):
    selection = select("30d")
    trend, ghost = (
        hours.trend(met(hours.ByDay, selection), selection).frame,
        met(hours.Ghost, selection),
    )
    held = hours.beside(trend, ghost)
    assert held["hours"].sum() == trend["hours"].sum()
    compared = held.dropna(subset="hours_before")
    assert compared["hours_before"].tolist() == ghost["hours"].tolist()
    assert compared["compared_day"].tolist() == ghost["actual_day"].tolist()
    assert compared["day"].tolist() == ghost["day"].tolist()
    assert hours.beside(trend, None) is trend


def test_before_the_first_entry_of_all_there_is_no_shadow(books, entry, at, met):
    entries = [entry(at(f"2026-{day} 09:00")) for day in ("10-20", "10-21", "11-05")]
    selection = Selection(Period(date(2026, 11, 1), date(2026, 11, 22)), TODAY)
    opened = books(*entries).source
    ghost = met(hours.Ghost, selection, opened)
    assert selection.compared.start == date(2026, 10, 11)
    assert ghost["actual_day"].min() == pd.Timestamp("2026-10-20")
    assert ghost["hours"].sum() == 2


def test_weeks_begin_on_monday(met, select, by_hand):
    found = hours.by_week(met(hours.People, select("30d"))).frame
    entries = by_hand(select("30d"))
    expected = entries.groupby(entries["day"].map(monday))["hours"].sum().to_dict()
    assert found.groupby("week")["hours"].sum().to_dict() == pytest.approx(expected)
    assert hours.columns(met(hours.ByDay, select("30d")), "week") == sorted(expected)


def test_weeks_that_are_not_over_or_cut_off_by_the_period_are_partial(met, select):
    """30 days up to Sunday 22 November, which is still running, begin on a Friday."""
    answer = met(hours.ByDay, select("30d"))
    assert hours.partial_weeks(answer) == ["2026-10-19", "2026-11-16"]


@pytest.mark.parametrize("query", [queries.hours_by_day, queries.hours_by_person_day])
def test_an_entry_without_a_cost_finds_its_rate_through_an_index(
    demo_source, demo_rows, select, query
):
    statement = Ask(query, select("30d")).compiled(demo_source.binding).statement
    plan = [
        line[-1] for line in demo_rows(f"EXPLAIN QUERY PLAN {statement.sql}", *statement.params)
    ]
    for table in ("person", "project"):
        steps = {line.split()[0] for line in plan if re.match(rf"(SCAN|SEARCH) {table}\b", line)}
        assert steps == {"SEARCH"}
