"""Words: whatever spelling a database has, it means one of the product's own."""

import sqlite3
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.data.schema import vocabulary
from meaux.data.schema.vocabulary import (
    PRIORITIES,
    SEVERITIES,
    STATUSES,
    VOCABULARIES,
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


every_vocabulary = pytest.mark.parametrize("known", VOCABULARIES.values(), ids=VOCABULARIES)


@every_vocabulary
def test_no_word_has_two_meanings(known):
    words = [word for spelled in known.spellings.values() for word in spelled.split()]
    assert len(words) == len(set(words))


@every_vocabulary
def test_every_spelling_is_known_in_any_case_and_with_any_joint(known):
    for meaning, words in known.spellings.items():
        for word in words.split():
            assert {known.meaning(one) for one in spellings(word)} == {meaning}


def meant_in_sql(known, word):
    """What the database says that a word means, read as a query reads it."""
    with sqlite3.connect(":memory:") as connection:
        [(meaning,)] = connection.execute(f"SELECT {known.sql('lower(trim(?1))')}", (word,))
    return meaning


@every_vocabulary
def test_the_database_and_python_agree_on_every_spelling(known):
    words = {
        one for words in known.spellings.values() for w in words.split() for one in spellings(w)
    }
    for word in [*words, "", "bogus", None, "it's"]:
        assert meant_in_sql(known, word) == known.meaning(word), word


@every_vocabulary
@given(word=st.text(string.ascii_letters + string.digits + " _-.'"))
def test_the_database_and_python_agree_on_any_word(known, word):
    assert meant_in_sql(known, word) == known.meaning(word)


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
