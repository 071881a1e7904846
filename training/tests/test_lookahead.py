"""Tests that no measured value depends on later data."""

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.evaluate import evaluate
from boursomatic_training.frame import Frame, build_frame
from boursomatic_training.labels import Examples, make_examples
from boursomatic_training.walkforward import Fold, Plan, plan_walk_forward, predict_fold, walk_forward
from tests.synthetic import HORIZON, SIGNAL, synthetic_frame

FOLD = 1


def _rebuilt(frame: Frame, rows: NDArray[np.bool_]) -> Frame:
    """Read the rows again as if they came from the database, to test reading as well."""
    return build_frame(
        names=np.array(frame.names)[frame.instrument[rows]],
        day=frame.day[rows],
        close=frame.close[rows],
        features=frame.features[rows],
    )


def _truncated(frame: Frame, as_of: int) -> Frame:
    _, day = np.unique(frame.day, return_inverse=True)
    return _rebuilt(frame, day <= as_of)


def _distorted(frame: Frame, as_of: int) -> Frame:
    """Change all prices and features after the as-of."""
    _, day = np.unique(frame.day, return_inverse=True)
    later = day > as_of
    generator = np.random.default_rng(8)
    changed = replace(
        frame,
        close=np.where(later, frame.close * generator.uniform(0.2, 5.0, len(later)), frame.close),
        features=np.where(later[:, None], frame.features * np.float32(-7.0), frame.features),
    )
    return _rebuilt(changed, np.ones(len(later), np.bool_))


def _keys(examples: Examples) -> NDArray[np.int64]:
    return examples.day * 1_000 + examples.instrument


def _same_rows(fold: Fold, before: Examples, after: Examples) -> Fold:
    place = {int(key): row for row, key in enumerate(_keys(after))}
    moved = {
        name: np.array([place[int(key)] for key in _keys(before)[getattr(fold, name)]])
        for name in ("train", "calibration", "test")
    }
    return Fold(**moved)


@pytest.mark.parametrize("change", [_truncated, _distorted])
def test_the_future_changes_no_example_and_no_prediction(
    frame: Frame, examples: Examples, plan: Plan, change: object
) -> None:
    assert callable(change)
    fold = plan.folds[FOLD]
    as_of = int(examples.end[fold.test].max())
    assert as_of < len(examples.calendar) - 50
    after = make_examples(change(frame, as_of), horizon=HORIZON)

    known = np.isin(_keys(after), _keys(examples)) & (after.end <= as_of)
    settled = examples.end <= as_of
    np.testing.assert_array_equal(_keys(after)[known], _keys(examples)[settled])
    for item in fields(Examples):
        if item.name != "calendar":
            left, right = getattr(examples, item.name)[settled], getattr(after, item.name)[known]
            np.testing.assert_array_equal(left, right, err_msg=item.name)

    moved = _same_rows(fold, examples, after)
    before_prediction = predict_fold(examples, fold, number=FOLD, seed=7, horizon=HORIZON)
    after_prediction = predict_fold(after, moved, number=FOLD, seed=7, horizon=HORIZON)
    for name in ("raw", "calibrated", "expected_return", "shares"):
        np.testing.assert_array_equal(getattr(before_prediction, name), getattr(after_prediction, name), err_msg=name)


def _shuffled_within_days(examples: Examples) -> Examples:
    """Give each row the future of another row of its day, in every column about the future."""
    order = np.lexsort((np.random.default_rng(21).random(len(examples.day)), examples.day))
    home = np.argsort(examples.day, kind="stable")
    source = np.empty(len(order), np.int64)
    source[home] = order
    keep = {"calendar", "day", "instrument", "features"}
    future = {item.name: getattr(examples, item.name)[source] for item in fields(Examples) if item.name not in keep}
    return replace(examples, **future)


def test_shuffled_labels_have_no_information() -> None:
    # Uses more instruments than other tests, because with a dozen the daily rank IC of chance deviates by 0.3.
    frame = synthetic_frame(instruments=40, days=300)
    examples = make_examples(frame, horizon=HORIZON)

    def bounds(of: Examples) -> tuple[float, list[float]]:
        plan = plan_walk_forward(of, embargo=HORIZON)
        predictions = walk_forward(of, plan, seed=7, horizon=HORIZON)
        metrics = evaluate(examples=of, plan=plan, predictions=predictions, horizon=HORIZON, seed=7)
        return metrics["rank_ic"], metrics["intervals"]["rank_ic"]

    rank_ic, (low, high) = bounds(_shuffled_within_days(examples))
    assert low < 0.0 < high
    assert abs(rank_ic) < 0.03
    rank_ic, (low, high) = bounds(examples)
    assert low > 0.1
    assert rank_ic > 0.2


def test_the_synthetic_signal_predicts_the_return(frame: Frame) -> None:
    forward = make_examples(frame, horizon=HORIZON)
    correlation = np.corrcoef(forward.features[:, SIGNAL], forward.forward)[0, 1]
    assert correlation > 0.2
