"""Makes the labels: the return of a row over the horizon, compared with the other rows of its day.

s is the volatility over the horizon: the row's annualised daily volatility times sqrt(horizon / 252). A row's score is
its forward return less the day's average, in units of s, less its fit on the day's volatility and illiquidity ranks.
The day's lowest 30 % of scores are SELL, the highest 30 % BUY, and the rest HOLD. A label depends only on the closes of
its day's rows and on those `horizon` bars later.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from boursomatic_training.features import EXPOSURES, FEATURES, VOLATILITY_FEATURE, VOLATILITY_INDEX
from boursomatic_training.frame import Frame

__all__ = [
    "BUY",
    "CLASSES",
    "HOLD",
    "LABEL_KIND",
    "SELL",
    "TAIL",
    "TRADING_DAYS_A_YEAR",
    "Examples",
    "class_of",
    "forward_returns",
    "label_definition",
    "longest_span",
    "make_examples",
    "neutral_ranks",
]

CLASSES: Final = ("SELL", "HOLD", "BUY")
SELL: Final = 0
HOLD: Final = 1
BUY: Final = 2

TRADING_DAYS_A_YEAR: Final = 252

LABEL_KIND: Final = "cross-sectional-neutral"

TAIL: Final = 0.3
"""Share of a day's rows that are SELL, and share that are BUY. Fixed-width bands gave shares that changed with the
years (HOLD 43 to 51 %), so that no probabilities were calibrated in all of them."""


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Labelled rows, with all features and a complete horizon.

    Attributes
    ----------
    calendar : ndarray of datetime64[D]
        Every trading day of the frame, ascending.
    day : ndarray of int64
        The row's day as an index into `calendar`.
    end : ndarray of int64
        The last day that the row's label depends on, as an index into `calendar`. It is the latest end of a horizon
        among the rows of its day, because a score is relative to all of them.
    instrument : ndarray of int32
    features : ndarray of float32, shape (rows, features)
    forward : ndarray of float64
    standing : ndarray of float64
        The score's rank within its day, in (0, 1).
    label : ndarray of int64
        Index into `CLASSES`.
    """

    calendar: NDArray[np.datetime64]
    day: NDArray[np.int64]
    end: NDArray[np.int64]
    instrument: NDArray[np.int32]
    features: NDArray[np.float32]
    forward: NDArray[np.float64]
    standing: NDArray[np.float64]
    label: NDArray[np.int64]


def forward_returns(*, instrument: NDArray[np.int32], close: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Return over the next `horizon` bars of the same instrument; NaN if there are fewer.

    Examples
    --------
    >>> forward_returns(instrument=np.array([0, 0, 0], np.int32), close=np.array([100.0, 50.0, 110.0]), horizon=2)
    array([0.1, nan, nan])
    """
    result = np.full(len(close), np.nan)
    if len(close) > horizon:
        same = instrument[horizon:] == instrument[:-horizon]
        result[:-horizon][same] = (close[horizon:] / close[:-horizon] - 1.0)[same]
    return result


def longest_span(horizon: int) -> int:
    """Calendar days within which a horizon must end for its row to be used.

    Three per bar, and a week for holidays, twice the usual span. A longer span means that trading was halted. The
    labels of all rows of its day would depend on that span.

    Examples
    --------
    >>> longest_span(20)
    67
    """
    return 3 * horizon + 7


def _ends(day: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row, the latest value of its day."""
    result = np.zeros(int(day.max(initial=0)) + 1, np.int64)
    np.maximum.at(result, day, last)
    return result[day]


def _days(day: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    order = np.argsort(day, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(day[order])) + 1) if len(day) else []


def neutral_ranks(
    *,
    day: NDArray[np.int64],
    forward: NDArray[np.float64],
    volatility: NDArray[np.float32],
    exposures: NDArray[np.float32],
    horizon: int,
) -> NDArray[np.float64]:
    """Rank of each row's score within its day: (rank - 0.5) / n, with ties averaged.

    The score is the residual of an ordinary least squares fit, within the day, of the scaled excess return on a
    constant and the exposures. On a day with no more rows than coefficients, the scores are the scaled excess returns
    themselves.

    Parameters
    ----------
    exposures : ndarray, shape (rows, exposures)
    """
    result = np.empty(len(forward))
    scale = np.maximum(volatility.astype(np.float64), 1e-6) * np.sqrt(horizon / TRADING_DAYS_A_YEAR)
    for rows in _days(day):
        score = (forward[rows] - forward[rows].mean()) / scale[rows]
        design = np.column_stack([np.ones(len(rows)), exposures[rows].astype(np.float64)])
        if len(rows) > design.shape[1]:
            score = score - design @ np.linalg.lstsq(design, score, rcond=None)[0]
        result[rows] = (rankdata(score) - 0.5) / len(rows)
    return result


def class_of(standing: NDArray[np.float64], *, tail: float = TAIL) -> NDArray[np.int64]:
    """Classify standings as SELL, HOLD or BUY. A standing exactly on an edge is HOLD.

    Examples
    --------
    >>> class_of(np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    array([0, 1, 1, 1, 2])
    """
    return np.where(standing < tail, SELL, np.where(standing > 1.0 - tail, BUY, HOLD)).astype(np.int64)


def make_examples(frame: Frame, *, horizon: int) -> Examples:
    """Label the frame's rows and keep the complete ones.

    The horizon is counted before incomplete rows are dropped, because a row without features is still a bar. Rows whose
    horizon takes longer than `longest_span` are dropped.
    """
    calendar, day = np.unique(frame.day, return_inverse=True)
    forward = forward_returns(instrument=frame.instrument, close=frame.close, horizon=horizon)
    rows = np.flatnonzero(~np.isnan(forward) & ~np.isnan(frame.features).any(axis=1))
    rows = rows[frame.day[rows + horizon] - frame.day[rows] <= np.timedelta64(longest_span(horizon), "D")]
    features = frame.features[rows]
    standing = neutral_ranks(
        day=day[rows],
        forward=forward[rows],
        volatility=features[:, VOLATILITY_INDEX],
        exposures=features[:, [FEATURES.index(name) for name in EXPOSURES]],
        horizon=horizon,
    )
    return Examples(
        calendar=calendar,
        day=day[rows],
        end=_ends(day[rows], day[rows + horizon]),
        instrument=frame.instrument[rows],
        features=features,
        forward=forward[rows],
        standing=standing,
        label=class_of(standing),
    )


def label_definition(horizon: int) -> dict[str, Any]:
    """Describe the labels for people, and for programs that measure the models again."""
    percent = round(TAIL * 100)
    return {
        "description": (
            f"Return of the close over the next {horizon} bars, less the average of the day's rows, divided by "
            f"{VOLATILITY_FEATURE} * sqrt({horizon}/252), less its least squares fit within the day on a constant and "
            f"{' and '.join(EXPOSURES)}. Rows whose {horizon} bars take over {longest_span(horizon)} days are left "
            f"out. The day's lowest {percent} % are SELL, its highest {percent} % BUY, the rest "
            "HOLD. The regressor learns the place within the day, turned into a return by the train slice's slope."
        ),
        "kind": LABEL_KIND,
        "tail": TAIL,
        "volatilityFeature": VOLATILITY_FEATURE,
        "exposures": list(EXPOSURES),
    }
