"""What the laws judge: something that answers questions about events.

In: events. Out: `Traces`, which answers `Ask`s. The engine, toys and mutants are all tracers, so that one
judge judges them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from api.generate.record import micros_of
from api.generate.truth import Seed
from graph_schema.event import Event

Direction = Literal["forward", "back"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a seed in canonical keys and world minutes, and a direction."""

    seed: Seed
    direction: Direction

    @property
    def since(self) -> int | None:
        """The window's begin in microseconds since 1970 UTC."""
        return None if self.seed.since is None else micros_of(self.seed.since)

    @property
    def until(self) -> int | None:
        """The window's end in microseconds since 1970 UTC."""
        return None if self.seed.until is None else micros_of(self.seed.until)


@dataclass(frozen=True, slots=True)
class Found:
    """Items, sites and pairs (item, site) by canonical key; `unknown`: also at a place that no record names."""

    items: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is certain, and all that is possible, the certain included."""

    certain: Found
    possible: Found


class Traces(Protocol):
    """Answers about one set of events."""

    def trace(self, ask: Ask) -> Answer:
        """Where goods of the seed went, or came from."""


Tracer = Callable[[Sequence[Event]], Traces]
