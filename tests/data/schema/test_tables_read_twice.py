"""Two logical tables that may stand on one physical one leave out the same rows of it."""

from itertools import combinations

import pytest

from meaux.data.schema.model import read_model

TABLES = read_model().tables.values()
SHARED = [
    pytest.param(one, other, id=f"{one.name}, {other.name}")
    for one, other in combinations(TABLES, 2)
    if not set(one.candidates).isdisjoint(other.candidates)
]


def leaves_out(table):
    """What a logical table says of the rows that are none; a status speaks where it is read."""
    return table.totals, set(table.void), set(table.deleted), "status" in table.columns


@pytest.mark.parametrize(("one", "other"), SHARED)
def test_what_is_none_is_none_in_every_reading_of_a_table(one, other):
    assert leaves_out(one) == leaves_out(other)
