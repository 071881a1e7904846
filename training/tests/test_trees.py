from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.features import FEATURES
from boursomatic_training.labels import Examples
from boursomatic_training.train import Models
from boursomatic_training.trees import floor_float32, merge_boosters, round_thresholds, trees_document
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
    document = trees_document(models.score)
    rows = examples.features[fold.test[::50]]
    sums = [document["baseScore"] + sum(t["leafValue"][_leaf(t, row)] for t in document["trees"]) for row in rows]
    np.testing.assert_allclose(sums, np.asarray(models.score.predict(rows, raw_score=True)), rtol=1e-12, atol=1e-15)


def test_covers_give_the_expected_value_of_the_contributions(examples: Examples, fold: Fold, models: Models) -> None:
    document = trees_document(models.score)
    contributions = np.asarray(models.score.predict(examples.features[fold.test[:3]], pred_contrib=True))
    assert contributions.shape == (3, len(FEATURES) + 1)
    expected = document["baseScore"] + sum(_expected(tree) for tree in document["trees"])
    np.testing.assert_allclose(contributions[:, -1], expected, rtol=1e-9)


def test_arrays_are_consistent(models: Models) -> None:
    document = trees_document(models.score)
    assert document["format"] == 1
    assert document["features"] == list(FEATURES)
    assert len(document["trees"]) == models.score.num_trees()
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


def _fitted(seed: int, *, features: int = 3, objective: str = "regression", rounds: int = 5) -> lgb.Booster:
    generator = np.random.default_rng(seed)
    rows = generator.standard_normal((500, features)).astype(np.float32)
    target = np.abs(rows[:, 0] * 2 + rows[:, 1]).astype(int) % 3 if objective == "multiclass" else rows[:, 0] * 3 + 7
    params = {
        "verbosity": -1,
        "num_threads": 1,
        "objective": objective,
        "num_class": 3 if objective == "multiclass" else 1,
    }
    return lgb.train(params, lgb.Dataset(rows, target), num_boost_round=rounds)


def test_a_merged_booster_predicts_and_explains_the_weighted_sum() -> None:
    first, second = _fitted(1), _fitted(2)
    merged = merge_boosters([first, second], weights=[2.0, -0.5], offset=10.0)
    rows = np.random.default_rng(3).standard_normal((400, 3)).astype(np.float32)
    expected = 10.0 + 2.0 * np.asarray(first.predict(rows)) - 0.5 * np.asarray(second.predict(rows))
    np.testing.assert_allclose(np.asarray(merged.predict(rows)), expected, rtol=1e-12)
    assert merged.num_trees() == 10
    contributions = np.asarray(merged.predict(rows, pred_contrib=True))
    np.testing.assert_allclose(contributions.sum(axis=1), expected, rtol=1e-9)
    parts = [np.asarray(booster.predict(rows, pred_contrib=True)) for booster in (first, second)]
    np.testing.assert_allclose(contributions[:, :-1], (2.0 * parts[0] - 0.5 * parts[1])[:, :-1], atol=1e-9)


def test_boosters_that_do_not_fit_together_are_not_merged() -> None:
    with pytest.raises(ValueError, match="equal features"):
        merge_boosters([_fitted(1), _fitted(1, features=4)], weights=[1.0, 1.0], offset=0.0)
    for broken in ([], [_fitted(1, objective="multiclass")]):
        with pytest.raises(ValueError, match="need trees and one output"):
            merge_boosters(broken, weights=[1.0] * len(broken), offset=0.0)


def test_a_model_with_several_outputs_is_rejected() -> None:
    with pytest.raises(ValueError, match="one output"):
        trees_document(_fitted(1, objective="multiclass"))
