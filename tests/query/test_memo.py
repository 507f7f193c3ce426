"""What pure functions made is kept as long as it is made of the same, and within its bounds."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from meaux.data.database import Fetched, Meta, Rows
from meaux.query import queries
from meaux.query.memo import Memo

AT = datetime(2026, 11, 22, tzinfo=UTC)


class Counted:
    """A function that counts how often it makes something, of whatever it gets."""

    def __init__(self, made=None):
        self.times = 0
        self.made = made

    def __call__(self, *of):
        self.times += 1
        return [of] if self.made is None else self.made


@pytest.fixture
def kept():
    return Memo()


def test_what_was_made_of_the_same_is_the_same_object(kept, select):
    make = Counted()
    first = kept.call(make, select("30d"), "words", 1)
    assert kept.call(make, select("30d"), "words", 1) is first
    assert (make.times, kept.makes) == (1, 1)


def test_another_selection_or_another_function_makes_anew(kept, select):
    make, other = Counted(), Counted()
    first = kept.call(make, select("30d"))
    assert kept.call(make, select("7d")) is not first
    assert kept.call(other, select("30d")) is not first
    assert (make.times, other.times) == (2, 1)


def test_of_what_can_not_be_hashed_only_the_same_object_is_the_same(kept):
    make, frame = Counted(), pd.DataFrame({"a": [1]})
    first = kept.call(make, frame)
    assert kept.call(make, frame) is first
    assert kept.call(make, frame.copy()) is not first


def test_one_and_true_are_not_the_same(kept):
    make = Counted()
    for one in (1, True, 1.0):
        kept.call(make, one)
    assert make.times == 3


def test_a_new_answer_at_the_same_moment_is_the_same_and_one_read_later_is_not(kept):
    make = Counted()
    rows = Rows(("a",), [(1,)], Meta(1, 0.5, "a test"))
    first = kept.call(make, Fetched(rows, AT))
    assert kept.call(make, Fetched(replace(rows), AT)) is first
    assert kept.call(make, Fetched(rows, AT.replace(hour=1))) is not first


def test_answers_by_name_are_the_same_where_each_of_them_is(kept, answer):
    make, hours = Counted(), answer(queries.hours_by_day)
    first = kept.call(make, {"hours": hours})
    assert kept.call(make, {"hours": hours}) is first
    assert kept.call(make, {"hours": replace(hours)}) is not first


def test_what_a_function_raises_is_kept_for_nobody(kept):
    def broken():
        make()
        raise ZeroDivisionError

    make = Counted()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept.call(broken)
    assert (make.times, kept.makes) == (2, 0)


def test_what_was_used_last_goes_last():
    kept, make = Memo(entries=2), Counted()
    for of in ("a", "b", "a", "c", "a"):
        kept.call(make, of)
    assert make.times == 3
    kept.call(make, "b")
    assert make.times == 4


def test_frames_are_kept_up_to_so_many_cells_together():
    kept = Memo(cells=10)
    make = Counted(made=pd.DataFrame({"a": range(6)}))
    for of in ("a", "b", "a"):
        kept.call(make, of)
    assert make.times == 3


def test_the_frames_of_answers_and_cards_count_too(answer):
    hours = answer(queries.hours_by_day)
    kept = Memo(cells=hours.frame.size)
    make = Counted(made=(hours, "a note"))
    for of in ("a", "b", "a"):
        kept.call(make, of)
    assert make.times == 3


def test_one_thread_makes_a_thing_and_the_others_wait_for_it(kept):
    begun, go = threading.Event(), threading.Event()
    make = Counted()

    def slow(of):
        begun.set()
        assert go.wait(10)
        return make(of)

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(kept.call(slow, "a"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert make.times == 1
    assert len(found) == 4
    assert all(one is found[0] for one in found)
