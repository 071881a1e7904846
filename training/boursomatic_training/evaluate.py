"""Measures out-of-sample predictions and baselines, with intervals."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.features import FEATURES
from boursomatic_training.intervals import (
    LEVEL,
    RESAMPLES,
    block_counts,
    calibration_error_draws,
    interval,
    mean_draws,
    ratio_draws,
    ratio_of_sums_draws,
    sharpe_draws,
)
from boursomatic_training.labels import BUY, CLASSES, HOLD, SELL, Examples
from boursomatic_training.metrics import (
    DailyProbabilities,
    daily_probabilities,
    expected_calibration_error,
    label_metrics,
    log_loss,
    probability_metrics,
    reliability,
)
from boursomatic_training.ranking import COST_BPS_ONE_WAY, DailyRanking, daily_ranking, ranking_metrics
from boursomatic_training.walkforward import Plan, Predictions, slice_days

__all__ = ["SIGNAL_BASELINES", "evaluate", "labels_from_signal", "measure_release"]

SIGNAL_BASELINES: Final = {"momentum_12_1": ("mom_12_1", 1.0), "short_term_reversal": ("ret_20d", -1.0)}
"""Baselines of one feature and a sign: last year's winners without the last month, and last month's losers. The names
are RANKING_BASELINES of functions/shared/constants.ts."""


@dataclass(frozen=True, kw_only=True)
class _Daily:
    """Daily values from which the measures are computed."""

    probabilities: DailyProbabilities
    majority: DailyProbabilities
    model: DailyRanking
    baselines: dict[str, DailyRanking]


def labels_from_signal(
    *, score: NDArray[np.float64], day: NDArray[np.int64], shares: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Turn a score into labels: each day's lowest scores are SELL and the highest BUY, in the given shares.

    Parameters
    ----------
    shares : ndarray, shape (classes,) or (rows, classes)
        Shares of SELL, HOLD and BUY in the train slice.
    """
    order = np.lexsort((score, day))
    _, starts, counts = np.unique(day[order], return_index=True, return_counts=True)
    place = np.arange(len(day)) - np.repeat(starts, counts)
    rank = np.empty(len(day))
    rank[order] = (place + 0.5) / np.repeat(counts, counts)
    return np.where(rank < shares[..., SELL], SELL, np.where(rank > 1 - shares[..., BUY], BUY, HOLD)).astype(np.int64)


def _majority(*, label: NDArray[np.int64], shares: NDArray[np.float64]) -> dict[str, Any]:
    predicted = sorted(set(shares.argmax(axis=1).tolist()))
    return {
        "predicts": " or ".join(CLASSES[index] for index in predicted),
        **probability_metrics(probabilities=shares, label=label),
    }


def _intervals(daily: _Daily, *, horizon: int, seed: int) -> dict[str, Any]:
    probabilities, model = daily.probabilities, daily.model
    counts = block_counts(days=len(probabilities.day), block=horizon, seed=seed)
    measured = counts[:, np.isin(probabilities.day, model.day)]
    rows = probabilities.rows

    def loss(of: DailyProbabilities) -> NDArray[np.float64]:
        return ratio_of_sums_draws(counts, of.loss, rows)

    rank_ic, rank_icir = mean_draws(measured, model.rank_ic), ratio_draws(measured, model.rank_ic)
    log_losses = loss(probabilities)
    majority = loss(daily.majority)
    baselines: dict[str, Any] = {
        "majority_class": {"log_loss": interval(majority), "log_loss_difference": interval(log_losses - majority)}
    }
    for name, ranking in daily.baselines.items():
        other, other_icir = mean_draws(measured, ranking.rank_ic), ratio_draws(measured, ranking.rank_ic)
        baselines[name] = {
            "rank_ic": interval(other),
            "rank_ic_difference": interval(rank_ic - other),
            "rank_icir": interval(other_icir),
            "rank_icir_difference": interval(rank_icir - other_icir),
        }
    return {
        "ic": interval(mean_draws(measured, model.ic)),
        "rank_ic": interval(rank_ic),
        "icir": interval(ratio_draws(measured, model.ic)),
        "rank_icir": interval(rank_icir),
        "log_loss": interval(log_losses),
        "ece": interval(calibration_error_draws(counts, probabilities.gaps, rows)),
        "accuracy": interval(ratio_of_sums_draws(counts, probabilities.hits, rows)),
        "quintile_spread_sharpe": interval(sharpe_draws(measured, model.spread, horizon=horizon)),
        "baselines": baselines,
    }


def _folds(examples: Examples, plan: Plan, predictions: Predictions, model: DailyRanking) -> list[dict[str, Any]]:
    described = []
    for number, fold in enumerate(plan.folds):
        chosen = predictions.fold == number
        rows = predictions.rows[chosen]
        calibrated, label = predictions.calibrated[chosen], examples.label[rows]
        days = np.isin(model.day, examples.day[rows])
        train, calibration, test = (slice_days(examples, part) for part in (fold.train, fold.calibration, fold.test))
        described.append(
            {
                "train_from": train[0],
                "train_to": train[1],
                "calibration_from": calibration[0],
                "calibration_to": calibration[1],
                "test_from": test[0],
                "test_to": test[1],
                "train_rows": len(fold.train),
                "calibration_rows": len(fold.calibration),
                "rows": len(rows),
                "rank_ic": float(model.rank_ic[days].mean()) if days.any() else None,
                "ic": float(model.ic[days].mean()) if days.any() else None,
                "log_loss": log_loss(probabilities=calibrated, label=label),
                "ece": expected_calibration_error(probabilities=calibrated, label=label),
            }
        )
    return described


def measure_release(
    *,
    examples: Examples,
    rows: NDArray[np.int64],
    calibrated: NDArray[np.float64],
    expected_return: NDArray[np.float64],
    horizon: int,
) -> dict[str, Any]:
    """Measure the released models on their calibration slice.

    Their trees did not see it, but their calibration did, so the measures are not out of sample. Anyone with the
    release and the same bars can reproduce them.

    Parameters
    ----------
    rows : ndarray of int64
        The slice.
    calibrated, expected_return
        The models' predictions, one per row.
    """
    label = examples.label[rows]
    ranking = daily_ranking(
        score=expected_return,
        forward=examples.forward[rows],
        day=examples.day[rows],
        instrument=examples.instrument[rows],
        horizon=horizon,
    )
    first, last = slice_days(examples, rows)
    return {
        "from": first,
        "to": last,
        "days": len(np.unique(examples.day[rows])),
        "instruments": len(np.unique(examples.instrument[rows])),
        "rows": len(rows),
        **probability_metrics(probabilities=calibrated, label=label),
        **ranking_metrics(ranking, horizon=horizon),
    }


def evaluate(*, examples: Examples, plan: Plan, predictions: Predictions, horizon: int, seed: int) -> dict[str, Any]:
    """Measure the pooled predictions of the walk-forward.

    Parameters
    ----------
    plan, predictions
        The folds, and the predictions of their test slices.
    seed : int
        Seed of the bootstrap.
    """
    rows = predictions.rows
    label, day = examples.label[rows], examples.day[rows]

    def daily(score: NDArray[np.float64]) -> DailyRanking:
        return daily_ranking(
            score=score,
            forward=examples.forward[rows],
            day=day,
            instrument=examples.instrument[rows],
            horizon=horizon,
        )

    scores = {
        name: sign * examples.features[rows, FEATURES.index(feature)].astype(np.float64)
        for name, (feature, sign) in SIGNAL_BASELINES.items()
    }
    by_day = _Daily(
        probabilities=daily_probabilities(probabilities=predictions.calibrated, label=label, day=day),
        majority=daily_probabilities(probabilities=predictions.shares, label=label, day=day),
        model=daily(predictions.expected_return),
        baselines={name: daily(score) for name, score in scores.items()},
    )
    baselines: dict[str, Any] = {"majority_class": _majority(label=label, shares=predictions.shares)}
    for name, score in scores.items():
        predicted = labels_from_signal(score=score, day=day, shares=predictions.shares)
        baselines[name] = {
            **label_metrics(predicted=predicted, label=label),
            **ranking_metrics(by_day.baselines[name], horizon=horizon),
        }
    edge = daily(predictions.calibrated[:, BUY] - predictions.calibrated[:, SELL])
    return {
        **probability_metrics(probabilities=predictions.calibrated, label=label),
        **ranking_metrics(by_day.model, horizon=horizon),
        "log_loss_uncalibrated": log_loss(probabilities=predictions.raw, label=label),
        "ece_uncalibrated": expected_calibration_error(probabilities=predictions.raw, label=label),
        "buy_minus_sell": ranking_metrics(edge, horizon=horizon),
        "baselines": baselines,
        "intervals": _intervals(by_day, horizon=horizon, seed=seed),
        "bootstrap": {
            "method": "moving-block",
            "level": LEVEL,
            "resamples": RESAMPLES,
            "block_days": horizon,
            "seed": seed,
        },
        "folds": _folds(examples, plan, predictions, by_day.model),
        "reliability": reliability(probabilities=predictions.calibrated, label=label),
        "cost_bps_one_way": COST_BPS_ONE_WAY,
        "rows": len(rows),
        "days": len(by_day.probabilities.day),
    }
