"""Compares another release on the test rows of this model's folds.

A released model was fitted on nearly all days, so it has seen most of these rows, and the comparison favours it. Two
fair comparisons are reported as well: the rows after its training data (``unseen``, with this model's measures on the
same rows), and its own walk-forward if that had the same test slices (``walk_forward``).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import METHOD, Calibration
from boursomatic_training.errors import BadInputError
from boursomatic_training.export import PROBABILITIES_NAME
from boursomatic_training.frame import Frame, pick_columns
from boursomatic_training.labels import CLASSES, Examples
from boursomatic_training.metrics import log_loss
from boursomatic_training.parity import run_onnx
from boursomatic_training.ranking import daily_correlations, mean, mean_over_deviation
from boursomatic_training.release import read_release
from boursomatic_training.walkforward import Predictions

__all__ = ["Incumbent", "compare_incumbent", "read_incumbent"]


@dataclass(frozen=True, kw_only=True)
class Incumbent:
    """A release to compare with.

    Attributes
    ----------
    features : tuple of str
        Columns of the view, in the order of its inputs.
    manifest : dict
    """

    version: str
    features: tuple[str, ...]
    calibration: Calibration
    classifier: bytes
    regressor: bytes
    manifest: dict[str, Any]


def read_incumbent(directory: Path) -> Incumbent:
    """Read a release and check it against its manifest.

    Raises
    ------
    BadInputError
        If a file is missing or differs from the manifest, or the manifest lacks a key that predictions need.
    """
    manifest, files = read_release(directory)
    try:
        calibration = manifest["calibration"]
        scale, bias = (tuple(float(value) for value in calibration[name]) for name in ("scale", "bias"))
        if calibration["method"] != METHOD or not len(scale) == len(bias) == len(CLASSES):
            raise BadInputError(f"{directory}: calibrated by {calibration['method']}, which is not {METHOD}")
        if manifest["classes"] != list(CLASSES):
            raise BadInputError(f"{directory}: has the classes {manifest['classes']}")
        return Incumbent(
            version=str(manifest["version"]),
            features=tuple(str(name) for name in manifest["features"]),
            calibration=Calibration(scale=scale, bias=bias),
            classifier=files["classifier.onnx"],
            regressor=files["regressor.onnx"],
            manifest=manifest,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError(f"{directory}: the manifest or a file lacks {error}") from error


def _frame_rows(frame: Frame, examples: Examples, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    # The frame is ordered by instrument and day, so its keys ascend.
    width = len(examples.calendar)
    keys = frame.instrument.astype(np.int64) * width + np.searchsorted(examples.calendar, frame.day)
    return np.searchsorted(keys, examples.instrument[rows].astype(np.int64) * width + examples.day[rows])


def _last_day_seen(incumbent: Incumbent, calendar: NDArray[np.datetime64]) -> int:
    """Index of the last day whose label may overlap a label of the incumbent's training data."""
    training = incumbent.manifest.get("training", {})
    last = str(training.get("calibrationTo", "9999-12-31"))
    embargo = int(training.get("embargoDays", incumbent.manifest.get("horizonDays", 0)))
    return int(np.searchsorted(calendar, np.datetime64(last, "D"), side="right")) - 1 + embargo


def _measures(
    *,
    score: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    examples: Examples,
    rows: NDArray[np.int64],
) -> dict[str, float | None]:
    _, ranked = daily_correlations(score=score, forward=examples.forward[rows], day=examples.day[rows])
    return {
        "rank_ic": mean(ranked),
        "rank_icir": mean_over_deviation(ranked),
        "log_loss": log_loss(probabilities=probabilities, label=examples.label[rows]),
    }


def _walk_forward(incumbent: Incumbent, folds: list[dict[str, Any]]) -> dict[str, Any] | None:
    metrics = incumbent.manifest.get("metrics", {})

    def dates(of: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
        return [(fold.get("test_from"), fold.get("test_to")) for fold in of]

    if dates(metrics.get("folds", [])) != dates(folds):
        return None
    return {name: metrics.get(name) for name in ("rank_ic", "rank_icir", "log_loss")}


def compare_incumbent(
    incumbent: Incumbent,
    *,
    frame: Frame,
    examples: Examples,
    predictions: Predictions,
    folds: list[dict[str, Any]],
    label: dict[str, Any],
) -> dict[str, Any]:
    """Measure the incumbent on the test rows with all of its inputs.

    Parameters
    ----------
    folds : list of dict
        The folds in this model's metrics.
    label : dict
        This model's definition of the labels. A log loss under another definition is not comparable.

    Raises
    ------
    BadInputError
        If no row has all of its features, or its ONNX files reject them.
    """
    features = pick_columns(frame, names=incumbent.features, rows=_frame_rows(frame, examples, predictions.rows))
    complete = ~np.isnan(features).any(axis=1)
    if not complete.any():
        raise BadInputError(f"{incumbent.version}: no test row has all of its features")
    features, rows = features[complete], predictions.rows[complete]
    try:
        raw = run_onnx(incumbent.classifier, features, output=PROBABILITIES_NAME)
        score = run_onnx(incumbent.regressor, features)[:, 0].astype(np.float64)
    except Exception as error:  # onnxruntime raises a different class for each failure
        raise BadInputError(f"{incumbent.version}: its ONNX files can't be run: {error}") from error
    probabilities = incumbent.calibration.apply(raw)
    unseen = examples.day[rows] > _last_day_seen(incumbent, examples.calendar)
    later = None
    if unseen.any():
        chosen = np.flatnonzero(complete)[unseen]
        later = {
            "from": str(examples.calendar[examples.day[rows[unseen]].min()]),
            "rows": int(unseen.sum()),
            **_measures(score=score[unseen], probabilities=probabilities[unseen], examples=examples, rows=rows[unseen]),
            "model": _measures(
                score=predictions.expected_return[chosen],
                probabilities=predictions.calibrated[chosen],
                examples=examples,
                rows=predictions.rows[chosen],
            ),
        }
    return {
        "version": incumbent.version,
        **_measures(score=score, probabilities=probabilities, examples=examples, rows=rows),
        "rows": len(rows),
        "rows_seen": int((~unseen).sum()),
        "same_label": incumbent.manifest.get("label") == label,
        "unseen": later,
        "walk_forward": _walk_forward(incumbent, folds),
    }
