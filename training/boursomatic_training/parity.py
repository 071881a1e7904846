"""Compares the exported models with their boosters on real rows."""

from dataclasses import dataclass
from typing import Any, Final, cast

import lightgbm as lgb
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from boursomatic_training.calibrate import Calibration
from boursomatic_training.export import INPUT_NAME, PROBABILITIES_NAME

__all__ = ["MOST_ROWS", "TOLERANCE", "Parity", "measure_parity", "run_onnx"]

MOST_ROWS: Final = 100_000
TOLERANCE: Final = 1e-5
"""A larger difference means that a row fell on the other side of a threshold. Such rows are counted."""

_BATCH: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class Parity:
    """Largest absolute differences over `rows` rows, and number of labels that differ after calibration.

    Attributes
    ----------
    threshold_rows : int
        Rows on which any output differs by more than `TOLERANCE`. Both models have float32 thresholds, so none is
        expected. The largest differences include these rows.
    """

    rows: int
    threshold_rows: int
    classifier_max_abs_diff: float
    regressor_max_abs_diff: float
    label_flips: int

    def as_manifest(self) -> dict[str, Any]:
        """Describe it for the manifest."""
        return {
            "rows": self.rows,
            "tolerance": TOLERANCE,
            "thresholdRows": self.threshold_rows,
            "classifierMaxAbsDiff": self.classifier_max_abs_diff,
            "regressorMaxAbsDiff": self.regressor_max_abs_diff,
            "labelFlips": self.label_flips,
        }


def run_onnx(model: bytes, features: NDArray[np.float32], *, output: str | None = None) -> NDArray[np.float32]:
    """Run a model over rows in batches; `output` defaults to the model's first."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = output or session.get_outputs()[0].name
    parts = [
        cast("NDArray[np.float32]", session.run([name], {INPUT_NAME: features[start : start + _BATCH]})[0])
        for start in range(0, len(features), _BATCH)
    ]
    return np.concatenate(parts)


def measure_parity(
    *,
    classifier: lgb.Booster,
    regressor: lgb.Booster,
    classifier_onnx: bytes,
    regressor_onnx: bytes,
    calibration: Calibration,
    features: NDArray[np.float32],
) -> Parity:
    """Compare ONNX with LightGBM on the given rows, or on `MOST_ROWS` evenly spaced rows."""
    if len(features) > MOST_ROWS:
        features = features[np.linspace(0, len(features) - 1, MOST_ROWS).astype(np.int64)]
    expected = np.asarray(classifier.predict(features))
    actual = run_onnx(classifier_onnx, features, output=PROBABILITIES_NAME)
    returns = np.asarray(regressor.predict(features))
    flips = calibration.apply(expected).argmax(axis=1) != calibration.apply(actual).argmax(axis=1)
    classifier_difference = np.abs(expected - actual).max(axis=1)
    regressor_difference = np.abs(returns - run_onnx(regressor_onnx, features)[:, 0])
    return Parity(
        rows=len(features),
        threshold_rows=int((np.maximum(classifier_difference, regressor_difference) > TOLERANCE).sum()),
        classifier_max_abs_diff=float(classifier_difference.max()),
        regressor_max_abs_diff=float(regressor_difference.max()),
        label_flips=int(flips.sum()),
    )
