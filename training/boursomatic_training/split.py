"""Cuts the examples in time: train, then calibration, then test.

Between two slices lie `embargo` trading days that belong to neither, and a row whose horizon ends inside the next
slice (an instrument that was halted for weeks) is dropped as well. So no label is shared across a cut.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.labels import Examples

__all__ = ["CALIBRATION_SHARE", "TRAIN_SHARE", "Split", "split_by_time"]

TRAIN_SHARE: Final = 0.6
CALIBRATION_SHARE: Final = 0.15
"""Shares of the days. The test slice gets the remaining quarter: its daily measures overlap, so it needs the days."""

_LEAST_ROWS: Final = {"train": 1_000, "calibration": 200, "test": 200}


@dataclass(frozen=True, kw_only=True)
class Split:
    """Row numbers of each slice, ascending.

    Attributes
    ----------
    train, calibration, test : ndarray of int64
        Indices into the rows of the examples.
    embargo : int
        Trading days between the slices.
    """

    train: NDArray[np.int64]
    calibration: NDArray[np.int64]
    test: NDArray[np.int64]
    embargo: int


def split_by_time(
    examples: Examples,
    *,
    embargo: int,
    train_share: float = TRAIN_SHARE,
    calibration_share: float = CALIBRATION_SHARE,
) -> Split:
    """Split the examples by day.

    Parameters
    ----------
    embargo : int
        Trading days left out before calibration and before test; at least the horizon of the labels.
    train_share, calibration_share : float
        Shares of the days up to the first and the second cut; the embargo comes out of the later slice.

    Raises
    ------
    BadInputError
        If a slice would have too few rows to mean anything.
    """
    days = np.unique(examples.day)
    first = round(len(days) * train_share)
    second = round(len(days) * (train_share + calibration_share))
    if first < 1 or second <= first or second >= len(days):
        raise BadInputError(f"too few rows: {len(examples.day)} with a label, on {len(days)} days")
    calibration_from = days[first - 1] + embargo + 1
    test_from = days[second - 1] + embargo + 1
    day, end = examples.day, examples.end
    slices = {
        "train": np.flatnonzero((day <= days[first - 1]) & (end < calibration_from)),
        "calibration": np.flatnonzero((day >= calibration_from) & (day <= days[second - 1]) & (end < test_from)),
        "test": np.flatnonzero(day >= test_from),
    }
    for name, rows in slices.items():
        if len(rows) < _LEAST_ROWS[name]:
            raise BadInputError(
                f"too few rows: the {name} slice has {len(rows)} and needs {_LEAST_ROWS[name]}"
                f" ({len(examples.day)} rows with a label, on {len(days)} days)"
            )
    return Split(**slices, embargo=embargo)
