"""Writes a small market with predictions and their measures, with which functions/evaluate is tested.

Run ``python -m tests.measures_fixture ../test/functions/evaluate/measures.json.gz`` in training/.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.calibrate import class_probabilities
from boursomatic_training.evaluate import SIGNAL_BASELINES, evaluate, paired_difference
from boursomatic_training.features import EXPOSURES, FEATURES, VOLATILITY_FEATURE
from boursomatic_training.frame import build_frame, columns_of
from boursomatic_training.labels import BUY, HOLD, frame_residuals, make_examples
from boursomatic_training.predictions import predictions_csv, round_predictions
from boursomatic_training.walkforward import WARM_UP_FOLDS, Fold, Plan, Predictions

_DAYS = 350
_INSTRUMENTS = 34
_SEED = 11


def _table(values: NDArray[np.floating], *, decimals: int) -> list[list[float | None]]:
    return [[None if np.isnan(value) else round(float(value), decimals) for value in row] for row in values]


def build() -> dict[str, object]:
    """Make the market, and measure predictions that know the future a little."""
    generator = np.random.default_rng(_SEED)
    factors = generator.standard_normal((_DAYS, 3)) @ generator.uniform(-0.5, 1.5, (3, _INSTRUMENTS))
    returns = 0.006 * factors + 0.01 * generator.standard_normal((_DAYS, _INSTRUMENTS))
    close = np.round(100.0 * np.exp(np.cumsum(returns, axis=0)), 3)
    close[40:60, 3] = np.nan  # too many holes for loadings in all windows that the rows need
    close[300, 5] = np.nan
    close[310:, 7] = np.nan
    names = np.array([f"S{number:02d}@X" for number in range(_INSTRUMENTS)])
    calendar = np.arange(np.datetime64("2020-01-01", "D"), np.datetime64("2020-01-01", "D") + _DAYS)
    kept = ["mom_12_1", "ret_20d", "ret_5d", VOLATILITY_FEATURE, *columns_of(EXPOSURES)]
    columns = {
        name: np.round(
            generator.uniform(0.1, 0.9, (_DAYS, _INSTRUMENTS)) if name in kept else np.zeros((_DAYS, _INSTRUMENTS)), 3
        ).astype(np.float32)
        for name in columns_of([*FEATURES, VOLATILITY_FEATURE])
    }
    columns["mom_12_1"][305, 9] = np.nan
    known = np.isfinite(close)
    day, instrument = np.nonzero(known)
    frame = build_frame(
        names=names[instrument],
        day=calendar[day],
        close=close[known],
        columns={name: values[known] for name, values in columns.items()},
    )
    examples = make_examples(frame)
    rows = np.arange(len(examples.day))
    fold = Fold(train=rows, test=rows)
    score = np.round(generator.standard_normal(len(rows)) + 30.0 * examples.outcomes["e5"], 1)
    # A third of the rows name a label, half of them rightly, and say about so. Their confidence of 0.48 or 0.5 is in
    # one of 15 bins, but would be in two of 10.
    group = generator.uniform(size=len(rows))
    bold = group < 0.3
    confidence = np.where(group < 0.1, 0.48, 0.5)
    missed = generator.integers(1, 3, len(rows)) * (
        generator.uniform(size=len(rows)) > np.where(group < 0.1, 0.4, 0.55)
    )
    named = (examples.label + missed) % 3
    rest = (1.0 - confidence) / 2
    move = np.where(
        bold, np.where(named == HOLD, 1.0 - confidence, 1.0 - rest), generator.uniform(0.59, 0.61, len(rows))
    )
    certain = confidence / (1.0 - rest)
    leaning = np.where(named == HOLD, 0.5, np.where(named == BUY, certain, 1.0 - certain))
    up = np.where(bold, leaning, 1 / (1 + np.exp(-0.05 * score)))
    predictions = round_predictions(
        Predictions(
            rows=rows,
            fold=np.full(len(rows), WARM_UP_FOLDS),
            score=score,
            neutral=score,
            move=move,
            probabilities=class_probabilities(move=move, up=up),
            up=up,
            excess=0.01 * score,
        )
    )
    plan = Plan(folds=(fold,) * (WARM_UP_FOLDS + 1), embargo=20)
    first = int(examples.day.min())
    other = generator.standard_normal(len(rows)).round(2)
    return {
        "days": calendar.astype(str).tolist(),
        "symbols": [name.partition("@")[0] for name in names],
        "closes": _table(close, decimals=3),
        "firstDay": first,
        "columns": {name: _table(np.where(known, columns[name], np.nan)[first:], decimals=3) for name in kept},
        "residuals": _table(frame_residuals(frame)[[first, _DAYS - 1]], decimals=15),
        "residualDays": [first, _DAYS - 1],
        "predictions": gzip.decompress(predictions_csv(predictions, examples, names=frame.names)).decode(),
        "outcomes": {name: values[:50].tolist() for name, values in examples.outcomes.items()},
        "outcomeRows": [
            [frame.names[examples.instrument[row]].partition("@")[0], str(examples.calendar[examples.day[row]])]
            for row in range(50)
        ],
        "labels": examples.label[:50].tolist(),
        "baselines": list(SIGNAL_BASELINES),
        "metrics": evaluate(examples=examples, plan=plan, predictions=predictions, seed=7),
        "other": {
            f"{frame.names[examples.instrument[row]].partition('@')[0]} {examples.calendar[examples.day[row]]}": value
            for row, value in zip(rows[::2], other[::2].tolist(), strict=True)
        },
        "paired": paired_difference(
            examples=examples, rows=rows[::2], model=predictions.neutral[::2], other=other[::2], seed=7
        ),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(gzip.compress(json.dumps(build(), allow_nan=False).encode(), mtime=0))
