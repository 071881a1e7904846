"""Compares the walk-forward with another release's, on the rows that both have predicted out of sample."""

from pathlib import Path
from typing import Any

import numpy as np

from boursomatic_training.errors import BadInputError
from boursomatic_training.evaluate import paired_difference
from boursomatic_training.labels import Examples
from boursomatic_training.predictions import PREDICTIONS_NAME, match_scores
from boursomatic_training.release import read_release
from boursomatic_training.walkforward import Predictions

__all__ = ["Incumbent", "compare_incumbent", "read_incumbent"]


class Incumbent:
    """A release to compare with: its version, and its predictions file or None in a release of an older trainer."""

    def __init__(self, *, version: str, predictions: bytes | None) -> None:
        self.version = version
        self.predictions = predictions


def read_incumbent(directory: Path) -> Incumbent:
    """Read a release and check it against its manifest.

    Raises
    ------
    BadInputError
        If a file is missing or differs from the manifest, or the manifest has no version.
    """
    manifest, files = read_release(directory)
    version = manifest.get("version")
    if not isinstance(version, str):
        raise BadInputError(f"{directory}: the manifest has no version")
    return Incumbent(version=version, predictions=files.get(PREDICTIONS_NAME))


def compare_incumbent(
    incumbent: Incumbent, *, examples: Examples, predictions: Predictions, names: tuple[str, ...], seed: int
) -> dict[str, Any]:
    """Measure the paired difference of both walk-forwards on the rows that both have.

    A release was fitted on nearly all of these rows, so its ONNX files can't be compared on them.

    Returns
    -------
    dict
        version and rows; and by outcome, with rows in common: model, incumbent and difference of the rank IC.
    """
    if incumbent.predictions is None:
        return {"version": incumbent.version, "rows": 0}
    scores = match_scores(incumbent.predictions, examples, predictions.rows, names=names)
    common = np.isfinite(scores)
    if not common.any():
        return {"version": incumbent.version, "rows": 0}
    measured = paired_difference(
        examples=examples,
        rows=predictions.rows[common],
        model=predictions.neutral[common],
        other=scores[common],
        seed=seed,
    )
    return {"version": incumbent.version, "rows": int(common.sum()), **measured}
