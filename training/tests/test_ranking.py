import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from boursomatic_training.ranking import daily_rank_ic, daily_top_excess, mean, mean_over_deviation, standard_ranks


def _market(days: int = 8, width: int = 10) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    generator = np.random.default_rng(5)
    score = generator.integers(0, 6, size=days * width).astype(np.float64)  # with ties
    return score, generator.standard_normal(days * width), np.repeat(np.arange(days), width)


def _rank_ic(score: NDArray[np.float64], outcome: NDArray[np.float64], day: NDArray[np.int64]) -> NDArray[np.float64]:
    return daily_rank_ic(standard_ranks(score, day=day), standard_ranks(outcome, day=day), day=day)


def test_rank_correlations_agree_with_scipy_day_by_day() -> None:
    score, outcome, day = _market()
    shuffled = np.random.default_rng(6).permutation(len(day))
    got = _rank_ic(score[shuffled], outcome[shuffled], day[shuffled])
    for value in range(8):
        rows = day == value
        # Ranks are in single precision.
        assert got[value] == pytest.approx(stats.spearmanr(score[rows], outcome[rows]).statistic, abs=1e-6)


def test_days_with_too_few_instruments_are_not_measured() -> None:
    score, day = np.arange(9.0), np.array([0] * 4 + [1] * 5)
    got = _rank_ic(score, score, day)
    assert np.isnan(got[0])
    assert got[1] == pytest.approx(1.0)
    assert mean(got) == pytest.approx(1.0)
    assert mean(got[:1]) is None
    assert mean_over_deviation(got) is None


def test_a_constant_score_has_no_correlation() -> None:
    assert _rank_ic(np.ones(5), np.arange(5.0), np.zeros(5, np.int64)).tolist() == [0.0]


def test_the_information_ratio_is_mean_over_deviation_of_daily_values() -> None:
    values = np.array([0.1, np.nan, 0.3, 0.2])
    assert mean_over_deviation(values) == pytest.approx(0.2 / 0.1)


def test_the_excess_of_the_best_equals_a_value_computed_by_hand() -> None:
    # The best 2 % and 5 % of ten rows are one row, the best 10 % too; of thirty rows they are 1, 2 and 3.
    score = np.arange(40.0)
    forward = np.concatenate([np.full(9, 0.01), [0.11], np.zeros(27), [0.3, 0.6, 0.9]])
    got = daily_top_excess(score, forward, day=np.repeat([0, 1], [10, 30]))
    assert got[0.02].tolist() == pytest.approx([0.11 - 0.02, 0.9 - 0.06])
    assert got[0.05].tolist() == pytest.approx([0.11 - 0.02, 0.75 - 0.06])
    assert got[0.10].tolist() == pytest.approx([0.11 - 0.02, 0.6 - 0.06])


def test_a_day_with_too_few_instruments_has_no_best() -> None:
    got = daily_top_excess(np.arange(4.0), np.arange(4.0), day=np.zeros(4, np.int64))
    assert all(np.isnan(values).all() for values in got.values())
