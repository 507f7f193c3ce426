"""The log, page by page: every record once, the newest first, however its table writes time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query.filters import Period
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import LOGS

A_PAGE = 4
FIRST = int(datetime(2026, 11, 20, 23, 59, 50, tzinfo=UTC).timestamp())
WIDTH = 5
PERIOD = Period(
    datetime(2026, 11, 20, tzinfo=UTC).date(), datetime(2026, 11, 22, tzinfo=UTC).date()
)


def spelled(pattern, zone=UTC):
    return lambda at: datetime.fromtimestamp(at, zone).strftime(pattern)


SPELLINGS = {
    "seconds": int,
    "a fraction of seconds": lambda at: at + at % 4 / 4,
    "milliseconds": lambda at: at * 1000 + at * 7 % 1000,
    "seconds in text": str,
    "SQLite's text": spelled("%Y-%m-%d %H:%M:%S"),
    "ISO": spelled("%Y-%m-%dT%H:%M:%SZ"),
    "ISO east of Greenwich": spelled(
        "%Y-%m-%dT%H:%M:%S+05:30", timezone(timedelta(hours=5, minutes=30))
    ),
    "ISO west of Greenwich": spelled("%Y-%m-%dT%H:%M:%S-03:00", timezone(timedelta(hours=-3))),
}
SHAPES = {
    "a rowid": "CREATE TABLE {t} (created_at, {m} TEXT);",
    "an integer id": "CREATE TABLE {t} (id INTEGER PRIMARY KEY, created_at, {m} TEXT);",
    "a text id": "CREATE TABLE {t} (id TEXT PRIMARY KEY, created_at, {m} TEXT);",
    "no rowid": "CREATE TABLE {t} (id TEXT PRIMARY KEY, created_at, {m} TEXT) WITHOUT ROWID;",
    "a view": (
        "CREATE TABLE {t}_kept (id, created_at, {m} TEXT);"
        "CREATE VIEW {t} AS SELECT id, created_at, {m} FROM {t}_kept;"
    ),
}
TABLES = dict(
    zip(
        LOGS,
        ("system_events", "platform_events", "audit_log", "event_log", "error_logs"),
        strict=True,
    )
)


@pytest.fixture(scope="module", autouse=True)
def small_pages():
    """Pages so small that a few records fill several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "ROWS_A_PAGE", A_PAGE)
        yield


def written(name, shape, values):
    """A script of a table; each record says in words which one it is."""
    said = "entity_id" if name == "audit_log" else "message"
    into = f"{name}_kept" if shape == "a view" else name
    script = SHAPES[shape].format(t=name, m=said)
    for n, value in enumerate(values):
        columns, cells = f"created_at, {said}", f"{value!r}, '{name} {n}'"
        if shape != "a rowid":
            id_ = f"'{n:03}'" if shape in ("a text id", "no rowid") else 100 + n * 37 % 64
            columns, cells = f"id, {columns}", f"{id_}, {cells}"
        script += f"INSERT INTO {into} ({columns}) VALUES ({cells});"
    return script


moments = st.lists(st.integers(0, WIDTH), max_size=8)


@st.composite
def logs(draw):
    """Each log's shape, one or two ways to write time, and moments of which many are the same."""
    found = {}
    for log in LOGS:
        ways = draw(st.lists(st.sampled_from(list(SPELLINGS)), min_size=1, max_size=2, unique=True))
        found[log] = (draw(st.sampled_from(list(SHAPES))), ways, draw(moments))
    return found


def scripted(drawn):
    script, expected = "", {}
    for log, (shape, ways, offsets) in drawn.items():
        values = [SPELLINGS[ways[n % len(ways)]](FIRST + at) for n, at in enumerate(offsets)]
        script += written(TABLES[log], shape, values)
        expected |= {f"{TABLES[log]} {n}": FIRST + at for n, at in enumerate(offsets)}
    return script, expected


def read(pages):
    """The records of all pages in order: what each says, and when it was."""
    return [
        (row.message, int(row.logged.timestamp()))
        for page in pages
        for row in page.frame.itertuples()
    ]


@settings(max_examples=12)
@given(drawn=logs())
def test_every_record_stands_on_one_page_and_newer_ones_before_older_ones(
    open_script, turned, select, drawn
):
    script, expected = scripted(drawn)
    pages = list(turned(open_script(script), select(PERIOD)))
    found = read(pages)
    assert [len(page.frame) for page in pages[:-1]] == [A_PAGE] * (len(pages) - 1)
    assert sorted(found) == sorted(expected.items())
    moments = [at for _, at in found]
    assert moments == sorted(moments, reverse=True)


ODD = ("2026-11-21T09:00Z", "2026-11-21T09:00:30Z", "2026-11-21T09:00:30.250Z", "2026-11-21T09:00")


@settings(max_examples=6)
@given(drawn=st.lists(st.lists(st.sampled_from(ODD), max_size=9), min_size=2, max_size=2))
def test_no_record_is_lost_or_shown_twice_where_a_spelling_sorts_wrongly(
    open_script, turned, select, drawn
):
    names = ("system_events", "error_logs")
    script = "".join(
        written(name, "a rowid", values) for name, values in zip(names, drawn, strict=True)
    )
    found = [words for words, _ in read(turned(open_script(script), select(PERIOD)))]
    assert sorted(found) == sorted(
        f"{name} {n}" for name, values in zip(names, drawn, strict=True) for n in range(len(values))
    )
