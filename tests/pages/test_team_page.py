"""Team performance: tiles, comparison, contributions, and what stands where something lacks."""

import re

import pytest

from meaux.ui import pages

TEAM = next(page for page in pages.PAGES if page.title == "Team performance")
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)> **b**"
HOURS = "sum(coalesce(seconds, ended_at - started_at)) / 3600.0"
COUNTED = "started_at >= unixepoch('2026-10-23') AND coalesce(seconds, ended_at - started_at) >= 0"


@pytest.fixture
def open_team(open_page):
    def open_team(*database, **url):
        return open_page(*database, page=TEAM, **url)

    return open_team


@pytest.fixture
def page(open_team):
    return open_team()


def calls(counting):
    return sum(len(database.calls) for database in counting)


def named(tiles):
    """The tiles by the name of the team."""
    return {name: [hours, *facts] for hours, name, *facts in tiles}


def test_the_figures_are_those_of_the_database(page, demo_rows):
    [(teams,)] = demo_rows("SELECT count(*) FROM teams")
    [(members,)] = demo_rows(
        "SELECT count(DISTINCT user_id) FROM team_members WHERE left_at IS NULL"
    )
    [(hours,)] = demo_rows(f"SELECT {HOURS} FROM time_entries WHERE {COUNTED}")
    [(done,)] = demo_rows(
        "SELECT count(*) FROM project_milestones WHERE date(completed_at) >= '2026-10-23'"
    )
    assert page.figure("Teams").value == str(teams)
    assert page.figure("Active members").note == f"Of {members} members."
    assert page.figure("Total time logged").value == f"{hours:,.1f} h"
    assert page.figure("Deliverables completed").value == str(done)
    for label in ("Active members", "Total time logged", "Deliverables completed"):
        assert page.figure(label).versus == "vs 18 Sep - 17 Oct"


def test_each_team_has_a_tile_and_what_has_no_team_has_the_last(page, demo_rows):
    tiles = named(page.card("Teams").tiles)
    names = [name for (name,) in demo_rows("SELECT name FROM teams")]
    assert list(tiles) == [*sorted(names, key=str.casefold), "No team"]
    for name, hours in demo_rows(
        f"SELECT t.name, {HOURS} FROM time_entries e JOIN projects p ON p.id = e.project_id"
        f" JOIN teams t ON t.id = p.team_id WHERE {COUNTED} GROUP BY 1"
    ):
        assert tiles[name][0] == f"{hours:,.1f} h"
    assert not any("Active members" in fact for fact in tiles["No team"])
    assert tiles["Client studio"][2] == "Projects 9"
    assert tiles["Client studio"][4].endswith(" of 5")


def test_the_switch_compares_by_something_else_without_a_call(page, counting):
    before = calls(counting)
    said = {}
    for word in ("Time", "Cost", "Deliverables", "Members", "Projects"):
        page.choose("measure", word)
        said[word] = page.card("Teams compared").description
    assert calls(counting) == before
    assert said["Time"].startswith("Time logged, 5 items in order: Client studio ")
    assert "Client studio $" in said["Cost"]
    assert said["Projects"] == (
        "Projects, 5 items in order: Client studio 9, Growth \"loud\" crew 3, L'atelier d'idées 4, "
        "Platform & data 5, No team 1."
    )
    assert "No team" not in said["Members"]


def test_the_link_holds_what_teams_are_compared_by(open_team):
    assert open_team(measure="Cost").card("Teams compared").description.startswith("Cost, 5")


def test_contributions_stand_by_name_with_the_weeks_in_one_small_chart(page):
    table = page.card("Contributions").table
    assert list(table.columns) == [
        "name",
        "hours",
        "weekly",
        "billable_ratio",
        "person_cost",
        "person_ai_cost",
        "deliverables",
        "projects_worked",
        "teams",
        "classified_hours",
    ]
    assert {len(weeks) for weeks in table["weekly"]} == {3}
    for weeks, hours in zip(table["weekly"], table["hours"], strict=True):
        assert sum(weeks) <= hours + 1e-9
    total = page.figure("Total time logged").value
    assert f"{table['hours'].sum():,.1f} h" == total


def test_every_card_of_time_adds_up_to_the_time_logged(page):
    total = page.figure("Total time logged").value
    tiles = named(page.card("Teams").tiles)
    hours = sum(float(tile[0].removesuffix(" h").replace(",", "")) for tile in tiles.values())
    assert hours == pytest.approx(float(total.removesuffix(" h").replace(",", "")), abs=0.3)


def test_the_balance_says_in_a_sentence_who_does_most(page):
    card = page.card("Load balance")
    assert card.note.startswith("The least even team is ")
    assert card.note.endswith("%.")
    assert "even" in card.description


def test_capacity_is_that_of_the_plan(open_team, declare):
    assert open_team().card("Workload and capacity").note == (
        "Capacity: 21 working days × 8 h = 168.0 h per person."
    )
    declare('[capacity]\nhours_per_day = 7.5\nworking_days = ["Mon", "Tue"]\n')
    card = open_team().card("Workload and capacity")
    assert card.note == "Capacity: 8 working days × 7.5 h = 60.0 h per person."
    assert "of 60.0 h" in card.description


def test_a_team_in_the_link_narrows_all_to_it_and_the_capacity_says_so(open_team):
    page = open_team(team="L'atelier d'idées")
    assert list(named(page.card("Teams").tiles)) == ["L'atelier d'idées"]
    assert page.figure("Teams").value == "1"
    assert page.figure("Active members").note == "Of 4 members."
    assert "Hours cover the selected projects only" in page.card("Workload and capacity").note
    assert set(page.card("Deliverables").table["team"]) == {"L'atelier d'idées"}


def test_a_person_in_the_link_is_the_only_one_that_contributes(open_team):
    page = open_team(person="Priya Nutmeg")
    assert list(page.card("Contributions").table["name"]) == ["Priya Nutmeg"]
    assert page.figure("Active members").note == "Of 1 member."


def test_overdue_deliverables_come_first(page):
    states = list(page.card("Deliverables").table["state"])
    assert states[0] == "Overdue"
    assert states == sorted(states, key=["Overdue", "Open", "Completed"].index)
    assert "Overdue" in page.card("Deliverables by team").description


def test_a_period_in_which_nothing_happened_says_so_and_keeps_the_teams(open_team):
    page = open_team(period="Custom", days=["2003-03-01", "2003-03-07"])
    assert page.exceptions == []
    tiles = named(page.card("Teams").tiles)
    assert {tile[0] for tile in tiles.values()} == {"0.0 h"}
    assert page.figure("Active members").value == "0"
    assert page.figure("Deliverables completed").value == "0"
    assert page.card("Teams compared").state.startswith("No data for teams compared")
    assert page.card("Load balance").state.startswith("No team has at least two members")
    assert page.card("Time allocation").state.startswith("No data for time allocation")


def test_a_name_from_the_database_stays_a_name(open_team, demo_copy):
    quoted = EVIL.replace("'", "''")
    page = open_team(
        demo_copy(
            f"UPDATE teams SET name = '{quoted}', color = 'url(javascript:alert(1))'"
            " WHERE id = 'team_client';"
            f"UPDATE users SET name = '{quoted}' WHERE id = 'usr_zoe';"
            f"UPDATE projects SET name = '{quoted}' WHERE id = 'prj_bolt';"
            f"UPDATE project_milestones SET title = '{quoted}' WHERE project_id = 'prj_bolt';"
        )
    )
    assert page.exceptions == []
    assert EVIL.replace("**", "") in named(page.card("Teams").tiles)
    for element in (*page.app.markdown, *page.app.caption):
        assert not re.search(r"(?<!\\)(:red\[|<img|\]\(java)", element.value)
    assert "url(javascript" not in "".join(str(image.proto) for image in page.app.get("imgs"))
    assert EVIL in list(page.card("Contributions").table["name"])


@pytest.mark.parametrize(
    ("table", "unavailable"),
    [
        ("team_members", ["Load balance"]),
        ("project_members", ["Project assignments"]),
        ("project_milestones", ["Deliverables by team", "Deliverables"]),
        ("teams", []),
        ("user_sessions", []),
        ("ai_cost_tracking", []),
    ],
)
def test_a_card_names_the_table_that_it_lacks_and_the_others_stand(
    open_team, demo_copy, table, unavailable
):
    page = open_team(demo_copy(f"DROP TABLE {table};"))
    assert page.exceptions == []
    assert page.errors == []
    states = {title: page.card(title).state for title in page.titles()}
    assert [title for title, state in states.items() if state] == unavailable
    for title in unavailable:
        assert f"Needs the table {table}" in states[title]


def test_without_a_table_of_teams_their_ids_stand_on_the_tiles(open_team, demo_copy):
    page = open_team(demo_copy("DROP TABLE teams;"))
    assert list(named(page.card("Teams").tiles)) == [
        "team_client",
        "team_growth",
        "team_lab",
        "team_platform",
        "No team",
    ]


def test_many_teams_stand_in_a_table(open_team, demo_copy):
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
    page = open_team(demo_copy(f"{many} INSERT INTO teams (id, name) SELECT i, 'T' || i FROM n;"))
    assert page.card("Teams").tiles == []
    assert len(page.card("Teams").table) == 45
    assert page.figure("Teams").value == "44"


def test_what_is_not_known_of_a_team_is_a_dash(open_team, demo_copy):
    page = open_team(demo_copy("DROP TABLE project_milestones; DROP TABLE team_members;"))
    facts = named(page.card("Teams").tiles)["Client studio"]
    assert facts[3:] == ["Deliverables completed -", "Active members -"]
    assert page.figure("Deliverables completed").value == "-"
