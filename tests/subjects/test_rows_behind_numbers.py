"""The rows behind a number: they add up to it, each is on one page, and the latest come first."""

from itertools import pairwise

import pandas as pd
import pytest
from messy import MESSY

from meaux.errors import DatabaseError
from meaux.query import export
from meaux.query.answers import Answer, ask
from meaux.query.filters import Period
from meaux.query.queries import QUERIES
from meaux.subjects import rows as behind_it
from meaux.subjects.behind import BEHIND, OF_METRICS
from meaux.subjects.figure import NumberCard
from meaux.subjects.money.metrics import COST
from meaux.subjects.page import all_pages, parts
from meaux.subjects.rows import Asked, Opening, start_of

FIGURES = {
    f"{part.metric.name} {part.__name__}": part
    for page in all_pages()
    for part in parts(page.items)
    if isinstance(part, NumberCard) and part.metric.name in BEHIND
}
OF_ROWS = ("sum", "ratio of sums")
"""How a total is made that has rows; any other is a level, or counts what is distinct."""
WITHOUT_ROWS = {
    *("bounce_rate", "click_rate", "cost_per_1k", "daily_burn"),
    *("delivery_rate", "effective_rate", "error_rate", "open_rate", "requests", "run_cost"),
    *("sent", "signups", "utilisation"),
}
"""The figures whose rows aren't shown yet."""
every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
every_database = pytest.mark.parametrize("database", ["demo", "messy", "later"])


@pytest.fixture(scope="module")
def opened(demo_source, later_source, open_script):
    """Each database by its name."""
    return {"demo": demo_source, "messy": open_script(MESSY), "later": later_source}


def added_up(pages, metric):
    """The sum of all rows, or their number."""
    rows, amount = pd.concat(pages), BEHIND[metric.name].amount
    return len(rows) if amount == "lines" else rows[amount].sum()


def test_every_metric_with_rows_has_a_figure_or_a_query_to_compare_them_with():
    compared = {figure.metric for figure in FIGURES.values()}
    assert {metric for metric in OF_METRICS if not metric.queries} <= compared


def test_every_figure_of_rows_has_them_or_is_known_to_lack_them():
    figures = {
        part.metric
        for page in all_pages()
        for part in parts(page.items)
        if isinstance(part, NumberCard) and part.metric.total in OF_ROWS
    }
    assert {metric.name for metric in figures} - BEHIND.keys() == WITHOUT_ROWS


@pytest.mark.parametrize(
    ("metric", "query"),
    [(metric, name) for metric in OF_METRICS for name in metric.queries if name in QUERIES],
    ids=lambda one: getattr(one, "name", one),
)
def test_all_rows_add_up_to_the_column_of_a_query(behind, answer, metric, query):
    _, total = behind(metric, rows=5_000)
    assert total.amount == pytest.approx(answer(QUERIES[query]).frame[metric.name].sum())


@every_database
@every_figure
def test_all_rows_add_up_to_the_number(behind, met, opened, figure, database):
    source, metric = opened[database], figure.metric
    value = met(figure, source=source).value
    sides = [[("side", name)] for name in BEHIND[metric.name].sides] or [[]]
    sums = []
    for side in sides:
        pages, total = behind(metric, *side, source=source, rows=500)
        assert total.lines == sum(map(len, pages))
        assert added_up(pages, metric) == pytest.approx(total.amount or 0)
        sums.append(total.amount or 0)
    if value is None:
        assert not sums[-1]
    else:
        assert sums[0] / (sums[1] if len(sums) > 1 else 1) == pytest.approx(value)


@every_database
@pytest.mark.parametrize("metric", OF_METRICS, ids=lambda metric: metric.name)
def test_each_row_is_on_one_page_and_later_days_come_first(behind, opened, metric, database):
    whole, _ = behind(metric, source=opened[database], rows=5_000)
    pages, _ = behind(
        metric, source=opened[database], rows={"messy": 3, "later": 20, "demo": 40}[database]
    )
    assert [len(page) for page in pages[:-1]] == [len(pages[0])] * (len(pages) - 1)
    rows = pd.concat(pages, ignore_index=True)
    pd.testing.assert_frame_equal(rows, pd.concat(whole, ignore_index=True))
    assert all(after <= before for before, after in pairwise(rows["day"]))


@pytest.mark.parametrize("group", ["category", "team", "project", "person", "service"])
def test_the_rows_of_all_groups_together_are_all_rows(behind, group, groups_of):
    everything, whole = behind(COST, rows=5_000)
    values = groups_of(COST, group)
    assert len(values) > 1
    parts = {value: behind(COST, (group, value), rows=5_000) for value in values}
    assert sum(total.lines for _, total in parts.values()) == whole.lines
    for pages, total in parts.values():
        assert len(pd.concat(pages)) == total.lines
        assert added_up(pages, COST) == pytest.approx(total.amount)
    assert len(pd.concat(everything)) == whole.lines


def test_the_rows_of_a_project_and_a_category_are_those_of_its_table(behind, select, demo_rows):
    period = select("30d").period
    of = ("project", "prj_beignet_bot")
    _, total = behind(COST, of, ("category", "AI"))
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
    pages, total = behind(COST, ("days", f"{day.start}..{day.last}"))
    assert set(pd.concat(pages)["day"]) == {pd.Timestamp(day.start)}
    assert total.amount == pytest.approx(met(FIGURES["cost cost"], select(day)).value)


def test_entries_without_a_price_are_listed_apart(behind, opened):
    pages, total = behind(COST, ("left", "out"), source=opened["messy"])
    rows = pd.concat(pages)
    assert total.left_out == len(rows) == 3
    assert rows["cost"].isna().all()
    assert rows["note"].dropna().tolist() == ["unreadable", "no rate at all"]


def test_what_does_not_count_is_in_no_row(behind, opened):
    pages, _ = behind(COST, source=opened["messy"])
    rows = pd.concat(pages)
    assert sorted(rows["cost"]) == [-40, -1, 0.5, 0.75, 1.25, 2, 3, 10, 12.5, 40, 100]
    assert not {"deleted", "euros", "running"} & set(rows["note"])


def test_a_secret_in_a_note_is_masked(behind, opened):
    pages, _ = behind(COST, source=opened["messy"])
    assert not pd.concat(pages)["note"].str.contains("sk-live", na=False).any()


def test_somebody_with_teams_sees_their_rows_only(behind, opened, select):
    pages, total = behind(COST, source=opened["messy"], over=select(only=("Lab",)))
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

        asked = Asked(Opening(metric.name), BEHIND[metric.name], select(), {})
        return behind_it.everything(asked, read, behind_it.sums_of(asked, read(asked.beside())))

    return file_of


def test_the_file_has_all_rows_and_no_formula(file_of, monkeypatch):
    monkeypatch.setattr(behind_it, "ROWS_AT_ONCE", 2)
    rows = file_of(COST, "messy")
    assert rows["cost"].sum() == pytest.approx(129)
    assert len(rows) == 11
    assert b"'=Beta" in export.csv(rows)


def test_a_long_file_ends_at_its_limit(file_of, monkeypatch):
    monkeypatch.setattr(behind_it, "ROWS_AT_ONCE", 40)
    monkeypatch.setattr(behind_it, "MOST_ROWS", 100)
    assert len(file_of(COST, "demo")) == 100


def test_a_file_with_a_page_that_can_not_be_read_is_none(select):
    def read(asks):
        return {
            name: Answer(one.query, one.selection, "failed", pd.DataFrame(), "Gone.")
            for name, one in asks.items()
        }

    asked = Asked(Opening(COST.name), BEHIND[COST.name], select(), {})
    sums = behind_it.Sums(read({"": asked.beside()["sums"]})[""], pd.DataFrame(), {})
    with pytest.raises(DatabaseError, match="Gone"):
        behind_it.everything(asked, read, sums)
