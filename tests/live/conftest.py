"""Small databases in shapes that live ones have, asked through the queries."""

import pytest
from live_databases import Live


@pytest.fixture
def live(database_of, answer):
    """What a database that a script writes says."""

    def live(script):
        return Live(database_of(script), answer)

    return live
