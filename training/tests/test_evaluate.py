import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from boursomatic_training.calibrate import class_probabilities
from boursomatic_training.evaluate import daily_direction, evaluate, paired_difference
from boursomatic_training.labels import BUY, HOLD, HORIZON, OUTCOMES, SELL, Examples
from boursomatic_training.metrics import log_loss
from boursomatic_training.walkforward import Plan, Predictions
from tests.synthetic import take


def _predictions(examples: Examples, plan: Plan, *, skill: float = 0.0) -> Predictions:
    """Predictions of the measured slices that know the direction of large moves to some degree."""
    generator = np.random.default_rng(3)
    rows = np.concatenate([fold.test for fold in plan.measured])
    fold = np.concatenate([np.full(len(fold.test), number + 2) for number, fold in enumerate(plan.measured)])
    score = np.round(generator.standard_normal(len(rows)) + skill * (examples.label[rows] - 1), 2)
    up, move = 1 / (1 + np.exp(-score)), generator.uniform(0.4, 0.8, len(rows))
    return Predictions(
        rows=rows,
        fold=fold,
        score=score,
        neutral=score,
        move=move,
        probabilities=class_probabilities(move=move, up=up),
        up=up,
        excess=0.01 * score,
    )


def test_the_daily_auc_agrees_with_scikit_learn() -> None:
    generator = np.random.default_rng(1)
    day, label = generator.integers(5, 9, size=400), generator.integers(0, 3, size=400)
    score = generator.integers(0, 12, size=400).astype(np.float64)  # with ties
    up = generator.uniform(size=400)
    got = daily_direction(score=score, up=up, label=label, day=day)
    for place, one in enumerate(range(5, 9)):
        rows = (day == one) & (label != HOLD)
        expected = roc_auc_score(label[rows] == BUY, score[rows])
        assert got.concordant[place] / got.pairs[place] == pytest.approx(expected)
        assert got.pairs[place] == (label[rows] == BUY).sum() * (label[rows] == SELL).sum()
        assert got.brier[place] == pytest.approx(((up[rows] - (label[rows] == BUY)) ** 2).sum())
        assert got.brier_random[place] == pytest.approx(0.25 * rows.sum())


def test_days_without_large_moves_have_no_pairs() -> None:
    got = daily_direction(
        score=np.arange(4.0), up=np.full(4, 0.5), label=np.array([HOLD, HOLD, BUY, BUY]), day=np.array([0, 0, 1, 1])
    )
    assert got.pairs.tolist() == got.concordant.tolist() == [0.0, 0.0]


def test_the_parts_of_the_log_loss_gain_add_up(examples: Examples, plan: Plan) -> None:
    predictions = _predictions(examples, plan, skill=0.5)
    metrics = evaluate(examples=examples, plan=plan, predictions=predictions, seed=7)
    label = examples.label[predictions.rows]
    assert metrics["log_loss"]["value"] == pytest.approx(log_loss(probabilities=predictions.probabilities, label=label))
    # The shares of SELL and BUY are equal, so a direction without knowledge is one half.
    gain = metrics["log_loss_gain_move"]["value"] + metrics["log_loss_gain_direction"]["value"]
    assert gain == pytest.approx(metrics["log_loss_of_shares"] - metrics["log_loss"]["value"], abs=1e-4)
    assert metrics["log_loss_gain_direction"]["interval"][0] > 0.0
    assert metrics["log_loss_gain_move"]["interval"][1] < 0.0


def test_knowledge_of_direction_shows_in_every_measure_of_it(examples: Examples, plan: Plan) -> None:
    blind, seeing = (
        evaluate(examples=examples, plan=plan, predictions=_predictions(examples, plan, skill=skill), seed=7)
        for skill in (0.0, 0.5)
    )
    low, high = blind["direction_auc"]["interval"]
    assert low < 0.5 < high
    assert blind["direction_brier_skill"]["interval"][1] < 0.0
    assert seeing["direction_auc"]["interval"][0] > 0.55
    assert seeing["direction_brier_skill"]["value"] > blind["direction_brier_skill"]["value"] + 0.1
    assert seeing["top_10_excess"]["interval"][0] > 0.0
    assert seeing["top_10_excess"]["value"] - seeing["top_10_excess_after_costs"]["value"] == pytest.approx(0.002)
    bins = seeing["direction_reliability"]
    assert bins[-1]["frequency"] > bins[0]["frequency"] + 0.3


def test_every_measure_has_a_value_within_its_interval_and_every_baseline_a_difference(
    examples: Examples, plan: Plan
) -> None:
    predictions = _predictions(examples, plan, skill=0.2)
    metrics = evaluate(examples=examples, plan=plan, predictions=predictions, seed=7)
    names = [f"{outcome}_{measure}" for outcome in OUTCOMES for measure in ("rank_ic", "rank_icir")]
    names += [f"top_{share}_excess{suffix}" for share in (2, 5, 10) for suffix in ("", "_after_costs")]
    for name in [*names, "direction_auc", "direction_brier_skill", "log_loss", "accuracy"]:
        low, high = metrics[name]["interval"]
        assert low < metrics[name]["value"] < high, name
    assert set(metrics["baselines"]) == {"momentum_12_1", "short_term_reversal", "weekly_reversal"}
    for baseline in metrics["baselines"].values():
        for name in [*names, "direction_auc"]:
            entry = baseline[name]
            difference = entry["difference"]
            assert difference["value"] == pytest.approx(metrics[name]["value"] - entry["value"])
            assert difference["interval"][0] < difference["value"] < difference["interval"][1]
    assert metrics["rows"] == len(predictions.rows)
    assert [fold["measured"] for fold in metrics["folds"]] == [False] * 2 + [True] * 4
    assert sum(fold["rows"] for fold in metrics["folds"] if fold["measured"]) == metrics["rows"]
    assert metrics["bootstrap"]["block_days"] == HORIZON


def test_a_paired_difference_of_equal_scores_is_zero(examples: Examples, plan: Plan) -> None:
    predictions = _predictions(examples, plan, skill=0.2)
    same = paired_difference(
        examples=examples, rows=predictions.rows, model=predictions.neutral, other=predictions.neutral * 2, seed=7
    )
    assert same["e5"]["difference"] == {"value": 0.0, "interval": [0.0, 0.0]}
    other = paired_difference(
        examples=examples, rows=predictions.rows, model=predictions.neutral, other=-predictions.neutral, seed=7
    )
    assert other["e5"]["difference"]["value"] == pytest.approx(2 * other["e5"]["model"]["value"])


def test_the_order_of_the_rows_changes_no_measure(examples: Examples, plan: Plan) -> None:
    predictions = _predictions(examples, plan)
    order = np.random.default_rng(4).permutation(len(examples.day))
    moved = take(examples, order)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    again = Predictions(**{**vars(predictions), "rows": place[predictions.rows]})
    left, right = (
        evaluate(examples=of, plan=plan, predictions=made, seed=7)
        for of, made in ((examples, predictions), (moved, again))
    )
    for name in ("e5_rank_ic", "n5_rank_icir", "direction_auc", "log_loss"):
        assert left[name]["value"] == pytest.approx(right[name]["value"])
