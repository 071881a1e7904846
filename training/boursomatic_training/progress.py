"""Progress for people, on stderr; stdout stays free."""

import sys
import time
from collections.abc import Callable

__all__ = ["Progress", "silent", "stderr_progress"]

Progress = Callable[[str], None]


def silent(message: str) -> None:
    """Say nothing."""
    del message


def stderr_progress() -> Progress:
    """Make a reporter that prefixes each line with the seconds since it was made."""
    started = time.monotonic()

    def report(message: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - started:6.1f} s] {message}\n")
        sys.stderr.flush()

    return report
