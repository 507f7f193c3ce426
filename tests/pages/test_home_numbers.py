"""The numbers of Home are those of the database, counted here in another way."""

import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

TODAY = date(2026, 11, 22)
THIRTY_DAYS = (TODAY - timedelta(days=30), TODAY)
THIS_MONTH = (date(2026, 11, 1), TODAY)
SAME_DAYS = (date(2026, 10, 1), date(2026, 10, 21))
LAST_MONTH = (date(2026, 10, 1), date(2026, 10, 31))


class Books:
    """All rows that count, read in plain SQL and sorted into days by Python's own calendar."""

    def __init__(self, path, zone):
        self._zone = ZoneInfo(zone)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            self._sql = lambda sql: pd.read_sql_query(sql, connection)
            self.projects = self._sql("SELECT id, name, team_id, status, hourly_rate FROM projects")
            self.users = self._sql("SELECT id, name, hourly_rate FROM users")
            self.members = self._sql(
                "SELECT team_id, user_id FROM team_members WHERE left_at IS NULL"
            )
            self.time = self._time()
            self.ledger = pd.concat([self._priced_time(), self._ai(), self._infrastructure()])
            self.presence = self._presence()

    def _day(self, seconds):
        return [datetime.fromtimestamp(at, self._zone).date() for at in seconds]

    def _day_of_text(self, texts):
        return [datetime.fromisoformat(text).astimezone(self._zone).date() for text in texts]

    def _time(self):
        rows = self._sql("SELECT * FROM time_entries")
        worked = rows["seconds"].astype("float64")
        return rows.assign(
            seconds=worked.fillna(rows["ended_at"].astype("float64") - rows["started_at"]),
            day=self._day(rows["started_at"]),
        )

    def _priced_time(self):
        rows = self.time
        rate = (
            rows["hourly_rate"]
            .astype("float64")
            .fillna(rows["user_id"].map(self.users.set_index("id")["hourly_rate"]))
            .fillna(rows["project_id"].map(self.projects.set_index("id")["hourly_rate"]))
        )
        computed = (rows["seconds"] / 3600 * rate).where(rows["seconds"] >= 0)
        cost = rows["cost_usd"].astype("float64").fillna(computed)
        return rows.assign(cost=cost)[["day", "project_id", "user_id", "cost"]]

    def _ai(self):
        rows = self._sql(
            "SELECT project_id, user_id, cost_usd AS cost, created_at FROM ai_cost_tracking"
        )
        return rows.assign(day=self._day_of_text(rows.pop("created_at")))

    def _infrastructure(self):
        rows = self._sql(
            "SELECT project_id, cost_usd AS cost, usage_date FROM cloudflare_usage "
            "WHERE currency IS NULL OR currency = 'USD'"
        )
        return rows.assign(day=[date.fromisoformat(day) for day in rows.pop("usage_date")])

    def _presence(self):
        sessions = self._sql("SELECT user_id, started_at / 1000 AS at FROM user_sessions")
        talks = self._sql("SELECT user_id, started_at AS at FROM ai_conversations")
        return pd.concat(
            [
                sessions.assign(day=self._day(sessions["at"])),
                talks.assign(day=self._day_of_text(talks["at"])),
                self.time[["user_id", "day"]],
            ]
        ).dropna(subset="user_id")

    def narrowed(self, *, teams=(), projects=(), people=()):
        """Leave only the rows of these teams, projects and people, by id."""
        if teams:
            theirs = self.projects.loc[self.projects["team_id"].isin(teams), "id"]
            members = self.members.loc[self.members["team_id"].isin(teams), "user_id"]
            self._keep("project_id", theirs)
            self.projects = self.projects[self.projects["team_id"].isin(teams)]
            self.presence = self.presence[self.presence["user_id"].isin(members)]
        if projects:
            self._keep("project_id", projects)
            self.projects = self.projects[self.projects["id"].isin(projects)]
        if people:
            self._keep("user_id", people)
            self.presence = self.presence[self.presence["user_id"].isin(people)]
        return self

    def _keep(self, column, ids):
        self.time = self.time[self.time[column].isin(ids)]
        self.ledger = self.ledger[self.ledger[column].isin(ids)]

    def standing(self):
        spelled = self.projects["status"].str.lower()
        return int((~spelled.isin(["archived"])).sum())

    def active(self, days):
        return self.presence.loc[self.presence["day"].between(*days), "user_id"].nunique()

    def hours(self, days):
        inside = self.time["day"].between(*days) & (self.time["seconds"] >= 0)
        return self.time.loc[inside, "seconds"].sum() / 3600

    def left_out(self, days):
        seconds = self.time.loc[self.time["day"].between(*days), "seconds"]
        return int(seconds.isna().sum()), int((seconds < 0).sum())

    def cost(self, days):
        return self.ledger.loc[self.ledger["day"].between(*days), "cost"].sum()

    def top(self, days):
        inside = self.ledger[self.ledger["day"].between(*days)].dropna(subset="project_id")
        sums = inside.groupby("project_id")["cost"].sum().sort_values(ascending=False).head(5)
        return list(sums.rename(self.projects.set_index("id")["name"]).items())


def dollars(amount):
    return f"${amount:,.2f}" if abs(amount) < 1_000 else f"${amount:,.0f}"


def over(days):
    """Those of the days up to today that are over: all but the last."""
    return days[0], days[1] - timedelta(1)


def changed(now, before):
    return f"{now / before - 1:+.1%}" if now != before else "0"


def shows(home, books, days=THIRTY_DAYS):
    """The four number cards say what the books say."""
    total = home.figure("Total projects")
    assert total.value == str(books.standing())
    assert home.figure("Active users").value == str(books.active(days))
    cost = home.figure("This month's cost")
    now = books.cost(THIS_MONTH)
    assert cost.value == dollars(now)
    assert cost.delta == changed(books.cost(over(THIS_MONTH)), books.cost(SAME_DAYS))
    assert cost.versus == "vs 1-21 Oct"
    assert f"October total: {dollars(books.cost(LAST_MONTH))}." in cost.note
    assert sum(cost.trend) == pytest.approx(now)
    hours = home.figure("Total time logged")
    assert hours.value == f"{books.hours(days):,.1f} h"
    assert sum(hours.trend) == pytest.approx(books.hours(days))
    assert len(hours.trend) == (days[1] - days[0]).days + 1


def test_the_hero_cards_say_what_plain_sql_says(open_page, demo_file):
    books = Books(demo_file, "UTC")
    home = open_page()
    shows(home, books)
    before = (date(2026, 9, 18), date(2026, 10, 17))
    assert home.sentence == (
        "23 Oct - 22 Nov 2026 (UTC), including today so far. "
        "Changes compare 23 Oct - 21 Nov 2026 with 18 Sep - 17 Oct 2026."
    )
    hours = home.figure("Total time logged")
    assert hours.delta == changed(books.hours(over(THIRTY_DAYS)), books.hours(before))
    assert hours.versus == "vs 18 Sep - 17 Oct"
    running, negative = books.left_out(THIRTY_DAYS)
    assert (running, negative) == (3, 1)
    assert hours.note == "3 running timers and 1 entry with a negative duration left out."
    active = home.figure("Active users")
    assert active.delta == changed(books.active(over(THIRTY_DAYS)), books.active(before))


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland"])
def test_the_hero_cards_count_the_days_of_the_zone_that_the_url_names(open_page, demo_file, zone):
    home = open_page(zone=zone)
    assert f"({zone})" in home.sentence
    shows(home, Books(demo_file, zone))


def test_the_zone_of_the_settings_is_the_one_to_begin_with(open_page, demo_file, world):
    world.setenv("MEAUX_TIMEZONE", "Asia/Kolkata")
    home = open_page()
    assert "(Asia/Kolkata)" in home.sentence
    shows(home, Books(demo_file, "Asia/Kolkata"))


def test_a_team_in_the_url_narrows_every_number(open_page, demo_file):
    home = open_page(team="L'atelier d'idées")
    assert home.app.multiselect(key="team").value == ["L'atelier d'idées"]
    shows(home, Books(demo_file, "UTC").narrowed(teams=["team_lab"]))


def test_two_projects_in_the_url_narrow_the_numbers_to_both(open_page, demo_file):
    home = open_page(project=["Gumbo Graph", "<b>Bolt</b> checkout"])
    books = Books(demo_file, "UTC").narrowed(projects=["prj_gumbo_graph", "prj_bolt"])
    hours = home.figure("Total time logged")
    assert hours.value == f"{books.hours(THIRTY_DAYS):,.1f} h"
    assert home.figure("This month's cost").value == dollars(books.cost(THIS_MONTH))
    assert home.figure("Total projects").value == str(books.standing()) == "2"


def test_a_person_in_the_url_narrows_hours_and_cost(open_page, demo_file):
    books = Books(demo_file, "UTC")
    inside = books.time[books.time["day"].between(*THIS_MONTH)]
    busiest = inside.groupby("user_id")["seconds"].sum().idxmax()
    name = books.users.set_index("id")["name"][busiest]
    home = open_page(person=name)
    books.narrowed(people=[busiest])
    assert home.figure("Active users").value == "1"
    assert home.figure("Total time logged").value == f"{books.hours(THIRTY_DAYS):,.1f} h"
    assert home.figure("This month's cost").value == dollars(books.cost(THIS_MONTH))


def test_another_period_moves_the_numbers_and_leaves_the_month(open_page, demo_file):
    week = (TODAY - timedelta(days=7), TODAY)
    home = open_page(period="Last 7 days")
    shows(home, Books(demo_file, "UTC"), week)


def test_the_chart_totals_what_the_ledger_totals(open_page, demo_file):
    books = Books(demo_file, "UTC")
    home = open_page()
    assert f"Total: ${books.cost(THIRTY_DAYS):,.2f} in total" in home.card("Cost trend").description


def test_the_ranking_names_the_projects_that_cost_most_in_order(open_page, demo_file):
    expected = [f"{name} ${cost:,.2f}" for name, cost in Books(demo_file, "UTC").top(THIRTY_DAYS)]
    assert ", ".join(expected) in open_page().card("Top 5 projects").description


def test_the_log_shows_the_ten_newest_rows_of_the_period(open_page, demo_rows):
    rows = demo_rows(
        "SELECT created_at, action FROM project_activity WHERE created_at < '2026-11-23' "
        "ORDER BY created_at DESC LIMIT 10"
    )
    table = open_page().card("Latest activity").table
    assert [at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in table["at"]] == [at for at, _ in rows]
    assert sorted(table["action"]) == sorted(action for _, action in rows)
