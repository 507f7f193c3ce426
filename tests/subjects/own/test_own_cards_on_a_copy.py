"""Cards of one's own on a copy on ClickHouse: those on logical tables show what they show there."""

import pytest

from meaux.data.database import fetch_each
from meaux.data.plan import Plan
from meaux.data.schema.secrets import Secrecy
from meaux.data.settings import PROJECT
from meaux.data.source import open_source
from meaux.query.needs import Request, meet
from meaux.subjects.own.asks import NOT_ON_A_COPY
from meaux.subjects.own.folder import files
from meaux.subjects.own.parts import parts

FOLDER = PROJECT / "docs" / "cards"


def answers(source, select):
    found = parts(files(FOLDER), source.binding, source.catalog, Secrecy(), True)
    request = Request(select("30d"), Plan(), source.binding)
    met = meet(found, request, lambda asked: fetch_each(source.database, asked))
    return {part.file.name: met.of(part).shown.answer for part in found}


@pytest.fixture(scope="module")
def both(demo_source, demo_file, copy_of, select):
    copy = open_source(copy_of(demo_file), demo_file.with_name("no-such-file.toml"))
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
