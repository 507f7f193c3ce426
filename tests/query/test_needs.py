"""A function says by its parameters what it needs, and is given that, each thing once."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import FunctionType
from typing import Annotated, get_args, get_type_hints

import pytest

from meaux import subjects
from meaux.data.budgeting import Budget
from meaux.data.database import fetch_each
from meaux.data.plan import Plan
from meaux.data.schema import Binding
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection, preset
from meaux.query.needs import (
    OLDEST,
    Control,
    Request,
    asking,
    choosing,
    compared,
    each,
    later,
    meet,
    parameters,
    queries_of,
    recorded,
)
from meaux.query.queries import QUERIES, Query
from meaux.subjects.card import Card, card
from meaux.subjects.figure import NumberCard, Reading, Unknown, figure, total
from meaux.subjects.hours.metrics import HOURS, RUNNING_TIMERS


@pytest.fixture
def sent():
    """The statements of each call to the database."""
    return []


@pytest.fixture
def met(demo_source, select, sent):
    """All that some functions need, met in one go on the demo or on another source."""

    def met(*parts, selection=None, source=demo_source, plan=None, controls=()):
        def fetch(statements):
            sent.append(list(statements))
            return fetch_each(source.database, statements)

        request = Request(selection or select("30d"), plan or Plan(), source.binding, controls)
        return meet(parts, request, fetch)

    return met


def given(need):
    """A function that returns what a need gives."""

    def given(it: need):
        return it

    return given


def month_of(selection):
    return selection.over(preset("mtd", selection.today))


# What a need gives


ByDay = Annotated[Answer, asking(queries.hours_by_day)]
"""The need that most of these functions have."""


def test_asking_gives_the_answer_over_the_selection(met, answer, select):
    selection = select("7d", teams=("team_lab",))
    part = given(ByDay)
    found = met(part, selection=selection).of(part)
    assert (found.query, found.selection) == (queries.hours_by_day, selection)
    assert found.frame.equals(answer(queries.hours_by_day, selection).frame)
    assert not found.frame.empty


def test_asking_may_be_over_another_selection_and_of_a_few_rows(met, select):
    part = given(Annotated[Answer, asking(queries.latest_activity, month_of, limit=3)])
    found = met(part, selection=select("90d")).of(part)
    assert found.selection == select("mtd")
    assert len(found.frame) == 3


def test_choosing_asks_what_the_request_calls_for_and_declares_all_that_it_may(met, select):
    def wanted(request: Request) -> Ask:
        weekly = request.selection.grain == "week"
        query = queries.hours_by_person_week if weekly else queries.hours_by_person_day
        return Ask(query, request.selection)

    both = (queries.hours_by_person_day, queries.hours_by_person_week)
    part = given(Annotated[Answer, choosing(wanted, *both)])
    for grain, query in zip(("day", "week"), both, strict=True):
        assert met(part, selection=select("90d", grain=grain)).of(part).query is query
    assert queries_of([part]) == list(both)


def test_each_gives_answers_by_the_names_of_what_is_asked(met, select):
    def wanted(request: Request) -> Mapping[str, Ask]:
        chosen = request.selection
        spans = {name: preset(name, chosen.today) for name in ("7d", "30d")}
        return {name: Ask(queries.hours_by_day, chosen.over(span)) for name, span in spans.items()}

    part = given(Annotated[Mapping[str, Answer], each(wanted, queries.hours_by_day)])
    found = met(part).of(part)
    assert {name: one.selection.period for name, one in found.items()} == {
        name: select(name).period for name in ("7d", "30d")
    }


def test_compared_gives_the_answer_over_the_compared_days(met, select):
    selection = select("30d")
    part = given(Annotated[Answer | None, compared(queries.hours_by_day)])
    found = met(part).of(part)
    assert (found.query, found.selection) == (
        queries.hours_by_day,
        selection.over(selection.compared),
    )


def test_where_nothing_is_compared_nothing_is_asked_and_none_is_given(met, select, sent):
    part = given(Annotated[Answer | None, compared(queries.hours_by_day)])
    assert met(part, selection=select("30d", compare="none")).of(part) is None
    assert not any(sent)


def test_recorded_gives_the_first_day_of_any_of_its_tables(met, demo_rows):
    tables = {
        "time_entry": "SELECT min(date(started_at, 'unixepoch')) FROM time_entries",
        "activity": "SELECT min(date(created_at)) FROM project_activity",
    }
    days = {table: date.fromisoformat(demo_rows(sql)[0][0]) for table, sql in tables.items()}
    assert len({OLDEST[table] for table in tables}) == 2
    for some in (["time_entry"], ["activity"], list(tables)):
        part = given(Annotated[date | None, recorded(*some)])
        assert met(part).of(part) == min(days[table] for table in some)


@pytest.mark.parametrize("script", ["", "CREATE TABLE time_entries (started_at, seconds);"])
def test_what_was_never_recorded_has_no_first_day(met, database_of, script):
    part = given(Annotated[date | None, recorded("time_entry", "activity")])
    assert met(part, source=database_of(script)).of(part) is None


def test_a_query_for_later_is_given_and_declared_and_not_asked(met, sent):
    part = given(Annotated[Query, later(queries.billed_lines)])
    assert met(part).of(part) is queries.billed_lines
    assert queries_of([part]) == [queries.billed_lines]
    assert not any(sent)


def test_a_selection_a_plan_and_a_binding_are_given_by_their_types(met, select, demo_source):
    def part(chosen: Selection, declared: Plan, bound: Binding):
        return chosen, declared, bound

    selection = select("7d")
    plan = Plan(budgets=(Budget("All", "total", "", 1.0, "meaux.toml"),))
    chosen, declared, bound = met(part, selection=selection, plan=plan).of(part)
    assert chosen is selection
    assert declared is plan
    assert bound is demo_source.binding


@dataclass(frozen=True)
class Search(Control):
    """What somebody looks for."""

    words: str


@dataclass(frozen=True)
class Year(Control):
    """Which year is shown."""

    year: int


def test_a_control_of_the_page_is_given_by_its_type(met):
    def part(search: Search, year: Year):
        return search.words, year.year

    assert met(part, controls=(Year(2026), Search("a"))).of(part) == ("a", 2026)


def test_what_is_asked_may_depend_on_a_control(met, demo_source, select):
    def wanted(request: Request) -> Ask:
        search = request.given(Search)
        return Ask(queries.latest_activity, request.selection, limit=len(search.words))

    part = given(Annotated[Answer, choosing(wanted, queries.latest_activity)])
    assert len(met(part, controls=(Search("abcd"),)).of(part).frame) == 4
    request = Request(select("30d"), Plan(), demo_source.binding)
    assert request.choosing(Search("x")).given(Search) == Search("x")


def hours_in_all(by_day: ByDay) -> float:
    return float(by_day.frame["hours"].sum())


def double(hours: Annotated[float, hours_in_all], selection: Selection) -> tuple[float, Selection]:
    return 2 * hours, selection


def test_what_a_function_makes_is_given_with_all_that_it_is_made_of_itself(met, answer, select):
    part = given(Annotated[tuple[float, Selection], double])
    expected = 2 * answer(queries.hours_by_day, "7d").frame["hours"].sum()
    assert met(part, selection=select("7d")).of(part) == (pytest.approx(expected), select("7d"))
    assert queries_of([part]) == [queries.hours_by_day]


@dataclass(frozen=True)
class Work:
    """What some cards share."""

    by_day: ByDay
    hours: Annotated[float, hours_in_all]
    chosen: Selection


def test_a_dataclass_of_needs_is_given_by_its_type(met, select):
    def part(work: Work):
        return work

    found = met(part).of(part)
    assert found.chosen == select("30d")
    assert found.hours == found.by_day.frame["hours"].sum() > 0
    assert queries_of([part]) == [queries.hours_by_day]


# What is asked and made


def test_all_that_some_cards_need_is_fetched_in_one_call(met, sent):
    def card(by_day: ByDay, before: Annotated[Answer | None, compared(queries.hours_by_day)]):
        return by_day, before

    def other(first: Annotated[date | None, recorded("time_entry")], work: Work):
        return first, work

    found = met(card, other)
    assert found.of(card)
    assert found.of(other)
    [call] = sent
    assert len(call) == len(set(call)) == 3


def test_equal_asks_are_asked_once_however_many_cards_need_them(met, sent):
    """Those of a card, of what is made for it, and of another declaration of the same."""
    parts = [
        given(ByDay),
        given(ByDay),
        given(Annotated[Answer, asking(queries.hours_by_day)]),
        given(Annotated[Answer, choosing(lambda r: Ask(queries.hours_by_day, r.selection))]),
        given(Annotated[float, hours_in_all]),
    ]
    found = met(*parts)
    assert [len(call) for call in sent] == [1]
    assert len({id(found.of(part)) for part in parts[:-1]}) == 1
    different = given(Annotated[Answer, asking(queries.hours_by_day, month_of)])
    met(parts[0], different)
    assert len(sent[-1]) == 2


def test_what_is_made_is_made_once_for_all(met):
    made = []

    def shared(by_day: ByDay) -> None:
        made.append(by_day)

    def first(it: Annotated[None, shared]):
        return it

    def second(it: Annotated[None, shared], work: Work):
        return it, work

    def third(work: Work):
        return work

    found = met(first, second, third)
    found.of(first)
    assert found.of(third) is found.of(second)[1]
    assert found.of(third) is found.of(third)
    assert len(made) == 1
    met(first).of(first)
    assert len(made) == 2


def test_nothing_is_made_before_somebody_asks_for_it(met):
    def never(_: ByDay):
        pytest.fail("Nobody asked for it.")

    part = given(ByDay)
    assert met(never, part).of(part).answered


def test_what_the_database_lacks_is_given_as_an_answer_that_says_so(met, database_of):
    part = given(ByDay)
    found = met(part, source=database_of("")).of(part)
    assert found.state == "unavailable"
    assert found.reason.startswith("Needs the table")


# What is declared wrongly


def without_a_type_of_its_own(hours: Annotated[int, hours_in_all]):
    return hours


def without_need(limit: int):
    return limit


def without_need_in_part(by_day: ByDay, floor: float):
    return by_day, floor


def never_none(before: Annotated[Answer, compared(queries.hours_by_day)]):
    return before


def always_recorded(first: Annotated[date, recorded("time_entry")]):
    return first


def a_query_in_place_of_its_answer(lines: Annotated[Answer, later(queries.billed_lines)]):
    return lines


def one_in_place_of_several(
    answer: Annotated[Answer, each(lambda _: {}, queries.hours_by_day)],
):
    return answer


def an_answer_by_its_type(answer: Answer):
    return answer


@dataclass(frozen=True)
class Wrong:
    """A bundle with a field that nothing gives."""

    by_day: ByDay
    floor: float


def of_a_wrong_bundle(wrong: Wrong):
    return wrong


def made_of_no_need(limit: int) -> str:
    return str(limit)


def of_what_is_made_of_no_need(words: Annotated[str, made_of_no_need]):
    return words


def without_any_type(limit):
    return limit


def made_of_nobody_knows(selection: Selection):
    return selection


def of_what_returns_nobody_knows(words: Annotated[str, made_of_nobody_knows]):
    return words


WRONG = {
    without_a_type_of_its_own: "hours is declared as int, but float is what is given",
    without_need: "nothing says how to get its limit",
    without_need_in_part: "nothing says how to get its floor",
    never_none: "before is declared as Answer, but Answer | None is what is given",
    always_recorded: "first is declared as date, but date | None is what is given",
    a_query_in_place_of_its_answer: "lines is declared as Answer, but Query is what is given",
    one_in_place_of_several: "answer is declared as Answer, but Mapping[str, Answer] is what",
    without_any_type: "without_any_type: nothing says how to get its limit",
    of_what_returns_nobody_knows: "made_of_nobody_knows: nothing says what it returns",
    an_answer_by_its_type: "an_answer_by_its_type: nothing says how to get its answer",
    of_a_wrong_bundle: "nothing says how to get its floor",
    of_what_is_made_of_no_need: "made_of_no_need: nothing says how to get its limit",
}


@pytest.mark.parametrize("part", WRONG, ids=lambda part: part.__name__)
def test_what_is_declared_wrongly_is_a_type_error_that_names_it(part):
    for read in (parameters, card, figure(HOURS)):
        with pytest.raises(TypeError) as told:
            read(part)
        assert WRONG[part] in str(told.value)


def test_an_unknown_table_is_a_key_error_where_it_is_named():
    with pytest.raises(KeyError, match="no_such_table"):
        recorded("time_entry", "no_such_table")
    with pytest.raises(KeyError, match="no_such_table"):
        figure(HOURS, total("hours"), recorded=["no_such_table"])(hours.read)


def test_a_measure_needs_a_query_that_it_is_taken_of():
    def made(by_day: ByDay) -> Answer:
        return by_day

    def of_made(_answer: Annotated[Answer, made]) -> Reading:
        return Reading()

    def of_two(
        _answer: Annotated[
            Answer,
            choosing(lambda _: None, queries.hours_by_day, queries.hours_by_project),
        ],
    ) -> Reading:
        return Reading()

    for read in (of_made, of_two):
        with pytest.raises(TypeError, match=f"{read.__name__}: name the query that it is held"):
            figure(HOURS, total("hours"))(read)
        against = figure(HOURS, total("hours"), against=queries.hours_by_day)(read)
        assert against.measure is not None


# A figure


@figure(HOURS, total("hours"), recorded=["time_entry"], more="Time tracking")
def hours(by_day: ByDay, selection: Selection) -> Reading:
    """The hours of a period."""
    return Reading(trend=tuple(by_day.frame["hours"]), note=f"Since {selection.period.start}.")


def test_a_figure_is_listed_with_its_metric_its_page_and_its_needs():
    assert isinstance(hours, NumberCard)
    assert (hours.metric, hours.more, hours.__name__) == (HOURS, "Time tracking", "hours")
    assert queries_of([hours]) == [queries.hours_by_day, queries.oldest_records]
    assert parameters(hours) is hours.needs
    assert parameters(hours).items() >= parameters(hours.read).items()


def test_a_figure_with_a_measure_is_measured_now_and_on_the_compared_days(met, answer, select):
    selection = select("30d")
    found = met(hours).of(hours)
    now, comparable, then = (
        answer(queries.hours_by_day, period).frame["hours"].sum()
        for period in (selection.period, selection.comparable, selection.compared)
    )
    assert (found.metric, found.value) == (HOURS, now)
    assert (found.before, found.compared) == (then, pytest.approx(comparable))
    assert found.versus == f"vs {selection.compared}"
    assert found.note == f"Since {selection.period.start}."
    assert sum(found.trend) == pytest.approx(now)


def test_a_figure_is_compared_with_another_query_where_told_so(met, answer, select):
    @figure(HOURS, total("hours"), against=queries.hours_by_project)
    def part(_by_day: ByDay) -> Reading:
        return Reading()

    assert queries_of([part]) == [queries.hours_by_day, queries.hours_by_project]
    then = select("30d").compared
    found = met(part).of(part)
    assert found.value == answer(queries.hours_by_day).frame["hours"].sum()
    assert found.before == answer(queries.hours_by_project, then).frame["hours"].sum()


def test_a_figure_is_compared_with_nothing_where_nothing_is(met, select):
    found = met(hours, selection=select("30d", compare="none")).of(hours)
    assert (found.before, found.versus, found.comparable) == (None, "", None)
    assert found.value > 0


YOUNG = """
CREATE TABLE time_entries (started_at TEXT, seconds INTEGER);
INSERT INTO time_entries VALUES ('2026-11-10T09:00:00Z', 3600), ('2026-11-11T09:00:00Z', 3600);
"""


def test_a_figure_is_not_compared_with_days_before_the_first_record(met, database_of, select):
    source, start = database_of(YOUNG), select("30d").period.start
    found = met(hours, source=source).of(hours)
    assert (found.value, found.before, found.versus) == (2, None, "")
    assert found.note == f"No comparison: no data before 10 Nov 2026. Since {start}."
    unrecorded = figure(HOURS, total("hours"))(hours.read)
    assert met(unrecorded, source=source).of(unrecorded).before == 0


def test_a_figure_whose_answer_could_not_be_got_says_why_and_has_no_value(met, database_of):
    @figure(RUNNING_TIMERS)
    def unread(_by_day: ByDay) -> Reading:
        pytest.fail("There is nothing to read.")

    @figure(RUNNING_TIMERS, of=ByDay)
    def of_another(selection: Selection) -> Reading:
        pytest.fail(f"There is nothing to read of {selection}.")

    source = database_of("")
    answer = met(given(ByDay), source=source)
    [answer] = answer.answers.values()
    for part in (unread, of_another, hours):
        found = met(part, source=source).of(part)
        assert (found.value, found.before, found.versus, found.trend) == (None, None, "", ())
        assert (found.note, found.unanswered) == (answer.reason, True)


def test_a_figure_is_read_though_its_answer_holds_nothing(met, database_of):
    source = database_of("CREATE TABLE time_entries (started_at TEXT, seconds INTEGER);")
    found = met(hours, source=source).of(hours)
    assert (found.value, found.unanswered) == (0, False)


def test_an_answer_that_must_be_there_is_asked_for_and_not_handed_on(met, select):
    @figure(RUNNING_TIMERS, of=ByDay)
    def part(selection: Selection) -> Reading:
        return Reading(float(selection.period.days))

    assert queries_of([part]) == [queries.hours_by_day]
    assert met(part).of(part).value == select("30d").period.days


def test_what_is_unknown_is_not_measured_and_not_compared(met):
    @figure(HOURS, total("hours"))
    def part(_by_day: ByDay) -> Reading:
        return Unknown(note="Nobody knows.")

    found = met(part).of(part)
    assert (found.value, found.before, found.versus) == (None, None, "")
    assert (found.note, found.unanswered) == ("Nobody knows.", False)


def test_a_figure_without_a_measure_is_what_is_read(met):
    reading = Reading(3.0, 2.0, "vs yesterday", (1.0,), "A note.", origin="A table.")

    @figure(RUNNING_TIMERS)
    def part(_by_day: ByDay) -> Reading:
        return reading

    assert vars(met(part).of(part)) == {"metric": RUNNING_TIMERS, "beside": (), **vars(reading)}


def test_another_reading_makes_another_figure_of_the_same_needs(met):
    part = replace(hours, read=lambda: Reading(note="Another."), measure=None)
    assert met(part).of(part).note == "Another."


# Every part of the product


def modules(name):
    """The modules of this name of all subjects, and those in folders of this name."""
    of_subjects = pkgutil.walk_packages(subjects.__path__, f"{subjects.__name__}.")
    names = (one.name for one in of_subjects if f".{name}." in f"{one.name}.")
    return list(map(importlib.import_module, names))


def makes_cards(value):
    """Whether a function says that it returns cards, or nothing."""
    if not isinstance(value, FunctionType):
        return False
    returned = get_type_hints(value).get("return")
    kinds = [returned, *get_args(returned)]
    kinds += [kind for one in kinds for kind in get_args(one)]
    return any(isinstance(kind, type) and issubclass(kind, Card) for kind in kinds)


def parts_of_product():
    """Every card and every figure, by its module and name."""
    found = {}
    for module in modules("cards"):
        for name, value in vars(module).items():
            if not name.startswith("_") and makes_cards(value):
                found[f"{value.__module__}.{name}"] = value
    for module in modules("figures"):
        for value in vars(module).values():
            for one in value if isinstance(value, tuple) else [value]:
                if isinstance(one, NumberCard):
                    found[f"{one.read.__module__}.{one.__name__} of {one.metric.name}"] = one
    return found


PRODUCT = parts_of_product()


def test_cards_and_figures_are_found_where_they_stand():
    assert "meaux.subjects.money.cards.costs.trend" in PRODUCT
    assert "meaux.subjects.hours.figures.total_hours of hours" in PRODUCT


@pytest.mark.parametrize("part", PRODUCT.values(), ids=PRODUCT)
def test_every_part_of_the_product_says_what_it_needs_and_asks_what_there_is(part):
    assert parameters(part)
    asked = queries_of([part])
    assert all(QUERIES[query.name] is query for query in asked)
