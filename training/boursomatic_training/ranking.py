"""Measures of a score that ranks the instruments of a day: rank information coefficients and what its best earned."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.days import day_ranks, rows_by_day, standardise

__all__ = [
    "COST_BPS",
    "TOP_SHARES",
    "DailyScore",
    "daily_rank_ic",
    "daily_top_excess",
    "mean",
    "mean_over_deviation",
    "standard_ranks",
]

COST_BPS: Final = 20.0
"""Cost of buying and selling once, in basis points of the amount: half the spread and some slippage, twice."""

TOP_SHARES: Final = (0.02, 0.05, 0.10)
"""Shares of a day's best that are measured."""

_LEAST_A_DAY: Final = 5
"""Fewest instruments of a measured day."""


@dataclass(frozen=True, kw_only=True)
class DailyScore:
    """Measures of a score on each of the days, in their order; NaN on a day with fewer than five instruments.

    Attributes
    ----------
    rank_ic : dict
        By outcome: the day's rank correlation with it.
    top : dict
        By share: the mean return over the horizon of the day's best, less that of all its rows.
    """

    rank_ic: dict[str, NDArray[np.float64]]
    top: dict[float, NDArray[np.float64]]


def mean(values: NDArray[np.float64]) -> float | None:
    """Mean of the known values, or None without any."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def mean_over_deviation(values: NDArray[np.float64]) -> float | None:
    """Mean over the sample standard deviation of the known values, not annualised; None without deviation."""
    known = values[np.isfinite(values)]
    deviation = known.std(ddof=1) if len(known) > 1 else 0.0
    return float(known.mean() / deviation) if deviation > 0 else None


def standard_ranks(values: NDArray[np.float64], *, day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Ranks within each day, with mean 0 and deviation 1, so that a mean product is a rank correlation.

    Equal values have the mean of their ranks, as usual for a rank correlation.
    """
    from_both_ends = day_ranks(values, day=day).astype(np.float64) - day_ranks(-values, day=day)
    return standardise(from_both_ends, day=day)


def daily_rank_ic(
    score: NDArray[np.float64], outcome: NDArray[np.float64], *, day: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Rank correlation of each day, in order of the days; 0 on a day of equal values, NaN with too few rows.

    Parameters
    ----------
    score, outcome : ndarray
        As `standard_ranks` returns them.
    """
    _, place, count = np.unique(day, return_inverse=True, return_counts=True)
    correlation = np.bincount(place, weights=score * outcome) / count
    return np.where(count >= _LEAST_A_DAY, correlation, np.nan)


def daily_top_excess(
    score: NDArray[np.float64], forward: NDArray[np.float64], *, day: NDArray[np.int64]
) -> dict[float, NDArray[np.float64]]:
    """Mean forward return of each day's best rows less that of all its rows, by share, before costs.

    A share of the rows is rounded up to at least one row. Of equal scores, the earlier row is better.
    """
    result: dict[float, list[float]] = {share: [] for share in TOP_SHARES}
    for rows in rows_by_day(day):
        order = rows[np.argsort(-score[rows], kind="stable")]
        average = forward[rows].mean()
        for share in TOP_SHARES:
            best = order[: max(1, int(np.ceil(share * len(rows))))]
            result[share].append(forward[best].mean() - average if len(rows) >= _LEAST_A_DAY else np.nan)
    return {share: np.array(values, dtype=np.float64) for share, values in result.items()}
