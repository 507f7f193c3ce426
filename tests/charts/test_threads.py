"""Sessions draw at the same time: each gets its own chart, never a part of another's."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from altair.utils import schemapi

from tests.charts.test_charts import FRAMES, SHAPES, draw

THREADS = 12
ROUNDS = 2


def drawn(shape):
    return draw(shape, FRAMES["three rows"]).to_dict()


@pytest.fixture
def restless():
    """Let threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_charts_drawn_by_many_threads_are_those_drawn_alone():
    alone = {shape: drawn(shape) for shape in SHAPES}
    with ThreadPoolExecutor(THREADS) as threads:
        together = threads.map(lambda shape: (shape, drawn(shape)), [*SHAPES] * ROUNDS)
        mixed = {shape for shape, chart in together if chart != alone[shape]}
    assert not mixed


@pytest.mark.parametrize("shape", SHAPES)
def test_no_chart_is_made_with_what_altair_shares_between_threads(shape, monkeypatch):
    def shared(prop, *_, **__):
        raise AssertionError(f"pass {prop.prop} as a keyword: its method is one for all threads")

    monkeypatch.setattr(schemapi._PropertySetter, "__call__", shared)
    drawn(shape)
