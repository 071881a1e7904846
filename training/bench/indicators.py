"""Times TA-Lib on bars, for `npm run bench -- features`.

The argument is a JSON file: a list of series, each with the lists o, h, l, c and v. For each line of stdin, `five` or
`all`, the program computes the five shared indicators or the whole set for every series, and prints the seconds of
processor time.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import talib
from numpy.typing import NDArray

Values = NDArray[np.float64]
Series = dict[str, Values]

# As many as in bench/features.ts.
REPETITIONS = 10


def five(bars: Series) -> None:
    """Compute RSI, ATR, ADX, Bollinger bands and MACD."""
    h, low, c = bars["h"], bars["l"], bars["c"]
    talib.RSI(c, 14)
    talib.ATR(h, low, c, 14)
    talib.ADX(h, low, c, 14)
    talib.BBANDS(c, 20, 2, 2)
    talib.MACD(c, 12, 26, 9)


def lagged(values: Values, bars: int) -> Values:
    """Move values back by some bars."""
    return np.concatenate((np.full(min(bars, len(values)), np.nan), values[: max(0, len(values) - bars)]))


def whole_set(bars: Series) -> None:
    """Compute all features: windows with TA-Lib, the rest with numpy."""
    o, h, low, c, v = (bars[name] for name in "ohlcv")
    five(bars)
    returns = talib.ROCP(c, 1)
    logs = np.log(c / lagged(c, 1))
    for size in (5, 20, 60, 120, 252):
        talib.ROCP(c, size)
    for later, earlier in ((21, 252), (126, 252), (232, 252)):
        _ = lagged(c, later) / lagged(c, earlier) - 1
    filled = np.nan_to_num(logs)
    short, long = talib.STDDEV(filled, 20) * np.sqrt(252), talib.STDDEV(filled, 60) * np.sqrt(252)
    _ = short / long
    _ = c / talib.MAX(h, 252) - 1, c / talib.MIN(low, 252) - 1
    for size in (20, 50, 200):
        _ = c / talib.SMA(c, size) - 1
    atr = talib.ATR(h, low, c, 14)
    _ = atr / c, (c - lagged(c, 5)) / atr
    _ = (v - talib.SMA(v, 20)) / talib.STDDEV(v, 20)
    filled_returns = np.nan_to_num(returns)
    _ = np.log(1e-12 + talib.SMA(np.abs(filled_returns) / np.maximum(c * v, 1), 20))
    talib.MAX(filled_returns, 20)
    intraday, overnight = np.log(c / o), np.nan_to_num(np.log(o / lagged(c, 1)))
    for values in (np.sign(filled_returns), intraday, overnight):
        lagged(talib.SUM(values, 231), 21)
    talib.SUM(intraday, 20)
    place = (c - low) / np.maximum(h - low, 1e-12)
    talib.SMA(place, 5)
    talib.SMA(place, 20)
    _ = np.log((1 + talib.SMA(v, 5)) / (1 + talib.SMA(v, 60)))


WORK: dict[str, Callable[[Series], None]] = {"five": five, "all": whole_set}


def main() -> None:
    """Answer each line of stdin with a time."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    all_series = [{name: np.array(values, float) for name, values in one.items()} for one in json.loads(text)]
    for line in sys.stdin:
        work = WORK[line.strip()]
        began = time.process_time()
        for _ in range(REPETITIONS):
            for series in all_series:
                work(series)
        sys.stdout.write(f"{(time.process_time() - began) / REPETITIONS}\n")
        sys.stdout.flush()


main()
