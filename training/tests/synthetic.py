"""A small synthetic market in which one feature weakly predicts returns."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.features import FEATURES, VOLATILITY_INDEX
from boursomatic_training.frame import Frame, build_frame
from boursomatic_training.labels import Examples

DAYS = 420
INSTRUMENTS = 12
HORIZON = 20
SIGNAL = FEATURES.index("mom_12_1_rank")


def calendar(days: int = DAYS) -> NDArray[np.datetime64]:
    return np.arange(np.datetime64("2020-01-01", "D"), np.datetime64("2020-01-01", "D") + days)


def synthetic_frame(*, days: int = DAYS, instruments: int = INSTRUMENTS, seed: int = 1) -> Frame:
    generator = np.random.default_rng(seed)
    signal = np.repeat(generator.normal(size=(days // 30 + 1, instruments)), 30, axis=0)[:days]
    returns = 0.01 * generator.standard_normal((days, instruments)) + 0.003 * signal
    close = 100.0 * np.exp(np.cumsum(returns, axis=0))
    features = generator.standard_normal((days, instruments, len(FEATURES))).astype(np.float32)
    features[:, :, SIGNAL] = signal
    features[:, :, VOLATILITY_INDEX] = generator.uniform(0.15, 0.17, size=(days, instruments))
    features[:5] = np.nan
    names = np.array([f"S{number:02d}@X" for number in range(instruments)])
    return build_frame(
        names=np.tile(names, days),
        day=np.repeat(calendar(days), instruments),
        close=close.reshape(-1),
        features=features.reshape(-1, len(FEATURES)),
    )


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def take(examples: Examples, rows: NDArray[Any]) -> Examples:
    """Choose or reorder rows in all columns of the examples."""
    columns = {item.name: getattr(examples, item.name) for item in fields(examples) if item.name != "calendar"}
    return replace(examples, **{name: column[rows] for name, column in columns.items()})
