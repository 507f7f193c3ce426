"""Where a line may end is what the differences of its days say, computed from their covariance."""

import numpy as np
import pytest

from meaux.query.forecast.end_lines import FOLLOWED, EndLines

DAYS = 60


@pytest.fixture(scope="module")
def plain():
    chance = np.random.default_rng(5)
    return 50 + np.cumsum(chance.normal(0.1, 0.5, DAYS)) + chance.normal(0, 2, DAYS)


def covariance(part):
    """That of differences, where a part of each error of size 1 stays in the level."""
    beside = np.eye(DAYS - 1, k=1) + np.eye(DAYS - 1, k=-1)
    return (1 + (1 - part) ** 2) * np.eye(DAYS - 1) - (1 - part) * beside


@pytest.mark.parametrize("trend", [False, True])
def test_a_part_is_as_likely_as_the_differences_of_the_days_make_it(plain, trend):
    free, moves, logs = DAYS - 1 - trend, np.diff(plain), []
    for part in FOLLOWED:
        known, slope = np.linalg.inv(covariance(part)), 0.0
        log = np.linalg.slogdet(known)[1] + np.log(part)
        if trend:
            slope = (known @ moves).sum() / known.sum()
            log -= np.log(known.sum())
        logs.append((log - free * np.log((moves - slope) @ known @ (moves - slope))) / 2)
    likely = np.exp(np.array(logs) - max(logs))
    found = EndLines.of(plain, np.ones(DAYS), DAYS - free, trend=trend).likely
    assert np.allclose(found, likely / likely.sum(), rtol=1e-6)


def test_a_level_ends_where_the_differences_lead_to_expect_the_next_day(plain):
    moves = np.diff(plain)
    lines = EndLines.of(plain, np.ones(DAYS), 1, trend=False)
    for part, last, root in zip(FOLLOWED, lines.last, lines.roots, strict=True):
        known, next_one = np.linalg.inv(covariance(part)), np.zeros(DAYS - 1)
        next_one[-1] = -(1 - part)
        assert last[0] == pytest.approx(plain[-1] + next_one @ known @ moves)
        assert last[1] == 0
        error = moves @ known @ moves / (DAYS - 1)
        unknown = (1 - part) ** 2 - next_one @ known @ next_one
        assert root[0, 0] ** 2 == pytest.approx(error * unknown, rel=1e-5, abs=1e-9)
