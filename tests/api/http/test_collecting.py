"""Garbage in circles is looked for by the clock while a server runs."""

from __future__ import annotations

import gc
import time
import weakref

from api.http.collecting import collecting


class Circle:
    """A thing that only a look through all finds to be garbage."""

    def __init__(self) -> None:
        self.itself = self


def test_circles_are_found_by_the_clock_and_all_is_as_before_at_the_end() -> None:
    """Whatever few objects are made meanwhile."""
    thresholds = gc.get_threshold()
    with collecting(every=0.01):
        circle = Circle()
        left = weakref.ref(circle)
        gc.collect(1)  # It is among the oldest now.
        del circle
        until = time.monotonic() + 30
        while left() is not None and time.monotonic() < until:
            time.sleep(0.01)
        assert left() is None
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() == 0
