"""Response times: percentiles of counts lie within 4% of those of the values themselves."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.query import latency, queries
from meaux.query.latency import GROWTH, INSTANT, PERCENTILES, histogram

RANDOM = np.random.default_rng(0)
SHAPES = {
    "usual": RANDOM.lognormal(4, 0.7, 900),
    "even": RANDOM.uniform(5, 500, 700),
    "long tail": RANDOM.pareto(1.2, 800) * 20 + 1,
    "two kinds": np.concatenate([RANDOM.normal(20, 2, 500), RANDOM.normal(4_000, 300, 60)]),
    "all the same": np.full(40, 37.5),
    "one": np.array([812.0]),
    "two far apart": np.array([1.0, 60_000.0]),
    "below a millisecond": RANDOM.uniform(0.01, 0.9, 300),
    "whole numbers": RANDOM.integers(1, 40, 500).astype(float),
    "up to an hour": np.geomspace(0.5, 3_600_000, 251),
}
SHARES = st.floats(0, 1)


def counted(values):
    """The values in buckets, counted without the database."""
    buckets = [math.floor(math.log(value) / math.log(GROWTH)) for value in values]
    found = pd.Series(buckets).value_counts()
    return pd.DataFrame({"bucket": found.index, "timed": found.to_numpy()})


@given(st.lists(st.floats(0.001, 1e8), min_size=1, max_size=60), SHARES)
def test_any_percentile_of_any_values_is_off_by_four_per_cent_at_most(values, share):
    exact = float(np.percentile(values, 100 * share))
    assert histogram(counted(values)).percentile(share) == pytest.approx(exact, rel=GROWTH - 1)


@pytest.fixture
def log(logged, ended):
    """Every shape as the log of a Worker of that name."""
    return logged(
        *(
            ended(worker=shape, duration=float(value))
            for shape, values in SHAPES.items()
            for value in values
        )
    )


def test_percentiles_counted_in_the_database_are_those_of_the_logged_durations(
    database_of, answer, log
):
    found = answer(queries.requests_by_worker, source=database_of(log))
    by_worker = latency.percentiles(found.frame, "worker").set_index("worker")
    assert set(by_worker.index) == set(SHAPES)
    for shape, values in SHAPES.items():
        for name, share in PERCENTILES.items():
            exact = float(np.percentile(values, 100 * share))
            assert by_worker.loc[shape, name] == pytest.approx(exact, rel=0.04), (shape, name)


def test_a_duration_lies_between_the_edges_of_its_bucket(database_of, answer, logged, ended):
    values = [float(value) for values in SHAPES.values() for value in values]
    script = logged(*(ended(worker=str(n), duration=value) for n, value in enumerate(values)))
    found = answer(queries.requests_by_worker, source=database_of(script)).frame
    for worker, bucket in zip(found["worker"], found["bucket"], strict=True):
        low, high = GROWTH ** int(bucket), GROWTH ** (int(bucket) + 1)
        assert low * (1 - 1e-9) <= values[int(worker)] <= high * (1 + 1e-9)


def test_nothing_takes_no_time_and_less_than_nothing_is_not_known(
    database_of, answer, logged, ended
):
    durations = [0, 0.0, 0.0002, 0.00099, 0.001, -5, None, "fast", "12.5"]
    script = logged(*(ended(worker=str(n), duration=d) for n, d in enumerate(durations)))
    found = answer(queries.requests_by_worker, source=database_of(script)).frame
    buckets = [None if pd.isna(bucket) else int(bucket) for bucket in found["bucket"]]
    assert buckets[:4] == [INSTANT] * 4
    assert buckets[4] == INSTANT + 1
    assert buckets[5:8] == [None] * 3
    assert GROWTH ** buckets[8] <= 12.5 <= GROWTH ** (buckets[8] + 1)
    assert latency.unmeasured(found) == "3 requests have no duration."
    assert histogram(found.head(4)).percentile(0.5) == 0


def test_half_of_nothing_and_half_of_something_meet_in_the_middle():
    rows = pd.DataFrame({"bucket": [INSTANT, 100], "timed": [5, 5]})
    found = histogram(rows)
    assert found.percentile(0.2) == 0
    assert found.percentile(0.9) == pytest.approx(GROWTH**100.9, rel=0.04)


def test_of_nothing_counted_no_percentile_is_known():
    nothing = pd.DataFrame({"bucket": pd.Series(dtype="Int64"), "timed": []})
    unknown = pd.DataFrame({"bucket": pd.Series([None], dtype="Int64"), "timed": [7]})
    assert histogram(nothing).percentile(0.5) is None
    assert histogram(unknown).percentile(0.5) is None
    assert latency.percentiles(nothing.assign(day=[]), "day").empty
    assert latency.percentiles(unknown.assign(day=["x"]), "day")["p95"].isna().all()


@given(
    st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40),
    st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40),
    SHARES,
)
def test_counts_of_parts_make_the_percentile_of_the_whole(one, other, share):
    parts = pd.concat([counted(one), counted(other)])
    whole = counted([*one, *other])
    assert histogram(parts).percentile(share) == histogram(whole).percentile(share)


def test_a_percentile_of_two_groups_is_no_mean_of_theirs():
    calm, busy = counted([10.0] * 990), counted([1_000.0] * 10)
    both = histogram(pd.concat([calm, busy])).percentile(0.95)
    assert both == pytest.approx(10, rel=0.04)


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60))
def test_a_higher_share_is_never_a_lower_value(values):
    found = histogram(counted(values))
    places = [found.percentile(share / 20) for share in range(21)]
    assert places == sorted(places)
