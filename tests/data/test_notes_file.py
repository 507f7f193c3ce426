"""Notes of one's own: each mistake costs its own entry, and says what to do."""

import datetime as dt

import pytest

from meaux.data import toml
from meaux.data.notes import Note, read_notes, read_notes_file
from meaux.data.settings import PROJECT


def test_the_example_is_valid():
    read = read_notes_file(str(PROJECT / ".streamlit" / "notes.example.toml"))
    assert len(read.notes) == 2
    assert not read.faults


def test_no_file_means_no_notes(tmp_path):
    assert read_notes_file(str(tmp_path / "none.toml")).notes == ()


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "notes.toml"
    path.write_text("[[notes]", encoding="utf-8")
    [fault] = read_notes_file(str(path)).faults
    assert fault.sentence.startswith("notes.toml: it is not valid TOML")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('text = "A"', "date is missing"),
        ("date = 2026-11-13", "text is missing"),
        ('date = "13 Nov"\ntext = "A"', "write it without quotes"),
        ('date = 2026-11-13\nlast_day = 2026-11-12\ntext = "A"', "must not be before date"),
        ('date = 2026-11-13\ntext = "A"\nproject = "x"', "did you mean projects?"),
        ('date = 2026-11-13\ntext = "A"\nteams = "x"', "teams"),
    ],
)
def test_a_mistake_names_the_entry_and_costs_no_other(entry, reason):
    good = '[[notes]]\ndate = 2026-11-14\ntext = "B"\n'
    read = read_notes(toml.parsed(f"{good}[[notes]]\n{entry}\n"), "notes.toml")
    assert read.notes == (Note(dt.date(2026, 11, 14), text="B"),)
    [fault] = read.faults
    assert fault.sentence.startswith("notes.toml, [[notes]] number 2")
    assert reason in fault.sentence
