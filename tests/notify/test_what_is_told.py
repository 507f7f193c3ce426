"""A finding is told when it opens, once a day while it lasts, when it worsens and when it ends."""

import pytest
from telling import at, found

from meaux.data import state
from meaux.data.state import Alerts, Pause
from meaux.notify.directory import Directory

RATE, BUDGET = found(), found("budget/ai")


def kinds(sent):
    return [kind for _, kind, _, _ in sent]


def test_a_finding_is_told_once_and_not_again_on_the_same_day(desk):
    assert desk.run("2026-11-22 08:00", RATE) == [("Ops", "opened", "Warning", "error rate")]
    for hour in (9, 16, 23):
        assert desk.run(f"2026-11-22 {hour:02}:00", RATE) == []


def test_while_it_lasts_it_is_told_once_a_day_also_by_a_clock_that_is_early(desk):
    desk.run("2026-11-22 08:00", RATE)
    assert desk.run("2026-11-23 07:40", RATE) == []
    assert kinds(desk.run("2026-11-23 07:59", RATE)) == ["repeated"]
    assert desk.run("2026-11-23 20:00", RATE) == []
    assert kinds(desk.run("2026-11-24 08:01", RATE)) == ["repeated"]


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 6), (2, 3), (7, 0)])
def test_how_often_it_is_told_again_is_a_setting(desk, days, count):
    desk.only(repeat_days=days)
    sent = [desk.run(f"2026-11-{day} 08:00", RATE) for day in range(20, 27)]
    assert sum(map(len, sent)) == 1 + count


def test_it_is_told_at_once_when_it_gets_worse_and_not_when_it_eases(desk):
    desk.run("2026-11-22 08:00", RATE)
    worse = found(severity="Critical")
    assert desk.run("2026-11-22 09:00", worse) == [("Ops", "worse", "Critical", "error rate")]
    assert desk.run("2026-11-22 10:00", RATE) == []
    assert desk.run("2026-11-22 11:00", worse) == []
    assert kinds(desk.run("2026-11-23 08:00", RATE)) == ["repeated"]


def test_its_end_is_told_once_and_then_it_may_open_again(desk):
    desk.run("2026-11-22 08:00", RATE, BUDGET)
    assert kinds(desk.run("2026-11-22 09:00", BUDGET)) == ["resolved"]
    assert desk.run("2026-11-22 10:00", BUDGET) == []
    assert kinds(desk.run("2026-11-22 19:00", BUDGET, RATE)) == ["opened"]


def test_an_alert_at_its_limit_is_not_told_in_each_run(desk):
    assert kinds(desk.run("2026-11-22 08:00", RATE)) == ["opened"]
    assert kinds(desk.run("2026-11-22 09:00")) == ["resolved"]
    for hour in (10, 12, 14):
        assert desk.run(f"2026-11-22 {hour}:00", RATE) == []
        assert desk.run(f"2026-11-22 {hour}:30") == []
    assert desk.run("2026-11-22 14:45", RATE) == []
    assert kinds(desk.run("2026-11-22 15:00", RATE)) == ["opened"]
    assert kinds(desk.run("2026-11-22 16:00")) == ["resolved"]
    assert kinds(desk.run("2026-11-22 17:00", found(severity="Critical"))) == ["opened"]


def test_an_end_is_not_told_where_nobody_wants_to_know(desk):
    desk.only(resolved=False)
    desk.run("2026-11-22 08:00", RATE)
    assert desk.run("2026-11-22 09:00") == []


def test_an_event_is_told_once_and_has_no_end(desk):
    event = found("unusual day/2026-11-20", lasting=False)
    assert kinds(desk.run("2026-11-22 08:00", event)) == ["opened"]
    assert desk.run("2026-11-23 08:00", event) == []
    assert desk.run("2026-11-24 08:00") == []


def test_what_cannot_be_checked_has_not_ended(desk):
    desk.run("2026-11-22 08:00", RATE, BUDGET)
    unknown = desk.run("2026-11-22 09:00", unchecked=lambda key: key == "error rate")
    assert unknown == [("Ops", "resolved", "Warning", "budget/ai")]
    assert kinds(desk.run("2026-11-22 10:00")) == ["resolved"]


def test_what_is_not_checked_for_a_month_is_forgotten_without_a_word(desk):
    desk.run("2026-10-01 08:00", RATE)
    assert desk.run("2026-11-02 08:00", unchecked=lambda _: True) == []
    assert kinds(desk.run("2026-11-02 20:00", RATE)) == ["opened"]


def test_of_two_states_of_one_budget_the_more_severe_is_told(desk):
    over = found("budget/ai", "Critical")
    assert desk.run("2026-11-22 08:00", BUDGET, over) == [
        ("Ops", "opened", "Critical", "budget/ai")
    ]


def test_what_ended_before_it_could_be_told_is_told_to_nobody(desk):
    desk.says = {"Ops": "connection refused"}
    desk.run("2026-11-22 08:00", RATE)
    desk.says = {}
    assert desk.run("2026-11-22 09:00") == []


def test_ten_thousand_findings_are_one_message(desk):
    many = [found(f"budget/{number}") for number in range(10_000)]
    assert len(desk.run("2026-11-22 08:00", *many)) == 10_000
    [message] = desk.messages
    assert message.title == "10,000 alerts: 10000 warning"
    for into in ("text", "markdown", "html"):
        assert "And 9,980 more alerts." in message.body(into)
        assert len(message.body(into)) < 5_000
    assert desk.run("2026-11-22 09:00", *many) == []


WANTED = {
    "severity": ({"severity": "Error"}, False),
    "another rule": ({"rules": ("budget over",)}, False),
    "its rule in another case": ({"rules": ("Error Rate",)}, True),
    "another team": ({"teams": ("Sales",)}, False),
    "the team of its project by name": ({"teams": ("platform",)}, True),
    "its project by name": ({"projects": ("Apollo",)}, True),
    "its project by ID": ({"projects": ("prj_1",)}, True),
    "another project": ({"projects": ("prj_2",)}, False),
}


@pytest.mark.parametrize(("keys", "is_told"), WANTED.values(), ids=WANTED)
def test_a_destination_gets_what_its_entry_selects(desk, keys, is_told):
    known = Directory.of(
        [("prj_1", "Apollo"), ("team_1", "Platform"), ("prj_2", "Zeus")], [("prj_1", "team_1")]
    )
    desk.only(**keys)
    about = found(projects=("prj_1",))
    assert bool(desk.run("2026-11-22 08:00", about, directory=known)) is is_told
    assert [one.reason != "" for one in desk.last.unwanted] == [True] * (not is_told)


def test_an_alert_about_the_company_is_not_one_about_a_team(desk):
    desk.only(teams=("Platform",))
    assert desk.run("2026-11-22 08:00", RATE) == []
    assert desk.last.unwanted[0].reason == "it is not about its teams or projects"


def test_a_destination_that_fails_keeps_no_other_waiting(two):
    two.says = {"Ops": "timed out, maybe"}
    assert two.run("2026-11-22 08:00", RATE) == [("Boss", "opened", "Warning", "error rate")]
    two.says = {}
    assert two.run("2026-11-22 08:05", RATE) == [("Ops", "opened", "Warning", "error rate")]
    assert "May have been sent before." in two.messages[-1].body("text")


def test_a_destination_is_tried_again_after_growing_pauses(desk):
    desk.says = {"Ops": "connection refused"}
    start, tried = at("2026-11-22 08:00"), []
    for minute in range(0, 24 * 60, 10):
        desk.run(start + 60 * minute, RATE)
        if desk.last.outcomes[0].health.tries > len(tried):
            tried.append(minute)
    assert tried == [0, 10, 20, 40, 80, 160, 320, 640, 1000, 1360]
    desk.says = {}
    assert desk.run(start + 86_400 * 2, RATE)
    assert "before" not in desk.messages[-1].body("text")
    assert desk.last.outcomes[0].health.failing_since is None


def test_a_snoozed_finding_is_told_to_nobody_until_then(desk):
    until = at("2026-11-24 12:00")
    desk.run("2026-11-22 08:00", BUDGET)
    with state.reading(desk.path) as file, file.step():
        for key in ("error rate", "budget/ai"):
            Alerts(file.connection).pause(Pause(key, "snoozed", "Anna", 0, until))
    for day in (22, 23, 24):
        assert desk.run(f"2026-11-{day} 09:00", RATE, BUDGET) == []
    assert desk.last.unwanted[0].reason == "Anna snoozed it until 24 Nov 2026, 12:00"
    assert sorted(kinds(desk.run("2026-11-24 12:01", RATE, BUDGET))) == ["opened", "repeated"]


def test_an_acknowledged_finding_is_not_repeated_but_told_when_it_gets_worse_or_ends(desk):
    desk.run("2026-11-22 08:00", RATE)
    with state.reading(desk.path) as file, file.step():
        Alerts(file.connection).pause(Pause("error rate", "acknowledged", "Anna", 0))
    assert desk.run("2026-11-23 09:00", RATE) == []
    assert kinds(desk.run("2026-11-23 10:00", found(severity="Error"))) == ["worse"]
    assert kinds(desk.run("2026-11-24 09:00")) == ["resolved"]
    assert kinds(desk.run("2026-11-24 16:00", RATE)) == ["opened"]
    assert kinds(desk.run("2026-11-25 16:00", RATE)) == ["repeated"]
