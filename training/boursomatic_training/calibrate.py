"""Turns a score and a raw probability into two calibrated probabilities and an expected excess return.

Calibration is fitted on pooled out-of-sample predictions of earlier folds, which were known before the days that it
is applied to. So the trees may learn from every earlier day, and the few parameters from years instead of one year:

- chance of a large move: ``sigmoid(scale * logit(p) + bias)`` of the trees' probability p (Platt 1999);
- chance of up rather than down, given a large move: ``sigmoid(direction * z)``, with z the neutral score;
- expected return over the horizon less the average member's: ``excess * z``.

The slopes of z have no intercepts, because z and the labels are centred within each day by construction. They are at
least 0: a past in which the score was wrong may flatten it, but never invert it.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

__all__ = ["PROBABILITY_FLOOR", "Calibration", "class_probabilities", "fit_calibration"]

PROBABILITY_FLOOR: Final = 1e-12
"""Lower bound of a probability, and of its distance to 1, before its logarithm is taken."""

_STEEPEST: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A fitted calibration; see the module's text for the formulas."""

    move_scale: float
    move_bias: float
    direction_slope: float
    excess_slope: float

    def move(self, probability: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Calibrate the chance of a large move."""
        return _sigmoid(self.move_scale * _logit(probability) + self.move_bias)

    def up(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """Estimate the chance of up rather than down, given a large move."""
        return _sigmoid(self.direction_slope * score)

    def excess(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """Estimate the return over the horizon, less that of the average member."""
        return self.excess_slope * score

    def as_manifest(self) -> dict[str, Any]:
        """Return the manifest's entry."""
        values = asdict(self)
        return {
            "method": "two-step",
            "move": {"scale": values["move_scale"], "bias": values["move_bias"]},
            "direction": {"slope": values["direction_slope"]},
            "excess": {"slope": values["excess_slope"]},
        }


def _logit(probability: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    bounded = np.clip(probability.astype(np.float64), PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR)
    return np.asarray(np.log(bounded) - np.log1p(-bounded))


def _sigmoid(logit: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def class_probabilities(*, move: NDArray[np.float64], up: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of SELL, HOLD and BUY.

    Examples
    --------
    >>> class_probabilities(move=np.array([0.6]), up=np.array([0.75])).round(2)
    array([[0.15, 0.4 , 0.45]])
    """
    return np.stack([move * (1.0 - up), 1.0 - move, move * up], axis=1)


def _loss(logit: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    return float(np.mean(np.logaddexp(0.0, np.where(truth, -logit, logit))))


def fit_calibration(
    *,
    probability: NDArray[np.floating[Any]],
    score: NDArray[np.float64],
    large: NDArray[np.bool_],
    up: NDArray[np.bool_],
    excess: NDArray[np.float64],
) -> Calibration:
    """Fit by maximum likelihood, and the excess return by least squares.

    Parameters
    ----------
    probability : ndarray
        The trees' probability of a large move.
    score : ndarray
        Neutral score, standardised within each day.
    large, up : ndarray of bool
        Whether the move was large, and up (which matters only where it was large).
    excess : ndarray
        Return over the horizon less the day's average.
    """
    logit = _logit(probability)

    def move_loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value = parameters[0] * logit + parameters[1]
        error = (_sigmoid(value) - large) / len(logit)
        return _loss(value, large), np.array([error @ logit, error.sum()])

    found = minimize(move_loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.0, None), (None, None)])
    moved, rose = score[large], up[large]
    slope = minimize_scalar(
        lambda value: _loss(value * moved, rose), bounds=(0.0, _STEEPEST), method="bounded", options={"xatol": 1e-7}
    )
    return Calibration(
        move_scale=float(found.x[0]),
        move_bias=float(found.x[1]),
        direction_slope=float(slope.x) if slope.fun < _loss(0.0 * moved, rose) else 0.0,
        excess_slope=max(0.0, float(score @ excess / (score @ score))),
    )
