from typing import Any

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.frame import build_frame, model_inputs
from boursomatic_training.universe import Membership


def _rows(**changed: Any) -> dict[str, Any]:
    return {
        "names": np.array(["B@X", "A@X", "B@X", "A@X"]),
        "day": np.array(["2020-01-02", "2020-01-02", "2020-01-01", "2020-01-01"], dtype="datetime64[D]"),
        "close": np.array([4.0, 2.0, 3.0, 1.0]),
        "columns": {"one": np.array([4.0, 2.0, 3.0, 1.0], np.float32), "two": np.zeros(4, np.float32)},
        **changed,
    }


def _with(row: int, value: float) -> dict[str, Any]:
    values = np.zeros(4, np.float32)
    values[row] = value
    return _rows(columns={"one": values})


def test_rows_are_ordered_by_instrument_and_day() -> None:
    frame = build_frame(**_rows())
    assert frame.names == ("A@X", "B@X")
    assert frame.instrument.tolist() == [0, 0, 1, 1]
    assert frame.day.tolist() == [0, 1, 0, 1]
    assert frame.close.tolist() == frame.columns["one"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert frame.member.all()


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_the_error_names_an_infinite_feature(value: float) -> None:
    with pytest.raises(BadInputError, match="one is infinite for A@X on 2020-01-02"):
        build_frame(**_with(1, value))


@pytest.mark.parametrize("value", [1.1e6, -3.5e7])
def test_the_error_names_feature_and_row_of_a_value_out_of_scale(value: float) -> None:
    with pytest.raises(BadInputError, match=r"one is .*, beyond 1e\+06, for A@X on 2020-01-01"):
        build_frame(**_with(3, value))


def test_the_largest_allowed_value_is_accepted() -> None:
    assert build_frame(**_with(3, 1e6)).columns["one"].max() == np.float32(1e6)


def test_a_feature_missing_on_every_row_is_rejected() -> None:
    with pytest.raises(BadInputError, match="one is missing on every row"):
        build_frame(**_rows(columns={"one": np.full(4, np.nan, np.float32)}))


@pytest.mark.parametrize("price", [0.0, -1.0, np.nan, np.inf])
def test_an_invalid_price_is_rejected(price: float) -> None:
    with pytest.raises(BadInputError, match=r"close_price is .* for B@X on 2020-01-01"):
        build_frame(**_rows(close=np.array([4.0, 2.0, price, 1.0])))


def test_a_duplicate_day_is_rejected() -> None:
    with pytest.raises(BadInputError, match="more than one row on 2020-01-01"):
        build_frame(**_rows(day=np.full(4, np.datetime64("2020-01-01", "D"))))


def test_an_empty_view_is_rejected() -> None:
    with pytest.raises(BadInputError, match="no rows"):
        build_frame(names=np.array([]), day=np.array([]), close=np.array([]), columns={})


def test_inputs_are_columns_or_ranks_among_the_members_of_the_day() -> None:
    only = Membership(
        months=np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"),
        members=(frozenset({"A", "B"}), frozenset({"A"})),
    )
    frame = build_frame(**_rows(), membership=only)
    assert frame.member.tolist() == [True, True, True, False]
    got = model_inputs(frame, ["one_rank", "one"])
    np.testing.assert_array_equal(got, np.array([[0.25, 1], [0.5, 2], [0.75, 3], [np.nan, np.nan]], np.float32))
    with pytest.raises(BadInputError, match="without three"):
        model_inputs(frame, ["three_rank"])
