"""Membership: which instruments belong to the universe of each month, at that time."""

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError

__all__ = ["UNIVERSE_SIZE", "Membership", "read_membership"]

UNIVERSE_SIZE: Final = 1_000
"""Largest rank of a member. The out-of-sample ranking was worse with 2,500 members and with 500."""

_HEADER: Final = ("month", "symbol", "rank")


@dataclass(frozen=True, kw_only=True)
class Membership:
    """Members of each month.

    Attributes
    ----------
    months : ndarray of datetime64[D]
        First day of each month, ascending. A month lasts until the next.
    members : tuple of frozenset of str
        Symbols of each month.
    """

    months: NDArray[np.datetime64]
    members: tuple[frozenset[str], ...]

    def holds(
        self, *, names: tuple[str, ...], instrument: NDArray[np.int32], day: NDArray[np.datetime64]
    ) -> NDArray[np.bool_]:
        """Return for each row whether its instrument was a member on its day.

        No day before the first month has members.

        Parameters
        ----------
        names : tuple of str
            ``symbol@exchange`` of each instrument.

        Raises
        ------
        BadInputError
            If no row is a member's.
        """
        symbols = [name.partition("@")[0] for name in names]
        table = np.array([[symbol in month for symbol in symbols] for month in self.members], dtype=bool)
        month = np.searchsorted(self.months, day, side="right") - 1
        held: NDArray[np.bool_] = (month >= 0) & table[np.maximum(month, 0), instrument]
        if not held.any():
            raise BadInputError("the membership file names no symbol of the bars on any of their days")
        return held


def read_membership(path: Path, *, size: int = UNIVERSE_SIZE) -> Membership:
    """Read ``month,symbol,rank`` rows (CSV, possibly gzipped), and keep those whose rank is at most `size`.

    Raises
    ------
    BadInputError
        If the file can't be read, its header or a row is malformed, a month names a symbol twice, or it has no rows.
    """
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInputError(f"--membership {path}: {getattr(error, 'strerror', None) or error}") from error
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ())) != _HEADER:
        raise BadInputError(f"--membership {path}: the first line is not {','.join(_HEADER)}")
    months: dict[np.datetime64, set[str]] = {}
    for row in rows:
        try:
            month, symbol, rank = row
            first, place = np.datetime64(month, "D"), int(rank)
            if not symbol or place < 1:
                raise ValueError
        except ValueError:
            raise BadInputError(
                f"--membership {path}: line {rows.line_num} is not a day, a symbol and a rank"
            ) from None
        members = months.setdefault(first, set())
        if place <= size:
            if symbol in members:
                raise BadInputError(f"--membership {path}: line {rows.line_num} names {symbol} twice in {month}")
            members.add(symbol)
    if not months:
        raise BadInputError(f"--membership {path}: has no rows")
    ordered = sorted(months)
    return Membership(months=np.array(ordered), members=tuple(frozenset(months[month]) for month in ordered))
