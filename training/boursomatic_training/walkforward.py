"""Purged walk-forward: every measured prediction comes from models trained only on earlier days.

The labelled days are cut into yearly test slices, counted back from the last day. Before each are, in time order::

    train ... | embargo | calibration | embargo | test

The train window grows from fold to fold. The calibration slice is the last part before the test slice, and the trees do
not see it. The embargo is at least the horizon. A row whose horizon still ends inside the next slice (after a halt of
weeks) is dropped, so no label crosses a cut.

The release is fitted in the same way on all days: the trees on all but the last calibration slice. It has no test slice
of its own, so its metrics are those of the folds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import Calibration, fit_calibration
from boursomatic_training.checks import check_not_constant
from boursomatic_training.errors import BadInputError
from boursomatic_training.labels import CLASSES, TRADING_DAYS_A_YEAR, Examples
from boursomatic_training.progress import Progress, silent
from boursomatic_training.train import Models, fit_models

__all__ = [
    "CALIBRATION_SHARE",
    "LEAST_FOLDS",
    "TEST_SHARE",
    "Fitted",
    "Fold",
    "Plan",
    "Predictions",
    "Slices",
    "fit_slices",
    "plan_walk_forward",
    "predict",
    "predict_fold",
    "slice_days",
    "walk_forward",
]

LEAST_FOLDS: Final = 4

TEST_SHARE: Final = 0.6
"""Largest share of the days that are tested. The first fold learns from the rest: nearly three of seven years."""

CALIBRATION_SHARE: Final = 0.25
"""Share of the days before a test slice that are the calibration slice, at most a year, because trees age meanwhile."""

_LEAST_ROWS: Final = {"train": 1_000, "calibration": 200, "test": 200}


@dataclass(frozen=True, kw_only=True)
class Slices:
    """Ascending row numbers of the examples: the train slice and the calibration slice."""

    train: NDArray[np.int64]
    calibration: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Fold(Slices):
    """The slices of a fold, with the rows on which it is measured."""

    test: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The folds in time order, and the slices of the release.

    Attributes
    ----------
    embargo : int
        Trading days between the slices.
    """

    folds: tuple[Fold, ...]
    final: Slices
    embargo: int


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Models with their calibration.

    Attributes
    ----------
    shares : ndarray
        Shares of the classes in the train slice, which the majority baseline uses.
    """

    models: Models
    calibration: Calibration
    shares: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """Out-of-sample predictions; every array has one row for each of `rows`.

    Attributes
    ----------
    rows : ndarray of int64
        Row numbers of the examples.
    fold : ndarray of int64
        The fold, from 0, whose models predicted the row.
    raw, calibrated : ndarray, shape (rows, classes)
        Probabilities before and after calibration.
    expected_return : ndarray
    shares : ndarray, shape (rows, classes)
        Shares of the classes in that fold's train slice.
    """

    rows: NDArray[np.int64]
    fold: NDArray[np.int64]
    raw: NDArray[np.float64]
    calibrated: NDArray[np.float64]
    expected_return: NDArray[np.float64]
    shares: NDArray[np.float64]


def _in_sample(examples: Examples, days: NDArray[np.int64], *, before: int, embargo: int) -> Slices | None:
    """Cut the days that end an embargo before a day into train and calibration; None without such days."""
    known = days[days < before - embargo]
    calibration_days = min(TRADING_DAYS_A_YEAR, int(len(known) * CALIBRATION_SHARE))
    if calibration_days == 0:
        return None
    first, last = known[-calibration_days], known[-1]
    day, end = examples.day, examples.end
    return Slices(
        train=np.flatnonzero((day < first - embargo) & (end < first)),
        calibration=np.flatnonzero((day >= first) & (day <= last) & (end < before)),
    )


def _check_rows(slices: dict[str, NDArray[np.int64]], *, where: str, examples: Examples) -> None:
    for name, rows in slices.items():
        if len(rows) < _LEAST_ROWS[name]:
            raise BadInputError(
                f"too few rows: the {name} slice of {where} has {len(rows)} and needs {_LEAST_ROWS[name]}"
                f" ({len(examples.day)} rows with a label)"
            )


def plan_walk_forward(examples: Examples, *, embargo: int) -> Plan:
    """Plan the folds over the labelled days, and the slices of the release.

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
    if length < embargo:
        least = int(np.ceil(LEAST_FOLDS * embargo / TEST_SHARE))
        raise BadInputError(
            f"too few days: {len(days)} with a label, and {LEAST_FOLDS} folds with a horizon of {embargo} days"
            f" need {least} or more ({len(examples.day)} rows with a label)"
        )
    folds = []
    for number in range(count):
        start = len(days) - (count - number) * length
        first, last = int(days[start]), int(days[start + length - 1])
        slices = _in_sample(examples, days, before=first, embargo=embargo)
        if slices is None:
            raise BadInputError(f"too few days: {len(days)} with a label, and fold {number + 1} has none to train on")
        test = np.flatnonzero((examples.day >= first) & (examples.day <= last))
        fold = Fold(train=slices.train, calibration=slices.calibration, test=test)
        parts = {"train": fold.train, "calibration": fold.calibration, "test": fold.test}
        _check_rows(parts, where=f"fold {number + 1}", examples=examples)
        folds.append(fold)
    final = _in_sample(examples, days, before=len(examples.calendar) + embargo, embargo=embargo)
    if final is None:
        raise BadInputError(f"too few days: {len(days)} with a label")
    _check_rows({"train": final.train, "calibration": final.calibration}, where="the release", examples=examples)
    return Plan(folds=tuple(folds), final=final, embargo=embargo)


def slice_days(examples: Examples, rows: NDArray[np.int64]) -> tuple[str, str]:
    """First and last day of the rows."""
    day = examples.day[rows]
    return str(examples.calendar[day.min()]), str(examples.calendar[day.max()])


def fit_slices(examples: Examples, slices: Slices, *, seed: int, horizon: int) -> Fitted:
    """Fit the trees on the train slice and the calibration on the calibration slice, and use nothing else.

    Raises
    ------
    BadInputError
        If a feature is constant in the train slice, or a class is missing.
    """
    check_not_constant(examples.features, rows=slices.train)
    models = fit_models(examples, rows=slices.train, seed=seed)
    calibration = fit_calibration(
        probabilities=np.asarray(models.classifier.predict(examples.features[slices.calibration])),
        label=examples.label[slices.calibration],
        independent=len(np.unique(examples.day[slices.calibration])) / horizon,
    )
    shares = np.bincount(examples.label[slices.train], minlength=len(CLASSES)) / len(slices.train)
    return Fitted(models=models, calibration=calibration, shares=shares)


def predict(models: Models, features: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Raw probabilities, one column per class, and expected returns."""
    raw = np.asarray(models.classifier.predict(features), dtype=np.float64)
    return raw, np.asarray(models.regressor.predict(features), dtype=np.float64)


def predict_fold(examples: Examples, fold: Fold, *, number: int, seed: int, horizon: int) -> Predictions:
    """Fit on a fold's train and calibration slices and predict its test slice."""
    fitted = fit_slices(examples, fold, seed=seed, horizon=horizon)
    raw, expected_return = predict(fitted.models, examples.features[fold.test])
    return Predictions(
        rows=fold.test,
        fold=np.full(len(fold.test), number, np.int64),
        raw=raw,
        calibrated=fitted.calibration.apply(raw),
        expected_return=expected_return,
        shares=np.tile(fitted.shares, (len(fold.test), 1)),
    )


def walk_forward(
    examples: Examples, plan: Plan, *, seed: int, horizon: int, progress: Progress = silent
) -> Predictions:
    """Predict every fold's test slice, and pool the predictions in time order."""
    pooled = []
    for number, fold in enumerate(plan.folds):
        pooled.append(predict_fold(examples, fold, number=number, seed=seed, horizon=horizon))
        first, last = slice_days(examples, fold.test)
        progress(f"fold {number + 1} of {len(plan.folds)}: {first} to {last}, {len(fold.test)} rows")
    names = ("rows", "fold", "raw", "calibrated", "expected_return", "shares")
    return Predictions(**{name: np.concatenate([getattr(part, name) for part in pooled]) for name in names})
