"""`alerts snooze`, `ack` and `resume` say who paused a finding, and until when."""

import pytest

from meaux.data import state
from meaux.data.state import Alerts, Held

KEY = "budget/meaux.toml/total//month/all"


@pytest.fixture
def path(tmp_path, environment):
    """A state file with one open finding."""
    path = tmp_path / "state.db"
    environment.setenv("MEAUX_STATE", str(path))
    with state.writing(path) as file, file.step():
        Alerts(file.connection).add(Held(0, KEY, "r", "Error", "All is gone.", "", "", True, 0, 0))
    return path


def pause(path):
    with state.reading(path) as file:
        return Alerts(file.connection).pauses().get(KEY)


def test_a_finding_is_snoozed_until_a_day_by_somebody(meaux, path):
    result = meaux("alerts", "snooze", KEY, "--until", "2026-12-01", "--who", "Anna")
    assert result.exit_code == 0
    assert result.stdout == "Snoozed until 1 Dec 2026: All is gone.\n"
    assert (pause(path).who, pause(path).kind, pause(path).until) == ("Anna", "snoozed", 1796083200)
    assert "snoozed by Anna until 1 Dec 2026, 00:00." in meaux("alerts", "list").stdout


def test_a_finding_is_acknowledged_and_resumed(meaux, path):
    assert meaux("alerts", "ack", KEY).stdout == "Acknowledged: All is gone.\n"
    assert pause(path).who
    assert meaux("alerts", "resume", KEY).stdout == "Resumed: All is gone.\n"
    assert pause(path) is None


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ack", KEY[:-1]), f"There is no open finding {KEY[:-1]}; did you mean {KEY}?"),
        (("ack", "zzz"), "`alerts list` lists the keys."),
        (("snooze", KEY, "--until", "soon"), "'soon' is not a date; write it as 2026-12-01."),
        (("snooze", KEY, "--until", "2026-11-22"), "22 Nov 2026 is not in the future."),
    ],
)
def test_a_mistake_is_one_sentence(meaux, arguments, said):
    result = meaux("alerts", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_before_the_first_delivery_there_is_nothing_to_pause(meaux, tmp_path):
    nowhere = tmp_path / "state.db"
    result = meaux("alerts", "ack", KEY, MEAUX_STATE=nowhere)
    assert result.exit_code == 2
    assert "run `python -m meaux alerts --deliver` first" in result.stderr
    assert meaux("alerts", "list").stdout == "Nothing was delivered yet.\n"
    assert not nowhere.exists()
