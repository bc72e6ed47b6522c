"""What a contract suite is: tests that a store inherits whole.

A store's test file gives the fixture `new_place`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck

from engine.stores.ports import Store

Place = Callable[[], Store]
"""Opens one place: each call gives another handle on the same state. A second writer soon gets `StoreBusy`.
"""

ON_EVERY_STORE = (HealthCheck.function_scoped_fixture, HealthCheck.differing_executors, HealthCheck.too_slow)
"""Checks of Hypothesis that a contract cannot keep: every store's suite runs its laws, however quick that store is."""

_ALLOWED = frozenset({"__module__", "__qualname__", "__doc__", "__firstlineno__", "__static_attributes__"})


class Contract:
    """Tests of one port, through the ports alone.

    What a store makes of it may add nothing and override nothing.
    """

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        own = set(vars(cls)) - _ALLOWED
        if Contract not in cls.__bases__ and own:
            raise TypeError(f"{cls.__name__} may not define {', '.join(sorted(own))}: a contract holds as it is")

    @pytest.fixture
    def place(self, new_place: Callable[[], Place]) -> Place:
        """An empty place."""
        return new_place()

    @pytest.fixture
    def store(self, place: Place) -> Iterator[Store]:
        """A store in an empty place."""
        opened = place()
        yield opened
        opened.close()
