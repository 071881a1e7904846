"""Writes a run's work directory: the boosters, and rows with their predictions for tests in other languages.

``fixture.json`` holds, for the first rows of the last day, taken as if they were the whole day: ``rows`` (inputs; each
is exactly a float32), ``scores`` and ``contributions`` (LightGBM's TreeSHAP: one column per input, then the expected
value; a row sums to its score), ``neutralScores``, ``moves`` (the trees' probability of a large move),
``probabilities`` of SELL, HOLD and BUY, and ``excessReturns``. ``version`` and ``features`` identify the model.
"""

import json
from pathlib import Path
from typing import Any, Final

import lightgbm as lgb
import numpy as np

from boursomatic_training.calibrate import Calibration, class_probabilities
from boursomatic_training.labels import Examples
from boursomatic_training.train import Models
from boursomatic_training.walkforward import predict_raw

__all__ = ["FIXTURE_ROWS", "build_fixture", "write_work"]

FIXTURE_ROWS: Final = 64


def build_fixture(*, version: str, models: Models, calibration: Calibration, examples: Examples) -> dict[str, Any]:
    """Record the predictions of the last day's first rows."""
    rows = np.flatnonzero(examples.day == examples.day.max())[:FIXTURE_ROWS]
    raw = predict_raw(models, examples, rows, fold=0)
    features = examples.features[rows]
    probabilities = class_probabilities(move=calibration.move(raw.move), up=calibration.up(raw.neutral))
    return {
        "version": version,
        "features": models.score.feature_name(),
        "rows": features.astype(np.float64).tolist(),
        "scores": raw.score.tolist(),
        "contributions": np.asarray(models.score.predict(features, pred_contrib=True)).tolist(),
        "neutralScores": raw.neutral.tolist(),
        "moves": raw.move.tolist(),
        "probabilities": probabilities.tolist(),
        "excessReturns": calibration.excess(raw.neutral).tolist(),
    }


def write_work(directory: Path, *, score: lgb.Booster, move: lgb.Booster, fixture: dict[str, Any]) -> None:
    """Write score.txt, move.txt and fixture.json, replacing those of an earlier run."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "score.txt").write_text(score.model_to_string(), encoding="utf-8")
    (directory / "move.txt").write_text(move.model_to_string(), encoding="utf-8")
    (directory / "fixture.json").write_text(json.dumps(fixture, allow_nan=False) + "\n", encoding="utf-8")
