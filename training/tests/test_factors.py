import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from boursomatic_training.factors import FACTORS, MOST_MISSING, WINDOW, daily_returns, residual_returns, sum_ahead

DAYS = 400
NAMES = 60


def _calendar(days: int = DAYS) -> NDArray[np.datetime64]:
    return np.arange(np.datetime64("2020-01-01", "D"), np.datetime64("2020-01-01", "D") + days)


@pytest.fixture(scope="module")
def returns() -> NDArray[np.float64]:
    generator = np.random.default_rng(1)
    common = generator.standard_normal((DAYS, 5)) @ generator.standard_normal((5, NAMES))
    result = 0.01 * common + 0.01 * generator.standard_normal((DAYS, NAMES)) * generator.uniform(0.5, 2.0, NAMES)
    result[0] = np.nan
    return result


def _month(day: str) -> int:
    return int(np.searchsorted(_calendar(), np.datetime64(day, "D")))


def test_a_return_needs_the_close_of_the_calendar_day_before() -> None:
    got = daily_returns(
        day=np.array([0, 1, 2, 0, 2]),
        instrument=np.array([0, 0, 0, 1, 1], np.int32),
        close=np.array([100.0, 110.0, 99.0, 50.0, 60.0]),
        days=3,
        instruments=2,
    )
    np.testing.assert_allclose(got, [[np.nan, np.nan], [0.1, np.nan], [-0.1, np.nan]])


def test_residuals_are_those_of_an_independent_principal_component_analysis(returns: NDArray[np.float64]) -> None:
    start, end = _month("2020-11-01"), _month("2020-12-01")
    window = returns[start - WINDOW : start]
    scale = window.std(axis=0, ddof=1)
    fitted = PCA(n_components=FACTORS, svd_solver="full").fit(window / scale)
    today = returns[start:end] / scale
    expected = scale * (today - today @ fitted.components_.T @ fitted.components_)
    got = residual_returns(returns, calendar=_calendar())
    np.testing.assert_allclose(got[start:end], expected, atol=1e-12)


def test_common_factors_leave_nothing_but_the_own_return(returns: NDArray[np.float64]) -> None:
    got = residual_returns(returns, calendar=_calendar())
    known = np.isfinite(got).all(axis=1)
    assert np.abs(np.corrcoef(returns[known].T) - np.eye(NAMES)).mean() > 0.2
    assert np.abs(np.corrcoef(got[known].T) - np.eye(NAMES)).mean() < 0.12


def test_a_month_without_enough_days_before_it_has_no_residuals(returns: NDArray[np.float64]) -> None:
    got = residual_returns(returns, calendar=_calendar())
    # 2020-09-01 is day 244, and 2020-10-01 day 274.
    assert np.isnan(got[: _month("2020-10-01")]).all()
    assert np.isfinite(got[_month("2020-10-01") :]).all()


def test_an_instrument_without_a_return_that_day_has_no_residual(returns: NDArray[np.float64]) -> None:
    holed = returns.copy()
    day = _month("2020-11-15")
    holed[day, 3] = np.nan
    got = residual_returns(holed, calendar=_calendar())
    assert np.isnan(got[day, 3])
    assert np.isfinite(got[day + 1, 3])
    assert np.isfinite(got[day, 4])


@pytest.mark.parametrize(("missing", "is_known"), [(MOST_MISSING, True), (MOST_MISSING + 1, False)])
def test_an_instrument_may_lack_a_few_returns_of_the_window(
    missing: int, is_known: bool, returns: NDArray[np.float64]
) -> None:
    holed = returns.copy()
    start = _month("2020-11-01")
    holed[start - 30 : start - 30 + missing, 3] = np.nan
    got = residual_returns(holed, calendar=_calendar())
    assert np.isfinite(got[start, 3]) == is_known
    assert np.isfinite(got[start, 4])


def test_too_few_instruments_have_no_residuals(returns: NDArray[np.float64]) -> None:
    assert np.isnan(residual_returns(returns[:, :29], calendar=_calendar())).all()
    assert np.isfinite(residual_returns(returns[:, :30], calendar=_calendar())).any()


@pytest.mark.parametrize("last", [300, 335, 337, 350])
def test_later_days_change_no_residual(last: int, returns: NDArray[np.float64]) -> None:
    full = residual_returns(returns, calendar=_calendar())
    cut = residual_returns(returns[:last].copy(), calendar=_calendar(last))
    np.testing.assert_array_equal(full[:last], cut)
    changed = returns.copy()
    changed[last:] *= -3.0
    np.testing.assert_array_equal(full[:last], residual_returns(changed, calendar=_calendar())[:last])


def test_a_sum_ahead_starts_on_the_next_day() -> None:
    residuals = np.array([[1.0], [2.0], [4.0], [8.0], [np.nan], [16.0]])
    got = sum_ahead(residuals, horizon=2)[:, 0]
    np.testing.assert_array_equal(got, [6.0, 12.0, np.nan, np.nan, np.nan, np.nan])
    assert np.isnan(sum_ahead(residuals, horizon=6)).all()
