"""The rows behind a number: they add up to it, each is on one page, and the latest come first."""

from itertools import pairwise

import pandas as pd
import pytest
from messy import MESSY

from meaux.errors import DatabaseError
from meaux.query import export, queries
from meaux.query.answers import Answer, ask
from meaux.query.filters import Period
from meaux.query.metrics import DEFINITIONS
from meaux.query.queries import QUERIES
from meaux.subjects import listing
from meaux.subjects.ai.metrics import MODEL_COST
from meaux.subjects.behind import BEHIND, OF_METRICS, WITHOUT_ROWS
from meaux.subjects.figure import NumberCard
from meaux.subjects.hours.metrics import EFFECTIVE_RATE, HOURS, UTILISATION
from meaux.subjects.listing import RowsAsked, start_of
from meaux.subjects.money.metrics import COST, DAILY_BURN
from meaux.subjects.page import all_pages, parts
from meaux.subjects.people.metrics import (
    CLASSIFIED_HOURS,
    DELIVERABLES,
    PERSON_AI_COST,
    PERSON_COST,
    TEAM_COST,
    TEAM_DELIVERABLES,
    TEAM_HOURS,
)
from meaux.subjects.rows import Opening
from meaux.subjects.storage.metrics import IMAGES_ADDED
from meaux.subjects.workflows.metrics import STEP_FAILURES

FIGURES = {
    f"{part.metric.name} {part.__name__}": part
    for page in all_pages()
    for part in parts(page.items)
    if isinstance(part, NumberCard) and part.metric.name in BEHIND
    if part.metric not in {DAILY_BURN, UTILISATION}
}
"""The figures that are the sum of their rows, their number, or a ratio of two of these."""

PER = {"cost_per_1k": 1_000}
"""By what a ratio is multiplied."""

SAME = {
    TEAM_HOURS: HOURS,
    TEAM_COST: COST,
    TEAM_DELIVERABLES: DELIVERABLES,
    PERSON_AI_COST: MODEL_COST,
}
"""The metrics of columns of tables that add up to that of a figure."""

BY_HAND = {
    PERSON_COST: (queries.cost_by_person, lambda rows: rows["cost"].sum()),
    CLASSIFIED_HOURS: (
        queries.hours_by_day,
        lambda rows: rows.loc[rows["billable"] != "Unspecified", "hours"].sum(),
    ),
    UTILISATION: (
        queries.hours_by_person_day,
        lambda rows: rows.loc[rows["person"].notna(), "billable"].sum(),
    ),
    IMAGES_ADDED: (queries.images_by_day, lambda rows: rows["images"].sum()),
    STEP_FAILURES: (
        queries.steps,
        lambda rows: rows.loc[rows["outcome"] == "Failed", "steps"].sum(),
    ),
}
"""For metrics without such a figure, their sum from the rows of another query."""
every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
every_database = pytest.mark.parametrize("database", ["demo", "messy", "later"])


@pytest.fixture(scope="module")
def opened(demo_source, later_source, open_script, unchanging):
    """Each database by its name."""
    messy, later = unchanging(open_script(MESSY)), unchanging(later_source)
    yield {"demo": demo_source, "messy": messy, "later": later}
    del unchanging.found[1:]


def added_up(pages, asked):
    """The sum of all rows, or their number."""
    rows, amount = pd.concat(pages), asked.behind.amount
    return len(rows) if amount == "lines" else rows[amount].sum()


def test_every_metric_has_rows_or_a_reason_why_not():
    assert OF_METRICS.keys() | WITHOUT_ROWS.keys() == set(DEFINITIONS.values())
    assert not OF_METRICS.keys() & WITHOUT_ROWS.keys()
    assert all(reason.endswith(".") for reason in WITHOUT_ROWS.values())


def test_every_metric_with_rows_is_compared_with_a_figure_a_query_or_another_metric():
    compared = {figure.metric for figure in FIGURES.values()} | SAME.keys() | BY_HAND.keys()
    assert {metric for metric in OF_METRICS if not metric.queries} <= compared | {DAILY_BURN}


@pytest.mark.parametrize(("metric", "other"), SAME.items(), ids=lambda one: one.name)
def test_a_metric_of_a_table_has_the_rows_of_the_figure_that_it_is_a_part_of(metric, other):
    assert vars(BEHIND[metric.name]) == vars(BEHIND[other.name])


@pytest.mark.parametrize(
    ("metric", "query"),
    [(metric, name) for metric in OF_METRICS for name in metric.queries if name in QUERIES],
    ids=lambda one: getattr(one, "name", one),
)
def test_all_rows_add_up_to_the_column_of_a_query(behind, answer, metric, query):
    _, total, _ = behind(metric, rows=5_000)
    assert total.amount == pytest.approx(answer(QUERIES[query]).frame[metric.name].sum())


@every_database
@pytest.mark.parametrize("metric", BY_HAND, ids=lambda metric: metric.name)
def test_all_rows_add_up_to_what_another_query_returns(behind, answer, opened, metric, database):
    query, added = BY_HAND[metric]
    pages, total, asked = behind(metric, source=opened[database], rows=500)
    expected = added(answer(query, source=opened[database]).frame)
    assert [total.amount or 0, added_up(pages, asked)] == pytest.approx([expected, expected])


def test_the_rows_of_the_daily_burn_are_the_costs_of_its_seven_days(behind, answer, select, today):
    week = Period(today - pd.Timedelta(days=7), today)
    _, total, _ = behind(DAILY_BURN)
    costs = answer(queries.cost_by_day, select(week)).frame["cost"]
    assert total.amount == pytest.approx(costs.sum())


@every_database
@every_figure
def test_all_rows_add_up_to_the_number(behind, met, opened, figure, database):
    source, metric = opened[database], figure.metric
    value = met(figure, source=source).value
    sides = [[("side", name)] for name in BEHIND[metric.name].sides] or [[]]
    sums = []
    for side in sides:
        pages, total, asked = behind(metric, *side, source=source, rows=500)
        assert total.lines == sum(map(len, pages))
        assert added_up(pages, asked) == pytest.approx(total.amount or 0)
        sums.append(total.amount or 0)
    if value is None:
        assert not all(sums)
    else:
        ratio = sums[0] / (sums[1] if len(sums) > 1 else 1)
        assert ratio * PER.get(metric.name, 1) == pytest.approx(value)


@every_database
@pytest.mark.parametrize("metric", OF_METRICS, ids=lambda metric: metric.name)
def test_each_row_is_on_one_page_and_later_days_come_first(behind, opened, metric, database):
    whole, *_ = behind(metric, source=opened[database], rows=5_000)
    pages, *_ = behind(
        metric, source=opened[database], rows={"messy": 3, "later": 20, "demo": 40}[database]
    )
    assert [len(page) for page in pages[:-1]] == [len(pages[0])] * (len(pages) - 1)
    rows = pd.concat(pages, ignore_index=True)
    pd.testing.assert_frame_equal(rows, pd.concat(whole, ignore_index=True))
    assert all(after <= before for before, after in pairwise(rows["day"]))


@pytest.mark.parametrize("group", ["category", "team", "project", "person", "service"])
def test_the_rows_of_all_groups_together_are_all_rows(behind, group, groups_of):
    everything, whole, asked = behind(COST, rows=5_000)
    values = groups_of(COST, group)
    assert len(values) > 1
    parts = {value: behind(COST, (group, value), rows=5_000) for value in values}
    assert sum(total.lines for _, total, _ in parts.values()) == whole.lines
    for pages, total, asked in parts.values():
        assert len(pd.concat(pages)) == total.lines
        assert added_up(pages, asked) == pytest.approx(total.amount)
    assert len(pd.concat(everything)) == whole.lines


def test_the_rows_of_a_project_and_a_category_are_those_of_its_table(behind, select, demo_rows):
    period = select("30d").period
    of = ("project", "prj_beignet_bot")
    _, total, _ = behind(COST, of, ("category", "AI"))
    assert (total.lines, total.amount) == pytest.approx(
        demo_rows(
            "SELECT count(cost_usd), sum(cost_usd) FROM ai_cost_tracking"
            " WHERE project_id = 'prj_beignet_bot' AND date(created_at) BETWEEN ? AND ?",
            str(period.start),
            str(period.last),
        )[0]
    )


def test_the_rows_of_a_day_are_those_of_its_bar(behind, met, select):
    day = Period(select("30d").period.start, select("30d").period.start + pd.Timedelta(days=1))
    pages, total, _ = behind(COST, ("days", f"{day.start}..{day.last}"))
    assert set(pd.concat(pages)["day"]) == {pd.Timestamp(day.start)}
    assert total.amount == pytest.approx(met(FIGURES["cost cost"], select(day)).value)


def test_entries_without_a_price_are_listed_apart(behind, opened):
    pages, *_ = behind(COST, ("left", "unpriced"), source=opened["messy"])
    rows = pd.concat(pages)
    assert rows["cost"].isna().all()
    assert rows["note"].dropna().tolist() == ["no rate at all"]


LEFT_OUT = {
    (COST, "unpriced"): 2,
    (COST, "unread"): 1,
    (COST, "marked"): 3,
    (COST, "repeated"): 2,
    (HOURS, "running"): 2,
    (HOURS, "unread"): 1,
    (HOURS, "marked"): 1,
    (HOURS, "repeated"): 1,
    (EFFECTIVE_RATE, "unpriced"): 2,
}
"""How many rows of each kind the messy database has that a number leaves out."""


@pytest.mark.parametrize(("metric", "kind"), LEFT_OUT, ids=lambda one: getattr(one, "name", one))
@pytest.mark.parametrize("rows", [1, 50])
def test_rows_that_a_number_leaves_out_are_counted_and_listed_by_kind(
    behind, opened, metric, kind, rows
):
    pages, total, _ = behind(metric, ("left", kind), source=opened["messy"], rows=rows)
    expected = LEFT_OUT[metric, kind]
    assert (total.left_out[kind], len(pd.concat(pages))) == (expected, expected)


@every_database
@pytest.mark.parametrize("metric", OF_METRICS, ids=lambda metric: metric.name)
def test_every_kind_of_left_out_rows_is_listed_as_often_as_it_is_counted(
    behind, opened, metric, database
):
    source = opened[database]
    _, total, _ = behind(metric, source=source, rows=5_000)
    for kind, count in total.left_out.items():
        pages, _, _ = behind(metric, ("left", kind), source=source, rows=5_000)
        assert len(pd.concat(pages)) == count


BILLED = """
CREATE TABLE cloudflare_usage (usage_date, service, resource, project_id, cost_usd, status);
INSERT INTO cloudflare_usage VALUES
 ('2026-11-20', 'Workers', 'api', NULL, 3, NULL), ('2026-11-20', 'R2', 'media', NULL, 2, NULL),
 ('2026-11-20', NULL, NULL, NULL, 5, NULL),
 ('2026-11-21', 'KV', 'cache', NULL, 7, 'refunded'),
 ('2026-11-21', 'D1', 'main', NULL, 4, 'refunded'),
 ('2026-11-21', 'D1', 'main', NULL, -4, 'refunded');
CREATE TABLE used (id, user_id, model, cost_usd, created_at);
INSERT INTO used VALUES
 (1, 'u1', 'opus', 1, '2026-11-20T10:00:00Z'), (2, 'u1', 'opus', 2, '2026-11-20T10:00:00Z');
CREATE TABLE tags (used_id, tag);
INSERT INTO tags VALUES (1, 'a'), (1, 'b'), (1, 'c'), (2, 'a'), (2, 'b');
CREATE VIEW ai_cost_tracking AS
SELECT used.*, tags.tag FROM used JOIN tags ON tags.used_id = used.id;
"""


@pytest.mark.parametrize("rows", [1, 50])
def test_sums_refunds_and_the_duplicates_of_a_view_are_listed_apart(behind, open_script, rows):
    source = open_script(BILLED)
    _, total, _ = behind(COST, source=source, rows=rows)
    assert (total.amount, total.lines) == (3 + 2 + 4 - 4 + 1 + 2, 6)
    assert total.left_out == {"summed": 1, "refunded": 1, "repeated": 3}
    costs = {
        kind: sorted(pd.concat(behind(COST, ("left", kind), source=source, rows=rows)[0])["cost"])
        for kind in total.left_out
    }
    assert costs == {"summed": [5], "refunded": [7], "repeated": [1, 1, 2]}


def test_what_does_not_count_is_in_no_row(behind, opened):
    pages, *_ = behind(COST, source=opened["messy"])
    rows = pd.concat(pages)
    assert sorted(rows["cost"]) == [-40, -1, 0.5, 0.75, 1.25, 2, 3, 10, 12.5, 40, 100]
    assert not {"deleted", "euros", "running"} & set(rows["note"])


def test_a_secret_in_a_note_is_masked(behind, opened):
    pages, *_ = behind(COST, source=opened["messy"])
    assert not pd.concat(pages)["note"].str.contains("sk-live", na=False).any()


def test_somebody_with_teams_sees_their_rows_only(behind, opened, select):
    pages, total, _ = behind(COST, source=opened["messy"], over=select(only=("Lab",)))
    assert set(pd.concat(pages)["project"]) == {"Alpha"}
    assert total.amount == pytest.approx(104)


@pytest.mark.parametrize(
    "words",
    [None, 7, [], {"Time": 3}, {"Time": [None, "k"]}, {"Time": ["1", 2]}, {"Time": [True, "k"]}],
)
def test_a_start_that_is_none_is_left_out(words):
    assert start_of(words) == {}


@pytest.fixture
def file_of(opened, select, reading):
    """The rows of the file of a metric's rows, read a few at a time."""

    def file_of(metric, database):
        source = opened[database]

        def read(asks):
            found = ask(list(asks.values()), source.binding, *reading(source))
            return dict(zip(asks, found, strict=True))

        asked = RowsAsked(Opening(metric.name), BEHIND[metric.name], select(), {})
        return listing.everything(asked, read, listing.sums_of(asked, read(asked.beside())))

    return file_of


def test_the_file_has_all_rows_and_no_formula(file_of, monkeypatch):
    monkeypatch.setattr(listing, "ROWS_AT_ONCE", 2)
    rows = file_of(COST, "messy")
    assert rows["cost"].sum() == pytest.approx(129)
    assert len(rows) == 11
    assert b"'=Beta" in export.csv(rows)


def test_a_long_file_ends_at_its_limit(file_of, monkeypatch):
    monkeypatch.setattr(listing, "ROWS_AT_ONCE", 40)
    monkeypatch.setattr(listing, "MOST_ROWS", 100)
    assert len(file_of(COST, "demo")) == 100


def test_a_file_with_a_page_that_can_not_be_read_is_none(select):
    def read(asks):
        return {
            name: Answer(one.query, one.selection, "failed", pd.DataFrame(), "Gone.")
            for name, one in asks.items()
        }

    asked = RowsAsked(Opening(COST.name), BEHIND[COST.name], select(), {})
    sums = listing.Sums(read({"": asked.beside()["sums"]})[""], pd.DataFrame(), {})
    with pytest.raises(DatabaseError, match="Gone"):
        listing.everything(asked, read, sums)
