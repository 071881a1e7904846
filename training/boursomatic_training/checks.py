"""Input that would train a model of nothing, refused with the name of the column at fault."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES

__all__ = ["LARGEST_VALUE", "check_not_constant", "check_values"]

LARGEST_VALUE: Final = 1e6
"""Ratios, ranks and scores are below hundreds. A larger value has the wrong unit."""


def check_values(
    values: NDArray[np.float32], *, feature: str, names: NDArray[np.str_], day: NDArray[np.datetime64]
) -> None:
    """Reject a column that is missing on every row, or a value that is infinite or out of scale.

    Parameters
    ----------
    values : ndarray
        One column; NaN for missing values.
    names, day
        The instrument's name and the day of each row, for the message.

    Raises
    ------
    BadInputError
        Names the feature and the first invalid row.
    """
    with np.errstate(invalid="ignore"):
        wrong = np.abs(values) > LARGEST_VALUE
    if wrong.any():
        row = int(np.argmax(wrong))
        fault = "infinite" if np.isinf(values[row]) else f"{values[row]:.3g}, beyond {LARGEST_VALUE:.0e},"
        raise BadInputError(f"{feature} is {fault} for {names[row]} on {day[row]}")
    if np.isnan(values).all():
        raise BadInputError(f"{feature} is missing on every row")


def check_not_constant(features: NDArray[np.float32], *, rows: NDArray[np.int64]) -> None:
    """Reject a feature with one value on all rows, because its computation must have failed.

    Raises
    ------
    BadInputError
        Names the feature and its value.
    """
    chosen = features[rows]
    lowest, highest = chosen.min(axis=0), chosen.max(axis=0)
    for name, low, high in zip(FEATURES, lowest, highest, strict=True):
        if low == high:
            raise BadInputError(f"{name} is {low:.6g} on all {len(rows)} rows of a train slice: a constant feature")
