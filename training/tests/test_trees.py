from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.features import FEATURES
from boursomatic_training.labels import Examples
from boursomatic_training.train import Models
from boursomatic_training.trees import floor_float32, round_thresholds, trees_document
from boursomatic_training.walkforward import Fold


def _leaf(tree: dict[str, Any], row: NDArray[np.float32]) -> int:
    node = 0 if tree["feature"] else -1
    while node >= 0:
        left = row[tree["feature"][node]] <= tree["threshold"][node]
        node = tree["left"][node] if left else tree["right"][node]
    return ~node


def _expected(tree: dict[str, Any]) -> float:
    cover = np.array(tree["leafCover"], dtype=np.float64)
    return float(cover @ np.array(tree["leafValue"]) / cover.sum())


@pytest.mark.parametrize("value", [0.1, -0.1, 0.5, 0.0, 1e-35, 1.0000000180025095e-35, 123456.789, -3.3e-5])
def test_floor_is_the_largest_float32_not_above(value: float) -> None:
    floor = floor_float32(value)
    assert float(np.float32(floor)) == floor
    assert floor <= value < float(np.nextafter(np.float32(floor), np.float32(np.inf)))


def test_rounding_changes_no_prediction_on_float32_input() -> None:
    generator = np.random.default_rng(2)
    features = generator.standard_normal((2_000, 3)).astype(np.float32)
    target = features[:, 0] * features[:, 1]
    params = {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5}
    booster = lgb.train(params, lgb.Dataset(features, target), num_boost_round=20)
    np.testing.assert_array_equal(
        np.asarray(booster.predict(features)), np.asarray(round_thresholds(booster).predict(features))
    )


def test_leaves_sum_to_the_raw_prediction(examples: Examples, fold: Fold, models: Models) -> None:
    document = trees_document(models.regressor)
    rows = examples.features[fold.test[::50]]
    sums = [document["baseScore"] + sum(t["leafValue"][_leaf(t, row)] for t in document["trees"]) for row in rows]
    np.testing.assert_allclose(sums, np.asarray(models.regressor.predict(rows, raw_score=True)), rtol=1e-12, atol=1e-15)


def test_covers_give_the_expected_value_of_the_contributions(examples: Examples, fold: Fold, models: Models) -> None:
    document = trees_document(models.regressor)
    contributions = np.asarray(models.regressor.predict(examples.features[fold.test[:3]], pred_contrib=True))
    assert contributions.shape == (3, len(FEATURES) + 1)
    expected = document["baseScore"] + sum(_expected(tree) for tree in document["trees"])
    np.testing.assert_allclose(contributions[:, -1], expected, rtol=1e-9)


def test_arrays_are_consistent(models: Models) -> None:
    document = trees_document(models.regressor)
    assert document["format"] == 1
    assert document["features"] == list(FEATURES)
    assert len(document["trees"]) == models.regressor.num_trees()
    for tree in document["trees"]:
        nodes = len(tree["feature"])
        assert {len(tree[name]) for name in ("threshold", "left", "right", "cover", "defaultLeft")} == {nodes}
        assert len(tree["leafValue"]) == len(tree["leafCover"]) == nodes + 1
        assert all(float(np.float32(value)) == value for value in tree["threshold"])
        for node in range(nodes):
            children = (tree["left"][node], tree["right"][node])
            covers = [tree["cover"][child] if child >= 0 else tree["leafCover"][~child] for child in children]
            assert tree["cover"][node] == sum(covers)


def test_a_model_without_splits_is_a_single_leaf() -> None:
    features = np.zeros((50, 2), np.float32)
    booster = lgb.train({"verbosity": -1}, lgb.Dataset(features, np.full(50, 0.25)), num_boost_round=3)
    document = trees_document(round_thresholds(booster))
    predicted = document["baseScore"] + sum(tree["leafValue"][0] for tree in document["trees"])
    assert predicted == pytest.approx(float(np.asarray(booster.predict(features[:1]))[0]))
    assert all(tree["feature"] == [] and tree["leafCover"] == [1] for tree in document["trees"])


def test_a_model_with_several_outputs_is_rejected(models: Models) -> None:
    with pytest.raises(ValueError, match="one output"):
        trees_document(models.classifier)
