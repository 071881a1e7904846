"""Measures the out-of-sample predictions of the walk-forward and the baselines, with intervals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import PROBABILITY_FLOOR
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
)
from boursomatic_training.labels import BUY, CLASSES, HOLD, HORIZON, OUTCOMES, Examples
from boursomatic_training.metrics import (
    daily_probabilities,
    expected_calibration_error,
    label_metrics,
    log_loss,
    reliability,
)
from boursomatic_training.ranking import (
    COST_BPS,
    DailyScore,
    daily_rank_ic,
    daily_top_excess,
    mean,
    mean_over_deviation,
    standard_ranks,
)
from boursomatic_training.walkforward import Plan, Predictions, slice_days

__all__ = ["SIGNAL_BASELINES", "DailyDirection", "daily_direction", "evaluate", "paired_difference", "score_baselines"]

SIGNAL_BASELINES: Final = {
    "momentum_12_1": ("mom_12_1_rank", 1.0),
    "short_term_reversal": ("ret_20d_rank", -1.0),
    "weekly_reversal": ("ret_5d_rank", -1.0),
}
"""Baselines of one input and a sign: last year's winners without the last month, last month's losers, last week's."""

_RANDOM: Final = 0.5
"""Chance of up without any knowledge: BUY and SELL have equal shares."""


@dataclass(frozen=True, kw_only=True)
class DailyDirection:
    """Daily sums over the rows with a large move, in order of the days.

    Attributes
    ----------
    pairs, concordant : ndarray of float64
        Pairs of a BUY and a SELL of the day, and those whose BUY has the higher score (half of ties).
    brier, brier_random : ndarray of float64
        Squared errors of the chance of up, and of one half.
    """

    pairs: NDArray[np.float64]
    concordant: NDArray[np.float64]
    brier: NDArray[np.float64]
    brier_random: NDArray[np.float64]


def daily_direction(
    *, score: NDArray[np.float64], up: NDArray[np.float64], label: NDArray[np.int64], day: NDArray[np.int64]
) -> DailyDirection:
    """Measure the direction of large moves, day by day.

    The area under the ROC curve is the share of concordant pairs (Mann and Whitney 1947). Pairs are of one day,
    so telling days apart earns nothing.
    """
    days, place = np.unique(day, return_inverse=True)
    large = label != HOLD
    rose = (label == BUY)[large]
    value, where = score[large], place[large]
    order = np.lexsort((value, where))
    value, where, rose = value[order], where[order], rose[order]
    size = len(days)
    ups = np.bincount(where, weights=rose, minlength=size)
    downs = np.bincount(where, weights=~rose, minlength=size)
    # Sum of the mean ranks of the risers within their day.
    is_new_day = np.append(True, where[1:] != where[:-1]) if len(where) else np.zeros(0, bool)
    is_new = is_new_day | np.append(True, value[1:] != value[:-1]) if len(where) else np.zeros(0, bool)
    tie = np.cumsum(is_new) - 1
    members = np.bincount(tie) if len(tie) else np.zeros(0)
    starts = np.flatnonzero(is_new)
    day_start = np.maximum.accumulate(np.where(is_new_day, np.arange(len(where)), 0))
    rank = (starts + (members - 1) / 2.0 + 1.0)[tie] - day_start
    risers = np.bincount(where, weights=rank * rose, minlength=size)
    error = (up - (label == BUY)) ** 2
    return DailyDirection(
        pairs=(ups * downs).astype(np.float64),
        concordant=risers - ups * (ups + 1) / 2.0,
        brier=np.bincount(place, weights=error * large).astype(np.float64),
        brier_random=np.bincount(place, weights=large * (1.0 - _RANDOM) ** 2).astype(np.float64),
    )


def score_baselines(examples: Examples, rows: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Score of each baseline on the rows."""
    return {
        name: sign * examples.features[rows, FEATURES.index(feature)].astype(np.float64)
        for name, (feature, sign) in SIGNAL_BASELINES.items()
    }


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> float | None:
    whole = denominator.sum()
    return float(numerator.sum() / whole) if whole > 0 else None


@dataclass(frozen=True, kw_only=True)
class _Measure:
    """A measure's value, and its value in each resample."""

    value: float | None
    draws: NDArray[np.float64]

    def described(self) -> dict[str, Any]:
        return {"value": self.value, "interval": interval(self.draws)}


class _Measurer:
    """Makes measures from daily values, with one set of resamples for all."""

    def __init__(self, *, days: int, block: int, seed: int) -> None:
        self.counts = block_counts(days=days, block=block, seed=seed)

    def _known(self, daily: NDArray[np.float64], draw: Callable[..., NDArray[np.float64]]) -> NDArray[np.float64]:
        known = np.isfinite(daily)
        return draw(self.counts[:, known], daily[known])

    def mean(self, daily: NDArray[np.float64]) -> _Measure:
        return _Measure(value=mean(daily), draws=self._known(daily, mean_draws))

    def steadiness(self, daily: NDArray[np.float64]) -> _Measure:
        return _Measure(value=mean_over_deviation(daily), draws=self._known(daily, ratio_draws))

    def ratio(self, numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> _Measure:
        with np.errstate(invalid="ignore", divide="ignore"):
            draws = ratio_of_sums_draws(self.counts, numerator, denominator)
        return _Measure(value=_ratio(numerator, denominator), draws=draws)

    def ranking(self, daily: DailyScore) -> dict[str, _Measure]:
        """All measures of a score, by name."""
        measures: dict[str, _Measure] = {}
        for outcome, values in daily.rank_ic.items():
            measures[f"{outcome}_rank_ic"] = self.mean(values)
            measures[f"{outcome}_rank_icir"] = self.steadiness(values)
        for share, values in daily.top.items():
            name = f"top_{share * 100:.0f}_excess"
            measures[name] = self.mean(values)
            measures[f"{name}_after_costs"] = self.mean(values - COST_BPS / 10_000)
        return measures


def _difference(left: _Measure, right: _Measure) -> dict[str, Any]:
    known = left.value is not None and right.value is not None
    value = left.value - right.value if left.value is not None and right.value is not None else None
    return {"value": value, "interval": interval(left.draws - right.draws) if known else None}


def evaluate(*, examples: Examples, plan: Plan, predictions: Predictions, seed: int) -> dict[str, Any]:
    """Measure the pooled predictions of the measured slices.

    Every measure is ``{"value", "interval"}``; those of a baseline also have ``difference``: the model's less the
    baseline's.

    Parameters
    ----------
    plan, predictions
        The folds, and the predictions of their measured slices.
    seed : int
        Seed of the bootstrap.
    """
    rows = predictions.rows
    label, day = examples.label[rows], examples.day[rows]
    days, place = np.unique(day, return_inverse=True)
    outcomes = {name: standard_ranks(examples.outcomes[name][rows], day=day) for name in OUTCOMES}

    def daily(score: NDArray[np.float64]) -> DailyScore:
        ranks = standard_ranks(score, day=day)
        return DailyScore(
            rank_ic={name: daily_rank_ic(ranks, outcome, day=day) for name, outcome in outcomes.items()},
            top=daily_top_excess(score, examples.forward[rows], day=day),
        )

    measurer = _Measurer(days=len(days), block=HORIZON, seed=seed)
    by_day = daily(predictions.neutral)
    model = measurer.ranking(by_day)
    direction = daily_direction(score=predictions.neutral, up=predictions.up, label=label, day=day)
    auc = measurer.ratio(direction.concordant, direction.pairs)
    baselines: dict[str, Any] = {}
    for name, score in score_baselines(examples, rows).items():
        own = measurer.ranking(daily(score))
        other = daily_direction(score=score, up=np.full(len(rows), _RANDOM), label=label, day=day)
        own["direction_auc"] = measurer.ratio(other.concordant, other.pairs)
        compared = {**model, "direction_auc": auc}
        baselines[name] = {
            key: {**measure.described(), "difference": _difference(compared[key], measure)}
            for key, measure in own.items()
        }
    return {
        **{name: measure.described() for name, measure in model.items()},
        **_direction(measurer, direction, auc),
        **_probabilities(measurer, predictions, label=label, day=day),
        "baselines": baselines,
        "bootstrap": {
            "method": "moving-block",
            "source": "Kuensch, The jackknife and the bootstrap for general stationary observations, 1989",
            "level": LEVEL,
            "resamples": RESAMPLES,
            "block_days": HORIZON,
            "seed": seed,
        },
        "folds": _folds(examples, plan, predictions, by_day),
        "reliability": reliability(probabilities=predictions.probabilities, label=label),
        "direction_reliability": _direction_reliability(predictions.up, label=label),
        "cost_bps": COST_BPS,
        "rows": len(rows),
        "days": len(days),
        "rows_per_day": float(np.bincount(place).mean()),
    }


def paired_difference(
    *,
    examples: Examples,
    rows: NDArray[np.int64],
    model: NDArray[np.float64],
    other: NDArray[np.float64],
    seed: int,
) -> dict[str, Any]:
    """Rank ICs of two scores on the same rows, and their difference, by outcome."""
    day = examples.day[rows]
    measurer = _Measurer(days=len(np.unique(day)), block=HORIZON, seed=seed)
    ranks = [standard_ranks(score, day=day) for score in (model, other)]
    result = {}
    for name in OUTCOMES:
        outcome = standard_ranks(examples.outcomes[name][rows], day=day)
        own, its = (measurer.mean(daily_rank_ic(score, outcome, day=day)) for score in ranks)
        result[name] = {
            "model": own.described(),
            "incumbent": its.described(),
            "difference": _difference(own, its),
        }
    return result


def _direction(measurer: _Measurer, daily: DailyDirection, auc: _Measure) -> dict[str, Any]:
    brier = measurer.ratio(daily.brier, daily.brier_random)
    skill = None if brier.value is None else 1.0 - brier.value
    return {
        "direction_auc": auc.described(),
        "direction_brier_skill": _Measure(value=skill, draws=1.0 - brier.draws).described(),
    }


def _probabilities(
    measurer: _Measurer, predictions: Predictions, *, label: NDArray[np.int64], day: NDArray[np.int64]
) -> dict[str, Any]:
    """Measures of the probabilities; the log-loss gain over the shares of the labels is split in its two parts.

    The log-probability of SELL, HOLD or BUY is that of a large move or none, plus, after a large move, that of its
    direction, so the two gains add up to the whole.
    """
    probabilities = predictions.probabilities
    daily = daily_probabilities(probabilities=probabilities, label=label, day=day)
    _, place = np.unique(day, return_inverse=True)
    large = label != HOLD
    share = large.mean()
    move = np.clip(1.0 - probabilities[:, HOLD], PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR)
    up = np.clip(predictions.up, PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR)
    move_gain = np.where(large, np.log(move / share), np.log((1.0 - move) / (1.0 - share)))
    direction_gain = np.where(large, np.log(np.where(label == BUY, up, 1.0 - up) / _RANDOM), 0.0)
    ece = _Measure(
        value=expected_calibration_error(probabilities=probabilities, label=label),
        draws=calibration_error_draws(measurer.counts, daily.gaps, daily.rows),
    )
    calls = label_metrics(predicted=probabilities.argmax(axis=1), label=label)
    return {
        "log_loss": measurer.ratio(daily.loss, daily.rows).described(),
        "log_loss_of_shares": log_loss(
            probabilities=np.tile(np.bincount(label, minlength=len(CLASSES)) / len(label), (len(label), 1)), label=label
        ),
        **{
            f"log_loss_gain_{part}": measurer.ratio(
                np.bincount(place, weights=gain).astype(np.float64), daily.rows
            ).described()
            for part, gain in (("move", move_gain), ("direction", direction_gain))
        },
        "ece": ece.described(),
        "accuracy": measurer.ratio(daily.hits, daily.rows).described(),
        # Here the accuracy has an interval.
        **{name: value for name, value in calls.items() if name != "accuracy"},
    }


def _direction_reliability(up: NDArray[np.float64], *, label: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Observed share of up among large moves, in ten bins of equal count, by ascending chance of up."""
    large = np.flatnonzero(label != HOLD)
    order = large[np.argsort(up[large], kind="stable")]
    return [
        {"confidence": float(up[part].mean()), "frequency": float((label[part] == BUY).mean()), "count": len(part)}
        for part in np.array_split(order, 10)
        if len(part)
    ]


def _folds(examples: Examples, plan: Plan, predictions: Predictions, daily: DailyScore) -> list[dict[str, Any]]:
    days = np.unique(examples.day[predictions.rows])
    described = []
    for number, fold in enumerate(plan.folds):
        train, test = (slice_days(examples, part) for part in (fold.train, fold.test))
        entry: dict[str, Any] = {
            "train_from": train[0],
            "train_to": train[1],
            "test_from": test[0],
            "test_to": test[1],
            "train_rows": len(fold.train),
            "rows": len(fold.test),
            "measured": any(fold is other for other in plan.measured),
        }
        chosen = predictions.fold == number
        if chosen.any():
            label = examples.label[predictions.rows[chosen]]
            probabilities = predictions.probabilities[chosen]
            within = np.isin(days, examples.day[predictions.rows[chosen]])
            entry |= {
                **{f"{name}_rank_ic": mean(values[within]) for name, values in daily.rank_ic.items()},
                "log_loss": log_loss(probabilities=probabilities, label=label),
                "ece": expected_calibration_error(probabilities=probabilities, label=label),
            }
        described.append(entry)
    return described
