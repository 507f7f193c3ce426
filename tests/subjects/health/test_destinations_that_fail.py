"""Health names the destinations of alerts that fail, as long as they are declared."""

from datetime import UTC, datetime

import pytest

from meaux.data import state
from meaux.data.notifying import Notify
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.data.state import Alerts, Health
from meaux.subjects.health.deliveries import failing

PLAN = Plan(notify=(Notify("Ops", "ops"), Notify("Boss", "boss")))
SINCE = int(datetime(2026, 11, 22, 3, 10, tzinfo=UTC).timestamp())


@pytest.fixture
def given(tmp_path):
    return Settings(state_file=str(tmp_path / "state.db"), timezone="Europe/Paris")


def write(given):
    with state.writing(state.path_of(given)) as file, file.step():
        Alerts(file.connection).put_destination(
            Health("1", "Ops", 3, SINCE, SINCE + 1_200, "timed out")
        )
        Alerts(file.connection).put_destination(Health("2", "Boss"))
        Alerts(file.connection).put_destination(Health("3", "Old", 1, SINCE, SINCE, "timed out"))


def test_a_destination_that_fails_is_named_with_since_when_and_why(given):
    write(given)
    [said] = failing(given, PLAN)
    assert said == (
        "Ops has failed since 22 Nov 2026, 04:10 (timed out; 3 tries). "
        "The next try is after 22 Nov 2026, 04:30."
    )


def test_without_a_state_file_or_anybody_to_tell_there_is_nothing_to_say(given):
    assert failing(given, PLAN) == []
    assert not state.path_of(given).exists()
    write(given)
    assert failing(given, Plan()) == []


def test_a_state_file_that_cannot_be_used_is_named(given):
    state.path_of(given).write_text("no database" * 100)
    assert failing(given, PLAN)[0].startswith("state.db can't be used")
