from typing import Any

import lightgbm as lgb
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnxmltools.convert import convert_lightgbm

from boursomatic_training.export import to_onnx
from boursomatic_training.features import FEATURES
from boursomatic_training.labels import Examples
from boursomatic_training.parity import measure_parity, run_onnx
from boursomatic_training.train import Models
from boursomatic_training.walkforward import Fold


def _bytes(booster: lgb.Booster) -> bytes:
    content: bytes = to_onnx(booster, name="model").SerializeToString(deterministic=True)
    return content


def _at_thresholds(booster: lgb.Booster, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Set the rows' values to thresholds of the model, and to the floats next to them."""
    splits: list[tuple[int, float]] = []

    def walk(node: dict[str, Any]) -> None:
        if "threshold" in node:
            splits.append((node["split_feature"], node["threshold"]))
            walk(node["left_child"])
            walk(node["right_child"])

    for tree in booster.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    result = np.repeat(rows, -(-3 * len(splits) // len(rows)), axis=0)[: 3 * len(splits)].copy()
    for index, (feature, threshold) in enumerate(splits):
        value = np.float32(threshold)
        for step, wanted in enumerate((value, np.nextafter(value, np.float32(9)), np.nextafter(value, np.float32(-9)))):
            result[3 * index + step, feature] = wanted
    return result


def test_inputs_and_outputs_are_plain_float_tensors(models: Models) -> None:
    for booster, name, width in ((models.move, "probabilities", 2), (models.score, "variable", 1)):
        model = to_onnx(booster, name="model")
        onnx.checker.check_model(model)
        assert all(entry.version < 18 for entry in model.opset_import)
        assert not [node for node in model.graph.node if node.op_type == "ZipMap"]
        (entry,) = model.graph.input
        assert entry.name == "input"
        assert entry.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
        assert entry.type.tensor_type.shape.dim[1].dim_value == len(FEATURES)
        output = next(value for value in model.graph.output if value.name == name)
        assert output.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
        assert output.type.tensor_type.shape.dim[1].dim_value == width


def test_the_order_of_operator_sets_changes_no_byte(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = _bytes(models.move)

    def reversed_imports(*arguments: Any, **options: Any) -> onnx.ModelProto:
        model: onnx.ModelProto = convert_lightgbm(*arguments, **options)
        imports = list(reversed(model.opset_import))
        assert len(imports) > 1
        del model.opset_import[:]
        model.opset_import.extend(imports)
        return model

    monkeypatch.setattr("boursomatic_training.export.convert_lightgbm", reversed_imports)
    assert _bytes(models.move) == usual


@pytest.mark.parametrize("which", ["score", "move"])
def test_onnx_and_lightgbm_agree_at_thresholds(which: str, examples: Examples, fold: Fold, models: Models) -> None:
    booster = getattr(models, which)
    rows = _at_thresholds(booster, examples.features[fold.test])
    output = "probabilities" if which == "move" else "variable"
    got = run_onnx(_bytes(booster), rows, output=output)[:, -1]
    np.testing.assert_allclose(got, np.asarray(booster.predict(rows)), atol=2e-6)


def test_onnx_and_lightgbm_agree_on_the_test_slice(examples: Examples, fold: Fold, models: Models) -> None:
    parity = measure_parity(
        score=models.score,
        move=models.move,
        score_onnx=_bytes(models.score),
        move_onnx=_bytes(models.move),
        features=examples.features[fold.test],
    )
    assert parity.rows == len(fold.test)
    assert parity.move_max_abs_diff < 1e-6
    assert parity.score_max_abs_diff < 3e-6
    assert parity.threshold_rows == 0


def test_parity_detects_different_models(examples: Examples, fold: Fold, models: Models) -> None:
    other = lgb.Booster(model_str=models.score.model_to_string(num_iteration=5))
    undecided = lgb.Booster(model_str=models.move.model_to_string(num_iteration=1))
    parity = measure_parity(
        score=models.score,
        move=models.move,
        score_onnx=_bytes(other),
        move_onnx=_bytes(undecided),
        features=examples.features[fold.test],
    )
    assert parity.move_max_abs_diff > 1e-5
    assert parity.score_max_abs_diff > 1e-5
    assert parity.threshold_rows > 0
