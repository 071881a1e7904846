"""The release's out-of-sample predictions as a file, ``predictions.csv.gz``, from which users can measure it again.

Columns: ``date,symbol,score,p_sell,p_buy``, by date and then by symbol, one row for each measured row. Only the first
row of a day names the date, which makes the file smaller. The probability of HOLD is 1 less those of SELL and BUY.
The metrics are computed from the values as they are in the file, after rounding.
"""

import csv
import gzip
import io
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.errors import BadInputError
from boursomatic_training.labels import BUY, SELL, Examples
from boursomatic_training.walkforward import Predictions

__all__ = ["PREDICTIONS_NAME", "match_scores", "predictions_csv", "round_predictions"]

PREDICTIONS_NAME: Final = "predictions.csv.gz"

_HEADER: Final = "date,symbol,score,p_sell,p_buy"
_SCORE_DECIMALS: Final = 2
_PROBABILITY_DECIMALS: Final = 3


def round_predictions(predictions: Predictions) -> Predictions:
    """Round to the precision of the file. The probability of HOLD is 1 less those of SELL and BUY."""
    scale = 10**_PROBABILITY_DECIMALS
    counts = np.rint(predictions.probabilities * scale)
    sell, buy = counts[:, SELL], counts[:, BUY]
    large = sell + buy
    return replace(
        predictions,
        neutral=np.round(predictions.neutral, _SCORE_DECIMALS),
        probabilities=np.stack([sell, scale - large, buy], axis=1) / scale,
        up=np.where(large > 0, buy / np.maximum(large, 1.0), 0.5),
    )


def predictions_csv(predictions: Predictions, examples: Examples, *, names: tuple[str, ...]) -> bytes:
    """Write rounded predictions as gzipped CSV. Equal predictions give equal bytes.

    Parameters
    ----------
    names : tuple of str
        ``symbol@exchange`` of each instrument.
    """
    rows = predictions.rows
    order = np.lexsort((examples.instrument[rows], examples.day[rows]))
    symbols = [name.partition("@")[0] for name in names]
    dates = examples.calendar.astype(str)
    lines = [_HEADER]
    last = ""
    for row in order:
        sell, _, buy = predictions.probabilities[row]
        date = dates[examples.day[rows[row]]]
        lines.append(
            f"{'' if date == last else date},{symbols[examples.instrument[rows[row]]]},"
            f"{predictions.neutral[row]:.{_SCORE_DECIMALS}f},"
            f"{sell:.{_PROBABILITY_DECIMALS}f},{buy:.{_PROBABILITY_DECIMALS}f}"
        )
        last = date
    return gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)


def match_scores(
    content: bytes, examples: Examples, rows: NDArray[np.int64], *, names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Scores of a predictions file on the given rows; NaN where the file has none.

    Raises
    ------
    BadInputError
        If the content is not a predictions file.
    """
    try:
        reader = csv.reader(io.StringIO(gzip.decompress(content).decode()))
        if ",".join(next(reader, ())) != _HEADER:
            raise ValueError("its first line is another")
        known: dict[tuple[str, str], float] = {}
        date = ""
        for line in reader:
            date = line[0] or date
            known[line[1], date] = float(line[2])
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise BadInputError(f"{PREDICTIONS_NAME} can't be read: {error}") from error
    symbols = [name.partition("@")[0] for name in names]
    dates = examples.calendar.astype(str)
    return np.array([known.get((symbols[examples.instrument[row]], dates[examples.day[row]]), np.nan) for row in rows])
