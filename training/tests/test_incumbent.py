import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.frame import Frame
from boursomatic_training.incumbent import Incumbent, compare_incumbent, read_incumbent
from boursomatic_training.labels import OUTCOMES, Examples
from boursomatic_training.pipeline import run_training
from boursomatic_training.predictions import predictions_csv, round_predictions
from boursomatic_training.walkforward import Plan, Predictions, walk_forward
from tests.conftest import Trained


@pytest.fixture(scope="module")
def predictions(examples: Examples, plan: Plan) -> Predictions:
    return round_predictions(walk_forward(examples, plan, seed=7)[0])


def _incumbent(predictions: Predictions, examples: Examples, frame: Frame) -> Incumbent:
    return Incumbent(version="v0.0.9", predictions=predictions_csv(predictions, examples, names=frame.names))


def test_the_difference_is_paired_on_the_rows_that_both_predicted(
    predictions: Predictions, examples: Examples, frame: Frame
) -> None:
    noise = np.random.default_rng(2).standard_normal(len(predictions.rows))
    half = examples.day[predictions.rows] < np.median(examples.day[predictions.rows])
    its = replace(predictions, neutral=predictions.neutral + noise).take(half)
    compared = compare_incumbent(
        _incumbent(its, examples, frame), examples=examples, predictions=predictions, names=frame.names, seed=7
    )
    assert compared["version"] == "v0.0.9"
    assert compared["rows"] == half.sum()
    assert set(OUTCOMES) < set(compared)
    e5 = compared["e5"]
    assert e5["difference"]["value"] == pytest.approx(e5["model"]["value"] - e5["incumbent"]["value"])
    assert e5["difference"]["interval"][0] > 0.0


def test_a_release_without_predictions_or_common_rows_is_not_compared(
    predictions: Predictions, examples: Examples, frame: Frame
) -> None:
    older = Incumbent(version="v0.0.9", predictions=None)
    strangers = _incumbent(predictions, examples, replace(frame, names=tuple(f"Z{name}" for name in frame.names)))
    for incumbent in (older, strangers):
        compared = compare_incumbent(incumbent, examples=examples, predictions=predictions, names=frame.names, seed=7)
        assert compared == {"version": "v0.0.9", "rows": 0}


def test_training_compares_with_a_release_on_disk(frame: Frame, trained: Trained, tmp_path: Path) -> None:
    incumbent = read_incumbent(trained.base / "release")
    options = replace(trained.options, out=tmp_path / "next", version="v0.1.1", work=None, incumbent=incumbent)
    compared = run_training(frame, options)["metrics"]["incumbent"]
    assert compared["version"] == "v0.1.0"
    assert compared["rows"] == trained.manifest["training"]["testRows"]
    assert compared["e5"]["difference"]["value"] == 0.0


def test_a_release_that_differs_from_its_manifest_is_rejected(trained: Trained, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    (release / "predictions.csv.gz").write_bytes(b"better")
    with pytest.raises(BadInputError, match="is not the file that the manifest names"):
        read_incumbent(release)
    manifest = {name: value for name, value in trained.manifest.items() if name != "version"}
    (release / "manifest.json").write_text(json.dumps({**manifest, "files": {}}))
    with pytest.raises(BadInputError, match="the manifest has no version"):
        read_incumbent(release)
