from datetime import UTC, datetime
from pathlib import Path

import pytest

from boursomatic_training.cli import main

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def _refused(arguments: list[str], capsys: pytest.CaptureFixture[str], url: str = "") -> str:
    assert main(arguments, environment={"DATABASE_URL": url}, now=NOW) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "COMMAND"),
        (["fly"], "invalid choice"),
        (["train"], "--out"),
        (["train", "--out", "x", "--version", "1.0"], "'1.0' is not of the form v1.2.3"),
        (["train", "--out", "x", "--version", "v1.0.0", "--seed", "-1"], "--seed"),
        (["train", "--out", "x", "--version", "v1.0.0", "--seed", "4294967296"], "from 0 to 2147483647"),
        (["train", "--out", "x", "--version", "v1.0.0", "--trained-at", "today"], "2026-01-31T12:00:00Z"),
        (["train", "--out", "x", "--version", "v1.0.0", "--sead", "3"], "unrecognized arguments"),
        (["train", "--out", "x", "--version", "v1.0.0"], "DATABASE_URL is not set"),
        (["card"], "--model"),
        (["card", "--model", "none", "--out", "x.md"], "none/manifest.json: No such file"),
        (["card", "--model", "none", "--out", "x.md", "--figure", "x"], "unrecognized arguments"),
    ],
)
def test_bad_input_prints_one_line(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    error = _refused(arguments, capsys)
    assert error.count("\n") == 1
    assert error.startswith("boursomatic_training: ")
    assert reason in error


def test_an_unreachable_database_prints_one_line_without_the_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql://someone:s3cret@127.0.0.1:1/none"
    error = _refused(["train", "--out", str(tmp_path / "r"), "--version", "v1.0.0"], capsys, url)
    last = error.splitlines()[-1]
    assert "DATABASE_URL: connection" in last
    assert "s3cret" not in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("work", ["release", "release/work", "file"])
def test_an_unusable_work_directory_is_rejected(work: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    arguments = ["train", "--out", str(tmp_path / "release"), "--version", "v1.0.0", "--work", str(tmp_path / work)]
    assert "--work" in _refused(arguments, capsys, "postgresql://127.0.0.1:1/none")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("option", ["--incumbent", "--tried", "--membership"])
def test_missing_files_are_rejected_before_the_database_is_read(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "--out", str(tmp_path / "release"), "--version", "v1.0.0", "--card", str(tmp_path / "c.md")]
    error = _refused([*arguments, option, str(tmp_path / "none")], capsys, "postgresql://127.0.0.1:1/none")
    assert str(tmp_path / "none") in error
    assert "connection" not in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["not a url", "postgresql://[", "postgresql://u:s3cret@h:port/x"])
def test_an_invalid_database_address_is_rejected(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = _refused(["train", "--out", str(tmp_path / "r"), "--version", "v1.0.0"], capsys, url)
    assert "DATABASE_URL: " in error
    assert "s3cret" not in error


def test_help_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["train", "--help"], environment={}, now=NOW)
    assert stopped.value.code == 0
    assert "--trained-at" in capsys.readouterr().out
