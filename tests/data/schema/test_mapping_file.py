"""The user's mapping file: it replaces the product's mapping entry by entry."""

import re

import pytest

from meaux.data.schema import read_model
from meaux.data.schema.encodings import ENCODINGS
from meaux.data.schema.model import TYPES

MODEL = read_model()


@pytest.fixture
def model_of(tmp_path):
    def model_of(content):
        path = tmp_path / "schema.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_model(path)

    return model_of


def test_without_a_mapping_file_the_products_own_model_holds(tmp_path):
    assert read_model(tmp_path / "schema.toml") == MODEL


def test_an_empty_mapping_file_changes_nothing(model_of):
    assert model_of("# nothing yet\n") == MODEL


def test_a_mapped_table_takes_the_place_of_the_candidates(model_of):
    model = model_of('[time_entry]\ntables = ["stunden"]')
    assert model.tables["time_entry"].candidates == ("stunden",)
    assert model.tables["time_entry"].columns == MODEL.tables["time_entry"].columns
    assert model.tables["project"] == MODEL.tables["project"]


@pytest.mark.parametrize(
    "entry", ['"dauer"', '["dauer"]', '{ from = "dauer" }', '{ from = ["dauer"] }']
)
def test_a_mapped_column_takes_the_place_of_its_candidates_only(model_of, entry):
    model = model_of(f"[time_entry.columns]\nseconds = {entry}")
    changed, known = model.tables["time_entry"].columns, MODEL.tables["time_entry"].columns
    assert changed["seconds"].candidates == ("dauer",)
    assert changed["seconds"].type == "duration"
    assert {**changed, "seconds": None} == {**known, "seconds": None}


def test_a_mapped_column_stays_required(model_of):
    model = model_of('[time_entry.columns]\nstarted = { from = "beginn", required = false }')
    assert model.tables["time_entry"].columns["started"].required


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_can_be_fixed_by_hand(model_of, encoding):
    model = model_of(f'[time_entry.columns]\nstarted = {{ encoding = "{encoding}" }}')
    started = model.tables["time_entry"].columns["started"]
    assert started.encoding == encoding
    assert started.candidates == MODEL.tables["time_entry"].columns["started"].candidates


HOLDS = "The default mapping applies until it is corrected."
UNUSABLE = {
    "[time_entry": "schema.toml: it is not valid TOML: .*end of document",
    b"[time_entry]\nabout = '\xff'": "schema.toml: it is not valid TOML",
    "[stunden]\ntables = ['x']": r"schema.toml, \[stunden\]: unknown logical table",
    "time_entry = 'stunden'": r"\[time_entry\]: must be a table with keys",
    "[time_entry]\ntable = ['x']": r"\[time_entry\]: unknown key table; use tables",
    "[time_entry]\ntables = 'x'": r"\[time_entry\]: tables must be a list of table names",
    "[time_entry]\ntables = [1]": r"\[time_entry\]: tables must be a list of table names",
    "[time_entry]\ntables = []": r"\[time_entry\]: tables must be a list of table names",
    "[time_entry]\ntables = ['']": r"\[time_entry\]: tables must be a list of table names",
    "[time_entry]\nonly = 'x'": "only must be a table with a condition in quotes for each table",
    "[time_entry]\nonly = { t = 1 }": "only must be a table with a condition in quotes for each",
    "[time_entry]\nabout = 1": "about must be a text in quotes",
    "[time_entry]\nidentities = 'x'": "identities must be a list of names",
    "[time_entry]\ncolumns = 'x'": "columns must be a table of logical columns",
    "[time_entry.columns]\nstart = 'x'": "column start: unknown column; use project",
    "[time_entry.columns]\nstarted = 1": "column started: it needs a column's name, or a list",
    "[time_entry.columns]\nstarted = []": "column started: it needs a column's name, or a list",
    "[time_entry.columns]\nstarted = { form = 'x' }": (
        "unknown key form; use from, encoding or identity"
    ),
    "[time_entry.columns]\nstarted = { type = 'date' }": (
        f"column started: it needs a type: one of {', '.join(TYPES)}"
    ),
    "[time_entry.columns]\nstarted = { encoding = 'epoch' }": (
        f"unknown encoding 'epoch'; use {', '.join(ENCODINGS)}"
    ),
    "[time_entry.columns]\nstarted = { encoding = ['iso'] }": "unknown encoding",
    "[time_entry.columns]\nproject = { from = 'job', identity = 3 }": "identity must be a text",
    "[time_entry.columns]\nproject = { from = 'job', identity = 'slag' }": (
        "column project: unknown identity 'slag'; use id, slug"
    ),
}


@pytest.mark.parametrize(("content", "sentence"), UNUSABLE.items(), ids=map(str, UNUSABLE.values()))
def test_an_entry_that_can_not_be_used_is_named_and_the_products_own_stands_in(
    model_of, content, sentence
):
    model = model_of(content)
    [fault] = model.faults
    assert re.search(sentence, fault.sentence)
    assert fault.sentence.startswith("schema.toml")
    assert fault.sentence.endswith(HOLDS)
    assert model.tables == MODEL.tables


@pytest.mark.parametrize("line", [c for c in UNUSABLE if isinstance(c, str) and "\n" in c])
def test_a_bad_entry_takes_no_other_with_it(model_of, line):
    good = '[ai_usage]\ntables = ["spend"]\n[ai_usage.columns]\ncost = "price"\n'
    model = model_of(good + line)
    assert len(model.faults) == 1
    assert model.tables["ai_usage"].candidates == ("spend",)
    assert model.tables["ai_usage"].columns["cost"].candidates == ("price",)


def test_of_one_table_the_good_entries_hold_beside_the_bad(model_of):
    model = model_of(
        "[time_entry]\ntables = ['stunden']\ntable = ['x']\n"
        "[time_entry.columns]\nstart = 'x'\nseconds = 'dauer'\ncost = 7\n"
    )
    assert [fault.entry for fault in model.faults] == [
        "[time_entry]",
        "[time_entry] column start",
        "[time_entry] column cost",
    ]
    mine, own = model.tables["time_entry"], MODEL.tables["time_entry"]
    assert mine.candidates == ("stunden",)
    assert mine.columns["seconds"].candidates == ("dauer",)
    assert mine.columns["cost"] == own.columns["cost"]
