"""A file that changes under the app: each page says a right number, or what to do, and recovers."""

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from meaux.ui import pages
from meaux.ui.error_boundary import OURS
from meaux.ui.layout import CHANGED

PROJECTS = pages.find("Project analytics")
TIME = pages.find("Time tracking")
ROWS_A_SECOND = 100
VISITS = 6
NOT_REFRESHED = "The data can't be refreshed"


@pytest.fixture
def path(demo_copy):
    return demo_copy()


def values(page):
    return {label: one.value for label, one in page.number_cards().items()}


def is_told(page):
    """Whether all that stands there was meant to, and each error is a sentence."""
    said = [*page.errors, *page.toasts]
    return (
        page.exceptions == []
        and OURS not in page.words
        and all(words.endswith(".") for words in said)
    )


def execute(path, script):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {script}")


def replace_by(path, content):
    """Put another file in its place, at once, as a copy or a download does."""
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(path)


def delete(path):
    path.unlink()


def truncate(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def truncate_to_nothing(path):
    with path.open("r+b") as file:
        file.truncate(0)


def spoil(path):
    """Write over what stands in the middle, so that some tables can be read and others can't."""
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))


def turn_into_words(path):
    replace_by(path, b"This was a database once, and it is a letter now.\n" * 400)


def turn_into_a_folder(path):
    path.unlink()
    path.mkdir()


def put_an_empty_database(path):
    path.unlink()
    execute(path, "PRAGMA user_version = 1")


LOSSES = {
    "is deleted": (delete, "doesn't exist"),
    "is cut in the middle": (truncate, "is not a readable SQLite database"),
    "is cut to nothing": (truncate_to_nothing, ""),
    "is spoilt in its middle": (spoil, "is not a readable SQLite database"),
    "is turned into words": (turn_into_words, "is not a readable SQLite database"),
    "is turned into a folder": (turn_into_a_folder, "is not a readable SQLite database"),
    "is emptied": (put_an_empty_database, ""),
}
"""What becomes of a file, and what is said of it; empty where it is a database without tables."""
by_loss = pytest.mark.parametrize(("lose", "said"), LOSSES.values(), ids=list(LOSSES))


def restore(path, whole):
    if path.is_dir():
        path.rmdir()
    replace_by(path, whole)


@by_loss
def test_what_was_read_stays_when_the_file_is_lost_and_all_is_back_with_it(
    lose, said, open_page, path, pass_by
):
    whole = path.read_bytes()
    page = open_page(path, PROJECTS)
    before = values(page)
    lose(path)
    page.press("Refresh data")
    assert is_told(page)
    if said:
        assert values(page) == before
        assert any(said in words for words in page.toasts)
    else:
        assert CHANGED in page.notices
        assert set(values(page).values()) == {"-"}
    restore(path, whole)
    pass_by()
    page.press("Refresh data").run()
    assert values(page) == before
    assert page.errors == []


@by_loss
def test_a_file_that_is_lost_before_it_is_opened_is_named_and_opens_when_it_is_back(
    lose, said, open_page, path, pass_by
):
    whole = path.read_bytes()
    lose(path)
    page = open_page(path, PROJECTS)
    assert is_told(page)
    if said:
        assert page.is_closed
        [sentence] = page.errors
        assert path.name in sentence
        assert str(path.parent) not in sentence
    else:
        assert set(values(page).values()) == {"-"}
    restore(path, whole)
    pass_by()
    page = page.press("Try again") if page.is_closed else page.press("Refresh data")
    assert page.card("Cost vs progress").is_drawn
    assert page.errors == []


def test_a_file_that_is_written_exclusively_is_waited_for_and_then_named(
    open_page, path, pass_by, world
):
    page = open_page(path)
    before = values(page)
    impatient(world)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        page.press("Refresh data")
        assert values(page) == before
        assert is_told(page)
        assert any("is overloaded. Wait a minute" in words for words in page.toasts)
        other = open_page(path, TIME)
        assert is_told(other)
        assert set(values(other).values()) <= {"-", *values(open_page(path, TIME)).values()}
        writer.execute("ROLLBACK")
    pass_by()
    assert values(page.press("Refresh data")) == before
    assert page.toasts == []


def impatient(world):
    """Have SQLite wait for a writer a moment only."""
    connect = sqlite3.connect
    world.setattr(
        "meaux.data.database.sqlite_file.sqlite3.connect",
        lambda *given, **how: connect(*given, **{**how, "timeout": 0.05}),
    )


def test_a_cold_app_of_a_locked_file_says_so_and_opens_with_try_again(
    open_page, path, pass_by, world
):
    impatient(world)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        page = open_page(path)
        assert page.is_closed
        assert is_told(page)
        writer.execute("ROLLBACK")
    pass_by()
    assert page.press("Try again").errors == []
    assert "$" in page.figure("This month's cost").value


@pytest.fixture
def written(path):
    """A thread that writes entries of one hour, a hundred a second, until the test is over."""
    over = threading.Event()
    failures = []

    def write():
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            number = 0
            while not over.wait(1 / ROWS_A_SECOND):
                number += 1
                try:
                    connection.execute(
                        "INSERT INTO time_entries (id, user_id, project_id, started_at, ended_at,"
                        " seconds, cost_usd) SELECT 'new' || ?, user_id, project_id, started_at,"
                        " ended_at, seconds, cost_usd FROM time_entries"
                        " WHERE started_at > 1795000000 LIMIT 1",
                        (number,),
                    )
                    connection.commit()
                except sqlite3.Error as error:
                    failures.append(error)
                    return
            failures.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    yield failures
    over.set()
    thread.join()
    [rows] = failures
    assert isinstance(rows, int), rows
    assert rows > VISITS


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_all_numbers_of_a_page_are_of_one_moment_while_somebody_writes(
    mode, open_page, path, request
):
    execute(path, f"PRAGMA journal_mode = {mode}")
    page = open_page(path, TIME)
    request.getfixturevalue("written")
    seen, kept_out = set(), False
    for _ in range(VISITS):
        page.press("Refresh data")
        assert is_told(page)
        assert page.errors == []
        kept_out |= page.toasts != []
        assert all(NOT_REFRESHED in said for said in page.toasts)
        total = page.figure("Total time logged").value
        by_project = page.sheets["Project time distribution"]["hours"].sum()
        over_time = page.sheets["Hours over time"]["hours"].sum()
        by_person = page.sheets["Hours by team member"]["hours"].sum()
        assert by_project == pytest.approx(over_time)
        assert by_person == pytest.approx(over_time)
        assert f"{over_time:,.1f} h" == total
        seen.add(total)
    # On a slow disk the writer of a rollback journal keeps every reader out; then that is said.
    assert len(seen) > 1 or (kept_out and mode == "delete")


CHANGES = {
    "a column is dropped": "ALTER TABLE time_entries DROP COLUMN cost_usd",
    "a table is renamed": "ALTER TABLE time_entries RENAME TO old_entries",
    "a table is dropped": "DROP TABLE ai_cost_tracking",
}


@pytest.mark.parametrize(
    ("change", "page"),
    [
        ("a column is dropped", PROJECTS),
        ("a table is renamed", TIME),
        ("a table is dropped", PROJECTS),
    ],
)
def test_a_schema_that_changes_is_read_anew_and_says_what_a_new_reader_sees(
    change, page, open_page, path
):
    opened = open_page(path, page)
    execute(path, CHANGES[change])
    opened.press("Refresh data")
    assert is_told(opened)
    assert opened.errors == []
    assert CHANGED in opened.notices
    afresh = opened.run()
    assert CHANGED not in afresh.notices
    assert values(afresh) == values(open_page(path, page))
    open_page.__globals__["forget"]()
    assert values(afresh) == values(open_page(path, page))


def test_another_database_in_its_place_is_never_mixed_with_the_old_one(open_page, path, file_of):
    page = open_page(path)
    other = file_of(
        "CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, status TEXT);"
        "INSERT INTO projects VALUES ('p1', 'One', 'active');"
        "CREATE TABLE time_entries (id TEXT, started_at INTEGER, seconds INTEGER, cost_usd REAL);"
        "INSERT INTO time_entries VALUES ('t1', 1795180000, 3600, 12.5);"
    )
    shutil.copyfile(other, path.with_suffix(".other"))
    path.with_suffix(".other").replace(path)
    page.press("Refresh data").run()
    assert is_told(page)
    open_page.__globals__["forget"]()
    assert values(page) == values(open_page(path))
    assert page.figure("This month's cost").value == "$12.50"
    assert page.figure("Total projects").value == "1"
