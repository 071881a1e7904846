import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from boursomatic_training.errors import BadInputError
from boursomatic_training.release import check_release_directory, read_release, write_release
from tests.synthetic import contents


def test_an_empty_directory_is_accepted(tmp_path: Path) -> None:
    out = tmp_path / "release"
    out.mkdir()
    write_release(out, files={"a": b"1"}, manifest={"version": "v0.1.0"})
    assert set(contents(out)) == {"a", "manifest.json"}


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        write_release(tmp_path / "release", files={"a": b"1"}, manifest={"bad": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_a_directory_with_a_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "release").write_text("mine")
    with pytest.raises(BadInputError, match="is not empty"):
        check_release_directory(tmp_path / "release")
    with pytest.raises(BadInputError, match="release"):
        check_release_directory(tmp_path / "release" / "v1")


def _release(directory: Path, *, change: dict[str, Any] | None = None) -> Path:
    content = b"trees"
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    write_release(directory, files={"a.json": content}, manifest={"files": {"a.json": entry}, **(change or {})})
    return directory


def test_a_release_is_read_back(tmp_path: Path) -> None:
    manifest, files = read_release(_release(tmp_path / "release"))
    assert files == {"a.json": b"trees"}
    assert set(manifest["files"]) == {"a.json"}


def test_a_file_that_differs_from_the_manifest_is_rejected(tmp_path: Path) -> None:
    release = _release(tmp_path / "release")
    (release / "a.json").write_bytes(b"treez")
    with pytest.raises(BadInputError, match=r"a\.json: is not the file that the manifest names"):
        read_release(release)
    (release / "a.json").unlink()
    with pytest.raises(BadInputError, match=r"a\.json: No such file"):
        read_release(release)


@pytest.mark.parametrize("change", [{"files": None}, {"files": {"a.json": {}}}, {"files": []}])
def test_a_manifest_without_files_is_rejected(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="is not the manifest of a release"):
        read_release(_release(tmp_path / "release", change=change))


def test_an_invalid_manifest_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"manifest\.json: No such file"):
        read_release(tmp_path)
    (tmp_path / "manifest.json").write_text("[1")
    with pytest.raises(BadInputError, match="is not the manifest of a release"):
        read_release(tmp_path)


def test_a_manifest_with_a_path_outside_its_directory_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    release = tmp_path / "release"
    release.mkdir()
    (release / "manifest.json").write_text(json.dumps({"files": {"../secret": {"sha256": "0"}}}))
    with pytest.raises(BadInputError, match="not a file of a release"):
        read_release(release)
