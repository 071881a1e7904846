"""Compares the exported models with their boosters on real rows."""

from dataclasses import dataclass
from typing import Any, Final, cast

import lightgbm as lgb
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from boursomatic_training.export import INPUT_NAME, PROBABILITIES_NAME

__all__ = ["MOST_ROWS", "TOLERANCE", "Parity", "measure_parity", "run_onnx"]

MOST_ROWS: Final = 100_000
TOLERANCE: Final = 1e-5
"""A larger difference means that a row fell on the other side of a threshold. Such rows are counted."""

_BATCH: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class Parity:
    """Largest absolute differences over `rows` rows.

    Attributes
    ----------
    threshold_rows : int
        Rows on which any output differs by more than `TOLERANCE`. Both models have float32 thresholds, so none is
        expected. The largest differences include these rows.
    """

    rows: int
    threshold_rows: int
    score_max_abs_diff: float
    move_max_abs_diff: float

    def as_manifest(self) -> dict[str, Any]:
        """Describe it for the manifest."""
        return {
            "rows": self.rows,
            "tolerance": TOLERANCE,
            "thresholdRows": self.threshold_rows,
            "scoreMaxAbsDiff": self.score_max_abs_diff,
            "moveMaxAbsDiff": self.move_max_abs_diff,
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
    *, score: lgb.Booster, move: lgb.Booster, score_onnx: bytes, move_onnx: bytes, features: NDArray[np.float32]
) -> Parity:
    """Compare ONNX with LightGBM on the given rows, or on `MOST_ROWS` evenly spaced rows."""
    if len(features) > MOST_ROWS:
        features = features[np.linspace(0, len(features) - 1, MOST_ROWS).astype(np.int64)]
    score_difference = np.abs(np.asarray(score.predict(features)) - run_onnx(score_onnx, features)[:, 0])
    chance = run_onnx(move_onnx, features, output=PROBABILITIES_NAME)[:, 1]
    move_difference = np.abs(np.asarray(move.predict(features)) - chance)
    return Parity(
        rows=len(features),
        threshold_rows=int((np.maximum(score_difference, move_difference) > TOLERANCE).sum()),
        score_max_abs_diff=float(score_difference.max()),
        move_max_abs_diff=float(move_difference.max()),
    )
