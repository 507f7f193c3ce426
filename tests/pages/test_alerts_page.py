"""The page Alerts: what was delivered, pauses with who and until when, and rules to try."""

import pytest

from meaux.data import state
from meaux.data.state import Alerts, Delivery, Health, Held
from meaux.ui import pages

ALERTS = pages.find("Alerts")
KEY = "error rate"
RULE = """
[[alerts]]
name = "Busy"
metric = "hours"
above = 0
"""
CHANGES = """
[[alerts]]
name = "AI"
metric = "model_cost"
each = "project"
over = "7d"
rises_by = 0.5
"""


@pytest.fixture
def path(world, tmp_path):
    """A state file with an open finding that Ops was told of, and an ended one."""
    path = tmp_path / "state.db"
    world.setenv("MEAUX_STATE", str(path))
    with state.writing(path) as file, file.step():
        alerts = Alerts(file.connection)
        one = Held(0, KEY, KEY, "Error", "Many fail.", "", "", True, 1_795_000_000, 0)
        open_ = alerts.add(one)
        ended = alerts.add(Held(0, "old", "stale data", "Warning", "Old.", "", "", True, 0, 0))
        alerts.change(Held(ended, "old", "stale data", "Warning", "Old.", "", "", True, 0, 0, 9))
        alerts.put([Delivery(open_, "x", "sent", "opened", 0, sent=5, first_sent=5, told="Error")])
        alerts.put_destination(Health("x", "Ops"))
    return path


def pauses(path):
    with state.reading(path) as file:
        return Alerts(file.connection).pauses()


def test_without_a_delivery_the_page_says_how(open_page, world, tmp_path):
    world.setenv("MEAUX_STATE", str(tmp_path / "none.db"))
    page = open_page(page=ALERTS)
    assert page.exceptions == []
    assert "No alert was sent to anybody yet" in page.words


def test_open_and_ended_alerts_are_listed_with_who_was_told(open_page, path):
    assert path.exists()
    page = open_page(page=ALERTS)
    assert page.exceptions == []
    frame = page.sheets["Delivered alerts"]
    assert frame["state"].tolist() == ["Open", "Ended"]
    assert frame["told"].tolist() == ["Ops", ""]


@pytest.mark.usefixtures("path")
def test_the_course_of_alerts_shows_when_they_opened_were_told_and_ended(open_page):
    page = open_page(page=ALERTS)
    assert page.exceptions == []
    frame = page.sheets["Alert history"]
    assert frame["lane"].tolist() == ["Opened", "Opened", "Told", "Ended"]
    assert frame["title"].tolist() == ["Many fail.", "Old.", "Ops: Many fail.", "Old."]
    assert "Opened" in page.card("Alert history").description


def test_an_alert_is_snoozed_acknowledged_and_resumed(open_page, path):
    page = open_page(page=ALERTS)
    page.press("Acknowledge")
    assert pauses(path)[KEY].kind == "acknowledged"
    page.press("Snooze")
    snoozed = pauses(path)[KEY]
    assert (snoozed.kind, snoozed.who) == ("snoozed", "Somebody on the dashboard")
    assert snoozed.until == 1_795_910_400
    page.press("Resume")
    assert pauses(path) == {}


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("rule", [RULE, CHANGES, f"{RULE}on = false\n"])
def test_a_rule_is_tried_on_the_past(open_page, declare, rule):
    declare(rule)
    page = open_page(page=ALERTS).press("Try on the past 90 days")
    assert page.exceptions == []
    assert "It would have fired" in page.words


def test_all_open_alerts_are_visible_at_once(open_page):
    assert "more alert" in open_page().words
    assert "more alert" not in open_page(page=ALERTS).words
