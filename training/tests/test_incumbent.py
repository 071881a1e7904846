import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boursomatic_training.calibrate import Calibration
from boursomatic_training.errors import BadInputError
from boursomatic_training.export import to_onnx
from boursomatic_training.features import FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.incumbent import Incumbent, compare_incumbent, read_incumbent
from boursomatic_training.labels import Examples, label_definition
from boursomatic_training.metrics import log_loss
from boursomatic_training.ranking import daily_correlations
from boursomatic_training.train import Models
from boursomatic_training.walkforward import Fold, Predictions
from tests.conftest import Trained
from tests.synthetic import HORIZON


@pytest.fixture(scope="module")
def predictions(examples: Examples, fold: Fold, models: Models) -> Predictions:
    features = examples.features[fold.test]
    raw = np.asarray(models.classifier.predict(features))
    return Predictions(
        rows=fold.test,
        fold=np.zeros(len(fold.test), np.int64),
        raw=raw,
        calibrated=raw,
        expected_return=np.asarray(models.regressor.predict(features)),
        shares=np.full_like(raw, 1 / 3),
    )


@pytest.fixture
def incumbent(models: Models, examples: Examples, fold: Fold) -> Incumbent:
    """Wrap the models that made the predictions."""
    last = int(examples.day[fold.calibration].max())
    return Incumbent(
        version="v0.0.9",
        features=FEATURES,
        calibration=Calibration(scale=(1.0, 1.0, 1.0), bias=(0.0, 0.0, 0.0)),
        classifier=to_onnx(models.classifier, name="classifier").SerializeToString(),
        regressor=to_onnx(models.regressor, name="regressor").SerializeToString(),
        manifest={
            "label": label_definition(HORIZON),
            "training": {"calibrationTo": str(examples.calendar[last]), "embargoDays": HORIZON},
            "metrics": {"rank_ic": 0.5, "log_loss": 1.0, "folds": [{"test_from": "a", "test_to": "b"}]},
        },
    )


def _compare(incumbent: Incumbent, frame: Frame, examples: Examples, predictions: Predictions) -> dict[str, Any]:
    return compare_incumbent(
        incumbent,
        frame=frame,
        examples=examples,
        predictions=predictions,
        folds=[{"test_from": "a", "test_to": "b"}],
        label=label_definition(HORIZON),
    )


def test_an_identical_incumbent_gets_identical_measures(
    incumbent: Incumbent, frame: Frame, examples: Examples, predictions: Predictions
) -> None:
    result = _compare(incumbent, frame, examples, predictions)
    rows = predictions.rows
    _, ranked = daily_correlations(
        score=predictions.expected_return, forward=examples.forward[rows], day=examples.day[rows]
    )
    assert result["version"] == "v0.0.9"
    assert result["rank_ic"] == pytest.approx(ranked.mean(), abs=1e-3)
    assert result["log_loss"] == pytest.approx(
        log_loss(probabilities=predictions.calibrated, label=examples.label[rows]), abs=1e-6
    )
    assert result["rows"] == len(rows)
    assert result["same_label"]
    assert result["walk_forward"] == {"rank_ic": 0.5, "rank_icir": None, "log_loss": 1.0}
    # The fold starts an embargo after the training data of these models.
    assert result["rows_seen"] == 0
    assert result["unseen"]["rows"] == len(rows)
    assert result["unseen"]["rank_ic"] == pytest.approx(result["unseen"]["model"]["rank_ic"], abs=1e-3)


def test_rows_of_its_training_data_are_counted_separately(
    incumbent: Incumbent, frame: Frame, examples: Examples, predictions: Predictions
) -> None:
    days = np.unique(examples.day[predictions.rows])
    middle = str(examples.calendar[days[10]])
    training = {"calibrationTo": middle, "embargoDays": HORIZON}
    later = replace(incumbent, manifest={**incumbent.manifest, "training": training})
    result = _compare(later, frame, examples, predictions)
    seen = examples.day[predictions.rows] <= days[10] + HORIZON
    assert result["rows_seen"] == seen.sum() > 0
    assert result["unseen"]["from"] == str(examples.calendar[days[10] + HORIZON + 1])
    assert result["unseen"]["rows"] == (~seen).sum()
    everything = replace(incumbent, manifest={"metrics": {}, "training": {"calibrationTo": "2999-01-01"}})
    result = _compare(everything, frame, examples, predictions)
    assert result["unseen"] is None
    assert result["walk_forward"] is None
    assert not result["same_label"]


def test_features_are_matched_by_name(
    incumbent: Incumbent, frame: Frame, examples: Examples, predictions: Predictions
) -> None:
    usual = _compare(incumbent, frame, examples, predictions)
    # If the model has a feature with another name, the frame must have that column.
    renamed = replace(incumbent, features=("old", *FEATURES[1:]))
    richer = replace(frame, others={"old": frame.features[:, 0].copy()})
    assert _compare(renamed, richer, examples, predictions) == usual
    swapped = replace(incumbent, features=(*FEATURES[:5], *reversed(FEATURES[5:])))
    assert _compare(swapped, frame, examples, predictions)["rank_ic"] != usual["rank_ic"]
    with pytest.raises(BadInputError, match="read without old"):
        _compare(renamed, frame, examples, predictions)


def test_rows_without_all_of_its_features_are_left_out(
    incumbent: Incumbent, frame: Frame, examples: Examples, predictions: Predictions
) -> None:
    old = frame.features[:, 0].copy()
    old[frame.instrument == 2] = np.nan
    renamed = replace(incumbent, features=("old", *FEATURES[1:]))
    result = _compare(renamed, replace(frame, others={"old": old}), examples, predictions)
    assert result["rows"] == (examples.instrument[predictions.rows] != 2).sum()
    with pytest.raises(BadInputError, match="no test row has all of its features"):
        _compare(renamed, replace(frame, others={"old": np.full_like(old, np.nan)}), examples, predictions)


def test_models_with_another_number_of_features_are_rejected(
    incumbent: Incumbent, frame: Frame, examples: Examples, predictions: Predictions
) -> None:
    with pytest.raises(BadInputError, match=r"v0\.0\.9: its ONNX files can't be run"):
        _compare(replace(incumbent, features=FEATURES[1:]), frame, examples, predictions)


def test_a_release_is_read_with_its_calibration(trained: Trained) -> None:
    incumbent = read_incumbent(trained.base / "release")
    assert incumbent.version == "v0.1.0"
    assert incumbent.features == FEATURES
    assert incumbent.calibration.as_manifest() == trained.manifest["calibration"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"features": None}, "lacks"),
        ({"calibration": {"method": "isotonic", "scale": [1, 1, 1], "bias": [0, 0, 0]}}, "isotonic"),
        ({"calibration": {"method": "vector-scaling", "scale": [1, 1], "bias": [0, 0]}}, "vector-scaling"),
        ({"classes": ["BUY", "HOLD", "SELL"]}, "has the classes"),
    ],
)
def test_an_incompatible_manifest_is_rejected(
    change: dict[str, Any], reason: str, trained: Trained, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    (release / "manifest.json").write_text(json.dumps({**trained.manifest, **change}))
    with pytest.raises(BadInputError, match=reason):
        read_incumbent(release)


def test_a_release_without_a_model_is_rejected(trained: Trained, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    trees = (release / "trees.json").read_bytes()
    files = {"trees.json": {"sha256": hashlib.sha256(trees).hexdigest(), "bytes": len(trees)}}
    (release / "manifest.json").write_text(json.dumps({**trained.manifest, "files": files}))
    with pytest.raises(BadInputError, match=r"lacks 'classifier\.onnx'"):
        read_incumbent(release)
