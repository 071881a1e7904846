import gzip
from pathlib import Path

import numpy as np
import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.universe import read_membership

TEXT = "month,symbol,rank\n2020-02-03,AA,2\n2020-01-02,AA,1\n2020-01-02,BB,2\n2020-02-03,BB,3\n"


def _file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "membership.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_month_lasts_until_the_next_and_only_small_ranks_are_members(pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    membership = read_membership(_file(tmp_path, pack(TEXT)), size=2)
    days = ["2020-01-01", "2020-01-02", "2020-02-02", "2020-02-03", "2030-01-01"]
    held = membership.holds(
        names=("AA@X", "BB@X"),
        instrument=np.repeat(np.array([0, 1], np.int32), len(days)),
        day=np.tile(np.array(days, dtype="datetime64[D]"), 2),
    )
    assert held.tolist() == [False, True, True, True, True, False, True, True, False, False]


def test_a_file_that_names_no_symbol_of_the_bars_is_rejected(tmp_path: Path) -> None:
    membership = read_membership(_file(tmp_path, TEXT))
    with pytest.raises(BadInputError, match="names no symbol of the bars"):
        membership.holds(
            names=("CC@X",), instrument=np.zeros(1, np.int32), day=np.array(["2020-01-05"], dtype="datetime64[D]")
        )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the first line is not month,symbol,rank"),
        ("symbol,month,rank\n", "the first line is not month,symbol,rank"),
        ("month,symbol,rank\n", "has no rows"),
        ("month,symbol,rank\n2020-01-02,AA,1\nJanuary,AA,1\n", "line 3 is not a day, a symbol and a rank"),
        ("month,symbol,rank\n2020-01-02,AA,first\n", "line 2 is not a day, a symbol and a rank"),
        ("month,symbol,rank\n2020-01-02,AA,0\n", "line 2 is not a day, a symbol and a rank"),
        ("month,symbol,rank\n2020-01-02,,1\n", "line 2 is not a day, a symbol and a rank"),
        ("month,symbol,rank\n2020-01-02,AA\n", "line 2 is not a day, a symbol and a rank"),
        ("month,symbol,rank\n2020-01-02,AA,1\n2020-01-02,AA,2\n", "line 3 names AA twice in 2020-01-02"),
        (b"\x1f\x8bbroken", "--membership"),
        (b"month,\xff", "--membership"),
    ],
)
def test_a_malformed_file_is_rejected_with_its_line(content: str | bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=reason):
        read_membership(_file(tmp_path, content))


def test_a_missing_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No such file"):
        read_membership(tmp_path / "none.csv")
