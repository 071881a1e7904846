from dataclasses import replace

import numpy as np
import pytest

from boursomatic_training.features import FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.labels import BUY, HOLD, SELL, band_labels, forward_returns, make_examples


def test_forward_return_is_that_of_the_bar_a_horizon_on() -> None:
    close = np.array([100.0, 110.0, 121.0, 50.0, 25.0])
    forward = forward_returns(instrument=np.array([0, 0, 0, 1, 1], np.int32), close=close, horizon=1)
    np.testing.assert_allclose(forward, [0.1, 0.1, np.nan, -0.5, np.nan])


def test_a_history_shorter_than_the_horizon_has_no_forward_return() -> None:
    forward = forward_returns(instrument=np.zeros(3, np.int32), close=np.ones(3), horizon=3)
    assert np.isnan(forward).all()


def test_bands_scale_with_volatility() -> None:
    # sqrt(63 / 252) = 0.5, so k s is 0.5 * 0.4 * 0.5 = 0.1 and, at double the volatility, 0.2.
    labels = band_labels(
        forward=np.array([-0.101, -0.099, 0.099, 0.101, 0.101, -0.201]),
        volatility=np.array([0.4, 0.4, 0.4, 0.4, 0.8, 0.8], np.float32),
        horizon=63,
        band_width=0.5,
    )
    assert labels.tolist() == [SELL, HOLD, HOLD, BUY, HOLD, SELL]


def test_a_return_on_the_band_is_hold() -> None:
    labels = band_labels(
        forward=np.array([-0.25, 0.25, 0.0]),
        volatility=np.array([0.5, 0.5, 0.0], np.float32),
        horizon=252,
        band_width=0.5,
    )
    assert labels.tolist() == [HOLD, HOLD, HOLD]


@pytest.mark.parametrize("bar", [50, 399])
def test_prices_after_the_horizon_change_no_label(frame: Frame, bar: int) -> None:
    _, day = np.unique(frame.day, return_inverse=True)
    changed = replace(frame, close=np.where(day > bar, frame.close * 3.0, frame.close))
    before, after = (make_examples(value, horizon=20) for value in (frame, changed))
    settled = before.day + 20 <= bar
    assert settled.any()
    np.testing.assert_array_equal(before.forward[settled], after.forward[settled])
    np.testing.assert_array_equal(before.label[settled], after.label[settled])
    if (crossing := (before.day <= bar) & ~settled).any():
        assert (before.forward[crossing] != after.forward[crossing]).all()


def test_incomplete_rows_are_dropped_but_still_counted_as_bars(frame: Frame) -> None:
    features = frame.features.copy()
    hole = 100
    features[hole, 3] = np.nan
    examples = make_examples(replace(frame, features=features), horizon=20)
    whole = make_examples(frame, horizon=20)
    assert len(examples.day) == len(whole.day) - 1
    np.testing.assert_array_equal(examples.forward, np.delete(whole.forward, hole - 5))
    assert examples.features.shape[1] == len(FEATURES)
    assert not np.isnan(examples.features).any()


def test_the_last_bars_have_no_label(frame: Frame) -> None:
    examples = make_examples(frame, horizon=20)
    assert examples.day.max() == len(examples.calendar) - 1 - 20
    np.testing.assert_array_equal(examples.end, examples.day + 20)
