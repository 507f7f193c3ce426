"""Sentences to a visitor name no folder of this machine and nothing that only the product names."""

import importlib
import pkgutil
import sqlite3

import pytest

import meaux
from meaux import errors
from meaux.data.database.refusals import meaning
from meaux.subjects.health.sql import reading

for module in pkgutil.walk_packages(meaux.__path__, "meaux."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

TOLD = [
    ("The file /srv/app/data/meaux.db is locked.", "The file meaux.db is locked."),
    ("/srv/app/meaux.db: locked", "meaux.db: locked"),
    (r"The file C:\Users\ann\meaux.db is locked.", "The file meaux.db is locked."),
    (r"The file \\server\share\meaux.db is locked.", "The file meaux.db is locked."),
    ("Open ~/data/meaux.db first.", "Open meaux.db first."),
    ("file:///srv/data/meaux.db?mode=ro can't be read", "meaux.db?mode=ro can't be read"),
    ("Permission denied: '/etc/meaux/schema.toml'", "Permission denied: 'schema.toml'"),
    ("no such table: main.projects", "no such table: projects"),
    ('no such column: main."odd name".x', 'no such column: "odd name".x'),
    ("Can't connect to https://api.example.com/client/v4. Try again.", ...),
    ("Copy .streamlit/secrets.example.toml, and/or set CLOUDFLARE_ACCOUNT_ID.", ...),
    ("The column a/b, of domain.names, is 3 / 4 empty.", ...),
]
"""A sentence, and what a visitor reads of it: `...` where that is all of it."""


def classes(base=errors.MeauxError):
    """Every error of the product, the base included."""
    return [base, *(found for below in base.__subclasses__() for found in classes(below))]


def raised(kind, words):
    """An error of a kind that was given some words, in whatever way it takes them."""
    given = {
        "RateLimited": (3.0,),
        "RowsUsedUp": (5_000_000, 60.0),
        "PageSpent": (),
        "QueryFileError": ("/srv/app/meaux/queries/costs.sql", 3, words),
        "Unanswerable": ([words],),
        "Unfinished": (words, 5, [words]),
    }
    return kind(*given.get(kind.__name__, (words,)))


@pytest.mark.parametrize(("given", "told"), TOLD)
def test_a_path_is_shown_as_its_file_and_a_table_by_its_own_name(given, told):
    shown = errors.shown(given)
    assert shown == (
        given if told is ... else told or "[Errno 13] Permission denied: 'schema.toml'"
    )
    assert errors.shown(shown) == shown


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_no_error_of_any_kind_names_a_folder_or_an_alias(kind):
    told = str(raised(kind, "the file /srv/app/data/meaux.db has no main.projects"))
    assert "srv" not in told
    assert "main." not in told


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM main.nowhere", "SELECT main.t.x FROM main.t", "SELECT load_extension('/a/b')"],
)
def test_what_sqlite_says_is_told_without_the_name_of_the_open_database(sql):
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (a)")
        with pytest.raises(sqlite3.Error) as refused:
            connection.execute(sql)
    connection.close()
    assert "main." not in str(meaning(str(refused.value)))


@pytest.mark.parametrize(
    "sql", ["SELECT json_extract(a, 'x y[') FROM t", "SELECT a ->> '[[' FROM t"]
)
def test_the_second_reader_of_sql_writes_nothing_beside_the_page(sql, capfd, caplog):
    assert reading.read(sql)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
