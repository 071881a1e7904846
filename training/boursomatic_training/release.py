"""Writes a release atomically, and reads a release while checking its hashes."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from boursomatic_training.errors import BadInputError

__all__ = ["check_release_directory", "read_release", "write_release"]

_MANIFEST = "manifest.json"


def check_release_directory(directory: Path) -> None:
    """Reject an unusable directory before hours of training.

    Raises
    ------
    BadInputError
        If the directory is not empty, or its parent can't be written to.
    """
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        if directory.is_symlink() or (directory.exists() and (not directory.is_dir() or any(directory.iterdir()))):
            raise BadInputError(
                f"{directory}: is not empty, and a release is never overwritten; choose another directory"
            )
    except OSError as error:
        raise BadInputError(f"{directory}: {error.strerror or error}") from error
    if not os.access(directory.parent, os.W_OK):
        raise BadInputError(f"{directory.parent}: can't be written to")


def write_release(directory: Path, *, files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """Write the files and then the manifest into a temporary directory, and rename it into place."""
    check_release_directory(directory)
    building = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        for name, content in files.items():
            (building / name).write_bytes(content)
        text = json.dumps(manifest, indent=2, allow_nan=False)
        (building / _MANIFEST).write_text(text + "\n", encoding="utf-8")
        building.chmod(0o755)
        building.rename(directory)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def read_release(directory: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read a release's manifest and every file that it names.

    Raises
    ------
    BadInputError
        If the manifest is missing or invalid, or a file is missing or differs from the manifest.
    """
    try:
        manifest = json.loads((directory / _MANIFEST).read_text(encoding="utf-8"))
        entries = manifest["files"].items()
        files = {}
        for name, entry in entries:
            if Path(name).name != name:
                raise BadInputError(f"{directory / _MANIFEST}: names {name!r}, which is not a file of a release")
            files[name] = (directory / name).read_bytes()
            if hashlib.sha256(files[name]).hexdigest() != entry["sha256"]:
                raise BadInputError(f"{directory / name}: is not the file that the manifest names (sha256 differs)")
    except OSError as error:
        raise BadInputError(f"{error.filename or directory}: {error.strerror or error}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadInputError(f"{directory / _MANIFEST}: is not the manifest of a release ({error})") from error
    return manifest, files
