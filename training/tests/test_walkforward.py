from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.frame import Frame
from boursomatic_training.labels import Examples, make_examples
from boursomatic_training.walkforward import Plan, plan_walk_forward
from tests.synthetic import HORIZON, calendar, synthetic_frame, take


@pytest.fixture(scope="module")
def long_frame() -> Frame:
    return synthetic_frame(days=700)


@pytest.fixture(scope="module")
def long(long_frame: Frame) -> Examples:
    return make_examples(long_frame, horizon=HORIZON)


def _on_random_calendar(examples: Examples, generator: np.random.Generator, horizon: int) -> Examples:
    """Spread the days over a calendar with holes, drop rows, and halt some instruments for a while."""
    days = int(examples.day.max()) + 1
    place = np.cumsum(1 + generator.geometric(0.8, size=days) - 1)
    place[generator.integers(days // 4, days) :] += int(generator.integers(0, 60))
    kept = take(examples, generator.random(len(examples.day)) < generator.uniform(0.8, 1.0))
    day = place[kept.day]
    halt = np.where(generator.random(len(day)) < 0.05, generator.integers(0, 150, size=len(day)), 0)
    end = day + horizon + halt
    return replace(kept, calendar=calendar(int(end.max()) + 1), day=day, end=end)


def _ordered(examples: Examples, earlier: NDArray[np.int64], later: NDArray[np.int64], embargo: int) -> None:
    assert examples.day[later].min() - examples.day[earlier].max() > embargo
    assert examples.end[earlier].max() < examples.day[later].min()


def _check(examples: Examples, plan: Plan) -> None:
    days = np.unique(examples.day)
    assert len(plan.folds) >= 4
    for fold in plan.folds:
        _ordered(examples, fold.train, fold.calibration, plan.embargo)
        _ordered(examples, fold.calibration, fold.test, plan.embargo)
        assert examples.day[fold.train].min() <= days[20]
    _ordered(examples, plan.final.train, plan.final.calibration, plan.embargo)
    assert examples.day[plan.final.calibration].max() == days[-1]

    # Every labelled day from the first test slice on is tested once, in slices of one length.
    tested = np.concatenate([fold.test for fold in plan.folds])
    assert len(np.unique(tested)) == len(tested)
    first = examples.day[tested].min()
    np.testing.assert_array_equal(np.unique(examples.day[tested]), days[days >= first])
    assert len({len(np.unique(examples.day[fold.test])) for fold in plan.folds}) == 1

    # The train window grows.
    ends = [examples.day[fold.train].max() for fold in (*plan.folds, plan.final)]
    assert ends == sorted(set(ends))


@pytest.mark.parametrize("seed", range(25))
def test_the_embargo_separates_slices_on_any_calendar(long: Examples, seed: int) -> None:
    generator = np.random.default_rng(seed)
    horizon = int(generator.integers(1, 25))
    examples = _on_random_calendar(long, generator, horizon)
    _check(examples, plan_walk_forward(examples, embargo=horizon + int(generator.integers(0, 6))))


def test_slices_of_the_synthetic_market_respect_the_embargo(examples: Examples, plan: Plan) -> None:
    _check(examples, plan)
    assert len(plan.folds) == 4


def test_test_slices_are_a_year_if_there_are_enough_years() -> None:
    frame = synthetic_frame(days=252 * 8, instruments=6)
    examples = make_examples(frame, horizon=HORIZON)
    plan = plan_walk_forward(examples, embargo=HORIZON)
    _check(examples, plan)
    assert [len(np.unique(examples.day[fold.test])) for fold in plan.folds] == [252] * 4
    assert len(np.unique(examples.day[plan.final.calibration])) == 252


def _halted_before(frame: Frame, day_after: int, *, bars: int) -> Frame:
    """Remove a number of an instrument's bars, starting five days before a day."""
    _, day = np.unique(frame.day, return_inverse=True)
    halted = (frame.instrument == 0) & (day > day_after - 5) & (day <= day_after - 5 + bars)
    return replace(
        frame, **{name: getattr(frame, name)[~halted] for name in ("instrument", "day", "close", "features")}
    )


def _cuts(examples: Examples, plan: Plan) -> list[tuple[NDArray[np.int64], int]]:
    """Rows before a cut, and the first day after it."""
    cuts = [(fold.calibration, int(examples.day[fold.test].min())) for fold in plan.folds]
    return cuts + [(part.train, int(examples.day[part.calibration].min())) for part in (*plan.folds, plan.final)]


@pytest.mark.parametrize("number", range(9))
def test_prices_after_a_cut_change_no_earlier_label_even_across_a_halt(
    long_frame: Frame, long: Examples, number: int
) -> None:
    rows, _ = _cuts(long, plan_walk_forward(long, embargo=HORIZON))[number]
    halted = _halted_before(long_frame, int(long.day[rows].max()), bars=30)
    cut = make_examples(halted, horizon=HORIZON)
    assert (cut.end - cut.day).max() == HORIZON + 30
    kept, beyond = _cuts(cut, plan_walk_forward(cut, embargo=HORIZON))[number]

    _, day = np.unique(halted.day, return_inverse=True)
    noise = np.random.default_rng(1).uniform(0.5, 2.0, size=len(day))
    later = make_examples(
        replace(halted, close=np.where(day >= beyond, halted.close * noise, halted.close)), horizon=20
    )
    np.testing.assert_array_equal(cut.standing[kept], later.standing[kept])
    crossing = (cut.day < beyond) & (cut.end >= beyond)
    assert (cut.standing[crossing] != later.standing[crossing]).mean() > 0.5


def test_the_embargo_counts_trading_days_without_examples(long: Examples) -> None:
    usual = plan_walk_forward(long, embargo=HORIZON)
    first = int(long.day[usual.folds[2].test].min())
    thinned = take(long, (long.day < first - 15) | (long.day >= first))
    _check(thinned, plan_walk_forward(thinned, embargo=HORIZON))


@pytest.mark.parametrize(("days", "message"), [(30, "too few days"), (80, "too few days"), (170, "too few rows")])
def test_too_little_data_is_rejected(days: int, message: str) -> None:
    examples = make_examples(synthetic_frame(days=days), horizon=HORIZON)
    with pytest.raises(BadInputError, match=message):
        plan_walk_forward(examples, embargo=HORIZON)


def test_too_few_rows_name_the_fold_and_the_slice(examples: Examples) -> None:
    few = take(examples, examples.instrument < 6)
    with pytest.raises(BadInputError, match=r"too few rows: the train slice of fold 1 has .* and needs 1000"):
        plan_walk_forward(few, embargo=HORIZON)
