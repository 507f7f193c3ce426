"""Blocks are read by a thread of their own while the one before is inserted."""

import threading

import pytest

from meaux.errors import QueryError
from meaux.warehouse.reading import ahead


def blocks(events, count=3, fails=False):
    """Some blocks, with notes on what is read and in which thread the reader ends."""
    try:
        for number in range(count):
            events.append(number)
            yield [(number,)]
        if fails:
            raise QueryError("locked", "The file is locked.")
    finally:
        events.append(threading.current_thread() is not threading.main_thread())


def test_all_blocks_come_in_order():
    events = []
    assert list(ahead(blocks(events))) == [[(0,)], [(1,)], [(2,)]]
    assert events == [0, 1, 2, True]


def test_at_most_one_block_is_read_ahead():
    events = []
    for number, _ in enumerate(ahead(blocks(events, 10))):
        assert len(events) <= number + 2


def test_what_fails_while_reading_is_raised_after_the_blocks_before_it():
    rows = ahead(blocks([], fails=True))
    assert [next(rows) for _ in range(3)] == [[(0,)], [(1,)], [(2,)]]
    with pytest.raises(QueryError):
        next(rows)


def test_the_file_is_closed_by_the_thread_that_reads_it_if_an_insert_fails():
    events = []
    rows = ahead(blocks(events, 10))
    next(rows)
    rows.close()
    assert events[-1] is True
    assert len(events) <= 3
