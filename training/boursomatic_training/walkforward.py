"""Purged walk-forward: every measured prediction comes from models fitted and calibrated on earlier days alone.

The labelled days are cut into yearly test slices, counted back from the last day. The trees of a fold learn from all
days before its test slice, less an embargo. A row whose horizon still ends inside the test slice (after a halt of
weeks) is dropped, so no target crosses the cut. The train window grows from fold to fold.

The predictions of the first `WARM_UP_FOLDS` slices only calibrate. Every later slice is calibrated on the pooled
predictions of all slices before it, under the same embargo, and measured.

The release is fitted in the same way on all days, and calibrated on the predictions of all slices. It has no test slice
of its own, so its metrics are those of the folds.
"""

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import Calibration, class_probabilities, fit_calibration
from boursomatic_training.checks import check_not_constant
from boursomatic_training.days import neutralise, standardise
from boursomatic_training.errors import BadInputError
from boursomatic_training.labels import BUY, HOLD, TRADING_DAYS_A_YEAR, Examples
from boursomatic_training.progress import Progress, silent
from boursomatic_training.train import Models, fit_models

__all__ = [
    "LEAST_FOLDS",
    "TEST_SHARE",
    "WARM_UP_FOLDS",
    "Fold",
    "Plan",
    "Predictions",
    "Raw",
    "calibrate",
    "known_before",
    "neutral_score",
    "plan_walk_forward",
    "predict_raw",
    "slice_days",
    "walk_forward",
]

WARM_UP_FOLDS: Final = 2

LEAST_FOLDS: Final = 6
"""Of which `WARM_UP_FOLDS` only calibrate."""

TEST_SHARE: Final = 0.8
"""Largest share of the days that are predicted. The first fold learns from the rest."""

_LEAST_ROWS: Final = {"train": 1_000, "test": 200}


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Ascending row numbers of the examples: the train slice and the test slice."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The folds in time order.

    Attributes
    ----------
    embargo : int
        Trading days between a train slice and its test slice.
    """

    folds: tuple[Fold, ...]
    embargo: int

    @property
    def measured(self) -> tuple[Fold, ...]:
        """The folds after the warm-up."""
        return self.folds[WARM_UP_FOLDS:]


@dataclass(frozen=True, kw_only=True)
class Raw:
    """Out-of-sample predictions before calibration; every array has one row for each of `rows`.

    Attributes
    ----------
    rows : ndarray of int64
        Row numbers of the examples.
    fold : ndarray of int64
        The fold, from 0, whose models predicted the row.
    score : ndarray of float64
        The trees' score.
    neutral : ndarray of float64
        The score as `neutral_score` makes it.
    move : ndarray of float64
        The trees' probability of a large move.
    """

    rows: NDArray[np.int64]
    fold: NDArray[np.int64]
    score: NDArray[np.float64]
    neutral: NDArray[np.float64]
    move: NDArray[np.float64]

    def take(self, chosen: NDArray[np.bool_]) -> Self:
        """Choose rows."""
        return type(self)(**{item.name: getattr(self, item.name)[chosen] for item in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Predictions(Raw):
    """Calibrated predictions of the measured slices.

    Attributes
    ----------
    probabilities : ndarray, shape (rows, classes)
    up : ndarray of float64
        Chance of up rather than down, given a large move.
    excess : ndarray of float64
        Expected return less that of the day's average member.
    """

    probabilities: NDArray[np.float64]
    up: NDArray[np.float64]
    excess: NDArray[np.float64]


def known_before(examples: Examples, rows: NDArray[np.int64], *, first: int, embargo: int) -> NDArray[np.bool_]:
    """Return for each row whether its targets were known an embargo before a day."""
    return (examples.day[rows] < first - embargo) & (examples.end[rows] < first)


def _check_rows(slices: dict[str, NDArray[np.int64]], *, where: str, examples: Examples) -> None:
    for name, rows in slices.items():
        if len(rows) < _LEAST_ROWS[name]:
            raise BadInputError(
                f"too few rows: the {name} slice of {where} has {len(rows)} and needs {_LEAST_ROWS[name]}"
                f" ({len(examples.day)} rows with a label)"
            )


def plan_walk_forward(examples: Examples, *, embargo: int) -> Plan:
    """Plan the folds over the labelled days.

    There are as many test slices of a year as fit into `TEST_SHARE` of the days. If these are fewer than
    `LEAST_FOLDS`, there are `LEAST_FOLDS` shorter slices.

    Parameters
    ----------
    embargo : int
        Trading days left out between slices; at least the horizon of the labels.

    Raises
    ------
    BadInputError
        If there are too few days for the folds, or a slice has too few rows.
    """
    days = np.unique(examples.day)
    tested = int(len(days) * TEST_SHARE)
    count = max(LEAST_FOLDS, tested // TRADING_DAYS_A_YEAR)
    length = min(TRADING_DAYS_A_YEAR, tested // count)
    if length <= embargo:
        least = int(np.ceil(LEAST_FOLDS * (embargo + 1) / TEST_SHARE))
        raise BadInputError(
            f"too few days: {len(days)} with a label, and {LEAST_FOLDS} folds with a horizon of {embargo} days"
            f" need {least} or more ({len(examples.day)} rows with a label)"
        )
    everything = np.arange(len(examples.day))
    folds = []
    for number in range(count):
        start = len(days) - (count - number) * length
        first, last = int(days[start]), int(days[start + length - 1])
        train = np.flatnonzero(known_before(examples, everything, first=first, embargo=embargo))
        test = np.flatnonzero((examples.day >= first) & (examples.day <= last))
        _check_rows({"train": train, "test": test}, where=f"fold {number + 1}", examples=examples)
        folds.append(Fold(train=train, test=test))
    return Plan(folds=tuple(folds), embargo=embargo)


def slice_days(examples: Examples, rows: NDArray[np.int64]) -> tuple[str, str]:
    """First and last day of the rows."""
    day = examples.day[rows]
    return str(examples.calendar[day.min()]), str(examples.calendar[day.max()])


def neutral_score(
    score: NDArray[np.float64], *, exposures: NDArray[np.float32], day: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Residual of the score on a constant and the exposures within each day, over its standard deviation of the day."""
    return standardise(neutralise(score, exposures=exposures, day=day), day=day)


def predict_raw(models: Models, examples: Examples, rows: NDArray[np.int64], *, fold: int) -> Raw:
    """Predict rows of whole days."""
    features = examples.features[rows]
    score = np.asarray(models.score.predict(features), dtype=np.float64)
    return Raw(
        rows=rows,
        fold=np.full(len(rows), fold, np.int64),
        score=score,
        neutral=neutral_score(score, exposures=examples.exposures[rows], day=examples.day[rows]),
        move=np.asarray(models.move.predict(features), dtype=np.float64),
    )


def calibrate(examples: Examples, raw: Raw) -> Calibration:
    """Fit the calibration on out-of-sample predictions."""
    label, day, forward = examples.label[raw.rows], examples.day[raw.rows], examples.forward[raw.rows]
    _, place, count = np.unique(day, return_inverse=True, return_counts=True)
    return fit_calibration(
        probability=raw.move,
        score=raw.neutral,
        large=label != HOLD,
        up=label == BUY,
        excess=forward - (np.bincount(place, weights=forward) / count)[place],
    )


def _pool(parts: list[Raw]) -> Raw:
    return Raw(**{item.name: np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Raw)})


def walk_forward(
    examples: Examples, plan: Plan, *, seed: int, progress: Progress = silent
) -> tuple[Predictions, Calibration]:
    """Predict every fold's test slice and calibrate the measured ones, in time order.

    Returns
    -------
    predictions : Predictions
        Of the measured slices.
    calibration : Calibration
        Fitted on the predictions of all slices: that of the release.
    """
    parts: list[Raw] = []
    measured: list[Predictions] = []
    for number, fold in enumerate(plan.folds):
        check_not_constant(examples.features, rows=fold.train)
        models = fit_models(examples, rows=fold.train, seed=seed)
        raw = predict_raw(models, examples, fold.test, fold=number)
        if number >= WARM_UP_FOLDS:
            earlier = _pool(parts)
            first = int(examples.day[fold.test].min())
            known = known_before(examples, earlier.rows, first=first, embargo=plan.embargo)
            measured.append(_apply(calibrate(examples, earlier.take(known)), raw))
        parts.append(raw)
        start, end = slice_days(examples, fold.test)
        progress(f"fold {number + 1} of {len(plan.folds)}: {start} to {end}, {len(fold.test)} rows")
    names = [item.name for item in fields(Predictions)]
    predictions = Predictions(**{name: np.concatenate([getattr(part, name) for part in measured]) for name in names})
    return predictions, calibrate(examples, _pool(parts))


def _apply(calibration: Calibration, raw: Raw) -> Predictions:
    up = calibration.up(raw.neutral)
    return Predictions(
        **{item.name: getattr(raw, item.name) for item in fields(Raw)},
        probabilities=class_probabilities(move=calibration.move(raw.move), up=up),
        up=up,
        excess=calibration.excess(raw.neutral),
    )
