"""Whatever is handed in, each is an answer or a sentence that names what is wrong."""

import socket
import sqlite3
from contextlib import closing, suppress
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from bad_input import (
    anything,
    as_toml,
    cells,
    mapping_of,
    spoilt,
    texts,
    variables,
    without_halves,
)
from hypothesis import assume
from hypothesis import strategies as st
from typer.testing import CliRunner

from meaux.cli import app
from meaux.data import access, plan, settings, source
from meaux.data.database import D1, SQLiteFile, Statement, fetch_each, retries
from meaux.data.plan import TABLES
from meaux.data.schema import mapped, read_model
from meaux.data.settings import IN_SECRETS, SETTINGS
from meaux.errors import MeauxError, SchemaError, SettingError
from meaux.query.answers import Ask, ask
from meaux.query.filters import PRESETS, Selection, preset
from meaux.query.queries import QUERIES
from meaux.subjects import health

TODAY = date(2026, 11, 22)
MODEL = read_model()
LONGEST = 4_000
"""Characters that a sentence may have."""


def is_sentence(words):
    return words[-1] in ".?" and "Traceback" not in words and len(words) < LONGEST


def said(error):
    assert is_sentence(str(error)), str(error)


# Settings


@pytest.mark.examples(80, 1_500)
def test_any_environment_is_read_or_the_variable_is_named(fuzz, examples):
    def check(environ):
        try:
            found = settings.read(environ, {})
        except SettingError as error:
            said(error)
            return
        assert found.day(found.timezone)
        if found.source == "file":
            assume(not found.database.startswith(("/", "~")))
            with suppress(MeauxError):
                source.open_source(source.connect(found))

    known = st.sampled_from([one.variable for one in SETTINGS.values()])
    fuzz(check, examples, environ=st.dictionaries(known, variables, max_size=5))


@pytest.mark.examples(60, 1_500)
def test_any_section_of_secrets_is_read_or_the_key_is_named(fuzz, examples):
    def check(section):
        try:
            settings.read({}, section)
        except SettingError as error:
            said(error)

    fuzz(
        check,
        examples,
        section=mapping_of(IN_SECRETS),
    )


@pytest.mark.examples(60, 2_000)
def test_any_file_of_secrets_is_read_or_the_place_is_named(fuzz, examples, tmp_path):
    path = tmp_path / "secrets.toml"

    def check(content):
        path.write_bytes(content)
        try:
            settings.read({}, settings.read_secrets(path))
        except SettingError as error:
            said(error)

    keys = mapping_of(IN_SECRETS)
    sections = keys.map(lambda found: as_toml({"connections": {"meauxos": found}}))
    files = sections | anything.map(lambda found: as_toml({"connections": found}))
    fuzz(check, examples, content=spoilt(files) | st.binary(max_size=60))


@pytest.fixture
def closed_port(monkeypatch):
    """The address of an API that nobody serves."""
    monkeypatch.setattr(retries, "_FIRST_PAUSE", 0.0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.examples(30, 500)
def test_any_credentials_come_to_a_sentence_without_the_token(fuzz, examples, closed_port):
    def check(account, database, token, path):
        with pytest.raises(MeauxError) as caught:
            D1(account, database, token, closed_port + path).fetch([Statement("SELECT 1")])
        said(caught.value)
        assert len(token) < 8 or token not in str(caught.value)

    paths = st.just("") | texts.map(lambda text: f"/{text}")
    fuzz(check, examples, account=texts, database=texts, token=texts, path=paths)


# Files that people write


@pytest.mark.examples(80, 2_800)
def test_any_plan_is_used_as_far_as_it_can_be_and_the_rest_is_named(fuzz, examples, tmp_path):
    path = tmp_path / "meaux.toml"

    def check(content):
        path.write_bytes(content)
        found = plan.read_plan_file(path)
        assert found.thresholds.words
        for fault in found.faults:
            said(fault.sentence)
        for budget in found.budgets:
            assert budget.amount > 0
            assert budget.holds_on(TODAY) in (True, False)
        for entry in found.rules.entries:
            assert entry.role in access.ROLES
            assert [bool(getattr(entry, kind)) for kind in access.PEOPLE].count(True) == 1
            assert entry.teams is None or entry.teams

    keys = {name for table in TABLES.values() for name in table}
    budget = mapping_of(["amount", "monthly", "of", "name", "scope", "period", "from", "until"])
    people = st.lists(mapping_of([*access.ENTRY_KEYS]), max_size=3)
    who_may_enter = st.fixed_dictionaries(
        {}, optional={"ask": texts, "claim": texts | anything, access.ENTRIES: people | anything}
    )
    files = st.fixed_dictionaries(
        {},
        optional={
            "thresholds": mapping_of(keys),
            "capacity": mapping_of(keys),
            "allowances": mapping_of(keys),
            "budgets": st.lists(budget, max_size=3) | anything,
            "access": who_may_enter | anything,
            "more": anything,
        },
    )
    fuzz(check, examples, content=spoilt(files.map(as_toml)) | st.binary(max_size=60))


@st.composite
def mappings(draw):
    """A schema.toml: mostly known tables, with known columns or none."""
    names = st.sampled_from(sorted(MODEL.tables))
    found = {}
    for name in draw(st.lists(names, max_size=2, unique=True)):
        table = MODEL.tables[name]
        sources = st.sampled_from(["time_entries", "projects", "nowhere", *table.candidates])
        expressions = st.sampled_from(
            ["id", "{seconds} * 60", "{id", "id}", "{nope} + 1", "1; SELECT 2", "sum({seconds})"]
        )
        columns = mapping_of(table.columns, expressions | anything)
        found[name] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "tables": st.lists(sources, max_size=2) | anything,
                    "columns": columns | anything,
                    "encodings": mapping_of(table.columns) | anything,
                    "identity": anything,
                    "more": anything,
                },
            )
        )
    return as_toml(found)


@pytest.mark.examples(6, 700)
def test_any_mapping_is_used_as_far_as_it_can_be_and_the_rest_is_named(
    fuzz, examples, tmp_path, demo_source
):
    path = tmp_path / "schema.toml"
    asked = [Ask(QUERIES[name], Selection(preset("30d", TODAY), TODAY)) for name in ASKED]

    def check(content):
        path.write_bytes(content)
        for fault in read_model(path).faults:
            said(fault.sentence)
        with suppress(UnicodeDecodeError):
            tried = content.decode()
            try:
                mapped(MODEL, tried)
            except SchemaError as error:
                said(error)
        opened = source.open_source(demo_source.database, override=path)
        answers = ask(asked, opened.binding, partial(fetch_each, opened.database))
        assert all(one.state != "failed" or is_sentence(one.reason) for one in answers)

    fuzz(check, examples, content=spoilt(mappings()) | st.binary(max_size=60))


ASKED = ("hours_by_day", "cost_by_day", "project_list", "active_people")


# The command line


@pytest.fixture
def run(monkeypatch, tmp_path, demo_file):
    """Run a command in a folder of its own, on the demo, without a file of this machine."""
    for one in SETTINGS.values():
        monkeypatch.delenv(one.variable, raising=False)
    monkeypatch.setattr(settings, "read_secrets", dict)
    monkeypatch.setattr(plan, "read_plan_file", plan.Plan)
    monkeypatch.setenv("MEAUX_DATABASE", str(demo_file))
    monkeypatch.setenv("MEAUX_TODAY", str(TODAY))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda arguments: runner.invoke(app, arguments)


here = without_halves.map(lambda text: text.replace("/", "").replace("..", ""))
"""Paths in the folder that the test stands in."""


def options(*names, values=texts):
    """Some options with some values, or with none."""
    one = st.tuples(st.sampled_from(names), values).map(list) | st.sampled_from(names).map(
        lambda name: [name]
    )
    return st.lists(one, max_size=3).map(lambda found: [word for pair in found for word in pair])


def command(name, *parts):
    return st.tuples(*parts).map(lambda found: [name, *(word for part in found for word in part)])


periods = st.sampled_from([*PRESETS, "2026-01-01..2026-02-01", "..", "0001-01-01..9999-12-31"])
in_query = options(
    "--period", "--zone", "--team", "--project", "--person", "--limit", "--list", "--nope",
    values=texts | periods | st.integers().map(str) | st.just("Europe/Paris"),
)  # fmt: skip
commands = st.one_of(
    *[command("query", st.sampled_from([[name] for name in QUERIES]), in_query)] * 4,
    command("query", st.lists(texts, max_size=2), in_query),
    command("alerts", options("--json", "--nope"), st.lists(texts, max_size=1)),
    command(
        "doctor",
        options("--json", "--sql", "--mapping", "--nope", values=st.just("--json")),
    ),
    command(
        "demo",
        st.just(["--scale", "0.01"]),
        st.lists(here, max_size=1).map(lambda found: found or ["made.db"]),
        options("--today", "--seed", "--scale", "--nope", values=texts | st.just("0.01")).filter(
            lambda found: not any(word[:1] in "123456789" and len(word) < 4 for word in found)
        ),
    ),
    command("docs", st.just(["--check"]), st.lists(here, max_size=1), options("--check", "--no")),
    st.lists(texts, max_size=3),
)


@pytest.mark.examples(8, 700)
def test_any_arguments_are_answered_or_named(fuzz, examples, run):
    def check(arguments):
        found = run(arguments)
        assert found.exception is None or isinstance(found.exception, SystemExit), arguments
        assert found.exit_code in (0, 1, 2)
        assert "Traceback" not in found.output
        assert found.output.strip() or found.exit_code == 0
        for made in Path().iterdir():
            made.unlink()

    fuzz(check, examples, arguments=commands)


# Rows


@pytest.fixture
def sixty_tables(demo_source):
    """The tables of the demo that the model reads, without a row, and their columns."""
    physical = {bound.physical for bound in demo_source.binding.tables.values()}
    return {
        name: list(demo_source.catalog.find(name).spelling.values()) for name in sorted(physical)
    }


@pytest.mark.examples(2, 100)
def test_any_cell_in_any_column_is_read_or_counted_as_unread(
    fuzz, examples, tmp_path, sixty_tables
):
    path = tmp_path / "rows.db"
    selection = Selection(preset("30d", TODAY), TODAY)

    def check(random, pool):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            for table, columns in sixty_tables.items():
                connection.execute(f'CREATE TABLE "{table}" ({", ".join(map(quoted, columns))})')
                places = ", ".join("?" * len(columns))
                for _ in range(3):
                    row = [random.choice(pool) for _ in columns]
                    connection.execute(f'INSERT INTO "{table}" VALUES ({places})', row)
            connection.commit()
        opened = source.open_source(SQLiteFile(path))
        asked = [Ask(query, selection, limit=20) for query in QUERIES.values()]
        answers = ask(asked, opened.binding, partial(fetch_each, opened.database))
        for answer in answers:
            if answer.state == "failed":
                said(answer.reason)
            for words in answer.unread:
                said(words)
        asks = health.asks(opened, selection.today)
        outcomes = dict(zip(asks, fetch_each(opened.database, list(asks.values())), strict=True))
        for words in health.advice(health.examine(opened, selection, outcomes)):
            said(words)

    pool = st.lists(cells, min_size=4, max_size=12)
    fuzz(check, examples, random=st.randoms(use_true_random=False), pool=pool)


def quoted(name):
    return f'"{name}"'
