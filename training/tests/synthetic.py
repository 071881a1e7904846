"""A small synthetic market in which one feature weakly predicts returns."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boursomatic_training.features import FEATURES, VOLATILITY_FEATURE
from boursomatic_training.frame import Frame, build_frame, columns_of
from boursomatic_training.labels import Examples
from boursomatic_training.universe import Membership

DAYS = 700
INSTRUMENTS = 40
SIGNAL = FEATURES.index("mom_12_1_rank")
COLUMNS = columns_of([*FEATURES, VOLATILITY_FEATURE])


def calendar(days: int = DAYS) -> NDArray[np.datetime64]:
    return np.arange(np.datetime64("2020-01-01", "D"), np.datetime64("2020-01-01", "D") + days)


def synthetic_rows(*, days: int = DAYS, instruments: int = INSTRUMENTS, seed: int = 1) -> dict[str, Any]:
    """Make the arguments of `build_frame`."""
    generator = np.random.default_rng(seed)
    signal = np.repeat(generator.normal(size=(days // 30 + 1, instruments)), 30, axis=0)[:days]
    market = 0.01 * generator.standard_normal((days, 1)) * generator.uniform(0.5, 1.5, instruments)
    returns = market + 0.01 * generator.standard_normal((days, instruments)) + 0.003 * signal
    close = 100.0 * np.exp(np.cumsum(returns, axis=0))
    columns = {name: generator.standard_normal((days, instruments)).astype(np.float32) for name in COLUMNS}
    columns["mom_12_1"] = signal.astype(np.float32)
    columns[VOLATILITY_FEATURE] = generator.uniform(0.15, 0.17, size=(days, instruments)).astype(np.float32)
    for values in columns.values():
        values[:5] = np.nan
    names = np.array([f"S{number:02d}@X" for number in range(instruments)])
    return {
        "names": np.tile(names, days),
        "day": np.repeat(calendar(days), instruments),
        "close": close.reshape(-1),
        "columns": {name: values.reshape(-1) for name, values in columns.items()},
    }


def synthetic_frame(*, membership: Membership | None = None, **shape: int) -> Frame:
    return build_frame(**synthetic_rows(**shape), membership=membership)


def rebuilt(
    frame: Frame,
    rows: NDArray[np.bool_],
    *,
    close: NDArray[np.float64] | None = None,
    columns: Mapping[str, NDArray[np.float32]] | None = None,
) -> Frame:
    """Read some rows again as if they came from the database, possibly with other values."""
    return build_frame(
        names=np.array(frame.names)[frame.instrument[rows]],
        day=frame.calendar[frame.day[rows]],
        close=(frame.close if close is None else close)[rows],
        columns={name: values[rows] for name, values in (columns or frame.columns).items()},
    )


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def take(examples: Examples, rows: NDArray[Any]) -> Examples:
    """Choose or reorder rows in all columns of the examples."""

    def picked(value: Any) -> Any:
        return {name: part[rows] for name, part in value.items()} if isinstance(value, dict) else value[rows]

    columns = {item.name: getattr(examples, item.name) for item in fields(examples) if item.name != "calendar"}
    return replace(examples, **{name: picked(column) for name, column in columns.items()})
