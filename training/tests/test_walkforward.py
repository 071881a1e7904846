from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.frame import Frame
from boursomatic_training.labels import HORIZON, Examples, make_examples
from boursomatic_training.train import Models
from boursomatic_training.walkforward import (
    WARM_UP_FOLDS,
    Plan,
    calibrate,
    known_before,
    plan_walk_forward,
    predict_raw,
    walk_forward,
)
from tests.synthetic import calendar, rebuilt, synthetic_frame, take


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


def _check(examples: Examples, plan: Plan) -> None:
    days = np.unique(examples.day)
    assert len(plan.folds) >= 6
    assert plan.measured == plan.folds[WARM_UP_FOLDS:]
    for fold in plan.folds:
        assert examples.day[fold.test].min() - examples.day[fold.train].max() > plan.embargo
        assert examples.end[fold.train].max() < examples.day[fold.test].min()
        assert examples.day[fold.train].min() <= days[20]

    # Every labelled day from the first test slice on is tested once, in slices of one length.
    tested = np.concatenate([fold.test for fold in plan.folds])
    assert len(np.unique(tested)) == len(tested)
    first = examples.day[tested].min()
    np.testing.assert_array_equal(np.unique(examples.day[tested]), days[days >= first])
    assert len({len(np.unique(examples.day[fold.test])) for fold in plan.folds}) == 1

    # The train window grows.
    ends = [int(examples.day[fold.train].max()) for fold in plan.folds]
    assert ends == sorted(set(ends))


@pytest.mark.parametrize("seed", range(25))
def test_the_embargo_separates_slices_on_any_calendar(examples: Examples, seed: int) -> None:
    generator = np.random.default_rng(seed)
    horizon = int(generator.integers(1, 25))
    spread = _on_random_calendar(examples, generator, horizon)
    _check(spread, plan_walk_forward(spread, embargo=horizon + int(generator.integers(0, 6))))


def test_slices_of_the_synthetic_market_respect_the_embargo(examples: Examples, plan: Plan) -> None:
    _check(examples, plan)
    assert len(plan.folds) == 6


def test_test_slices_are_a_year_if_there_are_enough_years(examples: Examples) -> None:
    # Each labelled day nine times over, on nine consecutive calendars.
    labelled = int(examples.day.max()) + 1
    days = labelled - int(examples.day.min())
    parts = [replace(examples, day=examples.day + turn * days, end=examples.end + turn * days) for turn in range(9)]
    names = [item.name for item in fields(Examples) if item.name not in ("calendar", "targets", "outcomes")]
    columns: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    joined = replace(
        examples,
        calendar=calendar(labelled + 9 * days),
        **columns,
    )
    plan = plan_walk_forward(joined, embargo=HORIZON)
    assert {len(np.unique(joined.day[fold.test])) for fold in plan.folds} == {252}
    assert len(plan.folds) == int(len(np.unique(joined.day)) * 0.8) // 252


@pytest.mark.parametrize("number", range(6))
def test_prices_from_a_test_slice_on_change_no_target_of_its_train_slice(
    number: int, frame: Frame, examples: Examples, plan: Plan
) -> None:
    fold = plan.folds[number]
    beyond = int(examples.day[fold.test].min())
    noise = np.random.default_rng(1).uniform(0.5, 2.0, size=len(frame.day))
    everything = np.ones(len(frame.day), bool)
    later = make_examples(
        rebuilt(frame, everything, close=np.where(frame.day >= beyond, frame.close * noise, frame.close))
    )
    for name, values in {**examples.targets, **examples.outcomes, "label": examples.label}.items():
        changed = {**later.targets, **later.outcomes, "label": later.label}[name]
        np.testing.assert_array_equal(values[fold.train], changed[fold.train], err_msg=name)
    crossing = (examples.day < beyond) & (examples.end >= beyond)
    assert (examples.outcomes["n20"][crossing] != later.outcomes["n20"][crossing]).mean() > 0.5


def test_a_fold_is_calibrated_on_earlier_slices_alone(examples: Examples, plan: Plan) -> None:
    whole, release = walk_forward(examples, plan, seed=7)
    last = plan.folds[-1]
    first = int(examples.day[last.test].min())
    # All that is known at the last test slice's start stays; everything later gets another outcome.
    later = examples.end >= first
    changed = replace(
        examples,
        label=np.where(later, 2 - examples.label, examples.label),
        forward=np.where(later, -examples.forward, examples.forward),
    )
    again, other = walk_forward(changed, plan, seed=7)
    for item in fields(whole):
        np.testing.assert_array_equal(getattr(whole, item.name), getattr(again, item.name), err_msg=item.name)
    assert release != other


def test_rows_are_known_an_embargo_before_a_day(examples: Examples) -> None:
    rows = np.arange(len(examples.day))
    known = known_before(examples, rows, first=500, embargo=30)
    assert examples.day[known].max() == 469
    halted = replace(examples, end=np.where(examples.day == 450, 500, examples.end))
    assert not known_before(halted, rows, first=500, embargo=30)[examples.day == 450].any()


def test_a_day_is_predicted_alike_alone_and_among_others(examples: Examples, models: Models) -> None:
    chosen = np.flatnonzero((examples.day >= 600) & (examples.day < 605))
    together = predict_raw(models, examples, chosen, fold=0)
    alone = predict_raw(models, examples, chosen[examples.day[chosen] == 602], fold=0)
    np.testing.assert_allclose(together.take(examples.day[chosen] == 602).neutral, alone.neutral, atol=1e-12)


def test_a_neutral_score_is_standardised_and_independent_of_the_exposures(examples: Examples, models: Models) -> None:
    rows = np.flatnonzero(examples.day == 600)
    got = predict_raw(models, examples, rows, fold=0).neutral
    assert got.mean() == pytest.approx(0.0, abs=1e-12)
    assert got.std() == pytest.approx(1.0)
    assert np.abs(examples.exposures[rows].T.astype(np.float64) @ got).max() < 1e-6
    assert calibrate(examples, predict_raw(models, examples, rows, fold=0)).direction_slope >= 0.0


def test_the_embargo_counts_trading_days_without_examples(examples: Examples, plan: Plan) -> None:
    first = int(examples.day[plan.folds[3].test].min())
    thinned = take(examples, (examples.day < first - 15) | (examples.day >= first))
    _check(thinned, plan_walk_forward(thinned, embargo=HORIZON))


@pytest.mark.parametrize("days", [320, 400])
def test_too_little_data_is_rejected(days: int) -> None:
    examples = make_examples(synthetic_frame(days=days))
    with pytest.raises(BadInputError, match="too few days"):
        plan_walk_forward(examples, embargo=HORIZON)


def test_too_few_rows_name_the_fold_and_the_slice(examples: Examples) -> None:
    few = take(examples, examples.instrument < 6)
    with pytest.raises(BadInputError, match=r"too few rows: the train slice of fold 1 has .* and needs 1000"):
        plan_walk_forward(few, embargo=HORIZON)
