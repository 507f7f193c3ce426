"""Counted things are one or many."""

import pytest

from meaux.wording import counted


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "row", "0 rows"),
        (1, "row", "1 row"),
        (2, "row", "2 rows"),
        (1.0, "day", "1 day"),
        (2, "day", "2 days"),
        (12_345, "entry", "12,345 entries"),
        (1, "entry", "1 entry"),
        (3, "query", "3 queries"),
        (3, "person", "3 people"),
        (3, "whole week", "3 whole weeks"),
        (2, "missing index", "2 missing indexes"),
    ],
)
def test_a_noun_follows_its_number(number, noun, words):
    assert counted(number, noun) == words
