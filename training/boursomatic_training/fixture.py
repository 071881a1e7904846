"""Writes a run's work directory: the boosters, and rows with their predictions for tests in other languages.

``fixture.json`` holds, for a few rows of the calibration slice: ``rows`` (feature values; each is exactly a float32),
``classifierProbabilities``, ``calibratedProbabilities``, ``regressorPredictions`` and ``regressorContributions``
(LightGBM's TreeSHAP: one column per feature, then the expected value; a row sums to its prediction). ``version`` and
``features`` identify the model.
"""

import json
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import Calibration

__all__ = ["FIXTURE_ROWS", "build_fixture", "write_work"]

FIXTURE_ROWS: Final = 64


def build_fixture(
    *,
    version: str,
    classifier: lgb.Booster,
    regressor: lgb.Booster,
    calibration: Calibration,
    features: NDArray[np.float32],
) -> dict[str, Any]:
    """Pick evenly spaced rows and record the boosters' predictions."""
    count = min(FIXTURE_ROWS, len(features))
    rows = features[np.linspace(0, len(features) - 1, count).astype(np.int64)]
    raw = np.asarray(classifier.predict(rows))
    return {
        "version": version,
        "features": regressor.feature_name(),
        "rows": rows.astype(np.float64).tolist(),
        "classifierProbabilities": raw.tolist(),
        "calibratedProbabilities": calibration.apply(raw).tolist(),
        "regressorPredictions": np.asarray(regressor.predict(rows)).tolist(),
        "regressorContributions": np.asarray(regressor.predict(rows, pred_contrib=True)).tolist(),
    }


def write_work(directory: Path, *, classifier: lgb.Booster, regressor: lgb.Booster, fixture: dict[str, Any]) -> None:
    """Write classifier.txt, regressor.txt and fixture.json, replacing those of an earlier run."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "classifier.txt").write_text(classifier.model_to_string(), encoding="utf-8")
    (directory / "regressor.txt").write_text(regressor.model_to_string(), encoding="utf-8")
    (directory / "fixture.json").write_text(json.dumps(fixture, allow_nan=False) + "\n", encoding="utf-8")
