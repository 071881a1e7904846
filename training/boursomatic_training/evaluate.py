"""The report on a slice: the models' measures, with the baselines' beside them."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.features import FEATURES
from boursomatic_training.labels import BUY, CLASSES, HOLD, SELL, Examples
from boursomatic_training.metrics import expected_calibration_error, label_metrics, log_loss, probability_metrics
from boursomatic_training.ranking import COST_BPS_ONE_WAY, ranking_metrics

__all__ = ["SIGNAL_BASELINES", "evaluate", "labels_from_signal"]

SIGNAL_BASELINES: Final = {"momentum_12_1": ("mom_12_1", 1.0), "short_term_reversal": ("ret_20d", -1.0)}
"""Baselines that are one feature and a sign: last year's winners but for last month, and last month's losers."""


def labels_from_signal(
    *, score: NDArray[np.float64], day: NDArray[np.int64], shares: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Make a classifier of a score: each day's lowest are SELL and highest BUY, in the shares given.

    Parameters
    ----------
    shares : ndarray
        How large SELL, HOLD and BUY are; those of the train slice.
    """
    order = np.lexsort((score, day))
    _, starts, counts = np.unique(day[order], return_index=True, return_counts=True)
    place = np.arange(len(day)) - np.repeat(starts, counts)
    rank = np.empty(len(day))
    rank[order] = (place + 0.5) / np.repeat(counts, counts)
    return np.where(rank < shares[SELL], SELL, np.where(rank > 1 - shares[BUY], BUY, HOLD)).astype(np.int64)


def _majority(*, label: NDArray[np.int64], shares: NDArray[np.float64]) -> dict[str, Any]:
    constant = np.tile(shares, (len(label), 1))
    return {"predicts": CLASSES[int(shares.argmax())], **probability_metrics(probabilities=constant, label=label)}


def evaluate(
    *,
    examples: Examples,
    rows: NDArray[np.int64],
    raw: NDArray[np.float64],
    calibrated: NDArray[np.float64],
    expected_return: NDArray[np.float64],
    train_shares: NDArray[np.float64],
    horizon: int,
) -> dict[str, Any]:
    """Measure predictions for the rows of a slice.

    Parameters
    ----------
    rows : ndarray of int64
        The slice; the predictions are in its order.
    raw, calibrated : ndarray, shape (rows, classes)
        Probabilities before and after calibration.
    expected_return : ndarray
        The regressor's predictions.
    train_shares : ndarray
        Shares of the classes in the train slice, which is all that the baselines may know.
    """
    label, day = examples.label[rows], examples.day[rows]

    def ranked(score: NDArray[np.float64]) -> dict[str, Any]:
        return ranking_metrics(
            score=score,
            forward=examples.forward[rows],
            day=day,
            instrument=examples.instrument[rows],
            horizon=horizon,
        )

    baselines: dict[str, Any] = {"majority_class": _majority(label=label, shares=train_shares)}
    for name, (feature, sign) in SIGNAL_BASELINES.items():
        score = sign * examples.features[rows, FEATURES.index(feature)].astype(np.float64)
        predicted = labels_from_signal(score=score, day=day, shares=train_shares)
        baselines[name] = {**label_metrics(predicted=predicted, label=label), **ranked(score)}
    return {
        **probability_metrics(probabilities=calibrated, label=label),
        **ranked(expected_return),
        "log_loss_uncalibrated": log_loss(probabilities=raw, label=label),
        "ece_uncalibrated": expected_calibration_error(probabilities=raw, label=label),
        "buy_minus_sell": ranked(calibrated[:, BUY] - calibrated[:, SELL]),
        "baselines": baselines,
        "cost_bps_one_way": COST_BPS_ONE_WAY,
        "rows": len(rows),
        "days": len(np.unique(day)),
    }
