import numpy as np
import pytest
from scipy import stats

from boursomatic_training.days import day_ranks, neutralise, standardise


def test_ranks_are_those_of_the_view_with_ties_and_missing_values() -> None:
    day = np.array([3, 1, 1, 1, 3, 1, 1])
    values = np.array([9.0, 2.0, 2.0, 1.0, 9.0, np.nan, 3.0], np.float32)
    # Equal values share the lowest rank, as SQL's rank() does: (1 - 0.5) / 4, (2 - 0.5) / 4 twice, (4 - 0.5) / 4.
    expected = np.array([0.25, 0.375, 0.375, 0.125, 0.25, np.nan, 0.875], np.float32)
    np.testing.assert_array_equal(day_ranks(values, day=day), expected)


def test_ranks_agree_with_scipy_on_many_days() -> None:
    generator = np.random.default_rng(2)
    day, values = generator.integers(0, 30, size=2_000), generator.integers(0, 20, size=2_000).astype(np.float64)
    got = day_ranks(values, day=day)
    for one in range(30):
        rows = day == one
        expected = (stats.rankdata(values[rows], method="min") - 0.5) / rows.sum()
        np.testing.assert_allclose(got[rows], expected, rtol=1e-6)


def test_nothing_to_rank_stays_missing() -> None:
    assert np.isnan(day_ranks(np.full(3, np.nan), day=np.zeros(3, np.int64))).all()


def test_neutralised_values_are_uncorrelated_with_the_exposures_on_every_day() -> None:
    generator = np.random.default_rng(3)
    day = np.repeat(np.arange(6), 50)
    exposures = generator.uniform(size=(300, 2)).astype(np.float32)
    noise = generator.standard_normal(300)
    values = noise + exposures @ np.array([3.0, -2.0]) * (1 + day)
    got = neutralise(values, exposures=exposures, day=day)
    for one in range(6):
        rows = day == one
        design = np.column_stack([np.ones(50), exposures[rows].astype(np.float64)])
        expected = values[rows] - design @ np.linalg.lstsq(design, values[rows], rcond=None)[0]
        np.testing.assert_allclose(got[rows], expected, atol=1e-9)
        assert np.abs(design.T @ got[rows]).max() < 1e-9


def test_a_day_with_too_few_rows_for_the_fit_is_only_centred() -> None:
    exposures = np.random.default_rng(4).uniform(size=(3, 2))
    got = neutralise(np.array([1.0, 2.0, 6.0]), exposures=exposures, day=np.zeros(3, np.int64))
    assert got.tolist() == [-2.0, -1.0, 3.0]


def test_standardised_values_have_mean_zero_and_deviation_one() -> None:
    got = standardise(np.array([1.0, 3.0, 5.0, 5.0, 7.0]), day=np.array([0, 0, 1, 1, 2]))
    assert got.tolist() == pytest.approx([-1.0, 1.0, 0.0, 0.0, 0.0])
