"""Flights: who asks the same at the same time shares one answer, and failures are remembered."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from meaux import errors
from meaux.data.database import Flights, deadline
from meaux.data.database import in_flight as module
from meaux.data.database.deadline import Deadline
from meaux.data.database.retries import A_MOMENT, MINUTES


@pytest.fixture
def flights(clock):
    return Flights(clock)


@pytest.fixture
def page():
    """Have this thread be a page that waits for so many seconds."""
    token = deadline._NOW.set(None)
    yield deadline.begin
    deadline._NOW.reset(token)


class Asked:
    """Notes what is asked, and answers each key with itself, or fails as told."""

    def __init__(self, error=None):
        self.calls = []
        self.error = error
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()

    def __call__(self, keys):
        self.calls.append(keys)
        self.begun.set()
        self.gate.wait()
        if self.error is not None:
            raise self.error
        return list(keys)


def test_each_question_is_answered_in_its_place(flights):
    ask = Asked()
    assert flights.join(["a", "b", "a"], ask) == ["a", "b", "a"]
    assert ask.calls == [["a", "b"]]


def test_seven_who_ask_the_same_at_once_make_one_call(flights, monkeypatch):
    ask, waiting = Asked(), threading.Semaphore(0)
    ask.gate.clear()

    def noted(futures, timeout):
        waiting.release()
        return wait(futures, timeout)

    monkeypatch.setattr(module, "wait", noted)
    with ThreadPoolExecutor(7) as pool:
        answers = [pool.submit(flights.join, ["a", "b"], ask) for _ in range(7)]
        for _ in answers:
            waiting.acquire()
        ask.gate.set()
        assert [one.result() for one in answers] == [["a", "b"]] * 7
    assert ask.calls == [["a", "b"]]


def test_who_asks_more_than_is_on_its_way_asks_only_for_the_rest(flights):
    slow, quick = Asked(), Asked()
    slow.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flights.join, ["a", "b"], slow)
        slow.begun.wait()
        second = pool.submit(flights.join, ["b", "c"], quick)
        quick.begun.wait()
        slow.gate.set()
        assert first.result() == ["a", "b"]
        assert second.result() == ["b", "c"]
    assert quick.calls == [["c"]]


def test_an_answer_that_was_given_is_asked_for_anew_the_next_time(flights):
    ask = Asked()
    flights.join(["a"], ask)
    flights.join(["a"], ask)
    assert len(ask.calls) == 2


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.Unreachable("x"), A_MOMENT),
        (errors.LateAnswer("x"), A_MOMENT),
        (errors.BadAnswer("x"), A_MOMENT),
        (errors.QueryError("x"), A_MOMENT),
        (errors.Overloaded("x"), A_MOMENT),
        (errors.Unauthorized("x"), MINUTES),
        (errors.DatabaseNotFound("x"), MINUTES),
        (errors.DailyLimitReached("x"), MINUTES),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_everybodys_answer_for_as_long_as_it_is_remembered(
    flights, clock, error, seconds
):
    ask = Asked(error)
    assert flights.join(["a"], ask) == [error]
    clock.now += seconds - 0.1
    assert flights.join(["a"], ask) == [error]
    assert len(ask.calls) == 1
    clock.now += 0.2
    ask.error = None
    assert flights.join(["a"], ask) == ["a"]


@pytest.mark.parametrize(
    "error",
    [
        errors.NotADatabase("x"),
        errors.SettingError("x"),
        errors.PageSpent(),
        errors.OutOfMemory(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_wrong_on_this_machine_or_page_is_looked_at_anew_each_time(flights, error):
    ask = Asked(error)
    for _ in range(2):
        assert flights.join(["a"], ask, "d1") == [error]
    assert len(ask.calls) == 2


def test_what_a_page_may_no_longer_ask_is_told_to_no_other(flights):
    spent = errors.PageSpent()
    assert flights.join(["a"], Asked(spent), "d1") == [spent]
    assert flights.failure("a") is None
    assert flights.join(["a", "b"], Asked(), "d1") == ["a", "b"]


def test_who_says_try_again_is_not_told_what_is_remembered(flights):
    ask = Asked(errors.Unauthorized("x"))
    flights.join(["a"], ask)
    ask.error = None
    flights.forget()
    assert flights.join(["a"], ask) == ["a"]


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (errors.Unreachable("x"), 0),
        (errors.Unauthorized("x"), 0),
        (errors.LateAnswer("x"), 1),
        (errors.PageSpent(), 1),
        (errors.OutOfMemory(), 1),
        (errors.QueryError("x"), 1),
        (errors.BadAnswer("x"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_of_the_database_stands_for_every_question_to_it(flights, error, asked):
    flights.join(["a"], Asked(error), "d1")
    other, elsewhere = Asked(), Asked()
    flights.join(["b"], other, "d1")
    flights.join(["b"], elsewhere, "another")
    assert len(other.calls) == asked
    assert len(elsewhere.calls) == 1


def test_an_answer_that_lands_after_a_failure_of_the_database_does_not_end_it(flights, clock):
    kept, other = Asked(), Asked()
    kept.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(flights.join, ["a"], kept, "d1")
        kept.begun.wait()
        failure = errors.Unreachable("x")
        flights.join(["b"], Asked(failure), "d1")
        kept.gate.set()
        assert first.result() == ["a"]
    assert flights.join(["c"], other, "d1") == [failure]
    assert other.calls == []
    clock.now += A_MOMENT
    assert flights.join(["c"], other, "d1") == ["c"]


def test_a_page_waits_no_longer_than_it_may_and_what_comes_later_is_kept(flights, page):
    ask, kept = Asked(), []

    def ask_and_keep(keys):
        kept.extend(ask(keys))
        return keys

    ask.gate.clear()
    page(0.02)
    [late] = flights.join(["a"], ask_and_keep)
    assert "hasn't responded yet" in str(late)
    # The page asks nothing more; what is on its way stays on its way, and lands.
    [refused] = flights.join(["b"], ask_and_keep)
    assert isinstance(refused, errors.Unreachable)
    assert ask.calls == [["a"]]
    ask.gate.set()
    deadline.hold(Deadline())
    assert flights.join(["a"], ask_and_keep) == ["a"]
    assert "a" in kept


def test_what_is_asked_on_the_way_is_counted_as_the_pages_own(flights, page):
    page(30)
    flights.join(["a"], lambda keys: [deadline.now().calls.take() and key for key in keys])
    assert deadline.now().calls.left == deadline.CALLS - 1


def test_a_mistake_of_ours_is_an_answer_and_stands_in_the_log(flights, caplog):
    caplog.set_level(logging.ERROR)
    [found] = flights.join(["a"], Asked(ZeroDivisionError("ours")))
    assert isinstance(found, errors.DatabaseError)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("answers", [[], ["a", "b"]], ids=["none", "two"])
def test_one_question_with_another_number_of_answers_has_a_failure_and_can_be_asked_again(
    flights, page, caplog, answers
):
    page(5)
    [found] = flights.join(["a"], lambda _: answers)
    assert "See the log" in str(found)
    assert f"1 questions have {len(answers)} answers" in caplog.text
    flights.forget()
    assert flights.join(["a"], Asked()) == ["a"]


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
def test_a_question_that_could_not_set_out_has_a_failure_and_can_be_asked_again(
    flights, page, monkeypatch, error
):
    def start(_):
        raise error

    page(5)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        found = flights.join(["a", "b"], Asked())
        flights.behind(["a"], Asked())
    assert [str(one) for one in found] == ["The server is busy. Try again soon."] * 2
    assert flights.join(["a", "b"], Asked()) == ["a", "b"]


def test_behind_the_page_is_asked_what_is_neither_on_its_way_nor_has_just_failed(flights, clock):
    ask = Asked(errors.Unreachable("x"))
    flights.join(["a"], ask)
    assert str(flights.failure("a")) == "x"
    flights.behind(["a"], ask)
    assert len(ask.calls) == 1
    clock.now += A_MOMENT
    ask.error = None
    ask.begun.clear()
    flights.behind(["a"], ask)
    ask.begun.wait()
    assert flights.join(["a"], ask) == ["a"]
    assert flights.failure("a") is None


def test_a_failure_that_is_remembered_holds_nothing_of_what_was_at_work(flights):
    def ask(_keys):
        try:
            int("a large answer")
        except ValueError as broken:
            raise errors.BadAnswer("It can't be read.") from broken

    [failure] = flights.join(["a"], ask)
    assert failure is flights.failure("a")
    assert failure.__traceback__ is failure.__cause__ is failure.__context__ is None
