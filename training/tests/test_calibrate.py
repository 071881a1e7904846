import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.calibrate import Calibration, fit_calibration
from boursomatic_training.metrics import log_loss


def _probabilities(rows: int = 3_000) -> NDArray[np.float64]:
    return np.random.default_rng(11).dirichlet([2.0, 3.0, 2.0], size=rows)


def _overconfident(probabilities: NDArray[np.float64], power: float = 2.5) -> NDArray[np.float64]:
    raised: NDArray[np.float64] = probabilities**power
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


def _drawn(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    picks = np.random.default_rng(12).random(len(probabilities))[:, None]
    labels: NDArray[np.int64] = (picks > probabilities.cumsum(axis=1)).sum(axis=1)
    return labels


def test_log_loss_falls_on_the_fitted_slice() -> None:
    truth = _probabilities()
    label, claimed = _drawn(truth), _overconfident(truth)
    calibration = fit_calibration(probabilities=claimed, label=label, independent=1e6)
    before = log_loss(probabilities=claimed, label=label)
    after = log_loss(probabilities=calibration.apply(claimed), label=label)
    assert after < before - 0.05
    np.testing.assert_allclose(calibration.scale, 1 / 2.5, atol=0.06)


def test_log_loss_never_rises_on_the_fitted_slice() -> None:
    truth = _probabilities()
    label, claimed = _drawn(truth), _overconfident(truth)
    for independent in (0.5, 5.0, 500.0):
        calibration = fit_calibration(probabilities=claimed, label=label, independent=independent)
        assert log_loss(probabilities=calibration.apply(claimed), label=label) < log_loss(
            probabilities=claimed, label=label
        )


def test_fewer_independent_periods_keep_the_fit_nearer_the_identity() -> None:
    truth = _probabilities()
    label, claimed = _drawn(truth), _overconfident(truth)
    few, many = (
        fit_calibration(probabilities=claimed, label=label, independent=independent) for independent in (5.0, 500.0)
    )
    assert abs(few.scale[0] - 1) < abs(many.scale[0] - 1)


def test_calibrated_probabilities_give_the_identity() -> None:
    # Each row has the exact shares of its probabilities, so no fit can improve.
    rows = np.array([[0.2, 0.3, 0.5], [0.5, 0.4, 0.1], [0.1, 0.8, 0.1]])
    probabilities = np.repeat(rows, 10, axis=0)
    label = np.concatenate([np.repeat([0, 1, 2], (row * 10).round().astype(int)) for row in rows])
    calibration = fit_calibration(probabilities=probabilities, label=label, independent=1e6)
    np.testing.assert_allclose(calibration.scale, 1.0, atol=1e-3)
    np.testing.assert_allclose(calibration.bias, 0.0, atol=1e-3)


def test_an_inverted_score_is_flattened_and_never_inverted() -> None:
    claimed = _probabilities()
    label = claimed.argmin(axis=1)
    calibration = fit_calibration(probabilities=claimed, label=label, independent=1e6)
    assert min(calibration.scale) >= 0.0


def test_scale_one_and_bias_zero_are_the_identity() -> None:
    probabilities = _probabilities(10)
    same = Calibration(scale=(1.0, 1.0, 1.0), bias=(0.0, 0.0, 0.0)).apply(probabilities)
    np.testing.assert_allclose(same, probabilities)


def test_apply_is_softmax_of_scaled_logs() -> None:
    calibrated = Calibration(scale=(1.0, 2.0, 1.0), bias=(0.0, 0.0, np.log(2.0))).apply(np.array([[0.5, 0.2, 0.3]]))
    raw = np.array([0.5, 0.04, 0.6])
    np.testing.assert_allclose(calibrated[0], raw / raw.sum())


def test_a_zero_probability_stays_finite() -> None:
    calibrated = Calibration(scale=(1.0, 1.0, 1.0), bias=(0.0, 0.0, 0.0)).apply(np.array([[0.0, 0.0, 1.0]]))
    assert np.isfinite(calibrated).all()
    assert calibrated.sum() == pytest.approx(1.0)
