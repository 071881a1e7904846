"""Computations within each day: ranks, and the part of a value that exposures do not explain."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["day_ranks", "neutralise", "rows_by_day", "standardise"]


def rows_by_day(day: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the row numbers of each day, in order of the days."""
    order = np.argsort(day, kind="stable")
    if len(order):
        yield from np.split(order, np.flatnonzero(np.diff(day[order])) + 1)


def day_ranks(values: NDArray[np.floating], *, day: NDArray[np.int64]) -> NDArray[np.float32]:
    """Rank the values of each day as the view ``model_inputs`` does: (rank - 0.5) / n.

    Equal values share the lowest of their ranks. Missing values (NaN) are not ranked and stay NaN.

    Examples
    --------
    >>> day_ranks(np.array([3.0, 1.0, 1.0, np.nan]), day=np.zeros(4, np.int64))
    array([0.8333333 , 0.16666667, 0.16666667,        nan], dtype=float32)
    """
    result = np.full(len(values), np.nan, np.float32)
    present = np.flatnonzero(~np.isnan(values))
    if len(present) == 0:
        return result
    order = present[np.lexsort((values[present], day[present]))]
    place = np.arange(len(order))
    is_new_day = np.append(True, day[order][1:] != day[order][:-1])
    is_new_value = is_new_day | np.append(True, values[order][1:] != values[order][:-1])
    first_of_day = np.maximum.accumulate(np.where(is_new_day, place, 0))
    first_of_value = np.maximum.accumulate(np.where(is_new_value, place, 0))
    starts = np.flatnonzero(is_new_day)
    count = np.repeat(np.diff(np.append(starts, len(order))), np.diff(np.append(starts, len(order))))
    result[order] = ((first_of_value - first_of_day + 0.5) / count).astype(np.float32)
    return result


def neutralise(
    values: NDArray[np.float64], *, exposures: NDArray[np.floating], day: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Residual of an ordinary least squares fit of the values on a constant and the exposures, within each day.

    On a day with no more rows than coefficients, the values less their mean.

    Parameters
    ----------
    exposures : ndarray, shape (rows, exposures)
    """
    result = np.empty(len(values))
    for rows in rows_by_day(day):
        centred = values[rows] - values[rows].mean()
        design = exposures[rows].astype(np.float64)
        design = design - design.mean(axis=0)
        if len(rows) > design.shape[1] + 1:
            centred = centred - design @ np.linalg.lstsq(design, centred, rcond=None)[0]
        result[rows] = centred
    return result


def standardise(values: NDArray[np.float64], *, day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values less the mean of their day, over the population standard deviation of their day.

    All values of a day without deviation are 0.
    """
    _, place, count = np.unique(day, return_inverse=True, return_counts=True)
    centred = values - (np.bincount(place, weights=values) / count)[place]
    deviation = np.sqrt(np.bincount(place, weights=centred**2) / count)[place]
    return np.where(deviation > 0, centred / np.where(deviation > 0, deviation, 1.0), 0.0)
