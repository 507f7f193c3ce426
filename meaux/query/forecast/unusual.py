"""Unusual days: those whose value is far from the usual for their weekday."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

WEEKS_COMPARED = 8
DAYS_COMPARED = 7 * WEEKS_COMPARED
MAD_TO_DEVIATION = 1.4826
"""The factor from median absolute deviation to standard deviation in normal data."""
FARTHEST_USUAL = 3.5
"""The modified z-score from which Iglewicz and Hoaglin call a value an outlier."""
TIMES_FARTHER = 2.0
"""How many times farther a day must be than those before it that were farthest."""
MONTH_AGO = slice(-33, -26)
"""The days 27 to 33 before a day: what came then may come every month."""
SHARE_OF_WHOLE = 0.05
"""The least share of the usual whole that a difference must have."""
FEWEST_WITHIN = 14
"""The fewest days that are compared with each other."""
FEWEST_DAYS = 8
"""The fewest of the compared days on which a part must have a value."""

Grid = NDArray[np.float64]
"""Days by parts."""


class Judged(NamedTuple):
    """The days of a grid from the first with eight weeks before it, each compared with them.

    `usual` is the median of the same weekday's values, `excess` the value - the usual. A day is
    unusual if its excess is larger than the `limit`, which is infinite for a part that is too rare.
    """

    usual: Grid
    excess: Grid
    limit: Grid

    @property
    def unusual(self) -> NDArray[np.bool_]:
        """Return which days of which parts are unusual."""
        return np.abs(self.excess) > self.limit


def judge(values: Grid, floor: float) -> Judged:
    """Compare the days of several parts with the eight weeks before them.

    The first part is the whole. A difference is unusual only if it is larger than each of these:

    - `floor`, and 5% of the median day of the whole;
    - 3.5 x 1.4826 x MAD (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993), of the
      differences of the eight weeks;
    - twice the second largest of these, so that one spike doesn't hide another; and twice the
      largest of the days about a month before, so that monthly costs aren't unusual.

    A part must have a value on 8 of the days.
    """
    if len(values) <= DAYS_COMPARED:
        nothing = np.empty((0, values.shape[1]))
        return Judged(nothing, nothing, nothing)
    before = sliding_window_view(values[:-1], DAYS_COMPARED, axis=0)
    weeks = before.reshape(*before.shape[:2], WEEKS_COMPARED, 7)
    by_weekday = _median(weeks, 2)
    differences = np.abs(weeks - by_weekday[:, :, None, :]).reshape(before.shape)
    differences[np.isnan(differences)] = 0.0
    limit = np.maximum.reduce(
        [
            np.full(before.shape[:2], floor),
            np.broadcast_to(SHARE_OF_WHOLE * np.abs(_median(before[:, :1], 2)), before.shape[:2]),
            FARTHEST_USUAL * MAD_TO_DEVIATION * np.median(differences, axis=2),
            TIMES_FARTHER * np.partition(differences, -2, axis=2)[:, :, -2],
            TIMES_FARTHER * differences[:, :, MONTH_AGO].max(axis=2),
        ]
    )
    present = np.count_nonzero(np.nan_to_num(before), axis=2)
    usual = by_weekday[:, :, 0]
    excess = values[DAYS_COMPARED:] - usual
    return Judged(usual, excess, np.where(present >= FEWEST_DAYS, limit, np.inf))


def judge_within(values: Grid, floor: float) -> Judged:
    """Compare the days of several parts with the other days of the same grid.

    The rules are those of `judge`, but without weekdays and months: the usual is the median of all
    days. It serves where the weeks before aren't read. Fewer than 14 days aren't judged.
    """
    usual = np.broadcast_to(_median(values, 0), values.shape)
    excess = values - usual
    differences = np.nan_to_num(np.abs(excess))
    if len(values) < FEWEST_WITHIN:
        return Judged(usual, excess, np.full(values.shape, np.inf))
    third, second = np.partition(differences, (-3, -2), axis=0)[-3:-1]
    limit = np.maximum.reduce(
        [
            np.full(values.shape, floor),
            np.broadcast_to(SHARE_OF_WHOLE * np.abs(usual[:, :1]), values.shape),
            np.broadcast_to(
                FARTHEST_USUAL * MAD_TO_DEVIATION * np.median(differences, axis=0), values.shape
            ),
            TIMES_FARTHER * np.where(differences >= second, third, second),
        ]
    )
    present = np.count_nonzero(np.nan_to_num(values), axis=0)
    return Judged(usual, excess, np.where(present >= FEWEST_DAYS, limit, np.inf))


def _median(values: NDArray[Any], axis: int) -> NDArray[Any]:
    """Return the median of the known values; of none, it is unknown."""
    if not np.isnan(values).any():
        return np.asarray(np.median(values, axis=axis))
    ordered = np.sort(values, axis=axis)
    known = np.expand_dims(np.count_nonzero(~np.isnan(values), axis=axis), axis)
    low, high = (known - 1) // 2, known // 2
    ends = [np.take_along_axis(ordered, np.maximum(at, 0), axis=axis) for at in (low, high)]
    return np.asarray(np.squeeze((ends[0] + ends[1]) / 2, axis=axis))
