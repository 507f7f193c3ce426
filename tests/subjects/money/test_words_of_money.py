"""What is said beside costs."""

from datetime import date

import pytest

from meaux.query.filters import Period
from meaux.query.forecast import PeriodEnd
from meaux.subjects.money.metrics import MONTH_END
from meaux.subjects.money.outlook import band

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("forecast", "low", "high", "words"),
    [
        (60_800, 60_200, 61_300, "80% range $60,200-$61,300"),
        (60_812, 60_790, 60_844, "80% range $60,790-$60,844"),
        (60_812.4, 60_812.1, 60_812.6, "80% range $60,812.10-$60,812.60"),
        (60_800, 60_800, 61_300, "80% range up to $61,300"),
        (60_800, None, None, ""),
        (None, 60_800, 61_300, ""),
    ],
)
def test_the_ends_of_a_range_can_be_told_from_the_projection(forecast, low, high, words):
    end = PeriodEnd(NOVEMBER, 50_000, None, forecast, low, high)
    assert band(end, MONTH_END).replace("\N{EN DASH}", "-") == words
