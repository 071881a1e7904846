from typing import Any

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES
from boursomatic_training.frame import build_frame


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
def test_an_infinite_feature_is_refused_by_name(value: float) -> None:
    features = np.zeros((4, len(FEATURES)), np.float32)
    features[1, 2] = value
    with pytest.raises(BadInputError, match="ret_20d is infinite for A@X on 2020-01-02"):
        build_frame(**_columns(features=features))


@pytest.mark.parametrize("price", [0.0, -1.0, np.nan, np.inf])
def test_a_price_that_is_none_is_refused(price: float) -> None:
    with pytest.raises(BadInputError, match=r"close_price is .* for B@X on 2020-01-01"):
        build_frame(**_columns(close=np.array([4.0, 2.0, price, 1.0])))


def test_a_day_twice_is_refused() -> None:
    with pytest.raises(BadInputError, match="more than one row on 2020-01-01"):
        build_frame(**_columns(day=np.full(4, np.datetime64("2020-01-01", "D"))))


def test_an_empty_view_is_refused() -> None:
    empty = {name: column[:0] for name, column in _columns().items()}
    with pytest.raises(BadInputError, match="no rows"):
        build_frame(**empty)
