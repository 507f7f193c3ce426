"""SQL that somebody writes for a copy on ClickHouse is sent only if it reads the copy alone."""

from dataclasses import replace

import pytest

from meaux.data.database import memory
from meaux.data.database.clickhouse import ClickHouse, Place
from meaux.data.schema.secrets import MASK, Secrecy
from meaux.data.source import open_source
from meaux.errors import MissingColumn, OutOfMemory, QueryError, QueryTimeout, TooLarge
from meaux.subjects.health.sql import (
    CopiedTables,
    Guard,
    Live,
    Refused,
    estimated,
    reads_up_to,
)


@pytest.fixture(scope="module")
def copy(demo_file, copy_of):
    database = copy_of(demo_file)
    return open_source(database, demo_file.with_name("no-such-file.toml"))


@pytest.fixture(scope="module")
def tables(copy):
    return of(copy)


def of(copy, secrecy=None):
    database = copy.database.name.rpartition("/")[2]
    return CopiedTables.of(copy.binding, copy.catalog, secrecy or Secrecy(), database)


def guarded(copy, tables, reading):
    now = copy.database.fetch([tables.live])[0]
    return Guard(tables.catalog, tables.secrecy, Live.of(now.rows)).check(reading.checked)


def answered(copy, tables, text, *values, limit=100):
    reading = tables.read(text)
    masks = guarded(copy, tables, reading)
    [found] = copy.database.fetch([reading.limited(limit, values)])
    return masks.rows(found.columns, found.rows)


READ = {
    "SELECT count() FROM time_entry": "SELECT count(*) FROM time_entries",
    "SELECT count(*) FROM main.project AS p": "SELECT count(*) FROM projects",
    "WITH 1 AS one, few AS (SELECT id FROM project) SELECT count() FROM few WHERE one = 1": (
        "SELECT count(*) FROM projects"
    ),
    "SELECT uniqExact(p.id) FROM project p LEFT JOIN time_entry ON time_entry.project = p.id": (
        "SELECT count(*) FROM projects"
    ),
    "SELECT count() FROM project WHERE id IN (SELECT project FROM time_entry)": (
        "SELECT count(DISTINCT project_id) FROM time_entries WHERE project_id IN "
        "(SELECT id FROM projects)"
    ),
}


@pytest.mark.parametrize(("text", "on_source"), READ.items(), ids=READ)
def test_a_statement_is_answered_in_clickhouses_sql(copy, tables, demo_rows, text, on_source):
    assert answered(copy, tables, text) == demo_rows(on_source)


def test_values_are_bound_as_texts(copy, tables):
    text = "SELECT ?1 AS a, ?2 AS b FROM project WHERE id <> ?1"
    assert answered(copy, tables, text, "x'; --", "z", limit=1) == [("x'; --", "z")]


def test_a_percent_sign_and_braces_are_only_text(copy, tables):
    texts = ("100%", "%s", "%(p1)s", "{p1:String}")
    text = "SELECT '100%', '%s', '%(p1)s', '{p1:String}'"
    assert answered(copy, tables, text) == [texts]
    assert answered(copy, tables, f'{text}, ?1 AS "%s"', "x%") == [(*texts, "x%")]


def test_no_more_rows_are_read_than_the_limit(copy, tables):
    assert len(answered(copy, tables, "SELECT project FROM time_entry", limit=7)) == 7


REFUSED = [
    "",
    "INSERT INTO project VALUES (1)",
    "DROP TABLE project",
    "ALTER TABLE project DELETE WHERE 1",
    "SYSTEM FLUSH LOGS",
    "SHOW TABLES",
    "SET max_threads = 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE project",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT id FROM project SETTINGS max_threads = 1",
    "SELECT id FROM (SELECT id FROM project SETTINGS max_threads = 1)",
    "SELECT id FROM project FORMAT CSV",
    "SELECT * FROM url('http://localhost/', CSV, 'a String')",
    "SELECT * FROM file('/etc/passwd', CSV, 'a String')",
    "SELECT * FROM s3('https://x/y.csv')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM cluster('default', system.one)",
    "SELECT * FROM merge('system', '.*')",
    "SELECT * FROM numbers(10)",
    "SELECT * FROM executable('x', CSV, 'a String')",
    "SELECT * FROM project, url('http://localhost/', CSV, 'a String')",
    "SELECT id FROM project UNION ALL SELECT * FROM file('/etc/passwd', CSV, 'a String')",
    "SELECT * FROM ?1",
    "SELECT * FROM {p1:Identifier}",
    "SELECT * FROM system.tables",
    "SELECT * FROM system.query_log",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM other.project",
    "SELECT * FROM meaux_evidence",
    "SELECT * FROM time_entries",
    "SELECT id FROM project WHERE id IN system.users",
    "SELECT id FROM project WHERE id IN (SELECT name FROM system.users)",
    "SELECT id FROM project WHERE id IN meaux_loads",
    "SELECT id FROM project WHERE id IN (system.users)",
    "SELECT id FROM project WHERE id IN ((meaux_loads))",
    "SELECT id FROM project WHERE id NOT IN (meaux_loads)",
    "SELECT id FROM project WHERE id GLOBAL IN (meaux_loads)",
    "SELECT id FROM project, system.one",
    'SELECT id FROM project, "system"."one"',
    "SELECT id FROM project JOIN url('http://localhost/', CSV, 'a String') AS u ON 1",
    "SELECT id FROM project WHERE exists(SELECT 1 FROM system.users)",
    "SELECT (SELECT count() FROM system.users) FROM project",
    "SELECT id FROM view(SELECT 1)",
    "SELECT in(id, meaux_loads) FROM project",
    "SELECT arrayMap(x -> file(x), ['a'])",
    "WITH (SELECT count() FROM system.users) AS n SELECT n",
    "SELECT file('/etc/passwd')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT joinGet('t', 'a', 1)",
    "SELECT hasColumnInTable('system', 'users', 'name')",
    "SELECT hostName(), currentUser()",
    "SELECT getSetting('max_threads')",
    "SELECT reverseDNSQuery('x')",
    "SELECT sleep(3)",
    "WITH project AS (SELECT id FROM project) SELECT id FROM project",
    "SELECT addressToLine(1)",
    "SELECT COLUMNS('.*') FROM project",
    "SELECT * APPLY(toString) FROM project",
    "SELECT 'a\\' FROM system.users --'",
    "SELECT 1 /* never closed",
    "SELECT id FROM project WHERE id = $$ x $$",
    "SELECT 1 FROM project WHERE id = @x",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_more_than_read_the_copy_is_refused(tables, text):
    with pytest.raises(Refused):
        tables.read(text)


HOSTILE = [
    # Functions that the parser knows by another name
    "SELECT current_user",
    "SELECT CURRENT_USER()",
    "SELECT SESSION_USER()",
    "SELECT current_database()",
    "SELECT currentDatabase()",
    "SELECT current_role()",
    "SELECT version()",
    "SELECT read_csv('/etc/passwd')",
    "SELECT ai_generate('x')",
    "SELECT AI_EMBED('m', 'x')",
    "SELECT aiGenerate('x')",
    "SELECT HOST('http://x/')",
    "SELECT `hostName`()",
    'SELECT "hostName"()',
    "SELECT hostName /* */ ()",
    "SELECT hostName\n()",
    "SELECT [hostName()]",
    "SELECT (hostName(), 1)",
    # Anywhere in a statement
    "SELECT arrayMap(x -> hostName(), [1])",
    "SELECT arrayMap(hostName -> hostName(), [1])",
    "SELECT id FROM project ORDER BY hostName()",
    "SELECT id FROM project GROUP BY id HAVING hostName() = ''",
    "SELECT id FROM project LIMIT 1 BY hostName()",
    "SELECT id FROM project ARRAY JOIN [hostName()] AS a",
    "SELECT id FROM project PREWHERE hostName() = ''",
    "SELECT id FROM project QUALIFY hostName() = ''",
    "SELECT id FROM project LIMIT toUInt8(sleep(3))",
    "SELECT id FROM project AS a JOIN project AS b ON a.id = hostName()",
    "SELECT count() OVER (PARTITION BY hostName()) FROM project",
    "SELECT sum(cost) FILTER (WHERE hostName() = '') FROM time_entry",
    "SELECT * REPLACE (hostName() AS id) FROM project",
    "SELECT CASE WHEN sleepEachRow(1) THEN 1 END",
    "WITH hostName() AS h SELECT h",
    "WITH made AS (SELECT hostName() AS h) SELECT h FROM made",
    # Other sources
    "SELECT * FROM input('a String')",
    "SELECT * FROM numbers(1000000000000000000)",
    "SELECT * FROM zeros_mt(1000000000000)",
    "SELECT * FROM generateRandom('a String')",
    "SELECT * FROM generate_series(1, 1000000000)",
    "SELECT * FROM clusterAllReplicas('default', system.one)",
    "SELECT * FROM remoteSecure('127.0.0.1', 'system', 'one')",
    "SELECT * FROM mysql('127.0.0.1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM dictionary('d')",
    "SELECT * FROM loop(project)",
    "SELECT * FROM null('a String')",
    "SELECT * FROM project GLOBAL ANY LEFT JOIN system.one AS o ON 1",
    "SELECT 1 INTERSECT SELECT name FROM system.users",
    "SELECT * FROM `system`.`users`",
    'SELECT * FROM "system.users"',
    "SELECT * FROM project`; DROP TABLE project",
    "SELECT dictGetOrDefault('d', 'a', 1, 2)",
    "SELECT joinGetOrNull('t', 'a', 1)",
    "SELECT getServerSetting('max_connections')",
    "SELECT getMacro('x'), tcpPort(), uptime(), filesystemAvailable()",
    "SELECT sumState(1)",
    "SELECT viewExplain('a', 'b', (SELECT 1))",
    # Texts that two readers could tell apart
    "SELECT ‘x’",
    "SELECT “id” FROM project",
    "SELECT x'41'",
    "SELECT $a$ x $a$",
    "SELECT 'a\\'' FROM system.users --'",
    "SELECT 1 --\u2028 FROM system.users\u202e",
    "SELECT 1 # comment",
    "SELECT 1 {x: String}",
    "SELECT @@version",
    # EXPLAIN of what is refused, and other kinds of it
    "EXPLAIN SELECT * FROM system.users",
    "EXPLAIN SELECT hostName()",
    "EXPLAIN ESTIMATE SELECT * FROM url('http://localhost/', CSV, 'a String')",
    "EXPLAIN indexes = 1 SELECT id FROM project SETTINGS max_threads = 1",
    "EXPLAIN indexes = (SELECT 1) SELECT 1",
    "EXPLAIN indexes = 2 SELECT 1",
    "EXPLAIN ESTIMATE indexes = 1 SELECT 1",
    "EXPLAIN distributed = 1 SELECT 1",
    "EXPLAIN AST SELECT 1",
    "EXPLAIN SYNTAX SELECT 1",
    "EXPLAIN QUERY TREE SELECT 1",
    "EXPLAIN PIPELINE SELECT 1",
    "EXPLAIN CURRENT TRANSACTION",
    "EXPLAIN TABLE OVERRIDE mysql('', '', '', '', '') SELECT 1",
    "EXPLAIN EXPLAIN SELECT 1",
    "EXPLAIN",
    "EXPLAIN SELECT 1; SELECT 2",
    "SELECT * FROM (EXPLAIN SELECT 1)",
    "SELECT * FROM (SHOW TABLES)",
    "SELECT 1 UNION ALL EXPLAIN SELECT 1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_statement_is_refused(tables, text):
    with pytest.raises(Refused):
        tables.read(text)


OF_SERVER = ["session_user", "hostName", "currentUser", "User", "database", "version", "uptime"]


@pytest.mark.parametrize("name", OF_SERVER)
def test_a_name_tells_nothing_of_the_server(copy, tables, name):
    with pytest.raises((MissingColumn, Refused)):
        answered(copy, tables, f'SELECT "{name}" FROM project')


TOO_LARGE = {
    "SELECT range(1000000000)": QueryError,
    "SELECT repeat('x', 1000000000)": OutOfMemory,
    "SELECT groupArray(x) FROM (SELECT arrayJoin(range(300000000)) AS x)": OutOfMemory,
    "SELECT arrayJoin(range(10000000)) AS x FROM time_entry ORDER BY x DESC": OutOfMemory,
    "SELECT arrayStringConcat(range(100000)) FROM project": TooLarge,
}
TOO_LONG = [
    "SELECT count() FROM time_entry a, time_entry b, time_entry c, project d WHERE a.key > b.key",
    "SELECT count() FROM (SELECT toUInt64(1) AS n ORDER BY n WITH FILL TO 1000000000000)",
]


@pytest.fixture(scope="module")
def limited(tables, chdb_folder):
    """The copy as a user who may set the limits of its statements, as the guide advises."""
    database = ClickHouse(Place(tables.database, folder=chdb_folder))
    yield database
    database.close()


@pytest.mark.parametrize(("text", "error"), TOO_LARGE.items(), ids=TOO_LARGE)
def test_a_statement_that_needs_too_much_memory_is_ended(tables, limited, text, error):
    with memory.of_people(), pytest.raises(error) as raised:
        limited.fetch([tables.read(text).limited(10_000)])
    assert error is not TooLarge or "larger than 8 MB" in str(raised.value)


def test_a_card_of_ones_own_has_these_limits_on_every_page(tables, limited):
    statement = tables.read("SELECT groupArray(x) FROM (SELECT arrayJoin(range(300000000)) AS x)")
    with pytest.raises(OutOfMemory):
        limited.fetch([replace(statement.limited(1_000), own=True)])


@pytest.mark.parametrize("text", TOO_LONG)
def test_a_statement_that_takes_too_long_is_ended(tables, chdb_folder, text):
    database = ClickHouse(Place(tables.database, folder=chdb_folder), seconds=0.5)
    with memory.of_people(), pytest.raises((QueryTimeout, OutOfMemory)):
        database.fetch([tables.read(text).limited(10_000)])
    database.close()


ORDINARY = """
SELECT toStartOfMonth(started) AS m, round(sum(seconds) / 3600, 1) FROM time_entry GROUP BY m
SELECT date_trunc('week', started) AS w, count() FROM time_entry GROUP BY w ORDER BY w
SELECT toStartOfInterval(started, INTERVAL 1 DAY) AS d, uniq(person) FROM time_entry GROUP BY d
SELECT quantile(0.95)(seconds), quantiles(0.5, 0.9)(seconds), median(seconds) FROM time_entry
SELECT topK(3)(project), groupArray(5)(person), argMax(project, started) FROM time_entry
SELECT countIf(billable = 1), sumIf(cost, billable = 1), avg(cost), min(cost) FROM time_entry
SELECT p.name, count() FROM time_entry t JOIN project p ON p.id = t.project GROUP BY p.name
SELECT id, row_number() OVER (PARTITION BY team ORDER BY id) AS r FROM project QUALIFY r = 1
SELECT sum(cost) OVER (ORDER BY started ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM time_entry
SELECT toDate(started) AS d, count() FROM time_entry GROUP BY d ORDER BY d WITH FILL STEP 1
SELECT project, person, count() FROM time_entry GROUP BY ROLLUP(project, person)
SELECT CAST(cost AS Decimal(10, 2)), CAST(seconds AS Nullable(Int64)) FROM time_entry
SELECT if(billable, 'a', 'b'), multiIf(seconds > 1, 'x', seconds > 2, 'y', 'z') FROM time_entry
SELECT * FROM project WHERE name ILIKE '%bot%' OR match(name, '^B')
SELECT dateDiff('hour', started, ended), started + INTERVAL 1 MONTH FROM time_entry
SELECT YEAR(started), month(started), EXTRACT(YEAR FROM started), toHour(started) FROM time_entry
SELECT coalesce(cost, 0), ifNull(cost, 0), nullIf(cost, 0), assumeNotNull(cost) FROM time_entry
SELECT splitByChar('_', id)[1], substring(id, 1, 3), upper(id), replaceAll(id, '_', '-') FROM team
SELECT arrayMap(x -> x * 2, [1, 2]), arrayFilter(x -> x > 1, [1, 2]), map('a', 1)['a'], (1, 2).1
SELECT project FROM time_entry UNION DISTINCT SELECT id FROM project
SELECT JSONExtractString('{"a": "b"}', 'a'), visitParamExtractString('{"a":"b"}', 'a')
SELECT lagInFrame(seconds) OVER (ORDER BY started), first_value(cost) OVER () FROM time_entry
SELECT sum(seconds) / sum(sum(seconds)) OVER () FROM time_entry GROUP BY project
SELECT parseDateTimeBestEffort('2026-11-01 10:00:00'), toDateTime64('2026-11-01 10:00:00', 3)
SELECT hex('a'), unhex('41'), MD5('a'), cityHash64('a'), formatReadableSize(1024), bar(1, 0, 10, 5)
WITH a AS (SELECT project, sum(cost) AS c FROM time_entry GROUP BY project) SELECT avg(c) FROM a
WITH (SELECT max(started) FROM time_entry) AS last SELECT last - INTERVAL 1 DAY
SELECT id FROM project WHERE (id, team) IN (SELECT id, team FROM project)
SELECT t.ended, a.at FROM time_entry t ASOF JOIN audit a ON a.person = t.person AND a.at < t.ended
"""


@pytest.mark.parametrize("text", ORDINARY.strip().splitlines())
def test_an_ordinary_statement_runs(copy, tables, text):
    assert answered(copy, tables, text, limit=3)


ESCAPES = [
    "SELECT * FROM (WITH meaux_loads AS (SELECT 1 AS a) SELECT a FROM meaux_loads), meaux_loads",
    "WITH meaux_loads AS (SELECT * FROM meaux_loads) SELECT * FROM meaux_loads",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_a_name_that_with_makes_reads_no_table_of_that_name(copy, tables, text):
    with pytest.raises(Exception, match=r"with meaux_loads|isn't in the schema"):
        answered(copy, tables, text)


def test_a_table_whose_source_is_hidden_is_refused(copy):
    tables = of(copy, Secrecy.of((), ["projects"]))
    with pytest.raises(Refused, match="no table project"):
        tables.read("SELECT id FROM project")


def test_a_column_read_from_a_masked_one_is_masked_and_tells_nothing(copy):
    tables = of(copy)
    secrecy = type(tables.secrecy)(of_source={"project": frozenset({"name"})})
    tables = CopiedTables(tables.catalog, tables.database, secrecy)
    rows = answered(copy, tables, "SELECT id, name FROM project", limit=3)
    assert {row[1] for row in rows} == {MASK}
    for text in (
        "SELECT upper(name) FROM project",
        "SELECT id FROM project ORDER BY name",
        "SELECT id FROM project WHERE name LIKE 'a%'",
        "SELECT n FROM (SELECT name AS n FROM project)",
        "SELECT id FROM project WHERE name_plain = 'a'",
        'SELECT "name.size" FROM project',
        "SELECT id FROM project ORDER BY `name.null`",
        "SELECT name.size FROM project",
        "SELECT name, count() FROM project GROUP BY ALL",
        "SELECT id, name FROM project LIMIT 1 BY 2",
        "SELECT tuple(*) FROM project",
        "SELECT * REPLACE (name AS id) FROM project",
        "SELECT name AS n FROM project QUALIFY n = 'a'",
        "WITH s (a, b, c, x) AS (SELECT * FROM project) SELECT x FROM s",
    ):
        with pytest.raises(Refused, match=r"masked|Syntax|has a dot"):
            answered(copy, tables, text)


def test_a_statement_that_names_the_loaders_tables_is_refused(copy, tables):
    with pytest.raises(Refused):
        answered(copy, tables, "SELECT id AS meaux_evidence FROM project")


def test_the_plan_and_the_estimate_are_clickhouses(copy, tables, demo_rows):
    reading = tables.read("SELECT project, count() FROM time_entry GROUP BY project")
    plan, estimate = copy.database.fetch([reading.plan(10), reading.estimate(10)])
    assert any("ReadFromMergeTree" in line for (line,) in plan.rows)
    [(entries,)] = demo_rows("SELECT count(*) FROM time_entries")
    assert estimated(estimate) == {"time_entry": entries}
    assert reads_up_to({"a": 1_234, "b": 1}) == [
        "Reads up to 1,234 rows of a.",
        "Reads up to 1 row of b.",
    ]
    assert reads_up_to({}) == ["ClickHouse estimates no rows to read."]


EXPLAINED = {
    "EXPLAIN SELECT id FROM project WHERE id = ?1": "ReadFromMergeTree",
    "explain plan select id from project where id = ?1": "ReadFromMergeTree",
    "EXPLAIN indexes = 1, actions=0 SELECT id FROM project": "Parts:",
    "EXPLAIN ESTIMATE WITH a AS (SELECT id FROM project) SELECT id FROM a": "project",
}


@pytest.mark.parametrize(("text", "expected"), EXPLAINED.items(), ids=EXPLAINED)
def test_explain_by_hand_returns_the_plan_of_a_statement(copy, tables, text, expected):
    reading = tables.read(text)
    assert reading.explains
    guarded(copy, tables, reading)
    [found] = copy.database.fetch([reading.limited(100, ("x",) * reading.parameters)])
    assert expected in str(found.rows)


def test_the_plan_of_a_statement_with_a_masked_column_is_refused(copy):
    tables = of(copy)
    secrecy = type(tables.secrecy)(of_source={"project": frozenset({"name"})})
    tables = CopiedTables(tables.catalog, tables.database, secrecy)
    with pytest.raises(Refused, match="masked"):
        guarded(copy, tables, tables.read("EXPLAIN SELECT id FROM project WHERE name = 'a'"))
