"""Returns beyond statistical factors, by loadings that look back only.

On the first day of every month, the last `WINDOW` daily returns of all instruments that lack at most `MOST_MISSING` of
them are divided by their standard deviations, and their first `FACTORS` principal components are computed. A missing
return is replaced by the instrument's mean. With V the components (one
column each, orthonormal) and s the deviations, the residuals of a day r of that month are

    z = r / s,  e = s * (z - V V' z)

so a day's factor returns come from that day's returns, and the loadings from earlier days. An instrument without a
return on a day has z = 0 there and no residual. Components of equal eigenvalue may be rotated, but V V' is unique, so
another solver gives the same residuals.

The method is that of Avellaneda and Lee, Statistical arbitrage in the US equities market, Quantitative Finance 10
(2010), which takes 15 components of 252 days.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["FACTORS", "LEAST_INSTRUMENTS", "MOST_MISSING", "WINDOW", "daily_returns", "residual_returns", "sum_ahead"]

FACTORS: Final = 15
WINDOW: Final = 252
"""Days of returns from which a month's loadings are estimated."""

MOST_MISSING: Final = 12
"""One in twenty. A hole of one suspicious bar makes two returns unknown."""

LEAST_INSTRUMENTS: Final = 2 * FACTORS
"""With fewer, the factors explain nearly everything by construction, and the month has no residuals."""


def daily_returns(
    *, day: NDArray[np.int64], instrument: NDArray[np.int32], close: NDArray[np.float64], days: int, instruments: int
) -> NDArray[np.float64]:
    """Return of each calendar day over the one before, in a table of days and instruments; NaN without both closes."""
    table = np.full((days, instruments), np.nan)
    table[day, instrument] = close
    result = np.full_like(table, np.nan)
    result[1:] = table[1:] / table[:-1] - 1.0
    return result


def residual_returns(returns: NDArray[np.float64], *, calendar: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Compute the residuals of all days whose month has `WINDOW` returns before it; NaN on other days.

    Parameters
    ----------
    returns : ndarray, shape (days, instruments)
        As of `daily_returns`.
    calendar : ndarray of datetime64[D]
        The days, ascending.
    """
    residuals = np.full_like(returns, np.nan)
    _, starts = np.unique(calendar.astype("datetime64[M]"), return_index=True)
    for start, end in zip(starts, np.append(starts[1:], len(calendar)), strict=True):
        # The first day of the calendar has no return.
        if start <= WINDOW:
            continue
        window = returns[start - WINDOW : start]
        known = np.flatnonzero(np.isnan(window).sum(axis=0) <= MOST_MISSING)
        deviation = np.nanstd(window[:, known], axis=0, ddof=1)
        known, scale = known[deviation > 0], deviation[deviation > 0]
        if len(known) < LEAST_INSTRUMENTS:
            continue
        scaled = np.nan_to_num((window[:, known] - np.nanmean(window[:, known], axis=0)) / scale, nan=0.0)
        # The components by the Gram matrix of the days, which is smaller than that of the instruments.
        _, days = np.linalg.eigh(scaled @ scaled.T)
        components = scaled.T @ days[:, -FACTORS:]
        components /= np.linalg.norm(components, axis=0)
        today = returns[start:end, known] / scale
        factors = np.nan_to_num(today, nan=0.0) @ components
        residuals[start:end, known] = scale * (today - factors @ components.T)
    return residuals


def sum_ahead(residuals: NDArray[np.float64], *, horizon: int) -> NDArray[np.float64]:
    """Sum of the residuals of the next `horizon` days; NaN if one is missing."""
    result = np.full_like(residuals, np.nan)
    total = np.zeros((max(0, len(residuals) - horizon), residuals.shape[1]))
    for ahead in range(1, horizon + 1):
        total += residuals[ahead : len(residuals) - horizon + ahead]
    result[: len(total)] = total
    return result
