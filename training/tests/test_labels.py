from dataclasses import replace

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES
from boursomatic_training.frame import Frame
from boursomatic_training.labels import (
    BUY,
    HOLD,
    HORIZON,
    OUTCOMES,
    SELL,
    TARGETS,
    class_of,
    forward_returns,
    frame_residuals,
    longest_span,
    make_examples,
    neutral_returns,
    standings,
)
from boursomatic_training.universe import Membership
from tests.synthetic import rebuilt, synthetic_frame


def test_the_forward_return_is_to_the_bar_one_horizon_later() -> None:
    close = np.array([100.0, 110.0, 121.0, 50.0, 25.0])
    forward = forward_returns(instrument=np.array([0, 0, 0, 1, 1], np.int32), close=close, horizon=1)
    np.testing.assert_allclose(forward, [0.1, 0.1, np.nan, -0.5, np.nan])


def test_a_history_shorter_than_the_horizon_has_no_forward_return() -> None:
    forward = forward_returns(instrument=np.zeros(3, np.int32), close=np.ones(3), horizon=3)
    assert np.isnan(forward).all()


def _neutral(forward: list[float], scale: list[float]) -> list[float]:
    day = np.zeros(len(forward), np.int64)
    exposures = np.full((len(forward), 1), 0.5, np.float32)
    got = neutral_returns(day=day, forward=np.array(forward), scale=np.array(scale), exposures=exposures)
    result: list[float] = standings(got, day=day).tolist()
    return result


def test_a_neutral_return_is_in_units_of_volatility() -> None:
    # In units of volatility, the excess returns are -0.3, -0.05, 0.1 and 0.15.
    assert _neutral([-0.3, -0.1, 0.1, 0.3], [1, 2, 1, 2]) == [0.125, 0.375, 0.625, 0.875]
    # With the ends at ten times the volatility they are -0.03, -0.1, 0.1 and 0.03.
    assert _neutral([-0.3, -0.1, 0.1, 0.3], [10, 1, 1, 10]) == [0.375, 0.125, 0.875, 0.625]


def test_standings_are_ranks_within_the_day_with_ties_averaged() -> None:
    got = standings(np.array([5.0, 1.0, 6.0, 1.0]), day=np.array([0, 1, 0, 1]))
    assert got.tolist() == [0.25, 0.5, 0.75, 0.5]


def test_a_standing_on_an_edge_is_hold() -> None:
    assert class_of(np.array([0.29, 0.3, 0.5, 0.7, 0.71])).tolist() == [SELL, HOLD, HOLD, HOLD, BUY]


def test_outcomes_are_those_of_their_definitions(frame: Frame) -> None:
    examples = make_examples(frame)
    residuals = frame_residuals(frame)
    at = 1_234
    day, instrument = int(examples.day[at]), int(examples.instrument[at])
    bars = frame.close[frame.instrument == instrument]
    assert examples.outcomes["raw20"][at] == pytest.approx(bars[day + 20] / bars[day] - 1)
    assert examples.outcomes["e5"][at] == pytest.approx(residuals[day + 1 : day + 6, instrument].sum())
    assert set(examples.outcomes) == set(OUTCOMES)
    assert set(examples.targets) > set(TARGETS)
    today = examples.day == day
    soon = frame.close.reshape(len(frame.names), -1)[examples.instrument[today], day + 5]
    now = frame.close.reshape(len(frame.names), -1)[examples.instrument[today], day]
    ratio = soon / now - 1
    volatility = frame.columns["vol_20d"].reshape(len(frame.names), -1)[examples.instrument[today], day]
    scaled = (ratio - ratio.mean()) / (volatility.astype(np.float64) * np.sqrt(5 / 252))
    design = np.column_stack([np.ones(today.sum()), examples.exposures[today].astype(np.float64)])
    expected = scaled - design @ np.linalg.lstsq(design, scaled, rcond=None)[0]
    np.testing.assert_allclose(examples.outcomes["n5"][today], expected, atol=1e-9)


def test_only_members_have_examples(frame: Frame) -> None:
    half = Membership(
        months=np.array(["2020-01-01"], dtype="datetime64[D]"),
        members=(frozenset(f"S{number:02d}" for number in range(20)),),
    )
    examples, everything = make_examples(synthetic_frame(membership=half)), make_examples(frame)
    assert set(examples.instrument.tolist()) == set(range(20))
    ranks = examples.features[examples.day == examples.day[0], 0]
    assert sorted(ranks.tolist()) == pytest.approx([(place + 0.5) / 20 for place in range(20)])
    # Factors are those of all instruments, so that a member that leaves keeps its outcome.
    shared = everything.instrument < 20
    np.testing.assert_array_equal(examples.outcomes["e5"], everything.outcomes["e5"][shared])


def test_incomplete_rows_are_dropped_but_still_counted_as_bars(frame: Frame) -> None:
    whole = make_examples(frame)
    hole = int(np.flatnonzero((frame.instrument == 2) & (frame.day == 400))[0])
    columns = {**frame.columns, "ret_1d": frame.columns["ret_1d"].copy()}
    columns["ret_1d"][hole] = np.nan
    examples = make_examples(replace(frame, columns=columns))
    gone = np.flatnonzero((whole.instrument == 2) & (whole.day == 400))
    assert len(examples.day) == len(whole.day) - 1
    np.testing.assert_array_equal(examples.forward, np.delete(whole.forward, gone))
    assert examples.features.shape[1] == len(FEATURES)
    assert not np.isnan(examples.features).any()


def test_the_last_bars_have_no_label(frame: Frame) -> None:
    examples = make_examples(frame)
    assert examples.day.max() == len(examples.calendar) - 1 - HORIZON
    np.testing.assert_array_equal(examples.end, examples.day + HORIZON)


def _halted(frame: Frame, *, first: int, last: int) -> Frame:
    """Remove an instrument's bars on some days."""
    return rebuilt(frame, ~((frame.instrument == 0) & (frame.day >= first) & (frame.day <= last)))


def test_a_halted_instrument_has_no_example_before_and_after_its_halt(frame: Frame) -> None:
    examples = make_examples(_halted(frame, first=400, last=429))
    days = examples.day[examples.instrument == 0]
    assert days.max() == 379
    assert np.isin(np.arange(380, 430), examples.day).all()
    np.testing.assert_array_equal(examples.end, examples.day + HORIZON)


def test_the_longest_span_is_twice_the_usual_one() -> None:
    assert longest_span(HORIZON) == 67


def test_too_short_a_history_is_rejected() -> None:
    with pytest.raises(BadInputError, match="no row has all features and outcomes"):
        make_examples(synthetic_frame(days=270))
