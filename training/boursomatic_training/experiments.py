"""Measures variants of the recipe by the walk-forward, for the model card's list of experiments.

Each fit learns from every few days of a train slice, which is much faster and ranks variants alike. All slices are
measured, because nothing is calibrated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from boursomatic_training.days import neutralise, standardise
from boursomatic_training.evaluate import score_baselines
from boursomatic_training.features import EXPOSURES, FEATURES
from boursomatic_training.labels import OUTCOMES, Examples
from boursomatic_training.progress import Progress, silent
from boursomatic_training.ranking import daily_rank_ic, mean, mean_over_deviation, standard_ranks
from boursomatic_training.train import ROUNDS, fit_params
from boursomatic_training.walkforward import Plan

__all__ = ["VARIANTS", "Fit", "Variant", "run_experiments"]

_UP: Final = ("mom_12_1", "mom_12_7", "ret_120d", "intraday_231", "dist_high_252", "sma_ratio_200", "up_share_231")
_DOWN: Final = (
    "ret_1d",
    "ret_5d",
    "ret_20d",
    "intraday_20",
    "close_place_5",
    "close_place_20",
    "rsi_14",
    "max_ret_20d",
)
_DIRECTIONS: Final = [(name.removesuffix("_rank") in _UP) - (name.removesuffix("_rank") in _DOWN) for name in FEATURES]
"""Published signs of the expected return's dependence: momentum up, reversal down."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One fit: its target, and what differs from the recipe's parameters."""

    target: str
    rounds: int = ROUNDS
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A score: the mean of fits of one deviation each, neutral to some inputs within the day."""

    fits: tuple[Fit, ...]
    neutral_to: tuple[str, ...] = EXPOSURES


_E5: Final = Fit(target="e5")
_E20: Final = Fit(target="e20")
_N20: Final = Fit(target="n20")

VARIANTS: Final = {
    "e5 and e20 (the release)": Variant(fits=(_E5, _E20)),
    "e5 and e20, not made neutral": Variant(fits=(_E5, _E20), neutral_to=()),
    "e5 and e20, neutral to volatility alone": Variant(fits=(_E5, _E20), neutral_to=("vol_60d_rank",)),
    "e5 alone": Variant(fits=(_E5,)),
    "e20 alone": Variant(fits=(_E20,)),
    "n20 alone": Variant(fits=(_N20,)),
    "e5, e20 and n20": Variant(fits=(_E5, _E20, _N20)),
    "e5 with monotone constraints": Variant(fits=(Fit(target="e5", params={"monotone_constraints": _DIRECTIONS}),)),
}


def _predict(
    examples: Examples, plan: Plan, fit: Fit, *, every: int, seed: int, progress: Progress
) -> NDArray[np.float64]:
    """Out-of-sample predictions of all test slices, over the deviation of the train slice."""
    parts = []
    for fold in plan.folds:
        rows = fold.train[examples.day[fold.train] % every == 0]
        params = {**fit_params(rows=len(rows), seed=seed), "objective": "regression", **fit.params}
        # The rows are already few.
        params |= {"bagging_freq": 0, "bagging_fraction": 1.0}
        data = lgb.Dataset(examples.features[rows], examples.targets[fit.target][rows] - 0.5, params=params)
        booster = lgb.train(params, data, num_boost_round=fit.rounds)
        known = np.asarray(booster.predict(examples.features[rows[::10]]))
        parts.append((np.asarray(booster.predict(examples.features[fold.test])) - known.mean()) / known.std())
    progress(f"fitted {fit.target}, {fit.rounds} rounds{', ' + ', '.join(fit.params) if fit.params else ''}")
    return np.concatenate(parts)


def run_experiments(
    examples: Examples,
    plan: Plan,
    *,
    every: int,
    seed: int,
    variants: Mapping[str, Variant] = VARIANTS,
    progress: Progress = silent,
) -> str:
    """Measure every variant and baseline on all test slices.

    Parameters
    ----------
    every : int
        A fit learns from every so many days.

    Returns
    -------
    str
        A Markdown table: rank IC / ICIR with each outcome.
    """
    rows = np.concatenate([fold.test for fold in plan.folds])
    day = examples.day[rows]
    outcomes = {name: standard_ranks(examples.outcomes[name][rows], day=day) for name in OUTCOMES}
    fitted: list[tuple[Fit, NDArray[np.float64]]] = []

    def prediction(fit: Fit) -> NDArray[np.float64]:
        for known, values in fitted:
            if known == fit:
                return values
        fitted.append((fit, _predict(examples, plan, fit, every=every, seed=seed, progress=progress)))
        return fitted[-1][1]

    def line(name: str, score: NDArray[np.float64]) -> str:
        ranks = standard_ranks(score, day=day)
        cells = []
        for outcome in outcomes.values():
            daily = daily_rank_ic(ranks, outcome, day=day)
            cells.append(f"{mean(daily) or 0.0:+.4f} / {mean_over_deviation(daily) or 0.0:+.3f}")
        return f"| {name} | {' | '.join(cells)} |"

    lines = [f"| score | {' | '.join(OUTCOMES)} |", "| --- |" + " ---: |" * len(OUTCOMES)]
    for name, variant in variants.items():
        score = np.mean([prediction(fit) for fit in variant.fits], axis=0)
        if variant.neutral_to:
            columns = [FEATURES.index(exposure) for exposure in variant.neutral_to]
            score = neutralise(score, exposures=examples.features[rows][:, columns], day=day)
        lines.append(line(name, standardise(score, day=day)))
    lines += [line(name.replace("_", " "), score) for name, score in score_baselines(examples, rows).items()]
    return "\n".join(lines)
