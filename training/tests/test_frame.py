from typing import Any

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES
from boursomatic_training.frame import build_frame, pick_columns


def _columns(**changed: Any) -> dict[str, Any]:
    return {
        "names": np.array(["B@X", "A@X", "B@X", "A@X"]),
        "day": np.array(["2020-01-02", "2020-01-02", "2020-01-01", "2020-01-01"], dtype="datetime64[D]"),
        "close": np.array([4.0, 2.0, 3.0, 1.0]),
        "features": np.zeros((4, len(FEATURES)), np.float32),
        **changed,
    }


def test_rows_are_ordered_by_instrument_and_day() -> None:
    frame = build_frame(**_columns())
    assert frame.names == ("A@X", "B@X")
    assert frame.instrument.tolist() == [0, 0, 1, 1]
    assert frame.close.tolist() == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_the_error_names_an_infinite_feature(value: float) -> None:
    features = np.zeros((4, len(FEATURES)), np.float32)
    features[1, 2] = value
    with pytest.raises(BadInputError, match=f"{FEATURES[2]} is infinite for A@X on 2020-01-02"):
        build_frame(**_columns(features=features))


@pytest.mark.parametrize("value", [1.1e6, -3.5e7])
def test_the_error_names_feature_and_row_of_a_value_out_of_scale(value: float) -> None:
    features = np.zeros((4, len(FEATURES)), np.float32)
    features[3, 1] = value
    with pytest.raises(BadInputError, match=rf"{FEATURES[1]} is .*, beyond 1e\+06, for A@X on 2020-01-01"):
        build_frame(**_columns(features=features))


def test_the_largest_allowed_value_is_accepted() -> None:
    features = np.zeros((4, len(FEATURES)), np.float32)
    features[3, 1] = 1e6
    assert build_frame(**_columns(features=features)).features.max() == np.float32(1e6)


def test_a_feature_missing_on_every_row_is_rejected() -> None:
    features = np.zeros((4, len(FEATURES)), np.float32)
    features[:, 2] = np.nan
    with pytest.raises(BadInputError, match=f"{FEATURES[2]} is missing on every row"):
        build_frame(**_columns(features=features))


def test_a_missing_feature_column_is_rejected() -> None:
    with pytest.raises(BadInputError, match="features, and the model takes"):
        build_frame(**_columns(features=np.zeros((4, len(FEATURES) - 1), np.float32)))


def test_other_columns_are_checked_ordered_and_picked_by_name() -> None:
    features = np.arange(4 * len(FEATURES), dtype=np.float32).reshape(4, -1)
    old = np.array([4.0, 2.0, 3.0, 1.0], np.float32)
    frame = build_frame(**_columns(features=features, others={"old": old}))
    picked = pick_columns(frame, names=["old", FEATURES[2], FEATURES[0]], rows=np.array([0, 3]))
    np.testing.assert_array_equal(
        picked, [[1.0, features[3, 2], features[3, 0]], [4.0, features[0, 2], features[0, 0]]]
    )
    with pytest.raises(BadInputError, match="without older"):
        pick_columns(frame, names=["older"], rows=np.array([0]))
    with pytest.raises(BadInputError, match="old is infinite for B@X"):
        build_frame(**_columns(others={"old": np.full(4, np.inf, np.float32)}))


@pytest.mark.parametrize("price", [0.0, -1.0, np.nan, np.inf])
def test_an_invalid_price_is_rejected(price: float) -> None:
    with pytest.raises(BadInputError, match=r"close_price is .* for B@X on 2020-01-01"):
        build_frame(**_columns(close=np.array([4.0, 2.0, price, 1.0])))


def test_a_duplicate_day_is_rejected() -> None:
    with pytest.raises(BadInputError, match="more than one row on 2020-01-01"):
        build_frame(**_columns(day=np.full(4, np.datetime64("2020-01-01", "D"))))


def test_an_empty_view_is_rejected() -> None:
    empty = {name: column[:0] for name, column in _columns().items()}
    with pytest.raises(BadInputError, match="no rows"):
        build_frame(**empty)
