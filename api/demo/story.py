"""A worked story of a product system: the shape of `stories.yaml`. In: decoded YAML. Out: a frozen `Story`.

What happened, record by record, in the words of a profile (ADR 0023); what a tracer must answer; and where how much is
in the end. Goods, places and subjects have names that hold in the story alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.answer import Direction

Amount = int | float
Amounts = dict[str, Amount]
"""How much of each."""
ON_THE_WAY = "in transit with "
"""How a place begins that is none: with this carrier, not yet received."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a subject recorded: goods moved, left the chain or were made; else something is told about them."""

    number: int = msgspec.field(name="n")
    """Its number in the story, and the hour at which it happened."""
    day: str = msgspec.field(name="t")
    """ISO 8601."""
    tracked: str = msgspec.field(name="cte")
    """A tracking event of the profile; of a move also `a>b`, how it left and how it came."""
    by: str
    source: str | None = msgspec.field(default=None, name="from")
    """Where goods that move were, if not with who records it."""
    to: str | None = None
    """Where they come to."""
    move: Amounts = {}
    use: Amounts = {}
    takes: Amounts = msgspec.field(default={}, name="in")
    makes: Amounts = msgspec.field(default={}, name="out")
    about: tuple[str, ...] = ()
    link: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """What touches, holds or goes into what, as the tracking event declares it."""
    count: Amounts = {}
    """How much was counted of what the record is about."""
    papers: dict[str, dict[str, str]] = {}
    """More key data elements of a tracking event of the record, by its id: certificates, tests, dates."""
    failed: bool = False
    """Whether what it checks failed."""
    note: str | None = None
    """For who reads the story."""

    def tracked_events(self) -> tuple[str, ...]:
        """The ids of its tracking events."""
        return tuple(self.tracked.split(">"))

    def names(self) -> Iterator[str]:
        """Everything that it names."""
        for goods in (self.move, self.use, self.takes, self.makes, self.about, *self.link):
            yield from goods


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of a story, and all that its answer must hold."""

    forward: tuple[str, ...] = ()
    backward: tuple[str, ...] = ()
    answer: tuple[str, ...]

    @property
    def direction(self) -> Direction:
        """Where it is asked."""
        return Direction.FORWARD if self.forward else Direction.BACK

    @property
    def seeds(self) -> tuple[str, ...]:
        """What it is asked of."""
        return self.forward or self.backward


class Fitted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds each part on a day, what that is in or on next; none where nothing does."""

    day: str
    answer: dict[str, tuple[str, ...]]


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened in one chain of a product system."""

    profile: str
    title_zh: str
    title_en: str
    asof: str
    """The day on which it is asked."""
    records: tuple[Record, ...] = msgspec.field(name="events")
    uom: dict[str, tuple[str, ...]] = {}
    """By unit of measure (UN/ECE Rec 20), the goods whose amounts are in it; all others are counted in pieces."""
    expected: tuple[Expected, ...] = ()
    expected_stock: dict[str, Amounts] = {}
    """Of some goods, how much is at each place; `(used)` and `(lost)` are none."""
    expected_asof: tuple[Fitted, ...] = ()
    expected_words: str
    """What the answers come to."""
