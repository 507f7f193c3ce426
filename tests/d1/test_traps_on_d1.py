"""What live databases do to a number is done to it on a D1 as on a file, and is right on both."""

from datetime import date

import pytest

from meaux.data.database import SQLiteFile, fetch_each
from meaux.data.source import open_source
from meaux.query.answers import Ask, ask
from meaux.query.filters import Period, Selection
from meaux.query.queries import QUERIES, Unanswerable

pytestmark = pytest.mark.d1

TODAY = date(2026, 11, 26)
NOVEMBER = Selection(Period(date(2026, 11, 1), date(2026, 11, 27)), TODAY)


@pytest.fixture(scope="session")
def live_d1(local_d1, no_override):
    database = local_d1.open("LIVE")
    yield open_source(database, no_override)
    database.close()


@pytest.fixture(scope="session")
def live_on_file(live_file, no_override):
    return open_source(SQLiteFile(live_file), no_override)


def answered(source, *names):
    asked = [Ask(QUERIES[name], NOVEMBER, limit=10, names=("",)) for name in names]
    return ask(asked, source.binding, lambda wanted: fetch_each(source.database, wanted))


def answerable(binding):
    for name, query in QUERIES.items():
        try:
            Ask(query, NOVEMBER, limit=10, names=("",)).compiled(binding)
        except Unanswerable:
            continue
        yield name


def test_a_database_full_of_traps_binds_on_a_d1_as_on_a_file(live_d1, live_on_file):
    assert live_d1.catalog == live_on_file.catalog
    assert live_d1.binding.tables == live_on_file.binding.tables


def test_every_query_says_the_same_of_it_on_a_d1_and_on_a_file(live_d1, live_on_file):
    asked = list(answerable(live_on_file.binding))
    assert len(asked) > 30
    on_both = (answered(source, *asked) for source in (live_d1, live_on_file))
    for name, there, here in zip(asked, *on_both, strict=True):
        assert (there.state, there.reason) == (here.state, here.reason), name
        assert there.frame.equals(here.frame), name


def test_what_it_says_is_right(live_d1):
    def frame(name):
        [found] = answered(live_d1, name)
        return found.frame

    by_project = frame("cost_by_project").groupby("name", dropna=False)
    costs = by_project["cost"].sum().to_dict()
    assert costs.pop(next(name for name in costs if not isinstance(name, str))) == 25
    assert costs == {"Website (p1)": 1200.5, "Website (p2)": 19, "Beta": 9.004, "gone": 0}
    assert by_project["unpriced"].sum().to_dict()["gone"] == 1
    hours = frame("hours_by_day")
    assert hours["hours"].sum() == 1.5 + 1.5 + 0.5 + 2 + 0.25
    assert (hours["running"].sum(), hours["unread"].sum()) == (1, 1)
    assert frame("other_currencies")["amount"].tolist() == [100]
    mail = frame("distinct_mail").set_index("state")
    assert mail.loc["Delivered", "messages"] == 2
    assert mail["of_delivered"].get("Opened", 0) == 0
    assert "Bounced" not in mail.index
    assert frame("conversations_by_day")["conversations"].tolist() == [2]
    tokens = frame("tokens_by_day")
    assert tokens["tokens"].sum() == 115 + 115 + 115 + 155
    workers = frame("requests_by_worker")
    assert (workers["requests"].sum(), workers["errors"].sum()) == (12, 1)
    assert frame("known_workers")["lifetime_requests"].tolist() == [250]
