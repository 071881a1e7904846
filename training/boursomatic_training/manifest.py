"""The release's manifest: the models, their training data, their measures, and the hash of every file."""

import hashlib
import json
import platform
from datetime import datetime
from importlib.metadata import version as installed_version
from typing import Any, Final

import numpy as np

from boursomatic_training import __version__
from boursomatic_training.calibrate import Calibration
from boursomatic_training.factors import FACTORS, WINDOW
from boursomatic_training.features import EXPOSURES, FEATURES
from boursomatic_training.labels import CLASSES, HORIZON, SHORT_HORIZON, Examples, label_definition
from boursomatic_training.parity import Parity
from boursomatic_training.train import Models
from boursomatic_training.walkforward import Plan, slice_days

__all__ = ["FORMAT", "build_manifest", "canonical_json", "file_entry", "params_hash"]

FORMAT: Final = 2
"""Format of a release. Releases of format 1 have no such key: three class probabilities and an expected return."""

_LIBRARIES: Final = ("lightgbm", "numpy", "onnx", "onnxmltools", "onnxruntime", "scipy")


def canonical_json(value: Any) -> bytes:
    """Serialise with sorted keys and no spaces. NaN and infinity raise a ValueError.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [1.5, None]})
    b'{"a":[1.5,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def params_hash(*, params: dict[str, Any], features: list[str], label: dict[str, Any], seed: int) -> str:
    """Hexadecimal SHA-256 of everything that was chosen instead of fitted."""
    chosen = {"params": params, "features": features, "label": label, "seed": seed}
    return hashlib.sha256(canonical_json(chosen)).hexdigest()


def file_entry(content: bytes) -> dict[str, Any]:
    """Hash and size of a file."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _training(examples: Examples, plan: Plan, *, universe: int | None, seed: int) -> dict[str, Any]:
    everything = np.arange(len(examples.day))
    first, last = slice_days(examples, everything)
    tested = np.concatenate([fold.test for fold in plan.measured])
    return {
        "rows": len(everything),
        "instruments": len(np.unique(examples.instrument)),
        "universeSize": universe,
        "from": first,
        "to": last,
        "dataTo": str(examples.calendar[-1]),
        "testFrom": slice_days(examples, tested)[0],
        "testTo": slice_days(examples, tested)[1],
        "testRows": len(tested),
        "embargoDays": plan.embargo,
        "folds": len(plan.folds),
        "foldsMeasured": len(plan.measured),
        "fittedOn": "all labelled days; the metrics are those of the walk-forward folds",
        "seed": seed,
    }


def build_manifest(
    *,
    version: str,
    trained_at: datetime,
    seed: int,
    universe: int | None,
    examples: Examples,
    plan: Plan,
    models: Models,
    calibration: Calibration,
    metrics: dict[str, Any],
    parity: Parity,
    files: dict[str, bytes],
) -> dict[str, Any]:
    """Build the manifest.

    Parameters
    ----------
    trained_at : datetime
        In UTC.
    universe : int or None
        Largest rank of a member; None if every instrument was one.
    models, calibration
        Those of the release.
    files : dict
        Content of each file, by name.
    """
    label = label_definition()
    params = {"score": models.score_params, "move": models.move_params}
    shares = np.bincount(examples.label, minlength=len(CLASSES)) / len(examples.label)
    return {
        "format": FORMAT,
        "version": version,
        "trainedAt": trained_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "horizonDays": HORIZON,
        "shortHorizonDays": SHORT_HORIZON,
        "features": list(FEATURES),
        "neutralTo": list(EXPOSURES),
        "classes": list(CLASSES),
        # Shares of the labels in the training rows, with which a probability is compared.
        "baseRates": {name: float(share) for name, share in zip(CLASSES, shares, strict=True)},
        "label": label,
        "factors": {"components": FACTORS, "windowDays": WINDOW},
        "training": _training(examples, plan, universe=universe, seed=seed),
        "params": {**params, "parts": models.parts},
        "paramsHash": params_hash(params=params, features=list(FEATURES), label=label, seed=seed),
        "libraries": {
            "boursomatic_training": __version__,
            "python": platform.python_version(),
            **{name: installed_version(name) for name in _LIBRARIES},
        },
        "calibration": calibration.as_manifest(),
        "metrics": metrics,
        "parity": parity.as_manifest(),
        "files": {name: file_entry(content) for name, content in sorted(files.items())},
    }
