"""What is kept of every ledger entry to measure coverage by (ADR 0024). In: entries. Out: rows of two tables.

A name is kept as 8 bytes of its digest: it is compared and counted, and read from the ledger where it is shown. Nothing
here depends on a profile but the places at which values are noted, so that a profile that changes is no reason to read
the ledger again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import IntEnum, IntFlag
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.ledger import Attestation, LedgerEntry
from graph_schema.event import Event, Role
from graph_schema.identifiers import Kind, kind_of_key, site_of_place
from graph_schema.master_data import as_text
from graph_schema.profiles import Profiles
from graph_schema.profiles.codes import Checked, code_in, read_code, shared_scheme, subject_key
from graph_schema.profiles.elements import Told, places_of, told_values
from graph_schema.profiles.recognition import NAMED, RECORDER, day_of

Array = npt.NDArray[Any]


class Flag(IntFlag):
    """What an entry is."""

    ERROR = 1
    """It declares an error."""
    UNATTESTED = 2
    """Others than its author are bound to its site (rule 14)."""


class Part(IntEnum):
    """What a thing is in an event: by its role, or a value that links are matched by."""

    NAMED = 0
    PARENT = 1
    CHILD = 2
    INPUT = 3
    OUTPUT = 4
    VALUE = 5


_PARTS = {role: Part[role.name] for role in Role}

RECORD = np.dtype(
    [
        ("shape", "u8"),
        ("cte", "u8"),
        ("told", "u8"),
        ("recorder", "u8"),
        ("site", "u8"),
        ("event", "u8"),
        ("run", "u8"),
        ("earliest", "i8"),
        ("latest", "i8"),
        ("recorded", "i8"),
        ("day", "i4"),
        ("flags", "u1"),
    ]
)
"""A row an entry, in order of sequence number. `told` has a bit for each key data element of common.yaml; `run` is
of the events of one transformation, else of the event alone."""
THING = np.dtype(
    [
        ("record", "u4"),
        ("thing", "u8"),
        ("quantity", "i8"),
        ("uom", "u8"),
        ("part", "u1"),
        ("kind", "u1"),
        ("valid", "?"),
    ]
)
"""A row for each item of an entry and each value that links are matched by; `record` is the row of the entry."""

UNKNOWN = -(2**63)
"""The quantity of what nobody tells, or of more than can be kept. Others are in millionths, so that sums are exact."""
PARTS = 1_000_000
"""Parts that one is kept in."""

KINDS = tuple(Kind)


class Noted(NamedTuple):
    """Rows of both tables."""

    records: Array
    things: Array


@lru_cache(maxsize=1 << 16)
def digest(name: str | None) -> int:
    """A name as 8 bytes; 0 where there is none."""
    return 0 if name is None else int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def shape(kind: str, action: str | None, step: str | None, disposition: str | None) -> int:
    """What tracking events are told by."""
    return digest(f"{kind}\n{action or ''}\n{step or ''}\n{disposition or ''}")


class Noting:
    """Makes rows of entries, as some profiles have it."""

    def __init__(self, profiles: Profiles) -> None:
        elements = list(profiles.common.kde.items())
        assert len(elements) <= 8 * RECORD["told"].itemsize, "a row has a bit for each key data element"  # noqa: S101
        self._bits = [(1 << number, element.at) for number, (_, element) in enumerate(elements)]
        # Most events tell as many others do.
        self._told_at = lru_cache(maxsize=1 << 12)(self._elements_told)
        self._values = value_places(profiles)
        self._uscc = shared_scheme("uscc", profiles.common)
        self._subjects: dict[str, int] = {}
        self._schemes = {scheme.space: scheme for each in profiles.latest() for scheme in profiles.schemes(each)}
        self.stamp = digest(repr((elements, sorted(self._values), sorted(map(repr, self._schemes.values())))))
        """Of all that rows depend on, beside the entries."""

    def rows(self, entries: Iterable[LedgerEntry], after: int) -> Noted:
        """The rows of entries that follow a position."""
        records: list[tuple[int, ...]] = []
        things: list[tuple[Any, ...]] = []
        for number, entry in enumerate(entries, after):
            values = list(told_values(entry.event))
            records.append(self._record(entry, values))
            things.extend(self._things(entry.event, values, number))
        return Noted(np.array(records, RECORD), np.array(things, THING))

    def _record(self, entry: LedgerEntry, values: list[Told]) -> tuple[int, ...]:
        event = entry.event
        place = event.biz_location or event.read_point
        recorder, named = (_said(values, f"extension {name}") for name in (RECORDER, NAMED))
        return (
            shape(event.type, event.action, event.biz_step, event.disposition),
            digest(named),
            self._told_at(places_of(event, values)),
            0 if recorder is None else self._subject(recorder),
            digest(None if place is None else site_of_place(place)),
            digest(event.id),
            digest(event.transformation_id or event.id),
            event.time.earliest,
            event.time.latest,
            entry.capture.accepted if event.record_time is None else event.record_time,
            date.fromisoformat(day_of(event)).toordinal(),
            _flags(entry),
        )

    def _subject(self, recorder: str) -> int:
        if recorder not in self._subjects:
            self._subjects[recorder] = digest(subject_key(recorder, self._uscc))
        return self._subjects[recorder]

    def _elements_told(self, places: frozenset[str]) -> int:
        return sum(bit for bit, at in self._bits if not places.isdisjoint(at))

    def _things(self, event: Event, values: list[Told], number: int) -> Iterator[tuple[Any, ...]]:
        for what in event.whats:
            kind = _kind(what.item)
            single = what.quantity is None and kind not in (Kind.lot, Kind.class_)
            quantity = PARTS if single else _amount(what.quantity)
            yield (
                number, digest(what.item), quantity, digest(what.uom), _PARTS[what.role], KINDS.index(kind),
                self._is_valid(what.item, kind),
            )  # fmt: skip
        for place, value in values:
            if place in self._values:
                yield number, value_digest(str(value)), PARTS, 0, Part.VALUE, 0, True

    def _is_valid(self, item: str, kind: Kind) -> bool:
        """Whether it is a key that GS1 names, which was checked as it was read, or a code whose check does not fail."""
        if kind is not Kind.other:
            return True
        found = code_in(item)
        scheme = None if found is None else self._schemes.get(found[0])
        code = None if found is None or scheme is None else read_code(found[1], scheme)
        return code is not None and code.checked is not Checked.FAILS


def _flags(entry: LedgerEntry) -> int:
    error = Flag.ERROR if entry.event.error is not None else 0
    return int(error | (Flag.UNATTESTED if entry.attestation is Attestation.STRANGER else 0))


def _amount(quantity: Decimal | None) -> int:
    """A quantity in millionths."""
    if quantity is None or abs(quantity) >= -UNKNOWN // PARTS:
        return UNKNOWN
    return int(quantity * PARTS)


def _said(values: Iterable[Told], place: str) -> str | None:
    return next((as_text(value) for at, value in values if at == place), None)


def value_digest(value: str) -> int:
    """A value that links are matched by: not a name of an item."""
    return digest(f"value {value}")


def value_places(profiles: Profiles) -> frozenset[str]:
    """Where the values stand that links of profiles are matched by, where these are no items."""
    names = {link.match for name in profiles.names() for each in profiles.versions(name) for link in each.links}
    return frozenset(place for name in names for place in places_of_match(name, profiles))


def places_of_match(name: str, profiles: Profiles) -> tuple[str, ...]:
    """Where what a link is matched by stands; nowhere where it is the items."""
    elements = profiles.common.kde
    at = elements[name].at if name in elements else ()
    named = tuple(f"extension {name}" for one in elements.values() if f"extension {name}" in one.at)
    return () if {"item", "lot"} & set(at) else (*at, *named)


@lru_cache(maxsize=1 << 16)
def _kind(item: str) -> Kind:
    return kind_of_key(item)
