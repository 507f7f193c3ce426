"""Keep as a card: the statement in the SQL console as a card's file."""

import pytest

from meaux.data.access import Access
from meaux.data.schema import read_model
from meaux.subjects.health.sql import read
from meaux.subjects.own import keeping
from meaux.subjects.own.folder import files
from meaux.subjects.own.heading import CHARTS, MY_CARDS
from meaux.ui import pages, visitor

DATA = pages.find("Data")
STATEMENT = "SELECT role, count(*) AS n -- how many\nFROM users WHERE role <> ?1 GROUP BY role"
MODEL = read_model()


@pytest.fixture
def console(open_page):
    """The console after it has run a statement."""

    def console(sql=STATEMENT, **url):
        shown = open_page(page=DATA, tab="SQL", also={"sql": sql, "p1": "o'brien", **url})
        return shown.press("Run")

    return console


def text(page):
    """The text of the file."""
    found = (code.value for code in page.app.code if code.value.startswith("-- title:"))
    return f"{next(found)}\n"


def test_the_text_is_that_of_a_card_which_shows_the_same_rows(console, open_page, cards):
    shown = console()
    assert text(shown) == (
        "-- title: Users\n-- chart: table\nSELECT role, count(*) AS n  \nFROM users"
        " WHERE role <> 'o''brien' GROUP BY role\n"
    )
    rows = shown.card("Result").table
    cards(kept=text(shown))
    mine = open_page(page=pages.OWN)
    assert mine.card("Users").table.to_numpy().tolist() == rows.to_numpy().tolist()


def test_chart_title_and_page_are_those_that_are_chosen(console):
    shown = console(chart="Bars")
    assert "-- chart: bars" in text(shown)
    shown.choose("card title", "  Roles\n-- page: Home ").choose("card page", "Home")
    assert text(shown).startswith("-- title: Roles -- page: Home\n-- chart: bars\n-- page: Home\n")


def test_the_file_can_be_downloaded_and_nothing_is_saved(console, cards):
    folder = cards()
    shown = console()
    labels = [button.label for button in shown.app.get("download_button")]
    assert "Download file" in labels
    assert "Save card" not in shown.buttons
    assert files(folder) == ()


def test_a_plan_is_no_card(console):
    shown = console("EXPLAIN QUERY PLAN SELECT role FROM users WHERE role = ?1")
    assert not any(code.value.startswith("-- title:") for code in shown.app.code)


def test_an_admin_saves_the_file_once_the_settings_allow_it(console, cards, world, open_page):
    folder = cards()
    world.setenv("MEAUX_SAVE_CARDS", "yes")
    shown = console()
    shown.press("Save card")
    assert (folder / "users.sql").read_text() == text(shown)
    assert "Saved as cards/users.sql. To remove the card, delete that file." in shown.words.replace(
        "\\", ""
    )
    assert open_page(page=pages.OWN).card("Users").is_drawn


def test_a_file_is_replaced_only_if_that_is_confirmed(console, cards, world):
    folder = cards(users="-- title: Precious\nSELECT 1")
    world.setenv("MEAUX_SAVE_CARDS", "yes")
    shown = console()
    assert shown.button("Save card").disabled
    assert "There is a file users.sql already." in shown.words.replace("\\", "")
    shown.choose("replace users.sql", True).press("Save card")
    assert (folder / "users.sql").read_text() == text(shown)
    assert [path.name for path in folder.iterdir()] == ["users.sql"]


@pytest.mark.parametrize(
    ("access", "environment", "may"),
    [
        (Access("admin", None, "ann@example.com"), {}, False),
        (Access("admin", None, "ann@example.com"), {"MEAUX_SAVE_CARDS": "yes"}, True),
        (Access("analyst", None, "ben@example.com"), {"MEAUX_SAVE_CARDS": "yes"}, False),
        (Access("admin"), {"MEAUX_SAVE_CARDS": "yes"}, True),
        (Access("admin"), {"MEAUX_SAVE_CARDS": "yes", "MEAUX_OPEN": "yes"}, False),
        (
            Access("admin", None, "ann@example.com"),
            {"MEAUX_SAVE_CARDS": "yes", "MEAUX_OPEN": "yes"},
            True,
        ),
    ],
)
def test_only_an_admin_saves_and_nobody_in_a_dashboard_open_to_all(
    console, cards, world, access, environment, may
):
    cards()
    for name, value in environment.items():
        world.setenv(name, value)
    world.setattr(visitor, "current", lambda: access)
    assert ("Save card" in console().buttons) == may


def test_a_right_that_has_gone_meanwhile_saves_nothing(console, cards, world):
    folder = cards()
    world.setenv("MEAUX_SAVE_CARDS", "yes")
    shown = console()
    world.setenv("MEAUX_SAVE_CARDS", "no")
    shown.press("Save card")
    assert files(folder) == ()


# The file


NAMES = {
    "../../etc/passwd": "etc_passwd.sql",
    "/etc/passwd": "etc_passwd.sql",
    "..": "card.sql",
    "": "card.sql",
    "C:\\x\\y": "c_x_y.sql",
    "a\0b\nc": "a_b_c.sql",
    "Größe": "gr_e.sql",
    ".hidden": "hidden.sql",
    "x" * 300: f"{'x' * 60}.sql",
}


@pytest.mark.parametrize("title", NAMES)
def test_a_title_is_a_safe_file_name(title):
    assert keeping.file_name(title) == NAMES[title]


def test_a_link_is_not_followed_when_a_file_is_saved(tmp_path):
    folder, outside = tmp_path / "cards", tmp_path / "outside.sql"
    folder.mkdir()
    outside.write_text("precious")
    (folder / "mine.sql").symlink_to(outside)
    with pytest.raises(keeping.Unsaved, match="there is a file"):
        keeping.save(folder, "Mine", "SELECT 1")
    keeping.save(folder, "Mine", "SELECT 1", replaces=True)
    assert outside.read_text() == "precious"
    assert (folder / "mine.sql").read_text() == "SELECT 1"


def test_a_folder_is_made_and_one_that_cannot_be_written_is_said(tmp_path):
    assert keeping.save(tmp_path / "new", "Mine", "SELECT 1") == "new/mine.sql"
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "a" / "b"):
        with pytest.raises(keeping.Unsaved, match="Not saved: "):
            keeping.save(folder, "Mine", "SELECT 1")


def test_a_table_with_the_name_of_a_logical_one_stays_that_of_the_database():
    reading = read("SELECT count(*) AS n FROM project")
    given = ("Mine", "table", MY_CARDS, reading, (), MODEL)
    assert "-- language: plain\n" in keeping.text_of(*given)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_value_is_written_as_a_text_and_one_in_quotes_stays(chart):
    sql = "SELECT '?1' AS a, \"?1\" AS b, [?1] AS c, ?2 AS d, ?1 AS e FROM x"
    written = keeping.text_of("Mine", chart, "Home", read(sql), ("it's", "?1"), MODEL)
    assert written == (
        f"-- title: Mine\n-- chart: {chart}\n-- page: Home\n"
        "SELECT '?1' AS a, \"?1\" AS b, [?1] AS c, '?1' AS d, 'it''s' AS e FROM x\n"
    )
