"""Cards of one's own, as pages show them."""

import io

import one_team
import openpyxl
import pytest

from meaux.data.access import Access
from meaux.errors import QueryError
from meaux.ui import layout, pages, visitor
from meaux.ui.loading import data

OPENING = 2
MINE = ("Hours of mine", "Sign-ups")

HOURS = """\
-- title: Hours of mine
-- about: What was logged.
-- chart: number
-- unit: hours
-- page: {page}
SELECT sum(time_entry.seconds) / 3600.0 AS hours
FROM time_entry
WHERE in_period(time_entry.started) AND of_projects(time_entry.project)
"""
SIGN_UPS = """\
-- title: Sign-ups
-- page: {page}
SELECT name, created_at FROM users ORDER BY created_at DESC LIMIT 5
"""
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)> **b** `c`"


def both(page):
    return {"hours": HOURS.format(page=page), "users": SIGN_UPS.format(page=page)}


def calls(counting):
    return sum(len(database.calls) for database in counting)


@pytest.mark.parametrize("page", ["Home", "Resource usage", "My cards"])
def test_a_page_with_two_own_cards_makes_one_call(open_page, counting, cards, page):
    cards(**both(page))
    shown = open_page(page=pages.find(page))
    assert (shown.exceptions, shown.errors) == ([], [])
    assert tuple(shown.titles()[-2:]) == MINE
    assert shown.card("Sign-ups").is_drawn
    assert shown.card("Sign-ups").note == "Not filtered by period."
    assert shown.card("Hours of mine").help == "What was logged."
    assert calls(counting) == OPENING + 1
    assert "1 database call" in shown.strip
    shown.run()
    assert calls(counting) == OPENING + 1
    assert "cached" in shown.strip


def test_an_own_card_stands_in_each_tab_of_its_page(open_page, cards):
    cards(**both("Resource usage"))
    shown = open_page(page=pages.find("Resource usage"), tab="Storage")
    assert "Other storage" in shown.titles()
    assert tuple(shown.titles()[-2:]) == MINE


def test_a_page_asks_nothing_more_for_the_cards_of_another_page(open_page, counting, cards):
    open_page()
    sent = len(counting[0].calls[-1])
    cards(**both("Executive overview"))
    data.refresh()
    open_page(period="Last 7 days")
    assert len(counting[0].calls[-1]) <= sent


def test_the_page_of_own_cards_is_in_the_menu_while_it_has_some(open_page, cards, world):
    seen = []
    menu = pages.menu

    def noted(access, *, my_cards, **how):
        seen.append(my_cards)
        return menu(access, my_cards=my_cards, **how)

    world.setattr(layout.pages, "menu", noted)
    cards()
    shown = open_page(page=pages.OWN)
    assert shown.exceptions == []
    assert any("No cards yet." in words for words in shown.notices)
    folder = cards(**both("Home"))
    shown.run()
    cards(users="-- title: Mine\nSELECT 1 AS n")
    shown.run()
    assert shown.titles() == ["Mine"]
    (folder / "users.sql").unlink()
    shown.run()
    assert seen == [False, False, True, False]


def test_a_changed_file_shows_at_the_next_run(open_page, cards):
    cards(card="-- title: Old\nSELECT 1 AS n")
    shown = open_page(page=pages.OWN)
    cards(card="-- title: Newer\n-- chart: number\nSELECT 22 AS n")
    assert shown.run().titles() == ["Newer"]
    assert [metric.value for metric in shown.app.metric] == ["22"]


def test_a_number_has_its_unit_and_its_change(open_page, cards, demo_rows):
    cards(**both("My cards"))
    shown = open_page(page=pages.OWN)
    [(hours,)] = demo_rows(
        "SELECT total(seconds) / 3600 FROM time_entries"
        " WHERE date(started_at, 'unixepoch') BETWEEN '2026-10-23' AND '2026-11-22'"
    )
    [metric] = shown.app.metric
    assert metric.value == f"{hours:,.1f} h"
    assert metric.delta.endswith("%")
    assert metric.proto.delta_description.startswith("vs ")


BROKEN = {
    "-- chart: pie\nSELECT 1": "cards/bad.sql, line 1: chart: unknown value 'pie'",
    "SELECT 1 FROM nowhere": "cards/bad.sql, line 1: there is no table nowhere",
    "DROP TABLE users": "cards/bad.sql: DROP is not allowed: a card only reads",
    "SELECT json_extract('[', '$') FROM users": "malformed JSON",
    "-- chart: lines\nSELECT 1 AS n": "cards/bad.sql: chart lines needs a column with days",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_mistake_is_said_on_that_card_alone(open_page, cards, text):
    cards(bad=text, good="-- title: Good\nSELECT 1 AS n")
    shown = open_page(page=pages.OWN)
    assert shown.exceptions == []
    assert BROKEN[text] in shown.card("Bad").state
    assert shown.card("Bad").is_broken
    assert shown.card("Good").is_drawn


def test_a_statement_that_the_database_refuses_does_not_reload_the_schema(
    open_page, cards, counting
):
    cards(bad="SELECT nosuch(id) AS a FROM users")
    shown = open_page(page=pages.OWN)
    assert shown.card("Bad").is_broken
    assert "The schema changed" not in shown.words
    assert len(counting) == 1


def test_a_failure_of_the_call_is_said_on_the_card(open_page, cards, counting):
    cards(**both("Home"))
    shown = open_page()
    counting[0].fail(QueryError("no"), lambda s: "sum(time_entry.seconds) / 3600.0" in s.sql)
    shown.choose("period", "Last 7 days")
    assert shown.card("Hours of mine").state == "The database rejected the query: no."
    assert shown.card("Sign-ups").is_drawn
    assert shown.card("Cost trend").is_drawn


def test_mistakes_are_listed_by_health_and_counted_in_a_line(open_page, cards):
    cards(bad="-- chart: pie\nSELECT 1", worse="SELECT 1 FROM nowhere")
    home = open_page()
    assert any(
        "Invalid: 1 entry in cards/bad.sql and 1 entry in cards/worse.sql" in words
        for words in home.between
    )
    health = open_page(page=pages.find("Data"), tab="Health")
    listed = str(health.card("Invalid entries").table.to_dict())
    assert "cards/bad.sql" in listed
    assert "there is no table nowhere" in listed


def test_titles_and_values_are_text_whatever_they_look_like(open_page, cards):
    evil = EVIL.replace("'", "''")
    cards(
        one=f"-- title: {EVIL}\n-- about: {EVIL}\n-- chart: bars\n"
        f"SELECT '{evil}' AS name, 1 AS n, '{evil}' AS \"{evil}\"",
        two=f"-- title: {EVIL}\nSELECT '{evil}' AS name",
        three=f"-- title: {EVIL}\n-- chart: {EVIL}\nSELECT 1",
    )
    shown = open_page(page=pages.OWN)
    assert shown.exceptions == []
    assert shown.titles() == [EVIL, f"{EVIL} (2)", f"{EVIL} (3)"]
    said = [*shown.app.subheader, *shown.app.caption, *shown.app.error, *shown.app.info]
    for words in [text for block in said for text in (block.value, *_help(block))]:
        for mark in (":red[", "[a](", " <img", " $x$", " **b**", " `c`"):
            assert mark not in words


def _help(block):
    return [block.proto.help] if hasattr(block.proto, "help") else []


def test_equal_titles_are_numbered_also_beside_a_card_of_the_page(open_page, cards):
    text = "-- title: Cost trend\n-- page: Home\nSELECT 1 AS n"
    cards(a=text, b=text, home=text)
    shown = open_page()
    assert shown.exceptions == []
    assert shown.titles()[-3:] == ["Cost trend (2)", "Cost trend (3)", "Cost trend (4)"]
    assert shown.card("Cost trend").is_drawn


def test_the_export_of_a_page_has_its_own_cards(open_page, cards):
    cards(**both("Home"))
    shown = open_page()
    assert list(shown.sheets["Sign-ups"]) == ["Name", "Created at"]
    book = openpyxl.load_workbook(io.BytesIO(shown.workbook))
    assert book["Sign-ups"]["A1"].value == "Name"


def test_a_folder_that_is_not_there_is_said_only_if_somebody_named_it(open_page, world, tmp_path):
    world.setenv("MEAUX_CARDS", str(tmp_path / "nowhere"))
    assert any("Invalid: 1 entry in MEAUX_CARDS" in words for words in open_page().between)


# Who may see what


def seen_by(world, access):
    world.setattr(visitor, "current", lambda: access)


def test_plain_sql_is_not_for_teams_and_not_for_viewers(open_page, cards, world):
    cards(**both("My cards"))
    seen_by(world, Access("admin", ("Platform & data",), "tess@example.com"))
    of_team = open_page(page=pages.OWN)
    assert of_team.card("Sign-ups").state == (
        "Not for your teams: this card reads the whole database."
    )
    assert of_team.app.metric
    seen_by(world, Access("viewer", None, "vic@example.com"))
    of_viewer = open_page(page=pages.OWN)
    assert of_viewer.card("Sign-ups").state.startswith("Not for your role:")
    seen_by(world, Access("analyst", None, "ann@example.com"))
    assert open_page(page=pages.OWN).card("Sign-ups").is_drawn


def test_a_viewer_does_not_read_what_is_wrong_in_a_file(open_page, cards, world):
    cards(bad="SELECT 1 FROM nowhere")
    seen_by(world, Access("viewer", None, "vic@example.com"))
    shown = open_page(page=pages.OWN)
    assert shown.card("Bad").state == (
        "This card's file has a mistake; the owner of the dashboard can see it."
    )
    assert "nowhere" not in shown.words


def test_a_number_of_a_team_is_that_of_its_rows(open_page, cards, world, demo_rows):
    cards(**both("My cards"))
    seen_by(world, Access("admin", (one_team.OWN,), "tess@example.com"))
    [(hours,)] = demo_rows(
        "SELECT total(seconds) / 3600 FROM time_entries"
        " WHERE date(started_at, 'unixepoch') BETWEEN '2026-10-23' AND '2026-11-22'"
        f" AND project_id IN (SELECT id FROM projects WHERE team_id = '{one_team.OWN}')"
    )
    assert open_page(page=pages.OWN).app.metric[0].value == f"{hours:,.1f} h"


def test_a_view_that_has_meanwhile_got_a_secret_is_not_shown(open_page, cards, file_of):
    made = "CREATE TABLE users (id TEXT, name TEXT, api_key TEXT);"
    row = "INSERT INTO users VALUES ('u', 'Ann', 'not-even-looking-like-one');"
    path = file_of(made + row + "CREATE VIEW shown AS SELECT id, name AS told FROM users;")
    sql = "SELECT told FROM shown WHERE id <= :end_day OR 1"
    cards(view=f"-- title: A view\n{sql}")
    page = open_page(path, page=pages.OWN)
    assert page.card("A view").table.to_numpy().tolist() == [["Ann"]]
    file_of("DROP VIEW shown; CREATE VIEW shown AS SELECT id, api_key AS told FROM users;")
    page.choose("period", "Last 7 days")
    assert "api_key, which is masked" in page.card("A view").state
    assert "not-even-looking-like-one" not in page.words
