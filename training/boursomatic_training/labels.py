"""Makes the targets and labels: an instrument's later returns, compared with those of the day's other members.

``e5``, ``e20``
    Sum of the next 5 and 20 daily returns beyond 15 statistical factors (`factors`). The trees learn the rank within
    the day of these sums in units of the row's own volatility.
``n5``, ``n20``
    Return over the next 5 and 20 bars less the day's average, in units of the row's own volatility, less its least
    squares fit within the day on the ranks of volatility and illiquidity.

The day's lowest 30 % of ``n20`` are SELL, the highest 30 % BUY, and the rest HOLD. All of these depend only on the
closes of later days, up to `Examples.end`, and on loadings estimated before the month of each of these days.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from boursomatic_training.days import neutralise, rows_by_day
from boursomatic_training.errors import BadInputError
from boursomatic_training.factors import LEAST_INSTRUMENTS, WINDOW, daily_returns, residual_returns, sum_ahead
from boursomatic_training.features import EXPOSURE_INDEXES, EXPOSURES, FEATURES, VOLATILITY_FEATURE
from boursomatic_training.frame import Frame, model_inputs

__all__ = [
    "BUY",
    "CLASSES",
    "HOLD",
    "HORIZON",
    "LABEL_KIND",
    "OUTCOMES",
    "SELL",
    "SHORT_HORIZON",
    "TAIL",
    "TARGETS",
    "TRADING_DAYS_A_YEAR",
    "Examples",
    "class_of",
    "forward_returns",
    "frame_residuals",
    "label_definition",
    "longest_span",
    "make_examples",
    "neutral_returns",
    "standings",
]

CLASSES: Final = ("SELL", "HOLD", "BUY")
SELL: Final = 0
HOLD: Final = 1
BUY: Final = 2

TRADING_DAYS_A_YEAR: Final = 252

LABEL_KIND: Final = "cross-sectional-neutral"

HORIZON: Final = 20
"""Trading days ahead of labels and returns."""

SHORT_HORIZON: Final = 5

TARGETS: Final = ("e5", "e20")
"""Targets of the fits of the score."""

OUTCOMES: Final = ("e5", "n5", "n20", "raw20")
"""Outcomes against which a score is measured; the gate decides by the first."""

TAIL: Final = 0.3
"""Share of a day's rows that are SELL, and share that are BUY. Fixed-width bands gave shares that changed with the
years (HOLD 43 to 51 %), so that no probabilities were calibrated in all of them."""


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Labelled rows: members with all features and targets.

    Attributes
    ----------
    calendar : ndarray of datetime64[D]
        Every trading day of the frame, ascending.
    day : ndarray of int64
        The row's day as an index into `calendar`.
    end : ndarray of int64
        The last day that the row's targets depend on, as an index into `calendar`. It is the latest end of a horizon
        among the rows of its day, because a target is relative to all of them.
    instrument : ndarray of int32
    features : ndarray of float32, shape (rows, features)
    forward : ndarray of float64
        Return over the horizon.
    targets : dict
        By name, `TARGETS` and more: the target's rank within its day, in (0, 1).
    outcomes : dict
        By name of `OUTCOMES`: what a score is measured against. ``e5`` is not in units of volatility here.
    label : ndarray of int64
        Index into `CLASSES`.
    """

    calendar: NDArray[np.datetime64]
    day: NDArray[np.int64]
    end: NDArray[np.int64]
    instrument: NDArray[np.int32]
    features: NDArray[np.float32]
    forward: NDArray[np.float64]
    targets: dict[str, NDArray[np.float64]]
    outcomes: dict[str, NDArray[np.float64]]
    label: NDArray[np.int64]

    @property
    def exposures(self) -> NDArray[np.float32]:
        """The inputs of `EXPOSURES`, in that order."""
        return self.features[:, EXPOSURE_INDEXES]


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


def standings(values: NDArray[np.float64], *, day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Rank of each value within its day: (rank - 0.5) / n, with ties averaged."""
    result = np.empty(len(values))
    for rows in rows_by_day(day):
        result[rows] = (rankdata(values[rows]) - 0.5) / len(rows)
    return result


def neutral_returns(
    *,
    day: NDArray[np.int64],
    forward: NDArray[np.float64],
    scale: NDArray[np.float64],
    exposures: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Scaled excess returns less what the exposures explain.

    Parameters
    ----------
    scale : ndarray
        Volatility over the horizon.
    exposures : ndarray, shape (rows, exposures)
    """
    _, place, count = np.unique(day, return_inverse=True, return_counts=True)
    excess = forward - (np.bincount(place, weights=forward) / count)[place]
    return neutralise(excess / scale, exposures=exposures, day=day)


def class_of(standing: NDArray[np.float64], *, tail: float = TAIL) -> NDArray[np.int64]:
    """Classify standings as SELL, HOLD or BUY. A standing exactly on an edge is HOLD.

    Examples
    --------
    >>> class_of(np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    array([0, 1, 1, 1, 2])
    """
    return np.where(standing < tail, SELL, np.where(standing > 1.0 - tail, BUY, HOLD)).astype(np.int64)


def make_examples(frame: Frame) -> Examples:
    """Label the frame's rows and keep the complete ones.

    The horizon is counted before incomplete rows are dropped, because a row without features is still a bar. Rows whose
    horizon takes longer than `longest_span` are dropped.

    Raises
    ------
    BadInputError
        If no row is complete.
    """
    residuals = frame_residuals(frame)
    calendar, day, instrument = frame.calendar, frame.day, frame.instrument
    ahead = {
        horizon: forward_returns(instrument=instrument, close=frame.close, horizon=horizon)
        for horizon in (SHORT_HORIZON, HORIZON)
    }
    beyond = {horizon: sum_ahead(residuals, horizon=horizon)[day, instrument] for horizon in (SHORT_HORIZON, HORIZON)}
    features = model_inputs(frame, FEATURES)
    complete = np.isfinite(features).all(axis=1)
    for values in (*ahead.values(), *beyond.values()):
        complete &= np.isfinite(values)
    rows = np.flatnonzero(complete)
    rows = rows[calendar[day[rows + HORIZON]] - calendar[day[rows]] <= np.timedelta64(longest_span(HORIZON), "D")]
    if len(rows) == 0:
        raise BadInputError(
            f"no row has all features and outcomes; returns beyond factors need {WINDOW} daily returns of at least "
            f"{LEAST_INSTRUMENTS} instruments before the row's month"
        )
    features, of = features[rows], day[rows]
    volatility = np.maximum(frame.columns[VOLATILITY_FEATURE][rows].astype(np.float64), 1e-6)
    scale = {horizon: volatility * np.sqrt(horizon / TRADING_DAYS_A_YEAR) for horizon in (SHORT_HORIZON, HORIZON)}
    neutral = {
        horizon: neutral_returns(
            day=of, forward=ahead[horizon][rows], scale=scale[horizon], exposures=features[:, EXPOSURE_INDEXES]
        )
        for horizon in (SHORT_HORIZON, HORIZON)
    }
    standing = standings(neutral[HORIZON], day=of)
    return Examples(
        calendar=calendar,
        day=of,
        end=_ends(of, day[rows + HORIZON]),
        instrument=instrument[rows],
        features=features,
        forward=ahead[HORIZON][rows],
        targets={
            "e5": standings(beyond[SHORT_HORIZON][rows] / scale[SHORT_HORIZON], day=of),
            "e20": standings(beyond[HORIZON][rows] / scale[HORIZON], day=of),
            "n20": standing,
        },
        outcomes={
            "e5": beyond[SHORT_HORIZON][rows],
            "n5": neutral[SHORT_HORIZON],
            "n20": neutral[HORIZON],
            "raw20": ahead[HORIZON][rows],
        },
        label=class_of(standing),
    )


def frame_residuals(frame: Frame) -> NDArray[np.float64]:
    """Residual returns of all the frame's instruments, members or not; one row per day, one column per instrument."""
    returns = daily_returns(
        day=frame.day,
        instrument=frame.instrument,
        close=frame.close,
        days=len(frame.calendar),
        instruments=len(frame.names),
    )
    return residual_returns(returns, calendar=frame.calendar)


def label_definition() -> dict[str, Any]:
    """Describe the labels for people, and for programs that measure the models again."""
    percent = round(TAIL * 100)
    return {
        "description": (
            f"Return of the close over the next {HORIZON} bars, less the average of the day's rows, divided by "
            f"{VOLATILITY_FEATURE} * sqrt({HORIZON}/252), less its least squares fit within the day on a constant and "
            f"{' and '.join(EXPOSURES)}. Rows whose {HORIZON} bars take over {longest_span(HORIZON)} days are left "
            f"out. The day's lowest {percent} % are SELL, its highest {percent} % BUY, the rest HOLD."
        ),
        "kind": LABEL_KIND,
        "tail": TAIL,
        "volatilityFeature": VOLATILITY_FEATURE,
        "exposures": list(EXPOSURES),
    }
