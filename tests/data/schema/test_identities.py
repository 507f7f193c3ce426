"""A project, a team or a person may be named by an id, a slug, a name or an address."""

import pytest

from meaux.data.schema.identity import identified
from meaux.query import queries

KNOWN = {
    "id": {"p1", "p2", "p3"},
    "slug": {"alpha", "beta", "gamma"},
    "name": {"alpha works", "beta", "gamma"},
}
PROJECTS = """
CREATE TABLE projects (id TEXT, slug TEXT, name TEXT);
INSERT INTO projects VALUES ('p1', 'alpha', 'Alpha works'), ('p2', 'beta', 'Beta & sons'),
  ('p3', 'gamma', 'Same'), ('p4', 'delta', 'Same');
CREATE TABLE users (id TEXT, email TEXT, name TEXT);
INSERT INTO users VALUES ('7', 'zoe@example.com', 'Zoë'), ('8', 'remy@example.com', 'Rémy');
"""


def entries(*named, column="project_id"):
    """Time entries that cost a dollar, two dollars and so on, of rows that are named so."""
    values = ", ".join(
        f"('2026-11-20 09:00:00', {3600}, {number}, {name!r})"
        for number, name in enumerate(named, 1)
    )
    return (
        f"CREATE TABLE time_entries (started_at TEXT, seconds INT, cost_usd REAL, {column} TEXT);"
        f"INSERT INTO time_entries VALUES {values};"
    )


@pytest.mark.parametrize(
    ("values", "by", "matched"),
    [
        (["p1", "p2"], "id", 1.0),
        (["alpha", "gamma", "alpha"], "slug", 1.0),
        (["Alpha Works", " BETA "], "name", 1.0),
        (["p1", "p2", "p9", None], "id", 2 / 3),
        (["beta", "gamma"], "slug", 1.0),
        (["x", "y"], "id", 0.0),
        ([], "id", None),
        ([None], "id", None),
    ],
)
def test_the_identity_is_the_one_by_which_most_values_name_a_row(values, by, matched):
    found = identified("project", values, KNOWN)
    assert (found.by, found.matched) == (by, matched)


def cost_by_project(answer, source):
    rows = answer(queries.cost_by_project, "30d", source=source).frame
    return dict(zip(rows["project"].fillna("none"), rows["cost"], strict=True))


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("project_id", ["p1", "p2", "p1"]),
        ("project_id", ["alpha", "beta", "alpha"]),
        ("project", ["Alpha works", "Beta & sons", "alpha WORKS "]),
        ("project_slug", ["alpha", "beta", "alpha"]),
        ("project_name", ["Alpha works", "Beta & sons", "Alpha works"]),
        ("project_ref", ["project_p1", "project_p2", "project_p1"]),
    ],
)
def test_costs_belong_to_the_project_that_is_meant_however_it_is_named(
    database_of, answer, column, names
):
    source = database_of(PROJECTS + entries(*names, column=column))
    assert cost_by_project(answer, source) == {"p1": 4, "p2": 2}


def test_a_name_that_means_no_row_stays_as_it_is(database_of, answer):
    source = database_of(PROJECTS + entries("alpha", "beta", "gone"))
    assert cost_by_project(answer, source) == {"p1": 1, "p2": 2, "gone": 3}


def test_a_name_that_two_rows_share_means_neither(database_of, answer):
    source = database_of(PROJECTS + entries("Alpha works", "Same", column="project_name"))
    assert cost_by_project(answer, source) == {"p1": 1, "Same": 2}


def test_a_name_that_is_the_id_of_another_row_means_that_row(database_of, answer):
    source = database_of(
        PROJECTS
        + "INSERT INTO projects VALUES ('p5', 'epsilon', 'p1');"
        + entries("p1", "Alpha works", "Beta & sons", column="project_name")
    )
    assert cost_by_project(answer, source) == {"p1": 3, "p2": 3}


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("user_id", ["7", "8"]),
        ("user_email", ["zoe@example.com", "Remy@Example.com"]),
        ("person", ["user_7", "user_8"]),
        ("username", ["Zoë", "Rémy"]),
    ],
)
def test_people_are_found_by_id_address_name_or_prefixed_id(database_of, answer, column, names):
    source = database_of(PROJECTS + entries(*names, column=column))
    rows = answer(queries.cost_by_person, "30d", source=source).frame
    assert dict(zip(rows["name"], rows["cost"], strict=True)) == {"Zoë": 1, "Rémy": 2}


def test_a_filter_finds_the_entries_of_a_project_that_is_named_by_its_slug(
    database_of, answer, select
):
    source = database_of(PROJECTS + entries("alpha", "beta", "alpha"))
    selection = select("30d", projects=("p1",))
    hours = answer(queries.hours_by_day, selection, source=source).frame["hours"].sum()
    assert hours == 2


def test_what_was_tried_and_how_many_were_met_is_known(database_of):
    source = database_of(PROJECTS + entries("alpha", "beta", "gone"))
    found = source.binding.tables["time_entry"].columns["project"].identity
    assert (found.table, found.by, found.matched) == ("project", "slug", pytest.approx(2 / 3))


def test_the_share_that_was_met_is_no_part_of_what_tells_a_binding_from_another(database_of):
    one = database_of(PROJECTS + entries("alpha", "beta")).binding.fingerprint
    assert database_of(PROJECTS + entries("alpha", "gone")).binding.fingerprint == one
    assert database_of(PROJECTS + entries("p1", "p2")).binding.fingerprint != one


def test_an_identity_can_be_named_by_hand(database_of, answer, tmp_path):
    override = tmp_path / "schema.toml"
    override.write_text('[time_entry.columns]\nproject = { from = "job", identity = "slug" }\n')
    source = database_of(PROJECTS + entries("alpha", column="job"), override=override)
    assert cost_by_project(answer, source) == {"p1": 1}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('project = { from = "job", identity = "slag" }', "unknown identity 'slag'; use id, slug"),
        ('note = { from = "job", identity = "slug" }', "this column is not a foreign key"),
    ],
)
def test_an_identity_that_is_none_is_named_and_its_column_found_as_ever(
    database_of, tmp_path, line, sentence
):
    override = tmp_path / "schema.toml"
    override.write_text(f"[time_entry.columns]\n{line}\n")
    binding = database_of(PROJECTS + entries("alpha"), override=override).binding
    [fault] = binding.model.faults
    assert sentence in fault.sentence
    assert fault.entry.startswith("[time_entry] column")
    own = database_of(PROJECTS + entries("alpha")).binding
    assert binding.tables == own.tables


def test_the_demo_names_rows_in_every_way_and_each_is_found(demo_source):
    binding = demo_source.binding
    time = binding.others["time_entry"]
    found = {
        "slug": binding.tables["project_cost_month"].columns["project"],
        "email": time["time_logs"].columns["person"],
        "user_{id}": time["work_sessions"].columns["person"],
        "name": time["user_time_tracking"].columns["project"],
    }
    assert {by: column.identity.by for by, column in found.items()} == {by: by for by in found}
