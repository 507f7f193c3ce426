"""Exponential smoothing beside statsmodels: the same method, written by somebody else."""

import numpy as np
import pytest

from meaux.query.forecast.ets import LEAST, MOST, WEEK, Start, fitted, smoothed_with

DAYS, AHEAD = 63, 20
STEPS = np.arange(DAYS)
PATTERN = np.array([1.0, 1.1, 1.2, 1.1, 1.0, 0.4, 0.3])
LEVELS = {
    "a steady level": np.ones(DAYS),
    "a trend": 0.5 + STEPS / DAYS,
    "a step": np.where(STEPS < 40, 1.0, 2.0),
    "a level that wanders": 3 + np.random.default_rng(1).normal(0, 0.1, DAYS).cumsum(),
}


def series(level, seed, noise=0.1):
    weeks = np.resize(PATTERN, DAYS)
    return np.abs(
        LEVELS[level] * weeks * (1 + noise * np.random.default_rng(seed).normal(size=DAYS))
    )


def start(values, *, factors, slope):
    parts = PATTERN / PATTERN.mean() if factors else PATTERN - PATTERN.mean()
    return Start(float(values[:WEEK].mean()), slope, parts, factors)


def theirs(values, begun):
    """The model of statsmodels with the same start; its slope is constant, too."""
    # Imported here: it takes a second, which each worker would spend as it collects the tests.
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    slope = {"initial_trend": begun.slope} if begun.slope else {}
    return ETSModel(
        values,
        trend="add" if begun.slope else None,
        seasonal="mul" if begun.factors else "add",
        seasonal_periods=WEEK,
        initialization_method="known",
        initial_level=begun.level,
        initial_seasonal=begun.parts,
        **slope,
    )


EVERY = pytest.mark.parametrize("level", LEVELS)
MODEL = pytest.mark.parametrize(
    "model",
    [{"factors": factors, "slope": slope} for factors in (False, True) for slope in (0.0, 0.004)],
    ids=lambda model: f"{'factors' if model['factors'] else 'parts'}, slope {model['slope']}",
)


@EVERY
@MODEL
@pytest.mark.parametrize("shares", [(LEAST, LEAST), (0.1, 0.2), (0.6, 0.05), (MOST, 0.5)])
def test_days_smoothed_with_given_shares_are_those_of_statsmodels(level, model, shares):
    values = series(level, seed=3)
    begun = start(values, **model)
    ours = smoothed_with(values, begun, *shares)
    alpha, gamma = shares[0], shares[1] * (1 - shares[0])
    parameters = [alpha, 0.0, gamma] if model["slope"] else [alpha, gamma]
    other = theirs(values, begun).smooth(parameters)
    np.testing.assert_allclose(ours.errors, other.resid, atol=1e-9)
    np.testing.assert_allclose(ours.expected, other.fittedvalues, atol=1e-9)
    np.testing.assert_allclose(ours.levels, other.level, atol=1e-9)
    np.testing.assert_allclose(ours.ahead(AHEAD), other.forecast(AHEAD), atol=1e-9)


@EVERY
@MODEL
@pytest.mark.parametrize("seed", range(3))
def test_a_fit_leaves_no_larger_errors_than_that_of_statsmodels(level, model, seed):
    values = series(level, seed)
    begun = start(values, **model)
    ours, shape = fitted(values, begun), theirs(values, begun)
    with shape.fix_params({"smoothing_trend": 0.0} if model["slope"] else {}):
        other = shape.fit(disp=False, warn_convergence=False)
    assert ours.errors @ ours.errors <= (other.resid @ other.resid) * (1 + 1e-6)
    assert LEAST <= ours.level_share <= MOST
    assert LEAST <= ours.part_share <= MOST


@pytest.mark.parametrize("factors", [False, True])
def test_a_series_without_errors_is_continued_as_it_is(factors):
    values = np.resize(PATTERN, DAYS)
    parts = PATTERN / PATTERN.mean() if factors else PATTERN - PATTERN.mean()
    smoothed = fitted(values, Start(float(PATTERN.mean()), 0.0, parts, factors))
    np.testing.assert_allclose(smoothed.ahead(14), np.resize(PATTERN, 14), atol=1e-9)
