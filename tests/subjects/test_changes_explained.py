"""A change explained: every split of it adds up to the change that the figure shows."""

from datetime import date

import pandas as pd
import pytest
from messy import MESSY

from meaux.query.answers import ask
from meaux.query.filters import Period
from meaux.subjects import changes
from meaux.subjects.behind import BEHIND
from meaux.subjects.change_sentence import sentence
from meaux.subjects.changes import EXPLAINED, RECORDED
from meaux.subjects.email.metrics import MAIL_SENT
from meaux.subjects.events.metrics import EVENTS
from meaux.subjects.figure import NumberCard
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money import rankings
from meaux.subjects.money.metrics import COST
from meaux.subjects.page import all_pages, parts
from meaux.subjects.people.metrics import ACTIVE_USERS
from meaux.subjects.rows import Opening
from meaux.subjects.workflows.metrics import RUN_COST

FIGURES = {
    part.metric.name: part
    for page in all_pages()
    for part in parts(page.items)
    if isinstance(part, NumberCard) and part.metric.name in {*BEHIND, *EXPLAINED}
}
SELECTIONS = {
    "30 days": {},
    "month, by year": {"period": "last-month", "compare": "year"},
    "months": {"period": "qtd"},
    "week": {"period": "7d", "compare": "month", "zone": "America/New_York"},
    "project": {"projects": ("prj_beignet_bot",)},
    "category": {"categories": ("AI",), "services": ("gpt-4o",)},
    "team": {"only": ("team_lab",)},
}
UNEXPLAINED = {
    *("bytes", "objects"),  # levels
    *("billable_ratio", "error_rate", "success_rate", "effective_rate", "cost_per_1k"),
    *("delivery_rate", "bounce_rate", "open_rate", "click_rate", "utilisation"),
}
"""The compared figures whose change isn't explained: levels and ratios."""
every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
CASES = [*[("demo", name) for name in SELECTIONS], ("messy", "30 days"), ("later", "30 days")]

TWO_PERIODS = """
CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, team_id TEXT);
INSERT INTO projects VALUES ('a', 'Atlas', NULL), ('b', 'Bayou', NULL);
CREATE TABLE time_entries (
    id TEXT PRIMARY KEY, project_id TEXT, user_id TEXT, started_at TEXT, seconds REAL,
    cost_usd REAL
);
INSERT INTO time_entries VALUES
    ('0', 'b', 'mei', '2026-09-01T09:00:00Z', 3600, 1),
    ('1', 'a', 'mei', '2026-10-05T09:00:00Z', 3600, 100),
    ('2', 'b', 'mei', '2026-10-06T09:00:00Z', 3600, 50),
    ('3', 'a', 'zoe', '2026-11-05T09:00:00Z', 3600, 400),
    ('4', 'b', 'mei', '2026-11-06T09:00:00Z', 3600, 30),
    ('5', NULL, 'mei', '2026-11-07T09:00:00Z', 3600, 10),
    ('6', 'a', 'mei', '2026-11-08T09:00:00Z', 3600, NULL),
    ('7', 'a', 'mei', '2026-11-22T09:00:00Z', 3600, 999);
"""

TOLD_BY_EVENTS_AND_RUNS = """
CREATE TABLE email_events (
    id INTEGER PRIMARY KEY, message_id TEXT, event_type TEXT, created_at TEXT
);
INSERT INTO email_events (message_id, event_type, created_at) VALUES
    ('z', 'sent', '2026-09-01T09:00:00Z'), ('a', 'sent', '2026-10-05T09:00:00Z'),
    ('b', 'sent', '2026-11-05T09:00:00Z'), ('c', 'sent', '2026-11-06T09:00:00Z'),
    ('d', 'sent', '2026-11-06T09:00:00Z'), ('b', 'sent', '2026-11-05T08:00:00Z'),
    ('e', 'sent', '2026-11-10T09:00:00Z'), ('b', 'delivered', '2026-11-17T09:00:00Z');
CREATE TABLE workflow_runs (
    id TEXT PRIMARY KEY, workflow_name TEXT, status TEXT, started_at TEXT, cost_usd REAL
);
INSERT INTO workflow_runs VALUES
    ('0', 'sync', 'succeeded', '2026-09-01T09:00:00Z', 1),
    ('1', 'sync', 'succeeded', '2026-10-05T09:00:00Z', 2),
    ('2', 'sync', 'failed', '2026-11-05T09:00:00Z', 9);
"""


@pytest.fixture(scope="module")
def opened(demo_source, later_source, open_script):
    """Each database by its name."""
    scripts = {"messy": MESSY, "two": TWO_PERIODS, "told": TOLD_BY_EVENTS_AND_RUNS}
    made = {name: open_script(script) for name, script in scripts.items()}
    return {"demo": demo_source, "later": later_source, **made}


@pytest.fixture(scope="module")
def explained(opened, select, reading):
    """The change of a metric, explained within some groups."""

    def explained(metric, *within, over="30d", source="demo"):
        chosen = select(over) if isinstance(over, str | Period) else over
        options = changes.options(Opening(metric.name, within), chosen)
        asks = list({asked for change in options for asked in change.asks().values()})
        answers = ask(asks, opened[source].binding, *reading(opened[source]))
        return changes.explained(options, dict(zip(asks, answers, strict=True)))

    return explained


@pytest.mark.parametrize(("database", "given"), CASES)
@every_figure
def test_every_split_adds_up_to_the_change_of_the_figure(
    explained, met, select, opened, figure, database, given
):
    over = select(**SELECTIONS[given])
    shown = met(figure, over, source=opened[database])
    if figure.metric.name not in EXPLAINED:
        assert shown.before is None or figure.metric.name in UNEXPLAINED
        return
    found = explained(figure.metric, over=over, source=database)
    if shown.before is None or shown.compared is None or not (shown.before or shown.compared):
        assert found.unexplained
        return
    assert not found.unexplained
    assert (found.before, found.after) == pytest.approx((shown.before, shown.compared))
    for split in found.splits.values():
        for shown_parts in (split, changes.top(split, 3)):
            sums = shown_parts[["before", "after", "change"]].sum()
            assert tuple(sums) == pytest.approx(
                (found.before, found.after, found.changed), abs=1e-6
            )
    assert len(sentence(found)) > len(figure.metric.label)


def test_every_metric_with_an_explained_change_has_a_figure():
    assert EXPLAINED.keys() <= FIGURES.keys()
    assert {metric.total for metric in RECORDED} == {"sum", "distinct"}


def test_a_change_is_split_by_project_person_and_day(explained):
    found = explained(COST, over="mtd", source="two")
    assert (found.before, found.after) == (150, 440)
    assert found.left_out == {"unpriced": 1}
    projects = found.split("project").set_index("name")
    assert projects.index.tolist() == ["Atlas", "Bayou", "Unassigned"]
    assert projects["change"].tolist() == [300, -20, 10]
    assert projects["share"].tolist() == pytest.approx([30 / 29, -2 / 29, 1 / 29])
    people = found.split("person").set_index("value")
    assert people.loc["mei", ["before", "after"]].tolist() == [150, 40]
    days = found.split("days")
    assert days["name"].tolist()[:2] == ["5 Nov (vs 5 Oct)", "6 Nov (vs 6 Oct)"]
    assert days["change"].tolist()[:2] == [300, -20]


def test_the_sentence_names_what_made_the_change(explained):
    words = sentence(explained(COST, over="mtd", source="two"))
    assert words == (
        "Cost rose $290.00 (+193.3%). By day: 5 Nov (vs 5 Oct) +$300.00. By person: zoe +$400.00."
    )


def test_a_change_within_a_project_is_split_again(explained):
    found = explained(COST, ("project", "a"), over="mtd", source="two")
    assert (found.before, found.after) == (100, 400)
    assert {"project", "team"}.isdisjoint(found.splits)
    assert sentence(found).startswith("Cost of project Atlas rose $300.00")


def test_what_has_no_price_on_a_side_is_unknown_there_not_zero(explained):
    day = ("days", "2026-11-08..2026-11-08")
    [part] = explained(COST, day, over="mtd", source="two").split("project").itertuples()
    assert pd.isna(part.after)
    assert (part.before, part.change) == (0, 0)


def test_days_without_a_matching_day_share_a_part(explained, select):
    february = Period(date(2026, 2, 1), date(2026, 3, 1))
    found = explained(COST, over=select(february))
    comparison = found.change.comparison
    assert sum(comparison.ahead(day) is None for day in comparison.then) == 3


def test_the_rows_of_a_day_are_those_of_the_day_that_it_is_compared_with(explained):
    found = explained(COST, ("days", "2026-11-05..2026-11-05"), over="mtd", source="two")
    assert found.rows_of("now").of == (("days", "2026-11-05..2026-11-05"),)
    assert found.rows_of("then").of == (("days", "2026-10-05..2026-10-05"),)
    whole = explained(COST, ("project", "a"), over="mtd", source="two")
    assert whole.rows_of("then").of == (("project", "a"), ("days", "2026-10-01..2026-10-21"))


def test_what_changed_in_a_mover_is_its_bar(explained, met):
    movers = met(rankings.movers).frame
    assert len(movers) > 2
    for project, moved in zip(movers["project"], movers["change"], strict=True):
        assert explained(COST, ("project", project)).changed == pytest.approx(moved)


def test_the_split_with_the_fewest_parts_for_most_of_the_change_comes_first():
    def split(*moved, unassigned=0.0):
        values = [str(n) for n in range(len(moved))]
        parts = [*zip(values, moved, strict=True)] + [("", unassigned)] * (unassigned != 0)
        return pd.DataFrame(parts, columns=["value", "change"])

    one, two, many = split(90, 5, 5), split(50, 40, 10), split(*[10] * 10)
    cancels, unknown = split(1000, -990, 90), split(5, 5, unassigned=90)
    order = sorted([unknown, many, cancels, two, one], key=changes.depth)
    assert [len(parts) for parts in order[:3]] == [3, 3, 3]
    assert order[0] is one
    assert order[-2] is many or order[-1] is many
    assert changes.depth(cancels)[0] == changes.depth(two)[0] == 2
    assert changes.depth(unknown)[0] == 4


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"compare": "none"}, "The period is compared with nothing."),
        ({"period": "today"}, "No comparison: today is not complete."),
        ({"period": "ytd"}, "No comparison: no data before 1 Sep 2026."),
    ],
)
def test_a_period_that_can_not_be_compared_says_why(explained, select, over, said):
    assert explained(COST, over=select(**over), source="two").unexplained == said


def test_a_group_that_the_rows_lack_is_left_out(explained):
    whole = explained(EVENTS)
    assert explained(EVENTS, ("project", "x")).changed == whole.changed
    assert set(whole.splits) == {"log", "severity", "days"}


def test_somebody_with_teams_sees_their_parts_only(explained, select, demo_rows):
    found = explained(HOURS, over=select(only=("team_lab",)))
    named = demo_rows("SELECT name FROM projects WHERE team_id = 'team_lab'")
    assert set(found.split("project")["name"]) <= {name for (name,) in named}


def test_mail_and_runs_are_explained_by_the_rows_that_their_figures_come_from(explained):
    sent, cost = (explained(metric, over="mtd", source="told") for metric in (MAIL_SENT, RUN_COST))
    assert (sent.before, sent.after) == (1, 4)
    days = ["6 Nov (vs 6 Oct)", "10 Nov (vs 10 Oct)", "5 Nov (vs 5 Oct)"]
    assert sent.split("days")["name"].tolist() == days
    assert (cost.before, cost.after) == (2, 9)
    assert cost.split("workflow")[["name", "change"]].to_numpy().tolist() == [["sync", 7]]
    recorded = explained(RUN_COST).change.behind.source
    assert recorded is not cost.change.behind.source


def test_mail_whose_sending_is_not_recorded_on_a_side_is_compared_with_nothing(explained):
    found = explained(MAIL_SENT, over="7d", source="told")
    assert found.unexplained == "Nothing to compare: a period has no known amount."


def test_the_change_of_active_people_is_who_came_and_who_left(explained, demo_rows):
    found = explained(ACTIVE_USERS, over="mtd")
    people = found.split("person")
    assert set(people["change"]) <= {-1, 0, 1}
    assert people["change"].sum() == found.changed
    assert set(found.splits) == {"person"}
    names = {name for (name,) in demo_rows("SELECT name FROM users")}
    assert set(people["name"]) <= names
