"""Words: whatever spelling a database has, it means one of the product's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.schema import vocabulary
from meaux.schema.vocabulary import (
    PRIORITIES,
    SEVERITIES,
    STATUSES,
    priority,
    severity,
    status,
)

every_status = pytest.mark.parametrize(
    ("meaning", "word"), [(m, w) for m, words in STATUSES.items() for w in words.split()]
)
every_severity = pytest.mark.parametrize(
    ("meaning", "word"), [(m, w) for m, words in SEVERITIES.items() for w in words.split()]
)


def spellings(word):
    return {word, word.upper(), word.title(), word.replace("_", "-"), f" {word.replace('_', ' ')} "}


@every_status
def test_a_status_is_known_in_any_case_and_with_any_joint(meaning, word):
    assert {status(one) for one in spellings(word)} == {meaning}


@every_severity
def test_a_severity_is_known_in_any_case_and_with_any_joint(meaning, word):
    assert {severity(one) for one in spellings(word)} == {meaning}


@pytest.mark.parametrize(
    ("meaning", "word"), [(m, w) for m, words in PRIORITIES.items() for w in words.split()]
)
def test_a_priority_is_known_in_any_case_and_with_any_joint(meaning, word):
    assert {priority(one) for one in spellings(word)} == {meaning}


@pytest.mark.parametrize(
    ("number", "meaning"),
    [("100", "Critical"), ("90", "Critical"), ("89.9", "High"), ("60", "High"), (45, "Medium"),
     ("30", "Medium"), ("0", "Low"), ("-1", "Other"), ("nan", "Other")],
)  # fmt: skip
def test_a_priority_between_0_and_100_means_one_of_four(number, meaning):
    assert priority(number) == meaning


@pytest.mark.parametrize("table", [STATUSES, SEVERITIES, PRIORITIES])
def test_no_word_has_two_meanings(table):
    words = [word for spelled in table.values() for word in spelled.split()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("word", [None, "", "bogus", float("nan"), 3])
def test_what_is_not_known_is_other_and_only_information(word):
    assert status(word) == vocabulary.OTHER
    assert severity(word) == "Info"
    assert priority(word) in {"Other", "Low"}


@given(st.text())
def test_any_text_has_a_meaning(word):
    assert status(word) in {*STATUSES, vocabulary.OTHER}
    assert severity(word) in SEVERITIES
    assert priority(word) in {*PRIORITIES, vocabulary.OTHER}
