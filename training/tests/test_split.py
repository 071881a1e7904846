from dataclasses import replace

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.frame import Frame
from boursomatic_training.labels import Examples, make_examples
from boursomatic_training.split import Split, split_by_time
from tests.synthetic import INSTRUMENTS, synthetic_frame


def test_slices_are_in_time_order_with_an_embargo_between(examples: Examples, split: Split) -> None:
    for earlier, later in ((split.train, split.calibration), (split.calibration, split.test)):
        between = examples.day[later].min() - examples.day[earlier].max() - 1
        assert between >= 20
        assert examples.end[earlier].max() < examples.day[later].min()


def test_slices_share_no_row(examples: Examples, split: Split) -> None:
    rows = np.concatenate([split.train, split.calibration, split.test])
    assert len(np.unique(rows)) == len(rows)
    assert len(rows) == len(examples.day) - 2 * 20 * INSTRUMENTS


def test_a_horizon_that_a_halt_stretches_over_the_cut_is_purged(frame: Frame, examples: Examples, split: Split) -> None:
    last = int(examples.day[split.train].max())
    _, day = np.unique(frame.day, return_inverse=True)
    halted = (frame.instrument == 0) & (day > last - 5) & (day < last + 100)
    gap = Frame(
        names=frame.names,
        instrument=frame.instrument[~halted],
        day=frame.day[~halted],
        close=frame.close[~halted],
        features=frame.features[~halted],
    )
    cut = make_examples(gap, horizon=20)
    halves = split_by_time(cut, embargo=20)
    assert (cut.end - cut.day).max() > 100
    assert cut.end[halves.train].max() < cut.day[halves.calibration].min()
    assert (cut.day[halves.train][cut.instrument[halves.train] == 0]).max() < last - 20


def test_the_embargo_counts_trading_days_without_examples(examples: Examples) -> None:
    keep = (examples.day < 200) | (examples.day > 260)
    thinned = replace(
        examples,
        **{
            name: getattr(examples, name)[keep] for name in ("day", "end", "instrument", "features", "forward", "label")
        },
    )
    halves = split_by_time(thinned, embargo=20)
    assert thinned.day[halves.calibration].min() - thinned.day[halves.train].max() > 20


@pytest.mark.parametrize(("days", "message"), [(30, "too few rows"), (80, "too few rows"), (20, "too few rows")])
def test_too_few_rows_are_refused(days: int, message: str) -> None:
    examples = make_examples(synthetic_frame(days=days), horizon=20)
    with pytest.raises(BadInputError, match=message):
        split_by_time(examples, embargo=20)
