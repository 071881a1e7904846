"""The rows of the view as columns of numpy, checked and in a fixed order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES

__all__ = ["Frame", "build_frame"]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """All rows of the view, by instrument and then by day.

    Attributes
    ----------
    names : tuple of str
        Each instrument's name; `instrument` indexes it.
    instrument : ndarray of int32
    day : ndarray of datetime64[D]
    close : ndarray of float64
    features : ndarray of float32, shape (rows, features)
        NaN where the history was too short.
    """

    names: tuple[str, ...]
    instrument: NDArray[np.int32]
    day: NDArray[np.datetime64]
    close: NDArray[np.float64]
    features: NDArray[np.float32]


def build_frame(
    *,
    names: NDArray[np.str_],
    day: NDArray[np.datetime64],
    close: NDArray[np.float64],
    features: NDArray[np.float32],
) -> Frame:
    """Check the columns and order the rows by instrument name and day, whatever order they came in.

    Names rather than ids, so that the same history loaded into another database trains the same model.

    Parameters
    ----------
    names : ndarray of str
        The instrument's name, a row each.
    day, close, features
        As in `Frame`.

    Raises
    ------
    BadInputError
        If there are no rows, a value is infinite, a price is not positive or a row is there twice.
    """
    if len(names) == 0:
        raise BadInputError("model_inputs has no rows: run the pipeline first")
    unique, code = np.unique(names, return_inverse=True)
    instrument = code.astype(np.int32)
    for column, name in enumerate(FEATURES):
        infinite = np.isinf(features[:, column])
        if infinite.any():
            row = int(np.argmax(infinite))
            raise BadInputError(f"{name} is infinite for {names[row]} on {day[row]}")
    wrong = ~(np.isfinite(close) & (close > 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadInputError(f"close_price is {close[row]} for {names[row]} on {day[row]}")
    order = np.lexsort((day, instrument))
    instrument, day = instrument[order], day[order]
    twice = (instrument[1:] == instrument[:-1]) & (day[1:] == day[:-1])
    if twice.any():
        row = int(np.argmax(twice))
        raise BadInputError(f"{unique[instrument[row]]} has more than one row on {day[row]}")
    return Frame(
        names=tuple(str(name) for name in unique),
        instrument=instrument,
        day=day,
        close=close[order],
        features=np.ascontiguousarray(features[order]),
    )
