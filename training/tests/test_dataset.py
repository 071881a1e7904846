import os
import struct
import uuid
from collections.abc import Iterator

import numpy as np
import psycopg
import pytest

from boursomatic_training.dataset import check_columns, decode_binary_copy, read_frame
from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES, VOLATILITY_FEATURE
from boursomatic_training.frame import columns_of, model_inputs

COLUMNS = columns_of([*FEATURES, VOLATILITY_FEATURE])

_HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_TRAILER = struct.pack(">h", -1)


def _record(close: float, value: float, *, width: int = 4) -> bytes:
    identity = uuid.UUID(int=7).bytes
    fields = [identity, struct.pack(">q", 86_400_000_000), struct.pack(">d", close), struct.pack(">f", value)]
    head = struct.pack(">h", len(fields))
    body = b"".join(struct.pack(">i", len(field)) + field for field in fields[:3])
    return head + body + struct.pack(">i", width) + fields[3]


def test_records_are_decoded_bit_for_bit() -> None:
    data = _HEADER + _record(12.5, 0.1) + _record(7.0, float("nan")) + _TRAILER
    records = decode_binary_copy(data, features=1)
    assert records["close"].tolist() == [12.5, 7.0]
    values = records["features"]["value"][:, 0]
    assert values[0] == np.float32(0.1)
    assert np.isnan(values[1])
    assert records["ts"].tolist() == [86_400_000_000] * 2


def test_a_stream_without_rows_has_no_records() -> None:
    assert len(decode_binary_copy(_HEADER + _TRAILER, features=1)) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"something else entirely",
        _HEADER + _record(1.0, 1.0),
        _HEADER + _record(1.0, 1.0)[:-1] + _TRAILER,
        _HEADER + _record(1.0, 1.0, width=8) + _TRAILER,
    ],
)
def test_a_broken_stream_is_rejected(data: bytes) -> None:
    with pytest.raises(BadInputError):
        decode_binary_copy(data, features=1)


def test_the_error_names_a_column_that_the_view_lacks() -> None:
    with pytest.raises(BadInputError, match=r"model_inputs has no column b, d$"):
        check_columns(["a", "c"], needed=["a", "b", "c", "d"])
    with pytest.raises(BadInputError, match="no view model_inputs"):
        check_columns([], needed=["a"])


def test_the_order_of_the_columns_does_not_matter() -> None:
    check_columns(["c", "b", "a"], needed=["a", "b"])


@pytest.fixture
def database() -> Iterator[str]:
    """Make a schema with a table in place of the view, and drop it afterwards."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.skip("TEST_DATABASE_URL is not set")
    schema = f"training_test_{uuid.uuid4().hex[:12]}"
    columns = ", ".join(f"{name} real" for name in reversed((*COLUMNS, *FEATURES)))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            connection.execute(f"SET search_path = {schema}")
            connection.execute("CREATE TABLE instruments (id uuid PRIMARY KEY, symbol text, exchange text)")
            connection.execute(
                f"CREATE TABLE model_inputs (instrument_id uuid, ts timestamptz, close_price float8, {columns})"
            )
            joint = "&" if "?" in url else "?"
            yield f"{url}{joint}options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.mark.db
def test_reads_the_view(database: str) -> None:
    with psycopg.connect(database) as connection:
        for symbol, key in (("ZZ", uuid.UUID(int=256)), ("AA", uuid.UUID(int=2**127))):
            connection.execute("INSERT INTO instruments VALUES (%s, %s, 'NYSE')", (key, symbol))
            for day, close in (("2020-01-03", 2.0), ("1999-12-31", 1.0)):
                connection.execute(
                    f"INSERT INTO model_inputs (instrument_id, ts, close_price, {', '.join(COLUMNS)})"
                    f" VALUES (%s, %s, %s, {', '.join(str(place) for place in range(len(COLUMNS)))})",
                    (key, f"{day}T00:00:00Z", close),
                )
    frame = read_frame(database, columns=COLUMNS)
    assert frame.names == ("AA@NYSE", "ZZ@NYSE")
    assert frame.instrument.tolist() == [0, 0, 1, 1]
    assert frame.calendar.astype(str).tolist() == ["1999-12-31", "2020-01-03"]
    assert frame.day.tolist() == [0, 1, 0, 1]
    assert frame.close.tolist() == [1.0, 2.0, 1.0, 2.0]
    for place, name in enumerate(COLUMNS):
        assert frame.columns[name].tolist() == [float(place)] * 4


@pytest.mark.db
def test_inputs_equal_the_view_s_ranks_bit_for_bit(database: str) -> None:
    """Compare with the view's own formula, which inference reads."""
    generator = np.random.default_rng(3)
    with psycopg.connect(database) as connection:
        for number in range(37):
            connection.execute(
                "INSERT INTO instruments VALUES (%s, %s, 'X')", (uuid.UUID(int=number + 1), f"S{number:02d}")
            )
            for day in ("2020-01-03", "2020-01-06"):
                value = None if number % 9 == 0 else float(generator.integers(0, 12))
                connection.execute(
                    "INSERT INTO model_inputs (instrument_id, ts, close_price, ret_5d) VALUES (%s, %s, 1, %s)",
                    (uuid.UUID(int=number + 1), f"{day}T00:00:00Z", value),
                )
        ranks = connection.execute(
            "SELECT CASE WHEN place <= present THEN ((place - 0.5::float8) / present)::real END FROM ("
            " SELECT instrument_id, ts, rank() OVER (day ORDER BY ret_5d) AS place, count(ret_5d) OVER day AS present"
            " FROM model_inputs WINDOW day AS (PARTITION BY ts)) AS ranked ORDER BY instrument_id, ts"
        ).fetchall()
    frame = read_frame(database, columns=["ret_5d"])
    expected = np.array([np.nan if rank is None else rank for (rank,) in ranks], np.float32)
    np.testing.assert_array_equal(model_inputs(frame, ["ret_5d_rank"])[:, 0], expected)


@pytest.mark.db
def test_the_error_names_a_feature_that_the_view_lacks(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(f"ALTER TABLE model_inputs DROP COLUMN {COLUMNS[3]}")
    with pytest.raises(BadInputError, match=f"model_inputs has no column {COLUMNS[3]}$"):
        read_frame(database, columns=COLUMNS)


@pytest.mark.db
def test_an_empty_view_is_rejected(database: str) -> None:
    with pytest.raises(BadInputError, match="no rows"):
        read_frame(database, columns=COLUMNS)
