"""Cards of one's own for somebody who may see one team only: its rows, whatever the SQL tries."""

from pathlib import Path

import one_team
import pytest

from meaux.data.database import SQLiteFile
from meaux.data.schema import read_model
from meaux.data.source import open_source

NO_OVERRIDE = Path("no-such-file.toml")
MODEL = read_model()
ENTRIES = "SELECT time_entry.note AS a FROM time_entry"


@pytest.fixture(scope="module")
def marked(marked_file):
    """The database with a mark in every other team's row."""
    return open_source(SQLiteFile(marked_file), override=NO_OVERRIDE)


@pytest.fixture(scope="module")
def alone(alone_file):
    """The database without any other team's row."""
    return open_source(SQLiteFile(alone_file), override=NO_OVERRIDE)


def told(card):
    """All that a card shows, and could put into a file."""
    shown = card.shown
    frame = shown.answer.frame if shown.file is None else shown.file
    return f"{frame.to_csv()} {shown.answer.reason} {shown.answer.unread} {shown.note}"


@pytest.mark.parametrize("table", MODEL.tables)
def test_every_column_of_a_logical_table_is_that_of_the_team_alone(
    own, select, marked, alone, table
):
    columns = [name for name, column in MODEL.tables[table].columns.items() if not column.quiet]
    rates = {"rate", "currency"} if table == "person" else set()
    listed = ", ".join(f"{table}.{name} AS c_{name}" for name in columns if name not in rates)
    optional = ", ".join(f"{table}.{name}" for name in columns)
    text = f"-- optional: {table}, {optional}\nSELECT {listed} FROM {table} ORDER BY {len('1')}"
    chosen = select("90d", only=one_team.GIVEN)
    found, expected = own(text, chosen, marked), own(text, chosen, alone)
    assert found.fault is None
    assert one_team.MARK not in told(found)
    assert sorted(told(found).split("\n")) == sorted(told(expected).split("\n"))


HOSTILE = [
    "SELECT name AS a FROM teams",
    'SELECT name AS a FROM "teams"',
    "SELECT name AS a FROM [teams]",
    "SELECT name AS a FROM `teams`",
    "SELECT name AS a FROM 'teams'",
    "SELECT name AS a FROM main.teams",
    "SELECT name AS a FROM main . teams",
    f"{ENTRIES}, teams",
    f"{ENTRIES} JOIN teams",
    f"{ENTRIES} NATURAL JOIN teams",
    f"{ENTRIES} JOIN (teams)",
    f"{ENTRIES} [[ , teams ]]",
    f"{ENTRIES} UNION ALL SELECT name FROM teams",
    f"{ENTRIES} WHERE EXISTS (SELECT 1 FROM projects WHERE name LIKE 'A%')",
    f"{ENTRIES} WHERE 'team_client' IN teams",
    f"{ENTRIES} WHERE 'team_client' IN 'teams'",
    f"{ENTRIES} WHERE 'team_client' NOT IN main.teams",
    "SELECT time_entry.note AS teams FROM time_entry JOIN (SELECT name FROM teams)",
    "SELECT time_entry.note AS teams, (SELECT max(name) FROM teams) AS b FROM time_entry",
    "SELECT (WITH teams AS (SELECT 1 AS n) SELECT n FROM teams) AS a, (SELECT name FROM teams)",
    "WITH teams AS (SELECT name FROM main.teams) SELECT name AS a FROM teams",
    "WITH x AS (SELECT name FROM teams) SELECT x.name AS a FROM x",
    "SELECT group_concat(value) AS a FROM json_each((SELECT json_group_array(name) FROM teams))",
    "SELECT name AS a FROM pragma_table_info('teams')",
    "SELECT sql AS a FROM sqlite_master",
    "SELECT a FROM dbstat",
    "SELECT time_entry.person_rated AS a FROM time_entry",
    "SELECT person.id AS a, person.name AS b, person.rate AS c FROM person",
    "SELECT person.id AS a FROM person WHERE person.currency IS NOT NULL",
    "SELECT :only AS a, time_entry.id AS b FROM time_entry",
    "SELECT name AS a FROM visible_team JOIN time_entry",
    "SELECT worked.person AS a FROM worked JOIN time_entry",
    "SELECT person_rated AS a FROM rated JOIN time_entry",
    "SELECT 'in_period(time_entry.started)' AS a FROM time_entry",
    "SELECT time_entry.note AS a /* [[ */ FROM time_entry, teams -- ]]",
    "SELECT time_entry.note AS a FROM time_entry AS teams",
    "SELECT time_entry.note AS a FROM time_entry INDEXED BY teams",
    "SELECT project.name AS a FROM project, projects",
    "SELECT time_entry.project_stored AS a, time_entry.person_stored AS b FROM time_entry",
    "SELECT time_entry.project_plain AS a, time_entry.person_plain AS b FROM time_entry",
    "SELECT project.name AS a, project.name_plain AS b, project.id AS c FROM project",
    "SELECT count(*) AS a FROM team",
    "SELECT oldest(teams.name) AS a FROM time_entry",
    "SELECT newest(teams.name) AS a, known(teams.name) AS b FROM time_entry",
    "SELECT min(project.name) AS a, known(person.rate) AS b FROM project JOIN person",
]


@pytest.mark.parametrize("language", ["product", "plain", ""])
@pytest.mark.parametrize("sql", HOSTILE)
def test_no_statement_shows_a_row_of_another_team(own, select, marked, alone, sql, language):
    text = f"-- language: {language}\n{sql}" if language else sql
    chosen = select("90d", only=one_team.GIVEN, projects=("prj_bolt",), people=("usr_remy",))
    for may_sql in (True, False):
        found = own(text, chosen, marked, may_sql=may_sql)
        assert one_team.MARK not in told(found)
        assert str(one_team.NUMBER) not in told(found)
        if found.shown.answer.answered:
            # What is shown at all, is what the team's own rows say.
            assert told(found) == told(own(text, chosen, alone, may_sql=may_sql))


def test_the_rows_of_the_team_are_shown(own, select, marked):
    shown = own("SELECT count(*) AS n FROM time_entry", select("90d", only=("team_lab",)), marked)
    assert shown.shown.answer.frame["N"].iloc[0] > 0


PLAIN = "SELECT name FROM teams"


@pytest.mark.parametrize("may_sql", [True, False])
def test_plain_sql_is_not_for_somebody_with_teams_and_is_never_sent(own, select, may_sql):
    shown = own(PLAIN, select("90d", only=("team_lab",)), may_sql=may_sql).shown
    assert shown.answer.state == "unavailable"
    assert shown.answer.reason.startswith("Not for your teams: this ")
    assert shown.answer.fetched is None


def test_plain_sql_is_not_for_somebody_who_may_not_use_the_console(own):
    shown = own(PLAIN, may_sql=False).shown
    assert (shown.answer.state, shown.answer.fetched) == ("empty", None)
    assert shown.answer.reason.startswith("Not for your role: ")
    assert own(PLAIN).shown.answer.state == "ready"
