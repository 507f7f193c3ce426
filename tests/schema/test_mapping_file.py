"""The user's mapping file: it replaces the product's mapping entry by entry."""

import pytest

from meaux.errors import SchemaError
from meaux.schema import read_model
from meaux.schema.encodings import ENCODINGS
from meaux.schema.model import TYPES

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


REFUSED = {
    "[time_entry": "schema.toml is not valid TOML: .*end of document",
    b"[time_entry]\nabout = '\xff'": "schema.toml is not valid TOML",
    "[stunden]\ntables = ['x']": r"schema.toml: \[stunden\] is no table of the model",
    "time_entry = 'stunden'": r"schema.toml: \[time_entry\] must be a table of settings",
    "[time_entry]\ntable = ['x']": r"\[time_entry\] has the unknown entry table; use tables",
    "[time_entry]\ntables = 'x'": r"\[time_entry\] needs tables, a list of table names",
    "[time_entry]\ntables = [1]": r"\[time_entry\] needs tables, a list of table names",
    "[time_entry]\ntables = []": r"\[time_entry\] needs tables, a list of table names",
    "[time_entry]\ntables = ['']": r"\[time_entry\] needs tables, a list of table names",
    "[time_entry]\ncolumns = 'x'": r"\[time_entry\] columns must be a table of logical columns",
    "[time_entry.columns]\nstart = 'x'": r"\[time_entry\] has no column start; use project, person",
    "[time_entry.columns]\nstarted = 1": r"column started needs a column's name, or a list",
    "[time_entry.columns]\nstarted = []": r"column started needs a column's name, or a list",
    "[time_entry.columns]\nstarted = { form = 'x' }": (
        "unknown entry form; use from, encoding or identity"
    ),
    "[time_entry.columns]\nstarted = { type = 'date' }": (
        f"column started needs a type: one of {', '.join(TYPES)}"
    ),
    "[time_entry.columns]\nstarted = { encoding = 'epoch' }": (
        f"unknown encoding 'epoch'; use {', '.join(ENCODINGS)}"
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.items(), ids=map(str, REFUSED.values()))
def test_a_mapping_that_can_not_be_used_is_refused_with_file_place_and_reason(
    model_of, content, sentence
):
    with pytest.raises(SchemaError, match=sentence) as caught:
        model_of(content)
    assert str(caught.value).startswith("schema.toml")
    assert str(caught.value).endswith(".")
