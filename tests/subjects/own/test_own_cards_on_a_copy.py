"""Cards of one's own on a copy on ClickHouse: those on logical tables show what they show there."""

import pytest

from meaux.data.database import fetch_each
from meaux.data.plan import Plan
from meaux.data.schema.secrets import Secrecy
from meaux.data.settings import PROJECT
from meaux.data.source import open_source
from meaux.query.needs import Request, meet
from meaux.subjects.health.sql import CopiedTables
from meaux.subjects.own import keeping
from meaux.subjects.own.asks import NOT_ON_A_COPY, ONLY_ON_A_COPY
from meaux.subjects.own.folder import files
from meaux.subjects.own.parts import parts

FOLDER = PROJECT / "docs" / "cards"
NOTHING_HIDDEN = Secrecy()


def made(source, folder, selection, secrecy=NOTHING_HIDDEN, *, may_sql=True):
    """The cards of a folder on a database, by the name of their file."""
    copied = CopiedTables.of_open(source, secrecy)
    given = (source.binding, source.catalog, secrecy, may_sql, copied)
    found = parts(files(folder), *given)
    request = Request(selection, Plan(), source.binding)
    met = meet(found, request, lambda asked: fetch_each(source.database, asked))
    return {part.file.stem: met.of(part) for part in found}


def answers(source, select):
    return {name: one.shown.answer for name, one in made(source, FOLDER, select("30d")).items()}


@pytest.fixture(scope="module")
def copy(demo_file, copy_of):
    return open_source(copy_of(demo_file), demo_file.with_name("no-such-file.toml"))


@pytest.fixture(scope="module")
def both(demo_source, copy, select):
    return answers(demo_source, select), answers(copy, select)


def test_a_card_on_logical_tables_shows_the_same_on_a_copy(both):
    source, copy = both
    same = [name for name, one in copy.items() if one.answered]
    assert len(same) >= 2
    for name in same:
        assert copy[name].frame.to_csv() == source[name].frame.to_csv()


def test_a_card_on_the_sources_own_tables_says_what_to_do(both):
    source, copy = both
    others = [one for one in copy.values() if not one.answered]
    assert others
    assert all(one.answered for one in source.values())
    assert {one.reason for one in others} == {NOT_ON_A_COPY}
    assert {one.state for one in others} == {"unavailable"}


# In ClickHouse's own language


@pytest.fixture
def card(folder, copy, select):
    """A card in ClickHouse's SQL on the copy."""

    def card(sql, selection="30d", source=copy, **how):
        chosen = select(selection) if isinstance(selection, str) else selection
        text = f"-- language: clickhouse\n{sql}"
        return made(source, folder(card=text), chosen, **how)["card"]

    return card


WITHIN = "date(started_at, 'unixepoch') BETWEEN '2026-10-23' AND '2026-11-22'"
PERIODS = {
    "started >= :start_time AND started < :end_time",
    "toDate(started) >= :start_day AND toDate(started) < :end_day",
    "toUnixTimestamp(started) >= :start_seconds AND toUnixTimestamp(started) < :end_seconds",
    "started >= :start_time [[ AND started < :end_time ]]",
}


@pytest.mark.parametrize("period", sorted(PERIODS))
def test_a_card_takes_the_period_of_the_page(card, demo_rows, period):
    shown = card(f"SELECT count() AS n FROM time_entry WHERE {period}").shown
    [(expected,)] = demo_rows(f"SELECT count(*) FROM time_entries WHERE {WITHIN}")
    assert shown.answer.frame.to_numpy().tolist() == [[expected]]
    assert shown.note == ""


def test_a_card_takes_the_filters_of_the_page(card, demo_rows, select):
    sql = "SELECT count() AS n FROM time_entry WHERE 1 [[ AND has(:projects, project) ]]"
    one = select("30d", projects=("prj_pelican",))
    [(few,)] = demo_rows("SELECT count(*) FROM time_entries WHERE project_id = 'prj_pelican'")
    [(all_,)] = demo_rows("SELECT count(*) FROM time_entries")
    assert card(sql, one).shown.answer.frame.to_numpy().tolist() == [[few]]
    assert card(sql).shown.answer.frame.to_numpy().tolist() == [[all_]]
    assert card(sql, one).shown.note == "Not filtered by period."


def test_a_number_is_compared_as_on_the_source(card, own):
    number = (
        "-- chart: number\nSELECT count(*) AS n FROM time_entry WHERE in_period(time_entry.started)"
    )
    native = (
        "-- chart: number\nSELECT count() AS n FROM time_entry WHERE started >= :start_time "
        "AND started < :end_time"
    )
    assert card(native).figure == own(number).figure


def test_on_another_engine_it_says_what_to_do(card, demo_source):
    shown = card("SELECT uniqExact(project) AS n FROM time_entry", source=demo_source).shown
    assert (shown.answer.state, shown.answer.reason) == ("unavailable", ONLY_ON_A_COPY)


def test_people_with_teams_and_other_roles_see_nothing_of_it(card, select):
    sql = "SELECT count() AS n FROM time_entry"
    teams = card(sql, select("30d", only=("team_lab",))).shown.answer
    assert (teams.state, len(teams.frame)) == ("unavailable", 0)
    role = card(sql, may_sql=False).shown.answer
    assert (role.state, len(role.frame)) == ("empty", 0)
    assert "Not for your role" in role.reason


MISTAKES = {
    "SELECT * FROM system.users": "only the copy's own tables can",
    "SELECT hostName() AS h": "The function hostName is not allowed",
    "SELECT id FROM projekt": "no table projekt",
    "EXPLAIN SELECT id FROM project": "a SELECT instead of EXPLAIN",
    "SELECT id FROM project; SELECT 1": "Only one statement",
    "SELECT id FROM project WHERE id = ?1": "write the value itself",
    "SELECT id FROM project WHERE id = :projekt": "there is no parameter :projekt",
    "SELECT id FROM project WHERE has(:projects, id)": "put the condition with :projects in [[",
    "SELECT id FROM project [[ WHERE has(:projects, hostName()) ]]": "hostName is not allowed",
    "SELECT id FROM project SETTINGS max_threads = 1": "SETTINGS is not allowed",
    "INSERT INTO project SELECT 1": "starts with INSERT",
}


@pytest.mark.parametrize(("sql", "reason"), MISTAKES.items(), ids=MISTAKES)
def test_what_the_console_refuses_is_a_mistake_of_the_card(card, sql, reason):
    found = card(sql)
    assert found.fault is not None
    assert reason in found.fault.sentence
    assert len(found.shown.answer.frame) == 0


def test_a_table_whose_source_is_hidden_cant_be_read(card):
    secrecy = Secrecy.of((), ["projects"])
    assert "no table project" in card("SELECT id FROM project", secrecy=secrecy).fault.sentence


def test_a_kept_statement_shows_the_same_rows(copy, folder, select):
    tables = CopiedTables.of_open(copy, NOTHING_HIDDEN)
    reading = tables.read("SELECT id, ?1 AS a -- why\nFROM project AS p WHERE id <> ?1 ORDER BY id")
    assert reading.asked == "SELECT id, ?1 AS a  \nFROM project AS p WHERE id <> ?1 ORDER BY id"
    values = ("it's a \\",)
    text = keeping.text_of("Mine", "table", "Home", reading, values, copy.binding.model)
    assert text.splitlines()[:4] == [
        "-- title: Mine",
        "-- chart: table",
        "-- page: Home",
        "-- language: clickhouse",
    ]
    kept = made(copy, folder(mine=text), select("30d"))["mine"]
    assert kept.fault is None
    [found] = copy.database.fetch([reading.limited(1_000, values)])
    assert kept.shown.answer.frame.to_numpy().tolist() == [list(row) for row in found.rows]
