"""Tests that no measured value depends on later data, and that labels without information show none."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.evaluate import evaluate
from boursomatic_training.frame import Frame
from boursomatic_training.labels import HORIZON, Examples, frame_residuals, make_examples
from boursomatic_training.train import fit_models
from boursomatic_training.walkforward import Fold, Plan, plan_walk_forward, predict_raw, walk_forward
from tests.synthetic import SIGNAL, rebuilt

FOLD = 3


def _truncated(frame: Frame, as_of: int) -> Frame:
    return rebuilt(frame, frame.day <= as_of)


def _distorted(frame: Frame, as_of: int) -> Frame:
    """Change all prices and features after the as-of."""
    later = frame.day > as_of
    generator = np.random.default_rng(8)
    return rebuilt(
        frame,
        np.ones(len(later), bool),
        close=np.where(later, frame.close * generator.uniform(0.2, 5.0, len(later)), frame.close),
        columns={name: np.where(later, values * np.float32(-7.0), values) for name, values in frame.columns.items()},
    )


def _keys(examples: Examples) -> NDArray[np.int64]:
    return examples.day * 1_000 + examples.instrument


def _columns(examples: Examples) -> dict[str, NDArray[Any]]:
    """All columns of the examples by name, also those in dictionaries."""
    columns: dict[str, NDArray[Any]] = {}
    for item in fields(Examples):
        value = getattr(examples, item.name)
        if isinstance(value, dict):
            columns |= {f"{item.name}.{name}": part for name, part in value.items()}
        elif item.name != "calendar":
            columns[item.name] = value
    return columns


def _same_rows(fold: Fold, before: Examples, after: Examples) -> Fold:
    place = {int(key): row for row, key in enumerate(_keys(after))}
    return Fold(
        **{
            name: np.array([place[int(key)] for key in _keys(before)[getattr(fold, name)]])
            for name in ("train", "test")
        }
    )


@pytest.mark.parametrize("change", [_truncated, _distorted])
def test_the_future_changes_no_example_and_no_prediction(
    frame: Frame, examples: Examples, plan: Plan, change: object
) -> None:
    assert callable(change)
    fold = plan.folds[FOLD]
    as_of = int(examples.end[fold.test].max())
    assert as_of < len(examples.calendar) - 50
    changed = change(frame, as_of)
    after = make_examples(changed)

    whole, cut = frame_residuals(frame), frame_residuals(changed)
    np.testing.assert_array_equal(whole[: as_of + 1], cut[: as_of + 1])

    known = np.isin(_keys(after), _keys(examples)) & (after.end <= as_of)
    settled = examples.end <= as_of
    np.testing.assert_array_equal(_keys(after)[known], _keys(examples)[settled])
    later = _columns(after)
    assert {"targets.e5", "targets.e20", "outcomes.e5", "outcomes.n5", "features"} <= set(later)
    for name, values in _columns(examples).items():
        np.testing.assert_array_equal(values[settled], later[name][known], err_msg=name)

    moved = _same_rows(fold, examples, after)
    left = predict_raw(fit_models(examples, rows=fold.train, seed=7), examples, fold.test, fold=FOLD)
    right = predict_raw(fit_models(after, rows=moved.train, seed=7), after, moved.test, fold=FOLD)
    for name in ("score", "neutral", "move"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)


def _shuffled_within_days(examples: Examples) -> Examples:
    """Give each row the future of another row of its day, in every column about the future."""
    order = np.lexsort((np.random.default_rng(21).random(len(examples.day)), examples.day))
    home = np.argsort(examples.day, kind="stable")
    source = np.empty(len(order), np.int64)
    source[home] = order
    future = {name: getattr(examples, name)[source] for name in ("end", "forward", "label")}
    for name in ("targets", "outcomes"):
        future[name] = {key: values[source] for key, values in getattr(examples, name).items()}
    return replace(examples, **future)


def _measured(examples: Examples) -> dict[str, Any]:
    plan = plan_walk_forward(examples, embargo=HORIZON)
    predictions, _ = walk_forward(examples, plan, seed=7)
    return evaluate(examples=examples, plan=plan, predictions=predictions, seed=7)


def test_shuffled_labels_have_no_information(examples: Examples) -> None:
    shuffled, true = _measured(_shuffled_within_days(examples)), _measured(examples)
    for name in ("e5_rank_ic", "n5_rank_ic", "n20_rank_ic", "raw20_rank_ic"):
        assert abs(shuffled[name]["value"]) < 0.03, name
        assert true[name]["interval"][0] > 0.05, name
        assert true[name]["value"] > 0.1, name
    low, high = shuffled["e5_rank_ic"]["interval"]
    assert low < 0.0 < high
    assert abs(shuffled["direction_auc"]["value"] - 0.5) < 0.03
    assert true["direction_auc"]["interval"][0] > 0.55
    assert shuffled["direction_brier_skill"]["value"] < 0.002
    assert true["direction_brier_skill"]["interval"][0] > 0.0


def test_the_synthetic_signal_predicts_the_return(examples: Examples) -> None:
    correlation = np.corrcoef(examples.features[:, SIGNAL], examples.outcomes["e5"])[0, 1]
    assert correlation > 0.1
