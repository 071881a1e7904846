import numpy as np
import pytest
from sklearn import metrics as reference

from boursomatic_training.metrics import expected_calibration_error, label_metrics, log_loss, probability_metrics


def test_hand_made_labels() -> None:
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


def test_agrees_with_scikit_learn() -> None:
    generator = np.random.default_rng(3)
    probabilities = generator.dirichlet([1.0, 2.0, 3.0], size=500)
    label = generator.integers(0, 3, size=500)
    result = probability_metrics(probabilities=probabilities, label=label)
    predicted = probabilities.argmax(axis=1)
    precision, recall, f1, _ = reference.precision_recall_fscore_support(label, predicted, average="macro")
    assert result["accuracy"] == pytest.approx(reference.accuracy_score(label, predicted))
    assert (result["precision"], result["recall"], result["f1_score"]) == pytest.approx((precision, recall, f1))
    assert result["log_loss"] == pytest.approx(reference.log_loss(label, probabilities))


def test_log_loss_of_certain_and_wrong_is_finite() -> None:
    assert log_loss(probabilities=np.array([[1.0, 0.0, 0.0]]), label=np.array([1])) == pytest.approx(-np.log(1e-12))


def test_calibration_error_by_hand() -> None:
    # Two rows at 0.9 of which one hits, two at 0.4 of which both hit: (2 * 0.4 + 2 * 0.6) / 4.
    probabilities = np.array([[0.9, 0.05, 0.05]] * 2 + [[0.4, 0.3, 0.3]] * 2)
    error = expected_calibration_error(probabilities=probabilities, label=np.array([0, 1, 0, 0]))
    assert error == pytest.approx(0.5)


def test_no_calibration_error_where_confidence_is_accuracy() -> None:
    error = expected_calibration_error(probabilities=np.array([[0.5, 0.25, 0.25]] * 2), label=np.array([0, 1]))
    assert error == pytest.approx(0.0)
