import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from boursomatic_training.evaluate import labels_from_signal
from boursomatic_training.ranking import (
    DailyRanking,
    daily_correlations,
    daily_ranking,
    ranking_metrics,
    spread_returns,
    spread_sharpe,
)


def _market(days: int = 8, width: int = 10) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    generator = np.random.default_rng(5)
    score = generator.integers(0, 6, size=days * width).astype(np.float64)  # with ties
    return score, generator.standard_normal(days * width), np.repeat(np.arange(days), width)


def test_correlations_agree_with_scipy_day_by_day() -> None:
    score, forward, day = _market()
    shuffled = np.random.default_rng(6).permutation(len(day))
    plain, ranked = daily_correlations(score=score[shuffled], forward=forward[shuffled], day=day[shuffled])
    for value in range(8):
        rows = day == value
        assert plain[value] == pytest.approx(stats.pearsonr(score[rows], forward[rows]).statistic)
        assert ranked[value] == pytest.approx(stats.spearmanr(score[rows], forward[rows]).statistic)


def test_information_ratio_is_mean_over_deviation_of_daily_values() -> None:
    score, forward, day = _market()
    plain, ranked = daily_correlations(score=score, forward=forward, day=day)
    instrument = np.tile(np.arange(10, dtype=np.int32), 8)
    daily = daily_ranking(score=score, forward=forward, day=day, instrument=instrument, horizon=2)
    result = ranking_metrics(daily, horizon=2)
    assert result["ic"] == pytest.approx(plain.mean())
    assert result["rank_icir"] == pytest.approx(ranked.mean() / ranked.std(ddof=1))


def test_days_with_too_few_instruments_are_not_measured() -> None:
    score = np.arange(4.0)
    day = np.zeros(4, np.int64)
    instrument = np.arange(4, dtype=np.int32)
    daily = daily_ranking(score=score, forward=score, day=day, instrument=instrument, horizon=1)
    assert len(daily.day) == 0
    result = ranking_metrics(daily, horizon=1)
    assert set(result.values()) == {None}


def test_a_constant_score_has_no_correlation() -> None:
    plain, ranked = daily_correlations(score=np.ones(5), forward=np.arange(5.0), day=np.zeros(5, np.int64))
    assert plain.tolist() == ranked.tolist() == [0.0]


def test_the_spread_equals_values_computed_by_hand() -> None:
    # Five instruments: long the fourth, short the first, both days. Only the first day buys anything.
    score = np.tile([0.0, 1.0, 2.0, 9.0, 3.0], 2)
    forward = np.tile([-0.02, 0.5, 0.5, 0.03, 0.5], 2)
    series = spread_returns(
        score=score,
        forward=forward,
        day=np.repeat(np.arange(2), 5),
        instrument=np.tile(np.arange(5, dtype=np.int32), 2),
        horizon=1,
        cost_bps=10.0,
    )
    np.testing.assert_allclose(series[0], [0.05 - 2 * 0.001, 0.05])


def test_each_starting_day_has_its_own_series() -> None:
    day = np.repeat(np.arange(5), 5)
    score = np.tile(np.arange(5.0), 5)
    series = spread_returns(
        score=score,
        forward=score / 100,
        day=day,
        instrument=np.tile(np.arange(5, dtype=np.int32), 5),
        horizon=2,
        cost_bps=0.0,
    )
    assert [len(returns) for returns in series] == [3, 2]


def test_daily_spreads_alternate_between_the_starting_days() -> None:
    score, forward, day = _market()
    instrument = np.tile(np.arange(10, dtype=np.int32), 8)
    daily = daily_ranking(score=score, forward=forward, day=day + 3, instrument=instrument, horizon=3)
    series = spread_returns(score=score, forward=forward, day=day, instrument=instrument, horizon=3)
    assert daily.day.tolist() == list(range(3, 11))
    for start in range(3):
        np.testing.assert_array_equal(daily.spread[start::3], series[start])


def test_an_empty_daily_ranking_has_no_measures() -> None:
    nothing = np.array([], dtype=np.float64)
    empty = DailyRanking(day=nothing.astype(np.int64), ic=nothing, rank_ic=nothing, spread=nothing)
    assert set(ranking_metrics(empty, horizon=5).values()) == {None}


def test_sharpe_is_annualised_by_the_horizon() -> None:
    returns = np.array([0.01, 0.03])
    assert spread_sharpe([returns], horizon=63) == pytest.approx(0.02 / returns.std(ddof=1) * 2)
    assert spread_sharpe([np.array([0.01])], horizon=63) is None


def test_a_signal_becomes_labels_within_each_day() -> None:
    score = np.array([5.0, 4.0, 3.0, 2.0, 1.0, 10.0, 20.0, 30.0, 40.0, 50.0])
    labels = labels_from_signal(score=score, day=np.repeat([0, 1], 5), shares=np.array([0.2, 0.4, 0.4]))
    assert labels.tolist() == [2, 2, 1, 1, 0, 0, 1, 1, 2, 2]


def test_shares_may_differ_by_row() -> None:
    score, day = np.tile(np.arange(5.0), 2), np.repeat([0, 1], 5)
    shares = np.repeat(np.array([[0.2, 0.4, 0.4], [0.4, 0.4, 0.2]]), 5, axis=0)
    assert labels_from_signal(score=score, day=day, shares=shares).tolist() == [0, 1, 1, 2, 2, 0, 0, 1, 1, 2]
