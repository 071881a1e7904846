"""Boosters to ONNX: plain float tensors in and out, the same bytes each time."""

from typing import Final, cast

import lightgbm as lgb
from onnx import ModelProto
from onnxmltools.convert import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

__all__ = ["INPUT_NAME", "PROBABILITIES_NAME", "to_onnx"]

INPUT_NAME: Final = "input"
PROBABILITIES_NAME: Final = "probabilities"
"""The classifier's output to fetch: float32, shape (rows, classes)."""

_OPSET: Final = 15  # onnxmltools converts LightGBM below opset 18 only.


def to_onnx(booster: lgb.Booster, *, name: str) -> ModelProto:
    """Convert a booster whose thresholds are float32 already (see `trees.round_thresholds`).

    Parameters
    ----------
    name : str
        The graph's name; without one the converter makes up another each time.
    """
    inputs = [(INPUT_NAME, FloatTensorType([None, booster.num_feature()]))]
    model = cast(
        ModelProto,
        convert_lightgbm(booster, name=name, initial_types=inputs, target_opset=_OPSET, zipmap=False),
    )
    # They come out of a set, in another order in some processes, and would change the file's hash.
    imports = sorted(model.opset_import, key=lambda entry: entry.domain)
    del model.opset_import[:]
    model.opset_import.extend(imports)
    return model
