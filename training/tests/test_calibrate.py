import numpy as np
import pytest
from numpy.typing import NDArray

from boursomatic_training.calibrate import Calibration, class_probabilities, fit_calibration

ROWS = 40_000


def _sigmoid(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-value)))


def _fitted(*, direction: float = 0.3, excess: float = 0.01) -> Calibration:
    """Fit on rows drawn with a known calibration: of moves, scale 0.5 and bias -0.2."""
    generator = np.random.default_rng(11)
    logit, score = generator.normal(size=ROWS), generator.normal(size=ROWS)
    return fit_calibration(
        probability=_sigmoid(logit),
        score=score,
        large=generator.random(ROWS) < _sigmoid(0.5 * logit - 0.2),
        up=generator.random(ROWS) < _sigmoid(direction * score),
        excess=excess * score + 0.05 * generator.normal(size=ROWS),
    )


def test_the_fit_finds_the_calibration_that_made_the_rows() -> None:
    fitted = _fitted()
    assert fitted.move_scale == pytest.approx(0.5, abs=0.05)
    assert fitted.move_bias == pytest.approx(-0.2, abs=0.05)
    assert fitted.direction_slope == pytest.approx(0.3, abs=0.05)
    assert fitted.excess_slope == pytest.approx(0.01, abs=0.001)


def test_a_score_that_was_wrong_is_flattened_and_never_inverted() -> None:
    fitted = _fitted(direction=-0.3, excess=-0.01)
    assert (fitted.direction_slope, fitted.excess_slope) == (0.0, 0.0)
    assert fitted.up(np.array([-3.0, 0.0, 3.0])).tolist() == [0.5, 0.5, 0.5]


def test_direction_is_fitted_on_large_moves_alone() -> None:
    generator = np.random.default_rng(12)
    score, large = generator.normal(size=ROWS), generator.random(ROWS) < 0.6
    up = np.where(large, generator.random(ROWS) < _sigmoid(0.3 * score), score < 0)
    nothing = np.zeros(ROWS)
    fitted = fit_calibration(probability=np.full(ROWS, 0.5), score=score, large=large, up=up, excess=nothing)
    assert fitted.direction_slope == pytest.approx(0.3, abs=0.05)


def test_the_formulas_are_those_of_the_manifest() -> None:
    calibration = Calibration(move_scale=2.0, move_bias=0.5, direction_slope=0.1, excess_slope=0.003)
    entry = calibration.as_manifest()
    assert entry == {
        "method": "two-step",
        "move": {"scale": 2.0, "bias": 0.5},
        "direction": {"slope": 0.1},
        "excess": {"slope": 0.003},
    }
    p, z = np.array([0.3]), np.array([1.5])
    assert calibration.move(p)[0] == pytest.approx(1 / (1 + np.exp(-(2.0 * np.log(0.3 / 0.7) + 0.5))))
    assert calibration.up(z)[0] == pytest.approx(1 / (1 + np.exp(-0.15)))
    assert calibration.excess(z)[0] == pytest.approx(0.0045)


def test_certain_probabilities_stay_finite() -> None:
    calibration = Calibration(move_scale=1.0, move_bias=0.0, direction_slope=0.0, excess_slope=0.0)
    assert calibration.move(np.array([0.0, 1.0])).tolist() == pytest.approx([0.0, 1.0])


def test_class_probabilities_sum_to_one() -> None:
    got = class_probabilities(move=np.array([0.6, 0.0, 1.0]), up=np.array([0.75, 0.2, 0.5]))
    np.testing.assert_allclose(got, [[0.15, 0.4, 0.45], [0.0, 1.0, 0.0], [0.5, 0.0, 0.5]], atol=1e-15)
