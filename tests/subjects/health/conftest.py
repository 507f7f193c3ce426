"""The health of a database, as a page and the doctor see it."""

import pytest

from meaux.data.database import fetch_each
from meaux.subjects import health


@pytest.fixture(scope="session")
def examined(select):
    """The health of a source; of its queries too, as the database prepares them."""

    def examined(source, selection=None, prepared=False):
        chosen = selection or select("30d")
        asks = health.asks(source, chosen.today)
        outcomes = dict(zip(asks, fetch_each(source.database, list(asks.values())), strict=True))
        plans = health.prepared(source, chosen) if prepared else {}
        answers = dict(zip(plans, fetch_each(source.database, list(plans.values())), strict=True))
        return health.examine(source, chosen, outcomes, plans=answers)

    return examined


@pytest.fixture(scope="session")
def demo_health(examined, demo_source):
    return examined(demo_source, prepared=True)
