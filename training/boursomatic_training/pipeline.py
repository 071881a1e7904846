"""One training run, from the view's rows to a release."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from boursomatic_training.calibrate import fit_calibration
from boursomatic_training.evaluate import evaluate
from boursomatic_training.export import to_onnx
from boursomatic_training.fixture import build_fixture, write_work
from boursomatic_training.frame import Frame
from boursomatic_training.labels import CLASSES, make_examples
from boursomatic_training.manifest import build_manifest
from boursomatic_training.parity import measure_parity
from boursomatic_training.progress import Progress, silent
from boursomatic_training.release import write_release
from boursomatic_training.split import split_by_time
from boursomatic_training.train import fit_models
from boursomatic_training.trees import trees_document

__all__ = ["RunOptions", "run_training"]


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What the command line says.

    Attributes
    ----------
    out : Path
        Where the release goes; not there yet, or empty.
    version : str
        ``v1.2.3``.
    trained_at : datetime
        In UTC; recorded, and of no other effect.
    work : Path or None
        Where boosters and fixture go, if anywhere.
    """

    out: Path
    version: str
    trained_at: datetime
    seed: int
    horizon: int
    work: Path | None = None


def run_training(frame: Frame, options: RunOptions, *, progress: Progress = silent) -> dict[str, Any]:
    """Train, calibrate, measure, export, and write the release.

    Trees see the train slice, the calibration sees the calibration slice, and the metrics are those of the test
    slice. The models are released as they were measured: nothing is fitted again on more data.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    BadInputError
        If the frame can't be trained on.
    """
    examples = make_examples(frame, horizon=options.horizon)
    progress(f"{len(frame.day)} rows of {len(frame.names)} instruments, {len(examples.day)} with features and label")
    split = split_by_time(examples, embargo=options.horizon)
    train_shares = np.bincount(examples.label[split.train], minlength=len(CLASSES)) / len(split.train)
    shares = ", ".join(f"{name} {share:.0%}" for name, share in zip(CLASSES, train_shares, strict=True))
    progress(f"train {len(split.train)}, calibration {len(split.calibration)}, test {len(split.test)} rows; {shares}")

    models = fit_models(examples, rows=split.train, seed=options.seed)
    progress("both models fitted")
    calibration = fit_calibration(
        probabilities=np.asarray(models.classifier.predict(examples.features[split.calibration])),
        label=examples.label[split.calibration],
        independent=len(np.unique(examples.day[split.calibration])) / options.horizon,
    )
    test = examples.features[split.test]
    raw = np.asarray(models.classifier.predict(test))
    metrics = evaluate(
        examples=examples,
        rows=split.test,
        raw=raw,
        calibrated=calibration.apply(raw),
        expected_return=np.asarray(models.regressor.predict(test)),
        train_shares=train_shares,
        horizon=options.horizon,
    )
    progress(f"test: log loss {metrics['log_loss']:.4f}, F1 {metrics['f1_score']:.3f}")

    classifier_onnx = to_onnx(models.classifier, name="classifier").SerializeToString(deterministic=True)
    regressor_onnx = to_onnx(models.regressor, name="regressor").SerializeToString(deterministic=True)
    parity = measure_parity(
        classifier=models.classifier,
        regressor=models.regressor,
        classifier_onnx=classifier_onnx,
        regressor_onnx=regressor_onnx,
        calibration=calibration,
        features=test,
    )
    progress(
        f"ONNX against LightGBM on {parity.rows} rows: {parity.classifier_max_abs_diff:.1e},"
        f" {parity.regressor_max_abs_diff:.1e}, {parity.label_flips} labels differ"
    )
    trees = json.dumps(trees_document(models.regressor), separators=(",", ":"), allow_nan=False)
    files = {
        "classifier.onnx": classifier_onnx,
        "regressor.onnx": regressor_onnx,
        "trees.json": trees.encode(),
    }
    manifest = build_manifest(
        version=options.version,
        trained_at=options.trained_at,
        horizon=options.horizon,
        seed=options.seed,
        examples=examples,
        split=split,
        models=models,
        calibration=calibration,
        metrics=metrics,
        parity=parity,
        files=files,
    )
    if options.work is not None:
        fixture = build_fixture(
            version=options.version,
            classifier=models.classifier,
            regressor=models.regressor,
            calibration=calibration,
            features=test,
        )
        write_work(options.work, classifier=models.classifier, regressor=models.regressor, fixture=fixture)
    write_release(options.out, files=files, manifest=manifest)
    progress(f"{options.version} written to {options.out}: {sum(map(len, files.values())) / 1e6:.1f} MB")
    return manifest
