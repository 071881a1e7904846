from dataclasses import replace

import numpy as np
import pytest

from boursomatic_training.features import FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.labels import (
    BUY,
    HOLD,
    SELL,
    class_of,
    forward_returns,
    longest_span,
    make_examples,
    neutral_ranks,
)


def test_the_forward_return_is_to_the_bar_one_horizon_later() -> None:
    close = np.array([100.0, 110.0, 121.0, 50.0, 25.0])
    forward = forward_returns(instrument=np.array([0, 0, 0, 1, 1], np.int32), close=close, horizon=1)
    np.testing.assert_allclose(forward, [0.1, 0.1, np.nan, -0.5, np.nan])


def test_a_history_shorter_than_the_horizon_has_no_forward_return() -> None:
    forward = forward_returns(instrument=np.zeros(3, np.int32), close=np.ones(3), horizon=3)
    assert np.isnan(forward).all()


def standings(forward: list[float], volatility: list[float], exposures: list[list[float]]) -> list[float]:
    """Standings of one day, over a horizon for which the scale equals the volatility."""
    places: list[float] = neutral_ranks(
        day=np.zeros(len(forward), np.int64),
        forward=np.array(forward),
        volatility=np.array(volatility, np.float32),
        exposures=np.array(exposures, np.float32),
        horizon=252,
    ).tolist()
    return places


def test_a_standing_ranks_returns_in_units_of_their_volatility() -> None:
    flat = [[0.5]] * 4
    # In units of volatility, the excess returns are -0.3, -0.05, 0.1 and 0.15.
    assert standings([-0.3, -0.1, 0.1, 0.3], [1, 2, 1, 2], flat) == [0.125, 0.375, 0.625, 0.875]
    # With the ends at ten times the volatility they are -0.03, -0.1, 0.1 and 0.03.
    assert standings([-0.3, -0.1, 0.1, 0.3], [10, 1, 1, 10], flat) == [0.375, 0.125, 0.875, 0.625]


def test_standings_exclude_what_an_exposure_explains() -> None:
    exposure = np.array([-0.4, -0.2, 0.0, 0.2, 0.4])
    design = np.column_stack([np.ones(5), exposure])
    noise = np.array([-0.02, 0.04, -0.025, 0.005, 0.0])
    residual = noise - design @ np.linalg.lstsq(design, noise, rcond=None)[0]
    got = standings((exposure + residual).tolist(), [1.0] * 5, [[value] for value in exposure])
    assert np.argsort(got).tolist() == np.argsort(residual).tolist()
    assert got != standings((exposure + residual).tolist(), [1.0] * 5, [[0.5]] * 5)


def test_days_are_ranked_separately() -> None:
    got = neutral_ranks(
        day=np.array([0, 1, 0, 1]),
        forward=np.array([0.5, 0.1, 0.6, 0.2]),
        volatility=np.ones(4, np.float32),
        exposures=np.full((4, 1), 0.5, np.float32),
        horizon=252,
    )
    assert got.tolist() == [0.25, 0.25, 0.75, 0.75]


def test_a_standing_on_an_edge_is_hold() -> None:
    assert class_of(np.array([0.29, 0.3, 0.5, 0.7, 0.71])).tolist() == [SELL, HOLD, HOLD, HOLD, BUY]


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


def _halted(frame: Frame, *, first: int, last: int) -> Frame:
    """Remove an instrument's bars on some days."""
    _, day = np.unique(frame.day, return_inverse=True)
    kept = ~((frame.instrument == 0) & (day >= first) & (day <= last))
    return replace(frame, **{name: getattr(frame, name)[kept] for name in ("instrument", "day", "close", "features")})


def test_a_halt_moves_the_end_of_all_labels_of_its_days(frame: Frame) -> None:
    examples = make_examples(_halted(frame, first=200, last=229), horizon=20)
    touched = (examples.day >= 180) & (examples.day < 200)
    assert (np.bincount(examples.instrument[touched]) == 20).all()
    np.testing.assert_array_equal(examples.end, examples.day + np.where(touched, 50, 20))


def test_a_horizon_beyond_the_longest_span_gives_no_example(frame: Frame) -> None:
    examples = make_examples(_halted(frame, first=200, last=199 + longest_span(20) - 20), horizon=20)
    assert (examples.end - examples.day).max() == longest_span(20)
    examples = make_examples(_halted(frame, first=200, last=200 + longest_span(20) - 20), horizon=20)
    assert (examples.end - examples.day).max() == 20
    halted = examples.day[examples.instrument == 0]
    assert not np.isin(np.arange(180, 200), halted).any()
    assert np.isin(np.arange(180, 200), examples.day).all()
