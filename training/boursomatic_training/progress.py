"""Reports progress on stderr, so that stdout stays free."""

import sys
import time
from collections.abc import Callable

__all__ = ["Progress", "silent", "stderr_progress"]

Progress = Callable[[str], None]


def silent(message: str) -> None:
    """Report nothing."""
    del message


def stderr_progress() -> Progress:
    """Make a reporter that prefixes each line with the elapsed seconds."""
    started = time.monotonic()

    def report(message: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - started:6.1f} s] {message}\n")
        sys.stderr.flush()

    return report
