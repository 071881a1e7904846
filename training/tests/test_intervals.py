import numpy as np
import pytest

from boursomatic_training.intervals import (
    block_counts,
    calibration_error_draws,
    interval,
    mean_draws,
    ratio_draws,
    ratio_of_sums_draws,
)


def test_resamples_are_as_long_as_the_sample_and_deterministic() -> None:
    counts = block_counts(days=101, block=20, seed=3)
    assert counts.shape == (1_000, 101)
    assert set(counts.sum(axis=1)) == {101.0}
    np.testing.assert_array_equal(counts, block_counts(days=101, block=20, seed=3))
    assert (counts != block_counts(days=101, block=20, seed=4)).any()


def test_resamples_are_made_of_whole_blocks() -> None:
    counts = block_counts(days=60, block=20, seed=3, resamples=200)
    # Three blocks cover three runs of 20 days, so the count changes at most at their six ends.
    changes = (np.diff(counts, axis=1, prepend=0.0, append=0.0) != 0).sum(axis=1)
    assert changes.max() <= 6
    assert len(np.unique(counts, axis=0)) > 100


def test_a_sample_shorter_than_a_block_still_varies() -> None:
    assert len(np.unique(block_counts(days=10, block=20, seed=3), axis=0)) > 1


def test_draws_equal_measures_of_the_resampled_days() -> None:
    generator = np.random.default_rng(5)
    values, rows = generator.normal(size=60), generator.integers(5, 9, size=60).astype(np.float64)
    gaps = generator.normal(size=(60, 4))
    counts = block_counts(days=60, block=7, seed=1, resamples=20)
    for draw, row in enumerate(counts.astype(int)):
        laid = np.repeat(np.arange(60), row)
        assert mean_draws(counts, values)[draw] == pytest.approx(values[laid].mean())
        assert ratio_draws(counts, values)[draw] == pytest.approx(values[laid].mean() / values[laid].std(ddof=1))
        assert ratio_of_sums_draws(counts, values, rows)[draw] == pytest.approx(values[laid].sum() / rows[laid].sum())
        error = np.abs(gaps[laid].sum(axis=0)).sum() / rows[laid].sum()
        assert calibration_error_draws(counts, gaps, rows)[draw] == pytest.approx(error)


def test_a_constant_value_has_no_ratio() -> None:
    counts = block_counts(days=40, block=5, seed=1)
    assert interval(ratio_draws(counts, np.full(40, 0.3))) is None
    assert interval(mean_draws(np.zeros((5, 0)), np.array([]))) is None
    assert interval(mean_draws(counts, np.full(40, 0.3))) == pytest.approx([0.3, 0.3])


@pytest.mark.parametrize("block", [1, 10])
def test_intervals_of_independent_days_cover_the_truth(block: int) -> None:
    covered = 0
    generator = np.random.default_rng(9)
    for trial in range(200):
        values = generator.normal(0.02, 0.1, size=300)
        bounds = interval(mean_draws(block_counts(days=300, block=block, seed=trial, resamples=300), values))
        assert bounds is not None
        covered += bounds[0] < 0.02 < bounds[1]
    assert 0.88 <= covered / 200 <= 0.99


def test_blocks_widen_the_interval_of_overlapping_days() -> None:
    steps = np.random.default_rng(10).normal(size=1_020)
    overlapping = np.convolve(steps, np.ones(20), mode="valid")

    def width(block: int) -> float:
        counts = block_counts(days=len(overlapping), block=block, seed=1)
        bounds = interval(mean_draws(counts, overlapping))
        assert bounds is not None
        return bounds[1] - bounds[0]

    assert width(20) > 2.5 * width(1)
