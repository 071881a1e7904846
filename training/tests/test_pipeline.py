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

from boursomatic_training.calibrate import Calibration, class_probabilities
from boursomatic_training.errors import BadInputError
from boursomatic_training.features import EXPOSURE_INDEXES, FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.labels import TARGETS, Examples
from boursomatic_training.manifest import canonical_json
from boursomatic_training.pipeline import run_training
from boursomatic_training.train import Models, fit_models
from boursomatic_training.walkforward import Fold, neutral_score
from tests.conftest import Trained
from tests.synthetic import contents, synthetic_frame


def test_the_files_of_the_release_match_the_manifest(trained: Trained) -> None:
    files = contents(trained.base / "release")
    assert json.loads(files.pop("manifest.json")) == trained.manifest
    assert (
        set(files) == set(trained.manifest["files"]) == {"score.onnx", "move.onnx", "trees.json", "predictions.csv.gz"}
    )
    for name, content in files.items():
        entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        assert trained.manifest["files"][name] == entry
    assert [path.name for path in trained.base.iterdir() if path.name.startswith(".")] == []


def test_the_manifest_has_the_documented_keys(trained: Trained) -> None:
    manifest = trained.manifest
    assert list(manifest) == [
        "format",
        "version",
        "trainedAt",
        "horizonDays",
        "shortHorizonDays",
        "features",
        "neutralTo",
        "classes",
        "baseRates",
        "label",
        "factors",
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
    assert manifest["training"]["to"] < manifest["training"]["dataTo"]
    assert manifest["format"] == 2


def test_the_release_is_fitted_on_the_test_days_of_the_folds(trained: Trained) -> None:
    training, folds = trained.manifest["training"], trained.manifest["metrics"]["folds"]
    assert training["to"] == training["testTo"] == folds[-1]["test_to"]
    assert training["testFrom"] == folds[2]["test_from"]
    assert training["to"] > folds[-1]["train_to"]
    assert training["testRows"] == trained.manifest["metrics"]["rows"] == sum(fold["rows"] for fold in folds[2:])
    for fold in folds:
        dates = [fold[f"{part}_{end}"] for part in ("train", "test") for end in ("from", "to")]
        assert dates == sorted(dates)


def test_a_signal_shows_in_the_measures(trained: Trained) -> None:
    metrics = trained.manifest["metrics"]
    assert metrics["e5_rank_ic"]["interval"][0] > 0.05
    assert metrics["log_loss"]["value"] < metrics["log_loss_of_shares"]
    # The query of a database's models reads these two by name.
    assert all(0 < metrics[name] < 1 for name in ("precision", "f1_score"))
    assert metrics["ece"]["value"] < 0.1
    assert sum(entry["count"] for entry in metrics["reliability"]["BUY"]) == metrics["rows"]
    assert trained.manifest["calibration"]["direction"]["slope"] > 0.0


_RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from boursomatic_training.pipeline import RunOptions, run_training
from tests.synthetic import synthetic_frame
options = RunOptions(
    out=Path(sys.argv[1]), version="v0.1.0", trained_at=datetime(2027, 2, 3, tzinfo=UTC), seed=7
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


def test_the_score_is_the_mean_of_the_standardised_fits(examples: Examples, fold: Fold, models: Models) -> None:
    assert set(models.parts) == set(TARGETS)
    rows = examples.features[fold.train[::10]]
    predicted = np.asarray(models.score.predict(rows))
    # Two standardised and positively correlated fits: mean 0, deviation between 0.5 and 1.
    assert predicted.mean() == pytest.approx(0.0, abs=1e-9)
    assert 0.5 < predicted.std() <= 1.0
    assert models.score.num_trees() == len(TARGETS) * models.score_params["rounds"]


def test_another_seed_gives_another_model(examples: Examples, fold: Fold, models: Models) -> None:
    other = fit_models(examples, rows=fold.train, seed=8)
    assert other.score_params != models.score_params
    assert other.score.model_to_string() != models.score.model_to_string()


def test_the_fixture_holds_exact_rows_and_their_answers(trained: Trained) -> None:
    fixture = json.loads((trained.base / "work" / "fixture.json").read_text())
    rows = np.array(fixture["rows"])
    # The last day has fewer rows than the most that a fixture holds.
    assert rows.shape == (40, len(FEATURES))
    np.testing.assert_array_equal(rows, rows.astype(np.float32))
    features = rows.astype(np.float32)
    scores = np.array(fixture["scores"])
    np.testing.assert_allclose(np.array(fixture["contributions"]).sum(axis=1), scores, rtol=1e-9, atol=1e-12)
    for name in ("score", "move"):
        booster = lgb.Booster(model_file=trained.base / "work" / f"{name}.txt")
        np.testing.assert_allclose(np.asarray(booster.predict(features)), fixture[f"{name}s"], rtol=1e-12)
    neutral = neutral_score(scores, exposures=features[:, EXPOSURE_INDEXES], day=np.zeros(len(rows), np.int64))
    np.testing.assert_allclose(neutral, fixture["neutralScores"], rtol=1e-9)
    entry = trained.manifest["calibration"]
    calibration = Calibration(
        move_scale=entry["move"]["scale"],
        move_bias=entry["move"]["bias"],
        direction_slope=entry["direction"]["slope"],
        excess_slope=entry["excess"]["slope"],
    )
    probabilities = class_probabilities(move=calibration.move(np.array(fixture["moves"])), up=calibration.up(neutral))
    np.testing.assert_allclose(probabilities, fixture["probabilities"], rtol=1e-9)
    np.testing.assert_allclose(calibration.excess(neutral), fixture["excessReturns"], rtol=1e-9)


def test_a_release_is_never_overwritten(frame: Frame, trained: Trained) -> None:
    before = contents(trained.base / "release")
    with pytest.raises(BadInputError, match="is not empty"):
        run_training(frame, replace(trained.options, work=None))
    assert contents(trained.base / "release") == before


def test_prices_that_never_move_are_rejected(frame: Frame, trained: Trained, tmp_path: Path) -> None:
    flat = replace(frame, close=np.full(len(frame.close), 50.0))
    with pytest.raises(BadInputError, match="no row has all features and outcomes"):
        run_training(flat, replace(trained.options, out=tmp_path / "flat", work=None))
    assert list(tmp_path.iterdir()) == []


def test_only_small_moves_are_rejected(examples: Examples, fold: Fold) -> None:
    quiet = replace(examples, label=np.ones_like(examples.label))
    with pytest.raises(BadInputError, match="only large moves or none"):
        fit_models(quiet, rows=fold.train, seed=7)


def test_targets_without_anything_to_learn_are_rejected(examples: Examples, fold: Fold) -> None:
    equal = replace(examples, targets={name: np.full_like(values, 0.5) for name, values in examples.targets.items()})
    with pytest.raises(BadInputError, match="the fit on e5 predicts one value on all"):
        fit_models(equal, rows=fold.train, seed=7)


def test_the_error_names_a_constant_feature(frame: Frame, trained: Trained, tmp_path: Path) -> None:
    values = frame.columns["close_place_5"]
    columns = {**frame.columns, "close_place_5": np.where(np.isnan(values), values, np.float32(0.25))}
    options = replace(trained.options, out=tmp_path / "release", work=None)
    with pytest.raises(BadInputError, match=r"close_place_5_rank is 0.0125 on all .* a constant feature"):
        run_training(replace(frame, columns=columns), options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("days", "message"), [(270, "no row has all"), (400, "too few days")])
def test_too_little_data_is_rejected(days: int, message: str, trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=message):
        run_training(synthetic_frame(days=days), replace(trained.options, out=tmp_path / "release", work=None))
    assert list(tmp_path.iterdir()) == []
