"""Intervals of the measures, by moving-block bootstrap over days.

The labels of neighbouring days overlap and all instruments of a day move together, so neither rows nor days are
independent. Blocks of consecutive days, as long as the horizon, nearly are. A resample consists of blocks drawn with
replacement, until it has as many days as the sample. Resamples differ only in how often they contain each day, so each
measure is a product of these counts with daily sums.

The method is the moving-block bootstrap (Kuensch, The jackknife and the bootstrap for general stationary observations,
Annals of Statistics 17, 1989). The bounds are percentiles of the resamples. The calibration error is a sum of absolute
values, which noise can only raise, so its interval is slightly too high.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LEVEL",
    "RESAMPLES",
    "block_counts",
    "calibration_error_draws",
    "interval",
    "mean_draws",
    "ratio_draws",
    "ratio_of_sums_draws",
]

RESAMPLES: Final = 1_000
LEVEL: Final = 0.95


def block_counts(*, days: int, block: int, seed: int, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """Draw the resamples, as counts of each day.

    Parameters
    ----------
    block : int
        Days of a block. It is limited to half the days, so that resamples differ.

    Returns
    -------
    ndarray of float64, shape (resamples, days)
        Every row sums to `days`.
    """
    block = max(1, min(block, days // 2))
    blocks = -(-days // block)
    starts = np.random.default_rng(seed).integers(0, days - block + 1, size=(resamples, blocks))
    picks = (starts[:, :, None] + np.arange(block)).reshape(resamples, -1)[:, :days]
    places = (picks + days * np.arange(resamples)[:, None]).ravel()
    return np.bincount(places, minlength=resamples * days).reshape(resamples, days).astype(np.float64)


def interval(draws: NDArray[np.float64]) -> list[float] | None:
    """Lower and upper bound of the draws at `LEVEL`; None without finite draws."""
    draws = draws[np.isfinite(draws)]
    if len(draws) == 0:
        return None
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail])
    return [float(low), float(high)]


def _moments(
    counts: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Centred, so that the variance is not the difference of two large numbers.
    center = float(values.mean()) if len(values) else 0.0
    moved = values - center
    with np.errstate(invalid="ignore", divide="ignore"):
        size = counts.sum(axis=1)
        mean = counts @ moved / size
        variance = (counts @ moved**2 - size * mean**2) / (size - 1)
        return mean + center, np.sqrt(np.where(variance > 1e-24, variance, np.nan))


def mean_draws(counts: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of a daily value in each resample."""
    mean, _ = _moments(counts, values)
    return mean


def ratio_draws(counts: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over standard deviation of a daily value in each resample; NaN if it does not vary."""
    mean, deviation = _moments(counts, values)
    return mean / deviation


def ratio_of_sums_draws(
    counts: NDArray[np.float64], numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Ratio of two daily sums, such as a loss to its rows, in each resample."""
    draws: NDArray[np.float64] = (counts @ numerator) / (counts @ denominator)
    return draws


def calibration_error_draws(
    counts: NDArray[np.float64], gaps: NDArray[np.float64], rows: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure the expected calibration error in each resample.

    Parameters
    ----------
    gaps : ndarray, shape (days, bins)
        Daily sum of hits less confidence in each bin.
    rows : ndarray
        Rows of each day.
    """
    draws: NDArray[np.float64] = np.abs(counts @ gaps).sum(axis=1) / (counts @ rows)
    return draws
