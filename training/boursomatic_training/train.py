"""Fits the two boosters on a train slice."""

from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import DIRECTIONS, FEATURES, LEVEL_FEATURES
from boursomatic_training.labels import CLASSES, Examples
from boursomatic_training.trees import round_thresholds

__all__ = ["Models", "fit_models", "regression_target"]

_LEVEL_GAIN: Final = 0.03
"""Weight of the gains of splits on values that move with the market. Such a split learns from few and overlapping days,
however many rows it has."""

_CLASSIFIER_ROUNDS: Final = 100
_REGRESSOR_ROUNDS: Final = 150

_SHARED: Final[dict[str, Any]] = {
    "learning_rate": 0.03,
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
    """Boosters with float32 thresholds, their parameters, and the parameters of the regression target."""

    classifier: lgb.Booster
    regressor: lgb.Booster
    classifier_params: dict[str, Any]
    regressor_params: dict[str, Any]
    target: dict[str, Any]


def _params(*, rows: int, seed: int) -> dict[str, Any]:
    # A leaf has at least 1/250 of the bagged rows (600 for 500,000 rows), and never fewer than 20.
    least = max(20, int(rows * float(_SHARED["bagging_fraction"]) / 250))
    gains = [_LEVEL_GAIN if name in LEVEL_FEATURES else 1.0 for name in FEATURES]
    return {**_SHARED, "min_data_in_leaf": least, "feature_contri": gains, "seed": seed}


def regression_target(examples: Examples, *, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """Turn standings within the day into returns, the target of the regressor.

    Returns have heavy tails and an almost unpredictable daily average; standings have neither. A standing is turned
    into a return by the slope of a least squares line over the given rows: excess return over the day's average on
    standing. The slice's average return is added. Only the given rows are used.

    Returns
    -------
    target : ndarray
    facts : dict
        Average and slope, for the manifest.
    """
    forward, standing = examples.forward[rows], examples.standing[rows]
    _, place, counts = np.unique(examples.day[rows], return_inverse=True, return_counts=True)
    excess = forward - (np.bincount(place, weights=forward) / counts)[place]
    centred = standing - 0.5
    slope = float((centred * excess).sum() / (centred * centred).sum())
    average = float(forward.mean())
    return average + slope * centred, {"average": average, "slope": slope}


def _fit(features: NDArray[np.float32], target: NDArray[Any], params: dict[str, Any], rounds: int) -> lgb.Booster:
    data = lgb.Dataset(features, target, params=params, feature_name=list(FEATURES))
    return round_thresholds(lgb.train(params, data, num_boost_round=rounds))


def fit_models(examples: Examples, *, rows: NDArray[np.int64], seed: int) -> Models:
    """Fit classifier and regressor on the given rows alone.

    Parameters
    ----------
    rows : ndarray of int64
        The train slice.
    seed : int
        Seed of the bagging and of the choice of features.

    Raises
    ------
    BadInputError
        If a class is missing from the slice.
    """
    label = examples.label[rows]
    missing = [name for index, name in enumerate(CLASSES) if not (label == index).any()]
    if missing:
        raise BadInputError(f"the train slice has no {' and no '.join(missing)}, so there is nothing to classify")
    features = examples.features[rows]
    shared = _params(rows=len(rows), seed=seed)
    target, facts = regression_target(examples, rows=rows)
    classifier_params = {**shared, "objective": "multiclass", "num_class": len(CLASSES)}
    # Not for the classifier, because LightGBM would apply the same directions to the trees of SELL and of BUY.
    directions = [DIRECTIONS.get(name, 0) for name in FEATURES]
    regressor_params = {**shared, "objective": "regression", "monotone_constraints": directions}
    return Models(
        classifier=_fit(features, label, classifier_params, _CLASSIFIER_ROUNDS),
        regressor=_fit(features, target, regressor_params, _REGRESSOR_ROUNDS),
        classifier_params={**classifier_params, "rounds": _CLASSIFIER_ROUNDS},
        regressor_params={**regressor_params, "rounds": _REGRESSOR_ROUNDS},
        target=facts,
    )
