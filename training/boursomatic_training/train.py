"""Fits the boosters on a train slice."""

from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES
from boursomatic_training.labels import HOLD, TARGETS, Examples
from boursomatic_training.trees import merge_boosters, round_thresholds

__all__ = ["ROUNDS", "Models", "fit_models", "fit_params"]

ROUNDS: Final = 75

_SCALE_EVERY: Final = 10
"""Stride of the rows that give the mean and the deviation of a fit: accurate enough, and ten times as fast."""

_SHARED: Final[dict[str, Any]] = {
    "learning_rate": 0.06,
    "num_leaves": 15,
    "max_bin": 63,
    "lambda_l2": 100.0,
    "feature_fraction": 0.5,
    # Labels of neighbouring days overlap, so a third of the rows has nearly as much information as all rows.
    "bagging_fraction": 0.3,
    "bagging_freq": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbosity": -1,
}


@dataclass(frozen=True, kw_only=True)
class Models:
    """Boosters with float32 thresholds, and their parameters.

    Attributes
    ----------
    score : Booster
        The mean of the fits on `TARGETS`, each less its mean and over its deviation on the train slice.
    move : Booster
        The probability of a large move, up or down: of BUY or SELL.
    score_params, move_params : dict
    parts : dict
        By target: mean and deviation of that fit's predictions on rows of the train slice.
    """

    score: lgb.Booster
    move: lgb.Booster
    score_params: dict[str, Any]
    move_params: dict[str, Any]
    parts: dict[str, dict[str, float]]


def fit_params(*, rows: int, seed: int) -> dict[str, Any]:
    """Parameters of every fit on this number of rows, except the objective."""
    # A leaf has at least 1/250 of the bagged rows (600 for 500,000 rows), and never fewer than 20.
    least = max(20, int(rows * float(_SHARED["bagging_fraction"]) / 250))
    return {**_SHARED, "min_data_in_leaf": least, "seed": seed}


def fit_models(examples: Examples, *, rows: NDArray[np.int64], seed: int) -> Models:
    """Fit the score and the probability of a large move on the given rows alone.

    Parameters
    ----------
    rows : ndarray of int64
        The train slice.
    seed : int
        Seed of the bagging and of the choice of features.

    Raises
    ------
    BadInputError
        If all rows of the slice moved alike, or a fit found nothing to learn.
    """
    large = (examples.label[rows] != HOLD).astype(np.int64)
    if large.min() == large.max():
        raise BadInputError("the train slice has only large moves or none, so there is nothing to classify")
    shared = fit_params(rows=len(rows), seed=seed)
    score_params, move_params = {**shared, "objective": "regression"}, {**shared, "objective": "binary"}
    data = lgb.Dataset(
        examples.features[rows], large, params=shared, feature_name=list(FEATURES), free_raw_data=False
    ).construct()
    move = round_thresholds(lgb.train(move_params, data, num_boost_round=ROUNDS))
    fits, parts = [], {}
    for target in TARGETS:
        data.set_label(examples.targets[target][rows] - 0.5)
        fit = lgb.train(score_params, data, num_boost_round=ROUNDS)
        predicted = np.asarray(fit.predict(examples.features[rows[::_SCALE_EVERY]]))
        mean, deviation = float(predicted.mean()), float(predicted.std())
        if deviation == 0:
            raise BadInputError(f"the fit on {target} predicts one value on all {len(rows)} rows of a train slice")
        fits.append(fit)
        parts[target] = {"mean": mean, "deviation": deviation}
    weights = [1.0 / (len(fits) * part["deviation"]) for part in parts.values()]
    offset = -sum(weight * part["mean"] for weight, part in zip(weights, parts.values(), strict=True))
    return Models(
        score=round_thresholds(merge_boosters(fits, weights=weights, offset=offset)),
        move=move,
        score_params={**score_params, "rounds": ROUNDS},
        move_params={**move_params, "rounds": ROUNDS},
        parts=parts,
    )
