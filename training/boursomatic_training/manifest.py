"""The release's manifest: what was trained, on what, how well it does, and the hash of every file."""

import hashlib
import json
import platform
from datetime import datetime
from importlib.metadata import version as installed_version
from typing import Any, Final

from boursomatic_training import __version__
from boursomatic_training.calibrate import Calibration
from boursomatic_training.features import FEATURES, VOLATILITY_FEATURE
from boursomatic_training.labels import BAND_WIDTH, CLASSES, Examples
from boursomatic_training.parity import Parity
from boursomatic_training.split import Split
from boursomatic_training.train import Models

__all__ = ["build_manifest", "canonical_json", "file_entry", "params_hash"]

_LIBRARIES: Final = ("lightgbm", "numpy", "onnx", "onnxmltools", "onnxruntime", "scipy")


def canonical_json(value: Any) -> bytes:
    """Serialise with sorted keys and no spaces; NaN and infinity are refused.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [1.5, None]})
    b'{"a":[1.5,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def params_hash(*, params: dict[str, Any], features: list[str], label: dict[str, Any], horizon: int, seed: int) -> str:
    """SHA-256, in hex, of everything that was chosen and not fitted."""
    chosen = {"params": params, "features": features, "label": label, "horizon": horizon, "seed": seed}
    return hashlib.sha256(canonical_json(chosen)).hexdigest()


def file_entry(content: bytes) -> dict[str, Any]:
    """Hash and size of a file."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _label(horizon: int) -> dict[str, Any]:
    return {
        "description": (
            f"Return of the close over the next {horizon} bars; s = {VOLATILITY_FEATURE} * sqrt({horizon}/252). "
            f"SELL below -{BAND_WIDTH} s, BUY above +{BAND_WIDTH} s, else HOLD. The regressor learns the same return "
            "with the day's average over instruments replaced by the train slice's, and its deviation winsorised."
        ),
        "bandWidth": BAND_WIDTH,
        "volatilityFeature": VOLATILITY_FEATURE,
    }


def _training(examples: Examples, split: Split, models: Models) -> dict[str, Any]:
    def days(rows: Any) -> tuple[str, str]:
        day = examples.day[rows]
        return str(examples.calendar[day.min()]), str(examples.calendar[day.max()])

    first, last = days(split.train)
    calibration_first, calibration_last = days(split.calibration)
    test_first, test_last = days(split.test)
    return {
        "rows": len(split.train),
        "instruments": len(set(examples.instrument[split.train].tolist())),
        "from": first,
        "to": last,
        "calibrationFrom": calibration_first,
        "calibrationTo": calibration_last,
        "testFrom": test_first,
        "testTo": test_last,
        "embargoDays": split.embargo,
        "fittedOn": "train",
        "calibrationRows": len(split.calibration),
        "testRows": len(split.test),
        "regressionTarget": models.target,
    }


def _base_rates(examples: Examples, split: Split) -> dict[str, float]:
    """Share of each class among the train rows: what a call must beat to say anything."""
    label = examples.label[split.train]
    return {name: float((label == index).mean()) for index, name in enumerate(CLASSES)}


def build_manifest(
    *,
    version: str,
    trained_at: datetime,
    horizon: int,
    seed: int,
    examples: Examples,
    split: Split,
    models: Models,
    calibration: Calibration,
    metrics: dict[str, Any],
    parity: Parity,
    files: dict[str, bytes],
) -> dict[str, Any]:
    """Put the manifest together.

    Parameters
    ----------
    trained_at : datetime
        In UTC.
    files : dict
        Content of each file of the release, by name.
    """
    label = _label(horizon)
    params = {"classifier": models.classifier_params, "regressor": models.regressor_params}
    return {
        "version": version,
        "trainedAt": trained_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "horizonDays": horizon,
        "features": list(FEATURES),
        "classes": list(CLASSES),
        "baseRates": _base_rates(examples, split),
        "label": label,
        "training": _training(examples, split, models),
        "params": params,
        "paramsHash": params_hash(params=params, features=list(FEATURES), label=label, horizon=horizon, seed=seed),
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
