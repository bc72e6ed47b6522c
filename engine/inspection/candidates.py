"""What may be drawn, and how often it is in the urn (ADR 0026). In: events of a ledger, a system. Out: `Candidates`.

Candidates are the subjects, lots or single things that the tracking events of a system name, each event recognised by
the profile of its day. The tickets of each follow from the profile alone: so many as its role or kind has, and more for
each signal of risk in its events. An event that was declared an error counts as any other: nobody declares themselves
out of an inspection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from engine.inspection.results import inspected_of
from engine.ledger import Attestation, LedgerEntry
from engine.stores.ports import LookupPort
from graph_schema.event import Event, Role, What
from graph_schema.identifiers import Kind, kind_of_key, take_identifier
from graph_schema.master_data import text
from graph_schema.profiles import Profile, Profiles, Recognised, Scheme, TrackingEvent, read_codes, recognise
from graph_schema.profiles.profile import Inspection, Signal
from graph_schema.profiles.recognition import day_of

RECORDER = "recorder"
"""The extension that names the subject who recorded an event (`who` of common.yaml)."""
_SUBJECT = "subject"
_HOUR = 3_600_000_000
"""In microseconds."""
_NO_GOODS = frozenset({Kind.class_, Kind.logistic_unit, Kind.site, Kind.party, Kind.document})


class Drawable(StrEnum):
    """What is drawn."""

    SUBJECTS = "subjects"
    LOTS = "lots"
    INSTANCES = "instances"


class Candidate(msgspec.Struct, frozen=True, order=True):
    """Something that may be drawn."""

    key: str
    tickets: int
    signals: tuple[Signal, ...] = ()


class Candidates(msgspec.Struct, frozen=True):
    """All that may be drawn, in order of key, and what they were found in."""

    rows: tuple[Candidate, ...]
    events: int
    """Tracking events of the system."""
    unnamed: int
    """Those of them that name no subject: nobody is drawn for these."""


class _Found(msgspec.Struct):
    """What the events say of one candidate so far."""

    tickets: int
    signals: set[Signal] = msgspec.field(default_factory=set)
    counted: bool = False
    """Whether an event gave its quantity: then it is a lot, whatever its key looks like."""


def find_candidates(
    entries: Iterable[LedgerEntry],
    system: str,
    profiles: Profiles,
    kind: Drawable,
    weights: Inspection,
    of_lots: OfLots,
) -> Candidates:
    """Everything of a kind that the tracking events of a system among these entries name."""
    finding = _Finding(system, profiles, kind, weights)
    for entry in entries:
        finding.read(entry)
    return finding.candidates(of_lots)


class OfLots:
    """Which lots single things are of, as of a position."""

    def __init__(self, lookup: LookupPort, position: int) -> None:
        self._lookup = lookup
        self._position = position

    def pairs(self, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Each of these that is of a lot, with the lot."""
        for naming in self._lookup.wider(list(items)):
            if naming.seq <= self._position and kind_of_key(naming.wider) is Kind.lot:
                yield naming.narrower, naming.wider


class _Finding:
    """One pass over the events."""

    def __init__(self, system: str, profiles: Profiles, kind: Drawable, weights: Inspection) -> None:
        self._system = system
        self._profiles = profiles
        self._kind = kind
        self._weights = weights
        self._schemes: dict[int, tuple[Scheme, ...]] = {}
        self._found: dict[str, _Found] = {}
        self._failed: set[str] = set()
        self._events = self._unnamed = 0

    def read(self, entry: LedgerEntry) -> None:
        """Take in what an event says."""
        profile = self._profiles.on(self._system, day_of(entry.event))
        recognised = () if profile is None else recognise(entry.event, profile, self._profiles.common)
        if profile is None or not recognised:
            result = inspected_of(entry.event)
            if result is not None and not result.passed:
                self._failed.update(result.keys)
            return
        self._events += 1
        signals = _signals(entry, recognised[0], profile)
        recorder = self._recorder(entry.event, profile)
        self._unnamed += recorder is None
        if self._kind is not Drawable.SUBJECTS:
            self._read_goods(entry.event, recognised, signals)
        elif recorder is not None:
            roles = {role for one in recognised for role in one.event.by}
            self._note(recorder, roles, signals)

    def candidates(self, of_lots: OfLots) -> Candidates:
        """What was found, as rows."""
        if self._kind is Drawable.LOTS:
            self._gather_lots(of_lots)
        rows = (self._row(key, found) for key, found in self._found.items() if self._is_wanted(key, found))
        return Candidates(tuple(sorted(rows)), self._events, self._unnamed)

    def _recorder(self, event: Event, profile: Profile) -> str | None:
        """The key of the subject that an event names as its recorder; a text that is no code is its own key."""
        told = text(event.extensions, RECORDER)
        if not told:
            return None
        if profile.version not in self._schemes:
            schemes = self._profiles.schemes(profile)
            self._schemes[profile.version] = tuple(scheme for scheme in schemes if _SUBJECT in scheme.of)
        codes = read_codes(told, self._schemes[profile.version])
        return codes[0].key if codes else take_identifier(told)[0].key

    def _read_goods(self, event: Event, recognised: tuple[Recognised, ...], signals: set[Signal]) -> None:
        for what in event.whats:
            kinds = {kind for one in recognised for kind in _kinds(one.event, what)}
            found = self._note(what.item, kinds, signals)
            found.counted = found.counted or what.quantity is not None or what.uom is not None

    def _note(self, key: str, words: Iterable[str], signals: set[Signal]) -> _Found:
        """A candidate with the most tickets that any of its roles or kinds has."""
        base, of = self._weights.tickets, self._weights.of
        tickets = max((of.get(word, base) for word in words), default=base)
        found = self._found.setdefault(key, _Found(tickets))
        found.tickets = max(found.tickets, tickets)
        found.signals |= signals
        return found

    def _gather_lots(self, of_lots: OfLots) -> None:
        """A lot that only its single things were recorded of is a candidate with what was found of these."""
        for item, lot in of_lots.pairs([*self._found]):
            single = self._found[item]
            found = self._found.setdefault(lot, _Found(single.tickets))
            found.tickets = max(found.tickets, single.tickets)
            found.signals |= single.signals
            if item in self._failed:
                self._failed.add(lot)

    def _is_wanted(self, key: str, found: _Found) -> bool:
        if self._kind is Drawable.SUBJECTS:
            return True
        kind = kind_of_key(key)
        is_lot = kind is Kind.lot or (kind is Kind.other and found.counted)
        return kind not in _NO_GOODS and is_lot is (self._kind is Drawable.LOTS)

    def _row(self, key: str, found: _Found) -> Candidate:
        told = found.signals | ({Signal.FAILED} if key in self._failed else set())
        more = self._weights.signals
        return Candidate(
            key, found.tickets + sum(more.get(signal, 0) for signal in told), tuple(s for s in Signal if s in told)
        )


def _signals(entry: LedgerEntry, one: Recognised, profile: Profile) -> set[Signal]:
    """What makes who or what an event names more urgent to inspect."""
    told = {
        Signal.FAILED: one.failed,
        Signal.UNATTESTED: entry.attestation is Attestation.STRANGER,
        Signal.INCOMPLETE: bool(one.missing),
        Signal.LATE: _is_late(entry.event, one.event, profile),
    }
    return {signal for signal, is_so in told.items() if is_so}


def _is_late(event: Event, tracked: TrackingEvent, profile: Profile) -> bool:
    """Whether it was recorded later than the profile asks; where no time of recording is told, that is missing."""
    hours = profile.completeness.report_within_h if tracked.report_within_h is None else tracked.report_within_h
    return hours is not None and event.record_time is not None and event.record_time > event.time.latest + hours * _HOUR


def _kinds(tracked: TrackingEvent, what: What) -> tuple[str, ...]:
    """The kinds of goods that an item of an event may be."""
    return {Role.INPUT: tracked.takes, Role.OUTPUT: tracked.makes}.get(what.role, tracked.of)
