"""Email: sent, delivered, opened and so on, each message once, worked out again by plain means."""

from collections import defaultdict
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.query.filters import Period
from meaux.subjects.behind import BEHIND
from meaux.subjects.email import figures
from meaux.subjects.email import frames as mail
from meaux.subjects.email.frames import STATES
from meaux.subjects.email.metrics import (
    BOUNCE_RATE,
    CLICK_RATE,
    DELIVERY_RATE,
    MAIL_SENT,
    OPEN_RATE,
)

EVENTS = "message_id, event_type, created_at"
DAYS = "date, sent, delivered, opened, clicked, bounced, complained"
QUEUE = "status, queued_at, sent_at"
DAY = "2026-11-20"
SENT_AND_RATES = (figures.mail_sent, *figures.mail_rates)


@pytest.fixture(scope="module")
def happened(open_script, table):
    """A database of events, each given as message, type and perhaps the moment."""

    def happened(*events, more=""):
        rows = [(*event, f"{DAY}T09:00:00Z")[:3] for event in events]
        return open_script(table("email_events", EVENTS, *rows) + more)

    return happened


@pytest.fixture(scope="module")
def numbers(met):
    """Sent and the rates, by the name of their metric."""

    def numbers(selection, *source):
        found = [met(figure, selection, *source) for figure in SENT_AND_RATES]
        return {figure.metric.name: figure.value for figure in found}

    return numbers


@pytest.fixture(scope="module")
def told(met):
    """What was reported, what the events tell of each day, and what they tell of them all."""

    def told(selection, *source):
        needs = (mail.Reported, mail.Counted, mail.Distinct)
        return tuple(met(need, selection, *source) for need in needs)

    return told


@pytest.mark.parametrize("rows", [1, 50])
def test_without_reports_the_rows_are_the_messages_that_events_tell_of(
    happened, numbers, behind, select, rows
):
    source = happened(
        *(("a", "sent"), ("a", "delivered"), ("a", "opened", "2026-11-22T08:00:00Z")),
        *(("b", "sent"), ("b", "bounced"), ("b", "delivered"), ("c", "sent"), ("c", "bounced")),
        *(("c", "sent"), ("d", "sent", "2026-01-01T00:00:00Z"), ("d", "delivered")),
    )
    over, found = select("7d"), {}
    for metric in (MAIL_SENT, *figures.RATES):
        amounts = []
        for of in [[("side", name)] for name in BEHIND[metric.name].sides] or [[]]:
            pages, total, _ = behind(metric, *of, over=over, source=source, rows=rows)
            assert total.lines == (total.amount or 0) == len(pd.concat(pages))
            amounts.append(total.lines)
        found[metric.name] = amounts[0] / (amounts[1] if len(amounts) > 1 else 1)
    assert found == numbers(over, source)


@pytest.mark.parametrize("period", ["7d", "30d", "all"])
def test_the_rates_are_those_of_the_reported_days(numbers, select, demo_rows, period):
    selection = select(period)
    [(sent, delivered, opened, clicked, bounced)] = demo_rows(
        "SELECT sum(sent), sum(delivered), sum(opened), sum(clicked), sum(bounced)"
        " FROM email_analytics WHERE date >= ? AND date < ?",
        str(selection.period.start),
        str(selection.period.end),
    )
    assert numbers(selection) == {
        "sent": sent,
        "delivery_rate": delivered / sent,
        "bounce_rate": bounced / sent,
        "open_rate": opened / delivered,
        "click_rate": clicked / delivered,
    }


def test_the_rates_are_compared_with_the_period_before(met, select, demo_rows):
    selection = select("30d")
    delivery = met(figures.mail_rates[0], selection)
    assert delivery.versus == f"vs {selection.compared}"
    for side, days in (("before", selection.compared), ("compared", selection.comparable)):
        [(sent, delivered)] = demo_rows(
            "SELECT sum(sent), sum(delivered) FROM email_analytics WHERE date >= ? AND date < ?",
            str(days.start),
            str(days.end),
        )
        assert getattr(met(figures.mail_sent, selection), side) == sent
        assert getattr(delivery, side) == delivered / sent


def by_hand(demo_rows, period):
    """The messages of each state, by Python's sets."""
    found = defaultdict(set)
    for message, kind, at in demo_rows(
        "SELECT message_id, event_type, created_at FROM email_events"
    ):
        if date.fromisoformat(at[:10]) in period:
            found[kind.capitalize()].add(message)
    return {state: len(messages) for state, messages in found.items()}


@pytest.mark.parametrize("period", ["7d", "30d", "all"])
def test_the_events_tell_distinct_messages(told, met, select, demo_rows, period):
    selection = select(period)
    distinct = met(mail.Distinct, selection).frame
    counted = dict(distinct[["state", "messages"]].itertuples(index=False))
    found = {state: count for state, count in counted.items() if count}
    assert found == by_hand(demo_rows, selection.period)
    table = mail.compared(*told(selection)).frame
    assert table["state"].tolist() == list(STATES)
    distinct = dict(table[["state", "distinct_messages"]].itertuples(index=False))
    assert distinct == {state: found.get(state, 0) for state in STATES}


def test_what_the_demo_reports_is_what_its_events_tell(told):
    answers = told("all")
    assert (mail.compared(*answers).frame["message_difference"] == 0).all()
    assert mail.disagreement(*answers) == "email_analytics and email_events agree."


HAPPENED = [
    ("a", "email.sent"), ("a", "Delivered"), ("a", "opened"), ("a", "open"), ("a", "OPENED"),
    ("a", "clicked"), ("a", "click"), ("b", "sent"), ("b", "delivered"), ("c", "sent"),
    ("c", "bounce"), ("d", "sent"), ("d", "opened"), ("e", "sent"), ("e", "something else"),
    (None, "sent"),
]  # fmt: skip


def test_a_message_counts_once_for_each_thing_in_whatever_words(numbers, happened):
    """Nothing tells that `d`, which was opened, was delivered; a row without a message is none."""
    source = happened(*HAPPENED)
    assert numbers("7d", source) == {
        "sent": 5,
        "delivery_rate": 2 / 5,
        "bounce_rate": 1 / 5,
        "open_rate": 1 / 2,
        "click_rate": 1 / 2,
    }


def test_a_message_opened_on_two_days_is_one_opened_message_of_the_period(
    numbers, met, select, happened
):
    opens = [("a", "opened", f"2026-11-{day}T09:00:00Z") for day in (19, 20, 20)]
    source = happened(("a", "sent"), ("a", "delivered"), *opens)
    assert numbers("7d", source)["open_rate"] == 1
    over = mail.over_time(met(mail.Counted, "7d", source), select("7d")).frame
    assert over[over["state"] == "Opened"]["messages"].sum() == 2


def test_a_message_that_bounced_and_was_delivered_at_any_time_since_is_no_bounce(
    numbers, met, select, happened
):
    source = happened(
        ("a", "sent"),
        ("a", "bounced"),
        ("a", "delivered", "2026-11-21T09:00:00Z"),
        ("b", "sent"),
        ("b", "bounced"),
    )
    selection = select(Period(date(2026, 11, 20), date(2026, 11, 21)))
    assert numbers(selection, source)["bounce_rate"] == 1 / 2
    bounced = met(mail.Distinct, selection, source).frame.set_index("state").loc["Bounced"]
    assert (bounced["messages"], bounced["comparable_messages"]) == (1, 1)


def test_an_event_belongs_to_the_local_day(met, select, happened):
    late = ("a", "sent", f"{DAY}T23:30:00Z")
    there = met(mail.Counted, select("7d", zone="Asia/Kolkata"), happened(late)).frame
    assert there["day"].tolist() == [pd.Timestamp("2026-11-21")]


def test_a_state_that_must_have_been_is_unknown_and_not_zero_where_nothing_tells_it(met, happened):
    source = happened(("a", "delivered"), ("a", "opened"), ("b", "bounced"))
    found = [met(figure, "7d", source) for figure in SENT_AND_RATES]
    assert [figure.value for figure in found] == [None, None, None, 1, 0]
    assert found[0].note == "Sent messages aren't recorded."
    assert found[1].note == "No sent messages recorded."


@pytest.fixture
def both(happened, table):
    """Reports of some days beside the events of others."""

    def both(*days, events=HAPPENED):
        return happened(*events, more=table("email_analytics", DAYS, *days))

    return both


def test_reported_days_come_first_and_a_number_that_is_missing_stays_unknown(numbers, met, both):
    source = both((DAY, 10, 8, None, 2, 1, 0), ("2026-11-19", 10, 9, 3, None, None, None))
    found = numbers("7d", source)
    assert found["sent"] == 20
    assert found["delivery_rate"] == 17 / 20
    # Rates are of the days that know both of their numbers.
    assert found["open_rate"] == 3 / 9
    assert found["bounce_rate"] == 1 / 10
    assert mail.origin(met(mail.InAll, "7d", source)) == "Source: email_analytics."


def test_it_is_said_where_reports_and_events_disagree(told, both):
    source = both((DAY, 5, 2, 1, 1, 1, 0))
    answers = told("7d", source)
    assert mail.disagreement(*answers) == (
        "email_analytics and email_events differ (events − reported): opened +1."
    )


def test_days_that_only_the_events_tell_of_are_counted(told, both):
    events = [("a", "sent"), ("b", "sent", "2026-11-21T09:00:00Z")]
    source = both((DAY, 1, 0, 0, 0, 0, 0), events=events)
    answers = told("7d", source)
    assert mail.disagreement(*answers) == (
        "email_analytics and email_events agree. email_analytics has no row for 1 day with events."
    )


def test_nothing_is_compared_where_one_of_the_tables_is_missing(told, met, happened, open_script):
    source = happened(("a", "sent"))
    answers = told("7d", source)
    assert mail.compared(*answers).state == "unavailable"
    assert mail.disagreement(*answers) == ""
    empty = open_script("CREATE TABLE other (x);")
    found = [met(figure, "7d", empty) for figure in SENT_AND_RATES]
    assert [figure.value for figure in found] == [None] * 5
    assert {figure.note for figure in found} == {"Needs the table email_analytics."}


def test_trends_have_every_day_and_add_up(met, select):
    over = mail.over_time(met(mail.Reported, "30d"), select("30d")).frame
    assert over["day"].nunique() == 31
    reported = met(mail.Reported, "30d").frame
    for state in STATES:
        assert over[over["state"] == state]["messages"].sum() == reported[state.lower()].sum()
    assert sum(met(figures.mail_sent, "30d").trend) == reported["sent"].sum()


@given(days=st.lists(st.tuples(*[st.none() | st.integers(0, 50)] * 2), min_size=1, max_size=8))
def test_a_rate_is_a_ratio_of_sums_over_the_days_that_know_both(days):
    counts = pd.DataFrame(days, columns=["Opened", "Delivered"], dtype="float64")
    known = [(opened, whole) for opened, whole in days if opened is not None and whole is not None]
    base = sum(whole for _, whole in known)
    opened = sum(opened for opened, _ in known)
    expected = opened / base if base and opened <= base else None
    assert mail.rate(counts, "Opened", "Delivered") == (
        None if expected is None else pytest.approx(expected)
    )


def test_every_rate_names_its_two_numbers(met):
    notes = [met(figure, "30d").note for figure in figures.mail_rates]
    wholes = {
        DELIVERY_RATE: ("sent", "÷ sent messages"),
        BOUNCE_RATE: ("sent", "÷ sent messages"),
        OPEN_RATE: ("delivered", "Share of messages delivered"),
        CLICK_RATE: ("delivered", "Of the messages delivered"),
    }
    for note, (metric, (whole, defined)) in zip(notes, wholes.items(), strict=True):
        again = metric in {OPEN_RATE, CLICK_RATE}
        assert f" {whole}." in note, metric.name
        assert ("on several days counts once on each" in note) == again, metric.name
        assert defined in metric.definition


# The log of the mail service


@pytest.mark.parametrize("choice", [{}, {"projects": ("prj_cafe_etoile",)}])
def test_messages_by_template_are_those_of_the_log(met, select, demo_rows, choice):
    only = "project_id = 'prj_cafe_etoile'" if choice else "1"
    expected = demo_rows(
        "SELECT template, status, count(*) FROM resend_log WHERE"
        f" {only} AND date(created_at, 'unixepoch') >= '2026-10-23' GROUP BY 1, 2"
    )
    found = mail.by_template(met(mail.ByTemplate, select("30d", **choice))).frame
    shown = {(row.template, row.state.lower(), row.messages) for row in found.itertuples()}
    assert shown == set(expected)


def test_the_largest_templates_stand_first_and_the_rest_in_one(open_script, table, met):
    at = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp())
    names = [f"t{n}" for n in range(14) for _ in range(20 - n)]
    rows = [(name, "delivered", at) for name in [*names, None]]
    source = open_script(table("resend_log", "template, status, created_at", *rows))
    found = mail.by_template(met(mail.ByTemplate, "7d", source)).frame
    assert found["template"].tolist() == [*(f"t{n}" for n in range(10)), "Other templates"]
    assert found["messages"].sum() == len(rows)


def test_the_latest_failures_are_the_newest_bounces(met, demo_rows):
    found = met(mail.Failures, "all").frame
    newest = demo_rows(
        "SELECT created_at, template, recipient, error FROM resend_log WHERE status = 'bounced'"
        " ORDER BY created_at DESC LIMIT 20"
    )
    assert [
        (int(row.at.timestamp()), row.template, row.recipient, row.error)
        for row in found.itertuples()
    ] == newest
    assert set(found["state"]) == {"Bounced"}


def test_an_error_of_a_message_that_was_delivered_is_no_failure(open_script, table, met):
    at = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp())
    rows = [
        ("delivered", "first try failed", at),
        ("FAILED", None, at - 1),
        ("complained", None, at - 2),
        ("mystery", "550", at - 3),
        ("mystery", None, at - 4),
        (None, "421", at - 5),
    ]
    source = open_script(table("resend_log", "status, error, created_at", *rows))
    found = met(mail.Failures, "7d", source).frame
    assert found["state"].tolist() == ["Failed", "Complained", "Other", "Other"]


# The queue

WAITING = [
    ("queued", None),
    ("PENDING", None),
    ("scheduled", None),
    ("mystery", None),
    (None, None),
]
GONE = [
    ("sent", None),
    ("delivered", None),
    ("queued", f"{DAY} 10:00:00"),
    (None, f"{DAY} 10:00:00"),
]


@pytest.fixture
def backlog(open_script, table, met, select):
    """The backlog of a queue of messages, each given as status and time of sending."""

    def backlog(*messages, queued=f"{DAY} 09:00:00", columns=QUEUE):
        rows = [(status, queued, sent) for status, sent in messages]
        source = open_script(table("resend_queue", columns, *rows))
        return met(figures.queue_backlog, select(), source)

    return backlog


@pytest.mark.parametrize("message", WAITING)
def test_a_message_waits_that_is(backlog, message):
    assert backlog(message).value == 1


@pytest.mark.parametrize("message", [*GONE, ("failed", None), ("cancelled", None)])
def test_a_message_does_not_wait_that_is(backlog, message):
    assert backlog(message).value == 0


def test_the_backlog_of_the_demo_is_what_is_queued_or_pending(met, demo_rows):
    [(waiting, oldest)] = demo_rows(
        "SELECT count(*), min(unixepoch(queued_at)) FROM resend_queue"
        " WHERE sent_at IS NULL AND status IN ('queued', 'pending')"
    )
    answer = met(mail.Queue, "7d")
    figure = met(figures.queue_backlog, "7d")
    assert figure.value == waiting
    hours = (answer.fetched.at.timestamp() - oldest) / 3600
    words = f"{hours:,.1f} h" if hours < 48 else f"{hours / 24:,.1f} d"
    assert figure.note.startswith(f"Oldest: waiting for {words}.")


def test_what_failed_is_said_beside_the_backlog(backlog):
    figure = backlog(("queued", None), ("failed", None), ("bounced", None))
    assert figure.value == 1
    assert figure.note.endswith(" 2 failed.")


def test_a_message_of_the_future_has_not_waited(backlog):
    figure = backlog(("queued", None), queued="2099-01-01 00:00:00")
    assert figure.note == "Oldest: waiting for 0 ms."


def test_an_empty_queue_is_no_backlog_and_a_missing_one_is_unknown(
    backlog, met, select, open_script
):
    assert backlog().value == 0
    missing = met(figures.queue_backlog, select(), open_script("CREATE TABLE other (x);"))
    assert missing.value is None
    assert missing.note == "Needs the table resend_queue."


def test_an_empty_period_sent_nothing_and_has_no_rate(numbers, select):
    empty = Period(date(2003, 3, 1), date(2003, 3, 8))
    found = numbers(select(empty))
    assert found == {
        "sent": 0,
        "delivery_rate": None,
        "bounce_rate": None,
        "open_rate": None,
        "click_rate": None,
    }
