"""When a server looks for garbage in circles. In: a server that is ready. Out: fewer and rarer looks, until it ends.

Rows and answers are in no circles, and are freed without any look. The collector counts what is made, so that each
scope of a thousand outlets had it look through all that lives, for up to a third of the scope's time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EVERY = 60.0
"""Seconds after which all that came since the start is looked through; it takes a tenth of one where there is much."""
_NEVER = 1_000_000
_THRESHOLDS = (200_000, 20, _NEVER)
"""Objects made, and collections of the younger, after which each generation is looked through."""


@contextmanager
def collecting(every: float = EVERY) -> Iterator[None]:
    """What lives now is left out of all looks, and the oldest are looked through by the clock."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    ended = threading.Event()
    looking = threading.Thread(target=_look, args=(ended, every), name="collect", daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()
        gc.set_threshold(*before)
        gc.unfreeze()


def _look(ended: threading.Event, every: float) -> None:
    while not ended.wait(every):
        gc.collect()
