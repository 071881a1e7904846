"""Measures of a classification: of its labels and of its probabilities."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import PROBABILITY_FLOOR
from boursomatic_training.labels import CLASSES

__all__ = [
    "ECE_BINS",
    "RELIABILITY_BINS",
    "DailyProbabilities",
    "daily_probabilities",
    "expected_calibration_error",
    "label_metrics",
    "log_loss",
    "reliability",
]

ECE_BINS: Final = 15

RELIABILITY_BINS: Final = 10


@dataclass(frozen=True, kw_only=True)
class DailyProbabilities:
    """Daily sums, in order of the days.

    Attributes
    ----------
    day : ndarray of int64
    rows, hits, loss : ndarray of float64
        Rows, rows whose most probable class came true, and negative log-probability of the true class.
    gaps : ndarray of float64, shape (days, bins)
        Hits less confidence in each bin of the expected calibration error.
    """

    day: NDArray[np.int64]
    rows: NDArray[np.float64]
    hits: NDArray[np.float64]
    loss: NDArray[np.float64]
    gaps: NDArray[np.float64]


def label_metrics(*, predicted: NDArray[np.int64], label: NDArray[np.int64]) -> dict[str, Any]:
    """Accuracy, macro precision, recall and F1, and the hit rate and base rate of each label.

    A class that was never predicted (or never came true) is 0 in the macro means. Its hit rate is None.

    Returns
    -------
    dict
        accuracy, precision, recall, f1_score; and by class: hit_rate (share of the predictions that came true),
        base_rate (share of all rows) and hit_rate_over_base_rate (above 1 is better than chance).
    """
    classes = len(CLASSES)
    table = np.bincount(label * classes + predicted, minlength=classes * classes).reshape(classes, classes)
    hits, predictions, truths = table.diagonal(), table.sum(axis=0), table.sum(axis=1)
    precision = hits / np.maximum(predictions, 1)
    recall = hits / np.maximum(truths, 1)
    f1 = 2 * hits / np.maximum(predictions + truths, 1)
    base = truths / len(label)
    hit_rates = {name: float(precision[index]) if predictions[index] else None for index, name in enumerate(CLASSES)}
    return {
        "accuracy": float(hits.sum() / len(label)),
        "precision": float(precision.mean()),
        "recall": float(recall.mean()),
        "f1_score": float(f1.mean()),
        "hit_rate": hit_rates,
        "base_rate": {name: float(base[index]) for index, name in enumerate(CLASSES)},
        "hit_rate_over_base_rate": {
            name: None if rate is None or base[index] == 0 else float(rate / base[index])
            for index, (name, rate) in enumerate(hit_rates.items())
        },
    }


def log_loss(*, probabilities: NDArray[np.floating[Any]], label: NDArray[np.int64]) -> float:
    """Mean negative log-probability of the true class."""
    taken = probabilities[np.arange(len(label)), label].astype(np.float64)
    return float(-np.log(np.maximum(taken, PROBABILITY_FLOOR)).mean())


def daily_probabilities(
    *, probabilities: NDArray[np.floating[Any]], label: NDArray[np.int64], day: NDArray[np.int64]
) -> DailyProbabilities:
    """Compute the daily sums of log loss, accuracy and calibration error."""
    days, place = np.unique(day, return_inverse=True)
    taken = probabilities[np.arange(len(label)), label].astype(np.float64)
    bins, gap = _confidence_gaps(probabilities=probabilities, label=label, bins=ECE_BINS)
    gaps = np.bincount(place * ECE_BINS + bins, weights=gap, minlength=len(days) * ECE_BINS)
    return DailyProbabilities(
        day=days,
        rows=np.bincount(place).astype(np.float64),
        hits=np.bincount(place, weights=probabilities.argmax(axis=1) == label).astype(np.float64),
        loss=np.bincount(place, weights=-np.log(np.maximum(taken, PROBABILITY_FLOOR))).astype(np.float64),
        gaps=gaps.reshape(len(days), ECE_BINS).astype(np.float64),
    )


def _confidence_gaps(
    *, probabilities: NDArray[np.floating[Any]], label: NDArray[np.int64], bins: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    confidence = probabilities.max(axis=1).astype(np.float64)
    correct = probabilities.argmax(axis=1) == label
    return np.minimum((confidence * bins).astype(np.int64), bins - 1), correct - confidence


def reliability(
    *, probabilities: NDArray[np.floating[Any]], label: NDArray[np.int64], bins: int = RELIABILITY_BINS
) -> dict[str, list[dict[str, Any]]]:
    """Observed frequency of each class by its probability.

    Bins have equal counts instead of equal widths, because the probabilities are close together.

    Returns
    -------
    dict
        By class, in ascending order of probability: confidence (mean probability), frequency, count.
    """

    def describe(index: int) -> list[dict[str, Any]]:
        order = np.argsort(probabilities[:, index], kind="stable")
        return [
            {
                "confidence": float(probabilities[part, index].mean()),
                "frequency": float((label[part] == index).mean()),
                "count": len(part),
            }
            for part in np.array_split(order, bins)
            if len(part)
        ]

    return {name: describe(index) for index, name in enumerate(CLASSES)}


def expected_calibration_error(
    *, probabilities: NDArray[np.floating[Any]], label: NDArray[np.int64], bins: int = ECE_BINS
) -> float:
    """Mean gap between confidence and accuracy of the top class, over equal-width bins weighted by rows."""
    place, gap = _confidence_gaps(probabilities=probabilities, label=label, bins=bins)
    gaps = np.bincount(place, weights=gap, minlength=bins)
    return float(np.abs(gaps).sum() / len(label))
