"""`demo` writes a demo database and nothing over anything else."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from meaux.demo import last_day


def test_writes_a_demo_that_ends_on_the_day_named(meaux, tmp_path):
    path = tmp_path / "new" / "demo.db"
    result = meaux("demo", path, "--scale", 0.02, "--today", "2026-03-05")
    assert result.exit_code == 0, result.output
    assert last_day(path) == date(2026, 3, 5)
    assert "data up to 2026-03-05" in result.stdout
    assert f"MEAUX_DATABASE={path}" in result.stdout
    assert not result.stderr


def test_says_of_another_file_that_it_is_no_demo_and_leaves_it_alone(meaux, tmp_path):
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE kept (id)")
    before = path.read_bytes()
    result = meaux("demo", path, "--force")
    assert result.exit_code == 1
    assert "is not a demo database" in result.stderr
    assert path.read_bytes() == before


def test_does_not_replace_a_demo_where_nobody_can_be_asked(meaux, tmp_path):
    path = tmp_path / "demo.db"
    meaux("demo", path, "--scale", 0.02)
    before = path.read_bytes()
    result = meaux("demo", path, "--scale", 0.02, "--seed", 8)
    assert result.exit_code == 1
    assert "add --force to replace it" in result.stderr
    assert path.read_bytes() == before


def test_replaces_a_demo_when_told_to(meaux, tmp_path):
    path = tmp_path / "demo.db"
    meaux("demo", path, "--scale", 0.02)
    result = meaux("demo", path, "--scale", 0.02, "--today", "2026-04-01", "--force")
    assert result.exit_code == 0, result.output
    assert last_day(path) == date(2026, 4, 1)


@pytest.mark.parametrize(("answer", "day"), [(True, "2026-04-01"), (False, "2026-11-22")])
def test_asks_before_it_replaces_a_demo_on_a_terminal(meaux, tmp_path, monkeypatch, answer, day):
    path = tmp_path / "demo.db"
    meaux("demo", path, "--scale", 0.02)
    monkeypatch.setattr("meaux.cli.demo._can_ask", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer)
    result = meaux("demo", path, "--scale", 0.02, "--today", "2026-04-01")
    assert result.exit_code == (0 if answer else 1)
    assert str(last_day(path)) == day


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: folder, "can't be written"),
        (lambda folder: folder / "file.txt" / "demo.db", "can't be written"),
    ],
    ids=["a folder", "below a file"],
)
def test_says_where_it_can_not_write(meaux, tmp_path, make, sentence):
    (tmp_path / "file.txt").write_text("words")
    result = meaux("demo", make(tmp_path))
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--today", "2026-02-30"), "'2026-02-30' is not a date"),
        (("--scale", "0"), "--scale"),
        (("--scale", "much"), "--scale"),
    ],
)
def test_says_which_option_is_wrong(meaux, tmp_path, arguments, words):
    path = tmp_path / "demo.db"
    result = meaux("demo", path, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not path.exists()
