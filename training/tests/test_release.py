from pathlib import Path

import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.release import check_release_directory, write_release
from tests.synthetic import contents


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    out = tmp_path / "release"
    out.mkdir()
    write_release(out, files={"a": b"1"}, manifest={"version": "v0.1.0"})
    assert set(contents(out)) == {"a", "manifest.json"}


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        write_release(tmp_path / "release", files={"a": b"1"}, manifest={"bad": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "release").write_text("mine")
    with pytest.raises(BadInputError, match="already holds something"):
        check_release_directory(tmp_path / "release")
    with pytest.raises(BadInputError, match="release"):
        check_release_directory(tmp_path / "release" / "v1")
