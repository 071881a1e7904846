"""The release's manifest: the models, their training data, their measures, and the hash of every file."""

import hashlib
import json
import platform
from datetime import datetime
from importlib.metadata import version as installed_version
from typing import Any, Final

from boursomatic_training import __version__
from boursomatic_training.features import FEATURES
from boursomatic_training.labels import CLASSES, Examples, label_definition
from boursomatic_training.parity import Parity
from boursomatic_training.walkforward import Fitted, Plan, slice_days

__all__ = ["build_manifest", "canonical_json", "file_entry", "params_hash"]

_LIBRARIES: Final = ("lightgbm", "numpy", "onnx", "onnxmltools", "onnxruntime", "scipy")


def canonical_json(value: Any) -> bytes:
    """Serialise with sorted keys and no spaces. NaN and infinity raise a ValueError.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [1.5, None]})
    b'{"a":[1.5,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def params_hash(*, params: dict[str, Any], features: list[str], label: dict[str, Any], horizon: int, seed: int) -> str:
    """Hexadecimal SHA-256 of everything that was chosen instead of fitted."""
    chosen = {"params": params, "features": features, "label": label, "horizon": horizon, "seed": seed}
    return hashlib.sha256(canonical_json(chosen)).hexdigest()


def file_entry(content: bytes) -> dict[str, Any]:
    """Hash and size of a file."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _training(examples: Examples, plan: Plan, fitted: Fitted, seed: int) -> dict[str, Any]:
    train, calibration = plan.final.train, plan.final.calibration
    first, last = slice_days(examples, train)
    calibration_first, calibration_last = slice_days(examples, calibration)
    return {
        "rows": len(train),
        "instruments": len(set(examples.instrument[train].tolist())),
        "from": first,
        "to": last,
        "calibrationFrom": calibration_first,
        "calibrationTo": calibration_last,
        "testFrom": slice_days(examples, plan.folds[0].test)[0],
        "testTo": slice_days(examples, plan.folds[-1].test)[1],
        "embargoDays": plan.embargo,
        "fittedOn": "all days but the calibration slice; the metrics are those of the walk-forward folds",
        "calibrationRows": len(calibration),
        "testRows": sum(len(fold.test) for fold in plan.folds),
        "folds": len(plan.folds),
        "seed": seed,
        "regressionTarget": fitted.models.target,
    }


def build_manifest(
    *,
    version: str,
    trained_at: datetime,
    horizon: int,
    seed: int,
    examples: Examples,
    plan: Plan,
    fitted: Fitted,
    metrics: dict[str, Any],
    parity: Parity,
    files: dict[str, bytes],
) -> dict[str, Any]:
    """Build the manifest.

    Parameters
    ----------
    trained_at : datetime
        In UTC.
    plan, fitted
        The folds, and the models fitted on the slices of the release.
    files : dict
        Content of each file, by name.
    """
    label = label_definition(horizon)
    params = {"classifier": fitted.models.classifier_params, "regressor": fitted.models.regressor_params}
    return {
        "version": version,
        "trainedAt": trained_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "horizonDays": horizon,
        "features": list(FEATURES),
        "classes": list(CLASSES),
        # Shares in the train rows, which a call's probability must exceed.
        "baseRates": {name: float(share) for name, share in zip(CLASSES, fitted.shares, strict=True)},
        "label": label,
        "training": _training(examples, plan, fitted, seed),
        "params": params,
        "paramsHash": params_hash(params=params, features=list(FEATURES), label=label, horizon=horizon, seed=seed),
        "libraries": {
            "boursomatic_training": __version__,
            "python": platform.python_version(),
            **{name: installed_version(name) for name in _LIBRARIES},
        },
        "calibration": fitted.calibration.as_manifest(),
        "metrics": metrics,
        "parity": parity.as_manifest(),
        "files": {name: file_entry(content) for name, content in sorted(files.items())},
    }
