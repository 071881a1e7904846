import numpy as np
import pytest
from sklearn import metrics as reference

from boursomatic_training.metrics import (
    daily_probabilities,
    expected_calibration_error,
    label_metrics,
    log_loss,
    reliability,
)


def test_label_metrics_equal_values_computed_by_hand() -> None:
    result = label_metrics(predicted=np.array([0, 0, 1, 2, 2, 2]), label=np.array([0, 1, 1, 2, 2, 0]))
    assert result["accuracy"] == pytest.approx(4 / 6)
    assert result["precision"] == pytest.approx((1 / 2 + 1 + 2 / 3) / 3)
    assert result["recall"] == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert result["f1_score"] == pytest.approx((1 / 2 + 2 / 3 + 4 / 5) / 3)
    assert result["hit_rate_over_base_rate"] == pytest.approx({"SELL": 1.5, "HOLD": 3.0, "BUY": 2.0})


def test_a_class_never_predicted_has_no_hit_rate() -> None:
    result = label_metrics(predicted=np.array([1, 1, 1]), label=np.array([0, 1, 2]))
    assert result["hit_rate"] == {"SELL": None, "HOLD": pytest.approx(1 / 3), "BUY": None}
    assert result["hit_rate_over_base_rate"]["SELL"] is None
    assert result["precision"] == pytest.approx(1 / 9)


def test_label_metrics_agree_with_scikit_learn() -> None:
    generator = np.random.default_rng(3)
    probabilities = generator.dirichlet([1.0, 2.0, 3.0], size=500)
    label = generator.integers(0, 3, size=500)
    predicted = probabilities.argmax(axis=1)
    result = label_metrics(predicted=predicted, label=label)
    precision, recall, f1, _ = reference.precision_recall_fscore_support(label, predicted, average="macro")
    assert result["accuracy"] == pytest.approx(reference.accuracy_score(label, predicted))
    assert (result["precision"], result["recall"], result["f1_score"]) == pytest.approx((precision, recall, f1))
    assert log_loss(probabilities=probabilities, label=label) == pytest.approx(reference.log_loss(label, probabilities))


def test_the_log_loss_of_a_certain_wrong_prediction_is_finite() -> None:
    assert log_loss(probabilities=np.array([[1.0, 0.0, 0.0]]), label=np.array([1])) == pytest.approx(-np.log(1e-12))


def test_the_calibration_error_equals_a_value_computed_by_hand() -> None:
    # Two rows at 0.9 of which one hits, two at 0.4 of which both hit: (2 * 0.4 + 2 * 0.6) / 4.
    probabilities = np.array([[0.9, 0.05, 0.05]] * 2 + [[0.4, 0.3, 0.3]] * 2)
    error = expected_calibration_error(probabilities=probabilities, label=np.array([0, 1, 0, 0]))
    assert error == pytest.approx(0.5)


def test_the_calibration_error_is_zero_if_confidence_equals_accuracy() -> None:
    error = expected_calibration_error(probabilities=np.array([[0.5, 0.25, 0.25]] * 2), label=np.array([0, 1]))
    assert error == pytest.approx(0.0)


def test_daily_sums_add_up_to_the_measures() -> None:
    generator = np.random.default_rng(4)
    probabilities = generator.dirichlet([1.0, 2.0, 3.0], size=300)
    label, day = generator.integers(0, 3, size=300), generator.integers(10, 20, size=300)
    daily = daily_probabilities(probabilities=probabilities, label=label, day=day)
    assert daily.day.tolist() == list(range(10, 20))
    assert daily.rows.sum() == 300
    assert daily.hits.sum() / 300 == pytest.approx((probabilities.argmax(axis=1) == label).mean())
    assert daily.loss.sum() / 300 == pytest.approx(log_loss(probabilities=probabilities, label=label))
    assert np.abs(daily.gaps.sum(axis=0)).sum() / 300 == pytest.approx(
        expected_calibration_error(probabilities=probabilities, label=label)
    )


def test_reliability_equals_values_computed_by_hand() -> None:
    buy = np.array([0.8, 0.2, 0.4, 0.6])
    probabilities = np.stack([np.zeros(4), 1 - buy, buy], axis=1)
    result = reliability(probabilities=probabilities, label=np.array([2, 1, 2, 1]), bins=2)
    assert result["BUY"] == [
        {"confidence": pytest.approx(0.3), "frequency": 0.5, "count": 2},
        {"confidence": pytest.approx(0.7), "frequency": 0.5, "count": 2},
    ]
    assert [entry["frequency"] for entry in result["SELL"]] == [0.0, 0.0]


def test_reliability_leaves_out_bins_without_rows() -> None:
    result = reliability(probabilities=np.array([[0.2, 0.3, 0.5]]), label=np.array([0]), bins=10)
    assert [len(bins) for bins in result.values()] == [1, 1, 1]
