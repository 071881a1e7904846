import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from boursomatic_training.calibrate import Calibration
from boursomatic_training.errors import BadInputError
from boursomatic_training.features import DIRECTIONS, FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.labels import Examples
from boursomatic_training.manifest import canonical_json
from boursomatic_training.pipeline import run_training
from boursomatic_training.train import Models, fit_models
from boursomatic_training.walkforward import Fold
from tests.conftest import Trained
from tests.synthetic import contents, synthetic_frame


def test_the_files_of_the_release_match_the_manifest(trained: Trained) -> None:
    files = contents(trained.base / "release")
    assert json.loads(files.pop("manifest.json")) == trained.manifest
    assert set(files) == set(trained.manifest["files"]) == {"classifier.onnx", "regressor.onnx", "trees.json"}
    for name, content in files.items():
        entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        assert trained.manifest["files"][name] == entry
    assert [path.name for path in trained.base.iterdir() if path.name.startswith(".")] == []


def test_the_manifest_has_the_documented_keys(trained: Trained) -> None:
    manifest = trained.manifest
    assert list(manifest) == [
        "version",
        "trainedAt",
        "horizonDays",
        "features",
        "classes",
        "baseRates",
        "label",
        "training",
        "params",
        "paramsHash",
        "libraries",
        "calibration",
        "metrics",
        "parity",
        "files",
    ]
    assert manifest["trainedAt"] == "2026-01-31T12:00:00Z"
    assert manifest["features"] == list(FEATURES)
    assert list(manifest["baseRates"]) == manifest["classes"]
    assert sum(manifest["baseRates"].values()) == pytest.approx(1.0)
    assert manifest["training"]["embargoDays"] == 20
    assert manifest["training"]["seed"] == 7
    assert manifest["training"]["to"] < manifest["training"]["calibrationFrom"]


def test_the_release_is_fitted_on_the_test_days_of_the_folds(trained: Trained) -> None:
    training, folds = trained.manifest["training"], trained.manifest["metrics"]["folds"]
    assert training["calibrationTo"] == training["testTo"] == folds[-1]["test_to"]
    assert training["testFrom"] == folds[0]["test_from"]
    assert training["to"] > folds[-1]["train_to"]
    assert training["testRows"] == trained.manifest["metrics"]["rows"] == sum(fold["rows"] for fold in folds)
    for fold in folds:
        dates = [fold[f"{part}_{end}"] for part in ("train", "calibration", "test") for end in ("from", "to")]
        assert dates == sorted(dates)


def test_metrics_beat_the_baselines_if_there_is_a_signal(trained: Trained) -> None:
    metrics = trained.manifest["metrics"]
    majority = metrics["baselines"]["majority_class"]
    assert metrics["f1_score"] > majority["f1_score"]
    assert metrics["log_loss"] < majority["log_loss"]
    assert metrics["rank_ic"] > 0.2
    assert set(metrics["baselines"]) == {"majority_class", "momentum_12_1", "short_term_reversal"}
    assert {"accuracy", "precision", "recall", "ece", "ic", "icir", "rank_icir"} <= set(metrics)
    assert sum(entry["count"] for entry in metrics["reliability"]["BUY"]) == metrics["rows"]


def test_every_interval_holds_its_measure(trained: Trained) -> None:
    metrics = trained.manifest["metrics"]
    intervals = metrics["intervals"]
    # Noise raises the calibration error of a resample above that of the sample.
    for name in ("ic", "rank_ic", "icir", "rank_icir", "log_loss", "accuracy", "quintile_spread_sharpe"):
        low, high = intervals[name]
        assert low < metrics[name] < high, name
    assert intervals["ece"][0] < intervals["ece"][1]
    for name, bounds in intervals["baselines"].items():
        baseline = metrics["baselines"][name]
        measure = "log_loss" if name == "majority_class" else "rank_ic"
        # With equal class shares, the majority's log loss is the same on every day.
        low, high = bounds[measure]
        assert low - 1e-9 < baseline[measure] < high + 1e-9
        low, high = bounds[f"{measure}_difference"]
        assert low < metrics[measure] - baseline[measure] < high


_RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from boursomatic_training.pipeline import RunOptions, run_training
from tests.synthetic import synthetic_frame
options = RunOptions(
    out=Path(sys.argv[1]), version="v0.1.0", trained_at=datetime(2027, 2, 3, tzinfo=UTC), seed=7, horizon=20
)
run_training(synthetic_frame(), options)
"""


def test_the_same_data_and_seed_give_the_same_bytes_in_another_process(trained: Trained, tmp_path: Path) -> None:
    out = tmp_path / "again"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", _RUN, str(out)], check=True, cwd=root, env=environment, timeout=300)
    first, second = contents(trained.base / "release"), contents(out)
    before, after = json.loads(first.pop("manifest.json")), json.loads(second.pop("manifest.json"))
    assert first == second
    assert canonical_json(before["metrics"]) == canonical_json(after["metrics"])
    assert before["paramsHash"] == after["paramsHash"]
    assert {**before, "trainedAt": ""} == {**after, "trainedAt": ""}


def test_the_release_is_measured_on_its_calibration_slice(trained: Trained) -> None:
    training, measured = trained.manifest["training"], trained.manifest["metrics"]["release"]
    assert (measured["from"], measured["to"]) == (training["calibrationFrom"], training["calibrationTo"])
    assert measured["rows"] == training["calibrationRows"]
    # These measures are of the released boosters; the walk-forward measures other models on other days.
    assert measured["rank_ic"] != trained.manifest["metrics"]["rank_ic"]
    assert 0 < measured["ece"] < 0.2


def test_the_expected_return_never_goes_against_a_direction(examples: Examples, models: Models) -> None:
    rows = np.repeat(examples.features[::500], 9, axis=0)
    grid = np.tile(np.linspace(-3, 3, 9, dtype=np.float32), len(rows) // 9)
    moved = 0
    for name, direction in DIRECTIONS.items():
        changed = rows.copy()
        changed[:, FEATURES.index(name)] = grid
        steps = np.diff(np.asarray(models.regressor.predict(changed)).reshape(-1, 9), axis=1) * direction
        assert steps.min() >= 0, name
        moved += int((steps > 0).any())
    assert moved > len(DIRECTIONS) / 2


def test_another_seed_gives_another_model(examples: Examples, fold: Fold, models: Models) -> None:
    other = fit_models(examples, rows=fold.train, seed=8)
    assert other.classifier_params != models.classifier_params
    assert other.classifier.model_to_string() != models.classifier.model_to_string()


def test_the_fixture_holds_exact_rows_and_their_answers(trained: Trained) -> None:
    fixture = json.loads((trained.base / "work" / "fixture.json").read_text())
    rows = np.array(fixture["rows"])
    assert rows.shape == (64, len(FEATURES))
    np.testing.assert_array_equal(rows, rows.astype(np.float32))
    contributions = np.array(fixture["regressorContributions"])
    np.testing.assert_allclose(contributions.sum(axis=1), fixture["regressorPredictions"], rtol=1e-9)
    classifier = lgb.Booster(model_file=trained.base / "work" / "classifier.txt")
    raw = np.asarray(classifier.predict(rows.astype(np.float32)))
    np.testing.assert_allclose(raw, fixture["classifierProbabilities"], rtol=1e-12)
    scale, bias = trained.manifest["calibration"]["scale"], trained.manifest["calibration"]["bias"]
    calibrated = Calibration(scale=tuple(scale), bias=tuple(bias)).apply(raw)
    np.testing.assert_allclose(calibrated, fixture["calibratedProbabilities"], rtol=1e-12)


def test_a_release_is_never_overwritten(frame: Frame, trained: Trained) -> None:
    before = contents(trained.base / "release")
    with pytest.raises(BadInputError, match="is not empty"):
        run_training(frame, replace(trained.options, work=None))
    assert contents(trained.base / "release") == before


def test_a_single_class_is_rejected(frame: Frame, trained: Trained, tmp_path: Path) -> None:
    flat = replace(frame, close=np.full(len(frame.close), 50.0))
    with pytest.raises(BadInputError, match="the train slice has no SELL and no BUY"):
        run_training(flat, replace(trained.options, out=tmp_path / "flat", work=None))
    assert list(tmp_path.iterdir()) == []


def test_the_error_names_a_constant_feature(frame: Frame, trained: Trained, tmp_path: Path) -> None:
    features = frame.features.copy()
    features[~np.isnan(features[:, 4]), 4] = 0.25
    options = replace(trained.options, out=tmp_path / "release", work=None)
    with pytest.raises(BadInputError, match=f"{FEATURES[4]} is 0.25 on all .* a constant feature"):
        run_training(replace(frame, features=features), options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("days", "message"), [(60, "too few days"), (170, "too few rows")])
def test_too_little_data_is_rejected(days: int, message: str, trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=message):
        run_training(synthetic_frame(days=days), replace(trained.options, out=tmp_path / "release", work=None))
    assert list(tmp_path.iterdir()) == []
