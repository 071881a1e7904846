"""Runs a training, from the view's rows to a release."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from boursomatic_training.evaluate import evaluate
from boursomatic_training.export import to_onnx
from boursomatic_training.fixture import build_fixture, write_work
from boursomatic_training.frame import Frame
from boursomatic_training.incumbent import Incumbent, compare_incumbent
from boursomatic_training.labels import HORIZON, make_examples
from boursomatic_training.manifest import build_manifest
from boursomatic_training.parity import measure_parity
from boursomatic_training.predictions import PREDICTIONS_NAME, predictions_csv, round_predictions
from boursomatic_training.progress import Progress, silent
from boursomatic_training.release import check_release_directory, write_release
from boursomatic_training.train import fit_models
from boursomatic_training.trees import trees_document
from boursomatic_training.walkforward import plan_walk_forward, walk_forward

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
    universe : int or None
        Largest rank of a member, recorded; None if every instrument is one.
    work : Path or None
        Directory that receives the boosters and the fixture; None keeps neither.
    incumbent : Incumbent or None
        A release to compare with on the same test rows.
    """

    out: Path
    version: str
    trained_at: datetime
    seed: int
    universe: int | None = None
    work: Path | None = None
    incumbent: Incumbent | None = None


def run_training(frame: Frame, options: RunOptions, *, progress: Progress = silent) -> dict[str, Any]:
    """Measure by walk-forward, then fit, export and write the release.

    The metrics are those of the measured slices. The released models are fitted in the same way on all days.

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
    seed = options.seed
    examples = make_examples(frame)
    progress(f"{len(frame.day)} rows of {len(frame.names)} instruments, {len(examples.day)} with features and label")
    plan = plan_walk_forward(examples, embargo=HORIZON)
    progress(f"{len(plan.folds)} folds, with an embargo of {plan.embargo} days between slices")
    exact, calibration = walk_forward(examples, plan, seed=seed, progress=progress)
    predictions = round_predictions(exact)
    metrics = evaluate(examples=examples, plan=plan, predictions=predictions, seed=seed)
    if options.incumbent is not None:
        metrics["incumbent"] = compare_incumbent(
            options.incumbent, examples=examples, predictions=predictions, names=frame.names, seed=seed
        )
    for name in ("e5_rank_ic", "n5_rank_ic", "direction_auc", "ece"):
        progress(f"out of sample: {name} {_text(metrics[name])}")

    models = fit_models(examples, rows=np.arange(len(examples.day)), seed=seed)
    progress(f"release fitted on {len(examples.day)} rows")
    score_onnx = to_onnx(models.score, name="score").SerializeToString(deterministic=True)
    move_onnx = to_onnx(models.move, name="move").SerializeToString(deterministic=True)
    parity = measure_parity(
        score=models.score, move=models.move, score_onnx=score_onnx, move_onnx=move_onnx, features=examples.features
    )
    progress(
        f"ONNX against LightGBM on {parity.rows} rows: {parity.score_max_abs_diff:.1e}, {parity.move_max_abs_diff:.1e}"
    )
    trees = json.dumps(trees_document(models.score), separators=(",", ":"), allow_nan=False)
    files = {
        "score.onnx": score_onnx,
        "move.onnx": move_onnx,
        "trees.json": trees.encode(),
        PREDICTIONS_NAME: predictions_csv(predictions, examples, names=frame.names),
    }
    manifest = build_manifest(
        version=options.version,
        trained_at=options.trained_at,
        seed=seed,
        universe=options.universe,
        examples=examples,
        plan=plan,
        models=models,
        calibration=calibration,
        metrics=metrics,
        parity=parity,
        files=files,
    )
    if options.work is not None:
        fixture = build_fixture(version=options.version, models=models, calibration=calibration, examples=examples)
        write_work(options.work, score=models.score, move=models.move, fixture=fixture)
    write_release(options.out, files=files, manifest=manifest)
    progress(f"{options.version} written to {options.out}: {sum(map(len, files.values())) / 1e6:.1f} MB")
    return manifest


def _text(measure: dict[str, Any]) -> str:
    bounds = measure["interval"]
    value = "n/a" if measure["value"] is None else f"{measure['value']:+.4f}"
    return value if bounds is None else f"{value} [{bounds[0]:+.4f}, {bounds[1]:+.4f}]"
