"""The days of a report: the last complete week or month, in the declared zone."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from meaux.data import settings as of_settings
from meaux.data.database import fetch_each
from meaux.data.settings import Settings
from meaux.errors import SettingError
from meaux.query.filters import Period
from meaux.reports import Scope, find, kinds, scope_of, stem


@pytest.mark.parametrize("today", [date(2026, 11, 16) + timedelta(days=n) for n in range(7)])
def test_the_last_week_is_the_same_from_monday_to_sunday(today):
    assert find("weekly").period(today) == Period(date(2026, 11, 9), date(2026, 11, 16))


@pytest.mark.parametrize(
    ("name", "today", "first", "end"),
    [
        ("weekly", date(2027, 1, 3), date(2026, 12, 21), date(2026, 12, 28)),
        ("weekly", date(2027, 1, 4), date(2026, 12, 28), date(2027, 1, 4)),
        ("weekly", date(2028, 3, 1), date(2028, 2, 21), date(2028, 2, 28)),
        ("monthly", date(2027, 1, 1), date(2026, 12, 1), date(2027, 1, 1)),
        ("monthly", date(2028, 3, 31), date(2028, 2, 1), date(2028, 3, 1)),
    ],
)
def test_a_week_and_a_month_may_span_a_year(name, today, first, end):
    assert find(name).period(today) == Period(first, end)


@pytest.fixture
def scoped(demo_source):
    fetch = partial(fetch_each, demo_source.database)

    def scoped(name, settings=None, **scope):
        settings = settings or Settings(today=date(2026, 11, 22))
        return scope_of(find(name), Scope(**scope), settings, demo_source, fetch)

    return scoped


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("weekly", Period(date(2026, 11, 2), date(2026, 11, 9))),
        ("monthly", Period(date(2026, 9, 1), date(2026, 10, 1))),
    ],
)
def test_each_is_compared_with_the_one_before(scoped, name, compared):
    assert scoped(name).compared == compared


def test_the_week_is_that_of_the_zone(scoped, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 15, 23, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(of_settings, "datetime", Clock)
    assert scoped("weekly", Settings()).period.start == date(2026, 11, 2)
    there = scoped("weekly", Settings(), zone="Europe/Paris")
    assert there.period.start == date(2026, 11, 9)
    assert there.zone == "Europe/Paris"


def test_names_and_ids_select_the_same_rows(scoped):
    by_name = scoped("weekly", projects=("Café Étoile storefront",))
    assert by_name.projects == scoped("weekly", projects=("prj_cafe_etoile",)).projects


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ({"projects": ("nothing",)}, "Unknown project 'nothing'"),
        ({"teams": ("nobody",)}, "Unknown team 'nobody'"),
        ({"people": ("nobody",)}, "Unknown person 'nobody'"),
        ({"period": "fortnight"}, "Invalid period"),
        ({"zone": "Mars/Olympus"}, "Invalid zone"),
    ],
)
def test_what_cant_be_read_is_named(scoped, scope, words):
    with pytest.raises(SettingError, match=words):
        scoped("weekly", **scope)


def test_a_report_is_found_by_its_name_or_its_title():
    for kind in kinds():
        assert find(kind.name) is kind
        assert find(f" {kind.title.upper()}") is kind
    with pytest.raises(SettingError, match="did you mean financial"):
        find("finacial")


def test_files_are_named_by_the_report_and_its_days(scoped):
    assert stem(find("weekly"), scoped("weekly")) == "meaux-weekly-2026-11-09"
    days = scoped("time", period="2026-11-01..2026-11-07")
    assert stem(find("time"), days) == "meaux-time-2026-11-01_2026-11-07"
