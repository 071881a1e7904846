"""Runs a training, from the view's rows to a release."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from boursomatic_training.evaluate import evaluate, measure_release
from boursomatic_training.export import to_onnx
from boursomatic_training.fixture import build_fixture, write_work
from boursomatic_training.frame import Frame
from boursomatic_training.incumbent import Incumbent, compare_incumbent
from boursomatic_training.labels import CLASSES, label_definition, make_examples
from boursomatic_training.manifest import build_manifest
from boursomatic_training.parity import measure_parity
from boursomatic_training.progress import Progress, silent
from boursomatic_training.release import check_release_directory, write_release
from boursomatic_training.trees import trees_document
from boursomatic_training.walkforward import fit_slices, plan_walk_forward, predict, walk_forward

__all__ = ["RunOptions", "run_training"]


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """Options of a training run.

    Attributes
    ----------
    out : Path
        Directory of the release; missing or empty.
    version : str
        ``v1.2.3``.
    trained_at : datetime
        In UTC. Recorded, without any other effect.
    work : Path or None
        Directory that receives the boosters and the fixture; None keeps neither.
    incumbent : Incumbent or None
        A release to compare with on the same test rows.
    """

    out: Path
    version: str
    trained_at: datetime
    seed: int
    horizon: int
    work: Path | None = None
    incumbent: Incumbent | None = None


def run_training(frame: Frame, options: RunOptions, *, progress: Progress = silent) -> dict[str, Any]:
    """Measure by walk-forward, then fit, calibrate, export and write the release.

    The metrics are those of the pooled test slices. The released models are fitted in the same way on all days: the
    trees on all but the last calibration slice, and the calibration on that slice.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    BadInputError
        If the frame can't be trained on.
    """
    check_release_directory(options.out)
    seed, horizon = options.seed, options.horizon
    examples = make_examples(frame, horizon=horizon)
    progress(f"{len(frame.day)} rows of {len(frame.names)} instruments, {len(examples.day)} with features and label")
    plan = plan_walk_forward(examples, embargo=horizon)
    progress(f"{len(plan.folds)} folds, with an embargo of {plan.embargo} days between slices")
    predictions = walk_forward(examples, plan, seed=seed, horizon=horizon, progress=progress)
    metrics = evaluate(examples=examples, plan=plan, predictions=predictions, horizon=horizon, seed=seed)
    if options.incumbent is not None:
        metrics["incumbent"] = compare_incumbent(
            options.incumbent,
            frame=frame,
            examples=examples,
            predictions=predictions,
            folds=metrics["folds"],
            label=label_definition(horizon),
        )
    progress(
        f"out of sample: rank IC {metrics['rank_ic'] or 0.0:+.4f}, log loss {metrics['log_loss']:.4f},"
        f" calibration error {metrics['ece']:.4f}"
    )

    fitted = fit_slices(examples, plan.final, seed=seed, horizon=horizon)
    models, calibration = fitted.models, fitted.calibration
    shares = ", ".join(f"{name} {share:.0%}" for name, share in zip(CLASSES, fitted.shares, strict=True))
    progress(f"release fitted on {len(plan.final.train)} rows ({shares}), {len(plan.final.calibration)} calibrate")
    raw, expected_return = predict(models, examples.features[plan.final.calibration])
    metrics["release"] = measure_release(
        examples=examples,
        rows=plan.final.calibration,
        calibrated=calibration.apply(raw),
        expected_return=expected_return,
        horizon=horizon,
    )
    classifier_onnx = to_onnx(models.classifier, name="classifier").SerializeToString(deterministic=True)
    regressor_onnx = to_onnx(models.regressor, name="regressor").SerializeToString(deterministic=True)
    parity = measure_parity(
        classifier=models.classifier,
        regressor=models.regressor,
        classifier_onnx=classifier_onnx,
        regressor_onnx=regressor_onnx,
        calibration=calibration,
        features=examples.features,
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
        horizon=horizon,
        seed=seed,
        examples=examples,
        plan=plan,
        fitted=fitted,
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
            features=examples.features[plan.final.calibration],
        )
        write_work(options.work, classifier=models.classifier, regressor=models.regressor, fixture=fixture)
    write_release(options.out, files=files, manifest=manifest)
    progress(f"{options.version} written to {options.out}: {sum(map(len, files.values())) / 1e6:.1f} MB")
    return manifest
