"""Cards of one's own on a real D1: the examples show what they show on a file, in one call."""

import pytest

from meaux.data.database import fetch_each
from meaux.data.plan import Plan
from meaux.data.schema.secrets import Secrecy
from meaux.data.settings import PROJECT
from meaux.query.needs import Request, meet
from meaux.subjects.own.folder import files
from meaux.subjects.own.parts import parts

pytestmark = pytest.mark.d1


def shown(source, select):
    """The cards' tables on a database, and how many calls they took."""
    calls = []

    def fetch(statements):
        calls.append(statements)
        return fetch_each(source.database, statements)

    found = parts(
        files(PROJECT / "docs" / "cards"), source.binding, source.catalog, Secrecy(), True
    )
    met = meet(found, Request(select("30d"), Plan(), source.binding), fetch)
    made = [met.of(part).shown for part in found]
    return [one.answer.frame.to_csv() for one in made], [one.answer.state for one in made], calls


def test_the_examples_are_the_same_on_d1_as_on_a_file(d1_source, file_source, select):
    on_d1, states, calls = shown(d1_source, select)
    on_file, _, _ = shown(file_source, select)
    assert states == ["ready"] * 5
    assert on_d1 == on_file
    assert len(calls) == 1
