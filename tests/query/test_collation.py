"""Names stand in the order in which a reader looks for them."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from meaux.query import collation

NAMES = ["Zydeco", "Étouffée", "fig", "Eclair", None, "Ähre", "Nobody", "apple"]


def test_names_are_sorted_without_regard_to_case_and_accents_and_the_last_ones_are_last():
    frame = collation.by_name(pd.DataFrame({"name": NAMES}), "Nobody")
    ordered = ["Ähre", "apple", "Eclair", "Étouffée", "fig", "Zydeco"]
    assert frame["name"].dropna().tolist() == [*ordered, "Nobody"]


def test_an_accent_is_the_same_however_it_is_written():
    assert collation.key("\u00c9t\u00e9") == collation.key("E\u0301te\u0301") == "ete"


def test_letters_without_case_or_accents_stay():
    assert collation.key("\u062d\u062f\u064a\u0642\u0629") == "\u062d\u062f\u064a\u0642\u0629"


def test_names_of_one_key_keep_their_order():
    frame = pd.DataFrame({"name": ["b", "A", "\u00e4", "a"], "n": range(4)})
    assert collation.by_name(frame)["n"].tolist() == [1, 2, 3, 0]


def test_what_is_no_name_is_sorted_as_it_is():
    numbers = pd.Series([3.0, 1.0])
    assert collation.keys(numbers) is numbers


WORDS = st.sampled_from(["Ann", "Ann ", "Ann  Lee", "Ann Lee", "Ann (1)", "Nobody", "\tx"])


@given(st.lists(st.tuples(st.sampled_from(["1", "2", "3", "(1)", None]), WORDS), max_size=12))
def test_two_ids_never_share_a_name_and_one_id_never_has_two(rows):
    names = dict(rows)
    ids = pd.Series([id_ for id_, _ in rows], dtype="str")
    given_names = pd.Series([names[id_] for id_, _ in rows], dtype="str")
    told = collation.unique_names(ids, given_names, "Nobody")
    pairs = set(zip(ids.fillna(""), told, strict=True))
    assert len(pairs) == len(set(ids.fillna(""))) == len(set(told))
    assert ("", "Nobody") in pairs or None not in names


def test_names_that_only_spaces_tell_apart_have_their_ids_behind_them():
    ids, names = pd.Series(["1", "2", "3"]), pd.Series(["Ann Lee", "Ann  Lee ", "Bob"])
    told = collation.unique_names(ids, names).tolist()
    assert told == ["Ann Lee (1)", "Ann Lee (2)", "Bob"]
