"""Measures of a score that ranks the instruments of a day: information coefficients and a quintile portfolio."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from boursomatic_training.labels import TRADING_DAYS_A_YEAR

__all__ = [
    "COST_BPS_ONE_WAY",
    "DailyRanking",
    "daily_correlations",
    "daily_ranking",
    "mean",
    "mean_over_deviation",
    "ranking_metrics",
    "spread_returns",
    "spread_sharpe",
]

COST_BPS_ONE_WAY: Final = 10.0
"""Cost of every unit of notional bought or sold, long or short: half the spread and some slippage of a liquid US stock.
Borrowing costs are left out."""

_LEAST_A_DAY: Final = 5
"""Fewest instruments of a measured day; with fewer, a quintile is empty."""


@dataclass(frozen=True, kw_only=True)
class DailyRanking:
    """Measures of a score on each measured day, in order of the days.

    Attributes
    ----------
    day : ndarray of int64
        Days with at least five instruments.
    ic, rank_ic : ndarray of float64
    spread : ndarray of float64
        Return after costs of the quintile portfolio bought that day.
    """

    day: NDArray[np.int64]
    ic: NDArray[np.float64]
    rank_ic: NDArray[np.float64]
    spread: NDArray[np.float64]


def _days(day: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    order = np.argsort(day, kind="stable")
    values, starts = np.unique(day[order], return_index=True)
    for value, rows in zip(values, np.split(order, starts[1:]), strict=True):
        if len(rows) >= _LEAST_A_DAY:
            yield int(value), rows


def _correlation(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    left, right = left - left.mean(), right - right.mean()
    size = float(np.sqrt((left @ left) * (right @ right)))
    return float(left @ right) / size if size > 0 else 0.0


def daily_correlations(
    *, score: NDArray[np.float64], forward: NDArray[np.float64], day: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Correlate score and forward return within each day, by Pearson and by Spearman.

    A day of equal scores has a correlation of 0. Days with fewer than five instruments are left out.
    """
    plain, ranked = [], []
    for _, rows in _days(day):
        plain.append(_correlation(score[rows], forward[rows]))
        ranked.append(_correlation(rankdata(score[rows]), rankdata(forward[rows])))
    return np.array(plain, dtype=np.float64), np.array(ranked, dtype=np.float64)


def _weights(score: NDArray[np.float64], instruments: NDArray[np.int32], width: int) -> NDArray[np.float64]:
    names = len(score) // 5
    order = np.argsort(score, kind="stable")
    weights = np.zeros(width)
    weights[instruments[order[-names:]]] = 1.0 / names
    weights[instruments[order[:names]]] = -1.0 / names
    return weights


def spread_returns(
    *,
    score: NDArray[np.float64],
    forward: NDArray[np.float64],
    day: NDArray[np.int64],
    instrument: NDArray[np.int32],
    horizon: int,
    cost_bps: float = COST_BPS_ONE_WAY,
) -> list[NDArray[np.float64]]:
    """Compute the returns after costs of holding the top quintile and shorting the bottom one for a horizon.

    Both sides are equally weighted and replaced every `horizon` measured days. Costs are paid on all turnover,
    including the first purchase. There is one series for each of the `horizon` possible starting days.
    """
    width = int(instrument.max()) + 1 if len(instrument) else 0
    held = np.zeros((horizon, width))
    series: list[list[float]] = [[] for _ in range(horizon)]
    for place, (_, rows) in enumerate(_days(day)):
        tranche = place % horizon
        weights = _weights(score[rows], instrument[rows], width)
        gain = float(weights[instrument[rows]] @ forward[rows])
        cost = float(np.abs(weights - held[tranche]).sum()) * cost_bps / 10_000
        series[tranche].append(gain - cost)
        held[tranche] = weights
    return [np.array(returns, dtype=np.float64) for returns in series]


def spread_sharpe(series: list[NDArray[np.float64]], *, horizon: int) -> float | None:
    """Annualised Sharpe ratio, averaged over the starting days; None if none has two periods."""
    ratios = [
        float(returns.mean() / returns.std(ddof=1)) * float(np.sqrt(TRADING_DAYS_A_YEAR / horizon))
        for returns in series
        if len(returns) > 1 and returns.std(ddof=1) > 0
    ]
    return float(np.mean(ratios)) if ratios else None


def mean(values: NDArray[np.float64]) -> float | None:
    """Mean, or None without days."""
    return float(values.mean()) if len(values) else None


def mean_over_deviation(values: NDArray[np.float64]) -> float | None:
    """Mean over the sample standard deviation, not annualised; None without deviation."""
    deviation = values.std(ddof=1) if len(values) > 1 else 0.0
    return float(values.mean() / deviation) if deviation > 0 else None


def daily_ranking(
    *,
    score: NDArray[np.float64],
    forward: NDArray[np.float64],
    day: NDArray[np.int64],
    instrument: NDArray[np.int32],
    horizon: int,
) -> DailyRanking:
    """Measure a score day by day."""
    plain, ranked = daily_correlations(score=score, forward=forward, day=day)
    series = spread_returns(score=score, forward=forward, day=day, instrument=instrument, horizon=horizon)
    spread = np.empty(len(plain))
    for start, returns in enumerate(series):
        spread[start::horizon] = returns
    days = np.array([value for value, _ in _days(day)], dtype=np.int64)
    return DailyRanking(day=days, ic=plain, rank_ic=ranked, spread=spread)


def ranking_metrics(daily: DailyRanking, *, horizon: int) -> dict[str, Any]:
    """Mean daily IC and rank IC, their mean over deviation (not annualised), and the quintile spread's Sharpe."""
    series = [daily.spread[start::horizon] for start in range(horizon)]
    return {
        "ic": mean(daily.ic),
        "rank_ic": mean(daily.rank_ic),
        "icir": mean_over_deviation(daily.ic),
        "rank_icir": mean_over_deviation(daily.rank_ic),
        "quintile_spread_sharpe": spread_sharpe(series, horizon=horizon),
        "quintile_spread_return": mean(daily.spread),
    }
