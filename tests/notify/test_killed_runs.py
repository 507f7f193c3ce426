"""A run that is killed between any two steps loses no message, and a repeat says that it is one."""

import os
import signal
from contextlib import contextmanager

import pytest
from telling import at, found

from meaux.data import state
from meaux.data.notifying import Notify
from meaux.data.settings import Secret
from meaux.notify import Destination, Round, deliver
from meaux.notify.deliver import by_apprise
from meaux.notify.messages import MAYBE
from meaux.notify.settling import Seen

KILLS = 200
DAYS = (
    [found("a"), found("b")],
    [found("a", "Critical"), found("b"), found("c")],
    [],
)
TOLD = {
    "New\n\nWarning: a is high.",
    "Warning: b is high.",
    "Worse\n\nCritical: a is high.",
    "Warning: c is high.",
    "Resolved: a is high.",
    "Resolved: b is high.",
    "Resolved: c is high.",
}
"""What has to arrive, whatever happens."""


def run(path, web, day, **how):
    """Deliver what is found on a day, by Apprise, to a web server."""
    chosen = [Destination(Notify("Ops", "ops"), Secret(web.url()))]
    with state.writing(path) as file:
        deliver(file, Round(chosen, at(f"2026-11-2{day} 08:00"), "UTC", **how), Seen(DAYS[day]))


@contextmanager
def killed_at(monkeypatch, step):
    """Kill this process before the n-th statement, counted over all runs."""
    opened, count = state.file._connected, [0]

    def traced(_statement):
        count[0] += 1
        if count[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def connected(path):
        connection = opened(path)
        connection.set_trace_callback(traced)
        return connection

    monkeypatch.setattr(state.file, "_connected", connected)
    yield


def ends_at(path, web, monkeypatch, step):
    """Run day after day in a process of its own that is killed; return the day that it reached."""
    child = os.fork()
    if not child:
        reached = path.with_name("reached")
        try:
            with killed_at(monkeypatch, step):
                for day in range(len(DAYS)):
                    reached.write_text(str(day))
                    run(path, web, day)
            reached.write_text(str(len(DAYS)))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return int(path.with_name("reached").read_text())


def assert_nothing_is_lost(path, web, monkeypatch, step):
    day = ends_at(path, web, monkeypatch, step)
    for rest in range(day, len(DAYS)):
        run(path, web, rest)
    everything = "\n".join(web.texts)
    assert not {words for words in TOLD if words not in everything}
    before = set()
    for text in web.texts:
        if text in before or any(text.replace(f"{MAYBE}\n\n", "") == one for one in before):
            assert MAYBE in text
        before.add(text)
    with state.reading(path) as file:
        assert not [one for one in state.Alerts(file.connection).deliveries() if one.waits]
    return day


@pytest.mark.parametrize("step", [3, 9, 17, 23, 31, 38, 44, 52, 61, 75, 90])
def test_a_run_that_is_killed_loses_no_message(tmp_path, web, monkeypatch, step):
    assert assert_nothing_is_lost(tmp_path / "state.db", web, monkeypatch, step) < len(DAYS)


def test_a_run_that_is_killed_right_after_the_message_says_so_in_the_next(tmp_path, web):
    path = tmp_path / "state.db"

    def send_and_die(address, message):
        by_apprise(address, message)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        run(path, web, 0, send=send_and_die)
    os.waitpid(child, 0)
    run(path, web, 0)
    run(path, web, 0)
    first, second = web.texts
    title, _, body = first.partition("\n")
    assert second == f"{title}\n{MAYBE}\n\n{body}"


@pytest.mark.soak
def test_killed_two_hundred_times_nothing_is_lost(tmp_path, web, monkeypatch):
    reached = []
    for step in range(1, KILLS + 1):
        path = tmp_path / f"{step}" / "state.db"
        path.parent.mkdir()
        web.messages.clear()
        reached.append(assert_nothing_is_lost(path, web, monkeypatch, step))
    assert set(reached) >= {0, 1, 2}
