"""Converts boosters to ONNX, with plain float tensors and reproducible bytes."""

from typing import Final, cast

import lightgbm as lgb
from onnx import ModelProto
from onnxmltools.convert import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

__all__ = ["INPUT_NAME", "PROBABILITIES_NAME", "to_onnx"]

INPUT_NAME: Final = "input"
PROBABILITIES_NAME: Final = "probabilities"
"""The classifier's output of probabilities: float32, shape (rows, classes)."""

_OPSET: Final = 15  # onnxmltools converts LightGBM only below opset 18.


def to_onnx(booster: lgb.Booster, *, name: str) -> ModelProto:
    """Convert a booster with float32 thresholds (see `trees.round_thresholds`).

    Parameters
    ----------
    name : str
        The graph's name. Without one the converter makes up a new name each time.
    """
    inputs = [(INPUT_NAME, FloatTensorType([None, booster.num_feature()]))]
    model = cast(
        ModelProto,
        convert_lightgbm(booster, name=name, initial_types=inputs, target_opset=_OPSET, zipmap=False),
    )
    # The converter iterates over a set, so the order differs between processes and would change the file's hash.
    imports = sorted(model.opset_import, key=lambda entry: entry.domain)
    del model.opset_import[:]
    model.opset_import.extend(imports)
    return model
