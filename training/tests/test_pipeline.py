import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest

from boursomatic_training.calibrate import Calibration
from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.pipeline import RunOptions, run_training
from tests.synthetic import contents, synthetic_frame

OPTIONS = RunOptions(out=Path(), version="v0.1.0", trained_at=datetime(2026, 1, 31, 12, tzinfo=UTC), seed=7, horizon=20)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pipeline")


@pytest.fixture(scope="module")
def manifest(frame: Frame, base: Path) -> dict[str, Any]:
    return run_training(frame, replace(OPTIONS, out=base / "release", work=base / "work"))


def test_the_release_holds_what_the_manifest_says(manifest: dict[str, Any], base: Path) -> None:
    files = contents(base / "release")
    assert json.loads(files.pop("manifest.json")) == manifest
    assert set(files) == set(manifest["files"]) == {"classifier.onnx", "regressor.onnx", "trees.json"}
    for name, content in files.items():
        assert manifest["files"][name] == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    assert [path.name for path in base.iterdir() if path.name.startswith(".")] == []


def test_the_manifest_has_its_keys(manifest: dict[str, Any]) -> None:
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
    assert manifest["training"]["to"] < manifest["training"]["calibrationFrom"]
    assert manifest["training"]["calibrationTo"] < manifest["training"]["testFrom"]


def test_metrics_beat_the_baselines_where_there_is_a_signal(manifest: dict[str, Any]) -> None:
    metrics = manifest["metrics"]
    majority = metrics["baselines"]["majority_class"]
    assert metrics["f1_score"] > majority["f1_score"]
    assert metrics["log_loss"] < majority["log_loss"]
    assert metrics["rank_ic"] > 0.2
    assert set(metrics["baselines"]) == {"majority_class", "momentum_12_1", "short_term_reversal"}
    assert {"accuracy", "precision", "recall", "ece", "ic", "icir", "rank_icir"} <= set(metrics)


def test_the_same_data_and_seed_give_the_same_bytes(frame: Frame, manifest: dict[str, Any], base: Path) -> None:
    run_training(frame, replace(OPTIONS, out=base / "again"))
    assert contents(base / "again") == contents(base / "release")
    assert manifest["paramsHash"]


def test_another_seed_gives_another_model_and_hash(frame: Frame, manifest: dict[str, Any], base: Path) -> None:
    other = run_training(frame, replace(OPTIONS, out=base / "seed8", seed=8))
    assert other["paramsHash"] != manifest["paramsHash"]
    assert other["files"] != manifest["files"]


def test_the_fixture_holds_exact_rows_and_their_answers(manifest: dict[str, Any], base: Path) -> None:
    fixture = json.loads((base / "work" / "fixture.json").read_text())
    rows = np.array(fixture["rows"])
    assert rows.shape == (64, len(FEATURES))
    np.testing.assert_array_equal(rows, rows.astype(np.float32))
    contributions = np.array(fixture["regressorContributions"])
    np.testing.assert_allclose(contributions.sum(axis=1), fixture["regressorPredictions"], rtol=1e-9)
    classifier = lgb.Booster(model_file=base / "work" / "classifier.txt")
    raw = np.asarray(classifier.predict(rows.astype(np.float32)))
    np.testing.assert_allclose(raw, fixture["classifierProbabilities"], rtol=1e-12)
    scale, bias = manifest["calibration"]["scale"], manifest["calibration"]["bias"]
    calibrated = Calibration(scale=tuple(scale), bias=tuple(bias)).apply(raw)
    np.testing.assert_allclose(calibrated, fixture["calibratedProbabilities"], rtol=1e-12)


def test_a_release_is_never_overwritten(frame: Frame, manifest: dict[str, Any], base: Path) -> None:
    assert manifest
    before = contents(base / "release")
    with pytest.raises(BadInputError, match="already holds something"):
        run_training(frame, replace(OPTIONS, out=base / "release"))
    assert contents(base / "release") == before


def test_one_class_only_is_refused(frame: Frame, tmp_path: Path) -> None:
    rising = replace(frame, close=100.0 * 1.05 ** np.arange(len(frame.close), dtype=np.float64) + 1)
    rising = replace(rising, close=np.minimum(rising.close, 1e300))
    flat = replace(frame, close=np.full(len(frame.close), 50.0))
    with pytest.raises(BadInputError, match="no SELL and no BUY"):
        run_training(flat, replace(OPTIONS, out=tmp_path / "flat"))
    with pytest.raises(BadInputError, match="the train slice has no SELL"):
        run_training(rising, replace(OPTIONS, out=tmp_path / "rising"))
    assert list(tmp_path.iterdir()) == []


def test_too_few_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="too few rows"):
        run_training(synthetic_frame(days=60), replace(OPTIONS, out=tmp_path / "release"))
    assert list(tmp_path.iterdir()) == []
