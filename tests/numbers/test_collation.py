"""Names stand in the order in which a reader looks for them."""

import pandas as pd

from meaux import collation

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
