"""Bands hold about as much as they say, for every kind of business that the benchmark makes."""

import importlib.util
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "bands.py"
SEED = 7
OF_EACH = 4


@pytest.fixture(scope="module")
def scores():
    spec = importlib.util.spec_from_file_location("bands", BENCHMARK)
    bands = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bands)
    return bands.table(bands.scores(SEED, OF_EACH))


def test_a_forecast_is_nearer_than_repeating_the_week(scores):
    assert scores.loc["all", "error"] <= 0.82
    assert scores.loc["growing", "error"] <= 0.95
    assert scores.loc["billed", "error"] <= 0.3


def test_4_of_5_days_lie_in_their_band_of_every_kind(scores):
    days = scores.drop(index="all")["days"]
    assert days.between(0.68, 0.97).all(), days.to_string()
    assert 0.75 <= scores.loc["all", "days"] <= 0.9


def test_4_of_5_totals_lie_in_their_band(scores):
    totals = scores.drop(index="all")["total"]
    assert (totals >= 0.5).all(), totals.to_string()
    assert 0.72 <= scores.loc["all", "total"] <= 0.95
