"""The rows of the view as numpy columns, checked and in a fixed order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.checks import check_values
from boursomatic_training.days import day_ranks
from boursomatic_training.errors import BadInputError
from boursomatic_training.universe import Membership

__all__ = ["RANK_SUFFIX", "Frame", "build_frame", "columns_of", "model_inputs"]

RANK_SUFFIX = "_rank"
"""The input ``x_rank`` is the rank of the column ``x`` within the day's universe."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """All rows of the view, by instrument and then by day.

    Attributes
    ----------
    names : tuple of str
        Each instrument's name, ``symbol@exchange``; `instrument` indexes it.
    instrument : ndarray of int32
    calendar : ndarray of datetime64[D]
        Every day of the rows, ascending; `day` indexes it.
    day : ndarray of int64
    close : ndarray of float64
    member : ndarray of bool
        Whether the row's instrument belonged to the universe on its day.
    columns : dict
        Columns of the view that are not ranks, by name: float32, NaN if the history was too short.
    """

    names: tuple[str, ...]
    instrument: NDArray[np.int32]
    calendar: NDArray[np.datetime64]
    day: NDArray[np.int64]
    close: NDArray[np.float64]
    member: NDArray[np.bool_]
    columns: dict[str, NDArray[np.float32]]


def columns_of(inputs: Sequence[str]) -> list[str]:
    """Columns that the inputs are made of, each once.

    Examples
    --------
    >>> columns_of(["ret_5d_rank", "ret_5d", "vol_20d"])
    ['ret_5d', 'vol_20d']
    """
    return list(dict.fromkeys(name.removesuffix(RANK_SUFFIX) for name in inputs))


def build_frame(
    *,
    names: NDArray[np.str_],
    day: NDArray[np.datetime64],
    close: NDArray[np.float64],
    columns: Mapping[str, NDArray[np.float32]],
    membership: Membership | None = None,
) -> Frame:
    """Check the columns and order the rows by instrument name and day.

    Instruments are ordered by name instead of id, so that another database with the same history trains the same model.

    Parameters
    ----------
    names : ndarray of str
        The instrument's name, one per row.
    day : ndarray of datetime64[D]
    close, columns
        As in `Frame`.
    membership : Membership or None
        Without it, every row is a member's.

    Raises
    ------
    BadInputError
        If there are no rows, a value is infinite or out of scale, a column is empty, a price is not positive, a row
        occurs twice, or no row is a member's.
    """
    if len(names) == 0:
        raise BadInputError("model_inputs has no rows; run the pipeline first")
    unique, code = np.unique(names, return_inverse=True)
    instrument = code.astype(np.int32)
    for name, values in columns.items():
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
    calendar, place = np.unique(day, return_inverse=True)
    held = tuple(str(name) for name in unique)
    return Frame(
        names=held,
        instrument=instrument,
        calendar=calendar,
        day=place,
        close=close[order],
        member=np.ones(len(day), bool)
        if membership is None
        else membership.holds(names=held, instrument=instrument, day=day),
        columns={name: values[order] for name, values in columns.items()},
    )


def model_inputs(frame: Frame, names: Sequence[str]) -> NDArray[np.float32]:
    """Compute the named inputs of all rows: a column as it is, or its rank among the day's members.

    A row that is not a member's is NaN in every input.

    Raises
    ------
    BadInputError
        If the frame has no such column.
    """
    missing = [name for name in columns_of(names) if name not in frame.columns]
    if missing:
        raise BadInputError(f"model_inputs was read without {', '.join(missing)}")
    result = np.full((len(frame.day), len(names)), np.nan, np.float32)
    members = np.flatnonzero(frame.member)
    for place, name in enumerate(names):
        values = frame.columns[name.removesuffix(RANK_SUFFIX)][members]
        is_rank = name.endswith(RANK_SUFFIX)
        result[members, place] = day_ranks(values, day=frame.day[members]) if is_rank else values
    return result
