"""Reads the view ``model_inputs`` with one binary COPY.

The query replaces null by NaN, so every record has the same width and numpy can view the whole stream. No text is
parsed, so training and inference read identical bits.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from boursomatic_training.errors import BadInputError
from boursomatic_training.frame import Frame, build_frame
from boursomatic_training.universe import Membership

__all__ = ["check_columns", "decode_binary_copy", "read_frame", "record_type"]

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00"
_HEADER_BYTES: Final = len(_SIGNATURE) + 8
_TRAILER: Final = b"\xff\xff"
_POSTGRES_EPOCH: Final = np.datetime64("2000-01-01", "D")
_MICROSECONDS_A_DAY: Final = 86_400_000_000


def record_type(*, features: int) -> np.dtype[np.void]:
    """Return the layout of one record of the COPY: a field count, then each field after its length."""
    return np.dtype(
        [
            ("fields", ">i2"),
            ("id_length", ">i4"),
            ("id", "V16"),
            ("ts_length", ">i4"),
            ("ts", ">i8"),
            ("close_length", ">i4"),
            ("close", ">f8"),
            ("features", [("length", ">i4"), ("value", ">f4")], (features,)),
        ]
    )


def decode_binary_copy(data: bytes | bytearray, *, features: int) -> NDArray[np.void]:
    """View the bytes of a binary COPY as records.

    Raises
    ------
    BadInputError
        If the stream is truncated or a field has an unexpected width.
    """
    kind = record_type(features=features)
    body = len(data) - _HEADER_BYTES - len(_TRAILER)
    if not data.startswith(_SIGNATURE) or not data.endswith(_TRAILER) or body < 0 or body % kind.itemsize:
        raise BadInputError("the database sent an invalid COPY stream")
    records = np.frombuffer(data, dtype=kind, count=body // kind.itemsize, offset=_HEADER_BYTES)
    if not (
        (records["fields"] == features + 3).all()
        and (records["id_length"] == 16).all()
        and (records["ts_length"] == 8).all()
        and (records["close_length"] == 8).all()
        and (records["features"]["length"] == 4).all()
    ):
        raise BadInputError("model_inputs has columns of unexpected types")
    return records


def check_columns(available: Sequence[str], *, needed: Sequence[str]) -> None:
    """Reject a view that lacks a column. The order of its columns does not matter.

    Raises
    ------
    BadInputError
        Names every missing column.
    """
    if not available:
        raise BadInputError("the database has no view model_inputs; run its migrations first")
    missing = [name for name in needed if name not in available]
    if missing:
        raise BadInputError(f"model_inputs has no column {', '.join(missing)}")


def _query(columns: Sequence[str]) -> sql.Composed:
    values = [sql.SQL("coalesce({}::real, 'NaN')").format(sql.Identifier(name)) for name in columns]
    return sql.SQL(
        "COPY (SELECT instrument_id, ts, coalesce(close_price::float8, 'NaN'), {} FROM model_inputs)"
        " TO STDOUT (FORMAT binary)"
    ).format(sql.SQL(", ").join(values))


def _names(records: NDArray[np.void], instruments: list[tuple[bytes, str]]) -> NDArray[np.str_]:
    ids, code = np.unique(records["id"].copy().view("S16"), return_inverse=True)
    # A numpy bytes string drops trailing zero bytes, which an id may have.
    by_id = {key.rstrip(b"\x00"): name for key, name in instruments}
    return np.array([by_id[bytes(key)] for key in ids], dtype=np.str_)[code]


def read_frame(database_url: str, *, columns: Sequence[str], membership: Membership | None = None) -> Frame:
    """Read columns of the view, in one snapshot.

    Ranks are not read: they compare all instruments of the database, and the universe of a past day is smaller.

    Parameters
    ----------
    database_url : str
        A ``postgresql://`` address of a role with SELECT on model_inputs and instruments.
    columns : sequence of str
        Columns that are not ranks.

    Raises
    ------
    BadInputError
        If the database can't be reached or read, a column is missing, or the rows can't be used.
    """
    try:
        with psycopg.connect(database_url, connect_timeout=10, application_name="boursomatic-training") as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('model_inputs')"
                    " AND attnum > 0 AND NOT attisdropped"
                )
                available = [str(name) for (name,) in cursor.fetchall()]
                check_columns(available, needed=["instrument_id", "ts", "close_price", *columns])
                cursor.execute("SELECT uuid_send(id), symbol || '@' || exchange FROM instruments")
                instruments = cursor.fetchall()
                data = bytearray()
                with cursor.copy(_query(columns)) as copy:
                    for block in copy:
                        data += block
    except psycopg.Error as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise BadInputError(f"DATABASE_URL: {first_line}") from error
    records = decode_binary_copy(data, features=len(columns))
    values = records["features"]["value"]
    return build_frame(
        names=_names(records, instruments),
        day=_POSTGRES_EPOCH + (records["ts"] // _MICROSECONDS_A_DAY).astype("timedelta64[D]"),
        close=records["close"].astype(np.float64),
        columns={name: values[:, place].astype(np.float32) for place, name in enumerate(columns)},
        membership=membership,
    )
