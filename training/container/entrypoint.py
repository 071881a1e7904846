"""Entry point of the container: trains a release and uploads it to the bucket of models.

The retraining state machine sets these environment variables:

``MODEL_OBJECTS_URL``
    ``s3://bucket``, the bucket of releases.
``MODEL_VERSION``
    The version to train.
``RELEASE_PATH``
    Folder of the new release within the bucket.
``INCUMBENT_PATH``
    Folder of the active release, which the new one is compared with; empty without an active release.

The trainer reads its login from DATABASE_URL and libpq's variables.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3

_MANIFEST: Final = "manifest.json"


def _fetch(s3: Any, bucket: str, path: str, directory: Path) -> None:
    directory.mkdir()
    s3.download_file(bucket, f"{path}/{_MANIFEST}", str(directory / _MANIFEST))
    for name in json.loads((directory / _MANIFEST).read_text(encoding="utf-8"))["files"]:
        s3.download_file(bucket, f"{path}/{name}", str(directory / name))


def _store(s3: Any, bucket: str, path: str, directory: Path) -> None:
    # The manifest is last, because a folder without a manifest is not a release.
    for file in sorted(directory.iterdir(), key=lambda file: (file.name == _MANIFEST, file.name)):
        s3.put_object(Bucket=bucket, Key=f"{path}/{file.name}", Body=file.read_bytes())


def main() -> int:
    """Train and store a release; return the trainer's exit code."""
    bucket = urlsplit(os.environ["MODEL_OBJECTS_URL"]).netloc
    version, path = os.environ["MODEL_VERSION"], os.environ["RELEASE_PATH"]
    incumbent = os.environ.get("INCUMBENT_PATH", "")
    s3 = boto3.client("s3")
    with tempfile.TemporaryDirectory() as scratch:
        release, active = Path(scratch, "release"), Path(scratch, "incumbent")
        command = [sys.executable, "-m", "boursomatic_training", "train", "--out", str(release), "--version", version]
        if incumbent:
            _fetch(s3, bucket, incumbent, active)
            command += ["--incumbent", str(active)]
        status = subprocess.run(command, check=False).returncode
        if status == 0:
            _store(s3, bucket, path, release)
    return status


if __name__ == "__main__":
    sys.exit(main())
