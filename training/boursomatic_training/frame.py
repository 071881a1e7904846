"""The rows of the view as numpy columns, checked and in a fixed order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.checks import check_values
from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES

__all__ = ["Frame", "build_frame", "pick_columns"]


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
        NaN if the history was too short.
    others : dict
        Columns that only the compared model takes, by name.
    """

    names: tuple[str, ...]
    instrument: NDArray[np.int32]
    day: NDArray[np.datetime64]
    close: NDArray[np.float64]
    features: NDArray[np.float32]
    others: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def build_frame(
    *,
    names: NDArray[np.str_],
    day: NDArray[np.datetime64],
    close: NDArray[np.float64],
    features: NDArray[np.float32],
    others: Mapping[str, NDArray[np.float32]] | None = None,
) -> Frame:
    """Check the columns and order the rows by instrument name and day.

    Instruments are ordered by name instead of id, so that another database with the same history trains the same model.

    Parameters
    ----------
    names : ndarray of str
        The instrument's name, one per row.
    day, close, features, others
        As in `Frame`.

    Raises
    ------
    BadInputError
        If there are no rows, a value is infinite or out of scale, a column is empty, a price is not positive, or a row
        occurs twice.
    """
    if len(names) == 0:
        raise BadInputError("model_inputs has no rows; run the pipeline first")
    if features.shape != (len(names), len(FEATURES)):
        raise BadInputError(f"the rows have {features.shape[-1]} features, and the model takes {len(FEATURES)}")
    unique, code = np.unique(names, return_inverse=True)
    instrument = code.astype(np.int32)
    for column, name in enumerate(FEATURES):
        check_values(features[:, column], feature=name, names=names, day=day)
    for name, values in (others or {}).items():
        check_values(values, feature=name, names=names, day=day)
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
        others={name: values[order] for name, values in (others or {}).items()},
    )


def pick_columns(frame: Frame, *, names: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the values of the named columns, in that order, on the given rows.

    Raises
    ------
    BadInputError
        If the frame has no such column.
    """
    missing = [name for name in names if name not in FEATURES and name not in frame.others]
    if missing:
        raise BadInputError(f"model_inputs was read without {', '.join(missing)}")
    columns = [
        frame.features[rows, FEATURES.index(name)] if name in FEATURES else frame.others[name][rows] for name in names
    ]
    return np.ascontiguousarray(np.stack(columns, axis=1))
