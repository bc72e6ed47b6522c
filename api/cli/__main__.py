"""The entry point of `suyuan`: signals and streams, before modules load, so that Ctrl-C then is no traceback."""

from __future__ import annotations

import os
import signal
import sys

STREAMS = 3
"""stdin, stdout and stderr."""


def run() -> None:
    """The entry point of `suyuan`."""
    if hasattr(signal, "SIGPIPE"):
        # A reader that leaves early (`| head`) ends us quietly, as it does any filter.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    nowhere = sys.stdout is None
    _open_closed_streams()
    # Until the command runs there is nothing to finish: Ctrl-C ends us at once, as it does while Python starts.
    stopped = signal.getsignal(signal.SIGINT)
    if stopped is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from api.cli.main import main, refuse_nowhere

    signal.signal(signal.SIGINT, stopped)
    sys.exit((refuse_nowhere if nowhere else main)(sys.argv[1:]))


def _open_closed_streams() -> None:
    """Give a stream that the caller closed a file that swallows all, so that no store is opened in its place."""
    while (opened := os.open(os.devnull, os.O_RDWR)) < STREAMS:
        pass
    os.close(opened)
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    run()
