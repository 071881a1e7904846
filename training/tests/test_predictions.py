import csv
import gzip
import io
import itertools

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.evaluate import evaluate
from boursomatic_training.frame import Frame
from boursomatic_training.labels import Examples
from boursomatic_training.predictions import PREDICTIONS_NAME, match_scores, predictions_csv, round_predictions
from boursomatic_training.walkforward import Plan, Predictions, walk_forward
from tests.conftest import Trained


@pytest.fixture(scope="module")
def exact(examples: Examples, plan: Plan) -> Predictions:
    return walk_forward(examples, plan, seed=7)[0]


@pytest.fixture(scope="module")
def lines(exact: Predictions, examples: Examples, frame: Frame) -> list[dict[str, str]]:
    content = predictions_csv(round_predictions(exact), examples, names=frame.names)
    read = list(csv.DictReader(io.StringIO(gzip.decompress(content).decode())))
    dates = [line["date"] for line in read]
    assert len(set(filter(None, dates))) == len(list(filter(None, dates))) > 1, "a date is on its first row alone"
    for before, line in itertools.pairwise(read):
        line["date"] = line["date"] or before["date"]
    return read


def test_the_file_has_every_measured_row_by_date_and_symbol(
    lines: list[dict[str, str]], exact: Predictions, examples: Examples
) -> None:
    assert list(lines[0]) == ["date", "symbol", "score", "p_sell", "p_buy"]
    keys = [(line["date"], line["symbol"]) for line in lines]
    assert keys == sorted(set(keys))
    assert len(keys) == len(exact.rows)
    row = int(np.flatnonzero(examples.day[exact.rows] == examples.day[exact.rows].min())[0])
    assert lines[0]["date"] == str(examples.calendar[examples.day[exact.rows[row]]])
    assert float(lines[0]["score"]) == pytest.approx(exact.neutral[row], abs=6e-3)
    for name, place in (("p_sell", 0), ("p_buy", 2)):
        assert float(lines[0][name]) == pytest.approx(exact.probabilities[row, place], abs=6e-4)


def test_rounded_probabilities_sum_to_one(exact: Predictions) -> None:
    np.testing.assert_allclose(round_predictions(exact).probabilities.sum(axis=1), 1.0, atol=1e-12)


def test_the_manifest_measures_the_rounded_predictions(
    exact: Predictions, examples: Examples, plan: Plan, trained: Trained
) -> None:
    rounded = round_predictions(exact)
    assert not np.array_equal(rounded.neutral, exact.neutral)
    metrics = evaluate(examples=examples, plan=plan, predictions=rounded, seed=7)
    for name in ("e5_rank_ic", "direction_brier_skill", "ece", "log_loss"):
        assert metrics[name] == trained.manifest["metrics"][name]


def test_scores_are_found_again_by_symbol_and_date(exact: Predictions, examples: Examples, frame: Frame) -> None:
    rounded = round_predictions(exact)
    content = predictions_csv(rounded, examples, names=frame.names)
    before = np.flatnonzero(examples.day < examples.day[exact.rows].min())[:3]
    got = match_scores(content, examples, np.concatenate([exact.rows[::50], before]), names=frame.names)
    np.testing.assert_array_equal(got[:-3], rounded.neutral[::50])
    assert np.isnan(got[-3:]).all()


@pytest.mark.parametrize("content", [b"", b"text", gzip.compress(b"a,b\n"), gzip.compress(b"date,symbol\n")])
def test_a_malformed_file_is_rejected(content: bytes, examples: Examples, frame: Frame) -> None:
    with pytest.raises(BadInputError, match=f"{PREDICTIONS_NAME} can't be read"):
        match_scores(content, examples, np.arange(3), names=frame.names)
