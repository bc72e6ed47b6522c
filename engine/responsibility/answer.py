"""The answer to who is responsible for an item, as values. In: nothing. Out: `Responsibility` and its parts."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from engine.answer import AnswerGap, Certainty, LedgerState, Quantities
from graph_schema.interval import Interval


class Record(msgspec.Struct, frozen=True):
    """An event that a subject's site recorded of the item."""

    event: str
    time: Interval
    biz_step: str | None
    disposition: str | None
    tracked: tuple[str, ...]
    """The tracking events of the product system that it may be, the best first; none where no system is known."""
    recorder: str | None
    """Who recorded it, where the event says so."""


class Coming(msgspec.Struct, frozen=True):
    """From where the item came to a subject."""

    site: str | None
    """None: a place that no record names."""
    certainty: Certainty
    departed: Interval
    events: tuple[str, ...]


class Count(msgspec.Struct, frozen=True):
    """What a subject counted last of the item, after all that it recorded of its moves."""

    event: str
    amount: Decimal
    uom: str | None


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A site that had the item: where it had it from, what it recorded of it, what is left there by the records."""

    site: str | None
    """None: a place that no record names."""
    certainty: Certainty
    roles: tuple[str, ...]
    """What it acts as by what it recorded, in the words of the product system; none where no system is known."""
    made_it: bool
    made_of: tuple[str, ...]
    """What went into it there."""
    came_from: tuple[Coming, ...]
    since: Interval | None
    """Its first record; None: no event of its own."""
    until: Interval | None
    """Its last."""
    records: tuple[Record, ...]
    stock_known: bool
    """False where the columns below are not shown to who asks."""
    held: Quantities = ()
    sold: Quantities = ()
    used: Quantities = ()
    destroyed: Quantities = ()
    counted: Count | None = None
    holds: Certainty | None = None
    """Whether it has some of the item yet, by the records."""
    last: bool = False
    """Whether it is a last recorded holder: it has some yet, or, where nobody has, the item's way ended there. Of the
    lot of something found elsewhere, those whose own count is all that they should have are none. A single thing is in
    one place: where it surely is or ended, no other place is one."""


class Account(msgspec.Struct, frozen=True):
    """The subjects of one item, in the order in which they had it, and the breaks in its records."""

    item: str
    subjects: tuple[Subject, ...]
    breaks: tuple[AnswerGap, ...]
    """Where they break off, or do not join: words of docs/gaps.md, `unjoined`, `unaccounted` and `clone`."""
    complete: bool
    """False where a bound cut the walk: there may be more."""

    def holders(self) -> tuple[Subject, ...]:
        """The last recorded holders."""
        return tuple(subject for subject in self.subjects if subject.last)


class Responsibility(msgspec.Struct, frozen=True):
    """The account of an item; where its own records do not tell where it came from, those of its lots beside it."""

    ledger: LedgerState
    system: str | None
    """The product system in whose words it is told."""
    accounts: tuple[Account, ...]

    def holders(self) -> tuple[Subject, ...]:
        """The last recorded holders: of the lot, where the item was only found."""
        return self.accounts[-1].holders()
