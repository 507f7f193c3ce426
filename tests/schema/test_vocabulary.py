"""Words: whatever spelling a database has, it means one of the product's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.schema import vocabulary
from meaux.schema.vocabulary import SEVERITIES, STATUSES, severity, status

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


@pytest.mark.parametrize("table", [STATUSES, SEVERITIES])
def test_no_word_has_two_meanings(table):
    words = [word for spelled in table.values() for word in spelled.split()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("word", [None, "", "bogus", float("nan"), 3])
def test_what_is_not_known_is_other_and_only_information(word):
    assert status(word) == vocabulary.OTHER
    assert severity(word) == "Info"


@given(st.text())
def test_any_text_has_a_meaning(word):
    assert status(word) in {*STATUSES, vocabulary.OTHER}
    assert severity(word) in SEVERITIES
