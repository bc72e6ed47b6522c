"""What may be drawn, and how often it is in the urn (ADR 0026). In: events of a ledger, a system. Out: `Candidates`.

Candidates are the lots or single things that the tracking events of a system name, each event recognised by the profile
of its day, or the subjects who recorded them and whoever is licensed besides. The tickets of each follow from the
profile alone: so many as its role or kind has, and more for each signal of risk in its events. An event that was
declared an error counts as any other: nobody declares themselves out of an inspection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from engine.coverage.register import Register
from engine.inspection.results import inspected_of
from engine.ledger import Attestation, LedgerEntry
from engine.stores.ports import LookupPort
from engine.tracking import Tracked, holders_of, tracked
from graph_schema.event import Event, Role, What
from graph_schema.identifiers import Kind, kind_of_key, take_identifier
from graph_schema.licence import Licence
from graph_schema.profiles import Profile, Profiles, Scheme, TrackingEvent, read_codes
from graph_schema.profiles.profile import Drawable, Inspection, Signal
from graph_schema.profiles.recognition import recorder_of

_SUBJECT = "subject"
_HOUR = 3_600_000_000
"""In microseconds."""
_NO_GOODS = frozenset({Kind.class_, Kind.logistic_unit, Kind.site, Kind.party, Kind.document})


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


class Urn(msgspec.Struct, frozen=True):
    """What candidates are looked for in, and how they are weighed."""

    system: str
    kind: Drawable
    weights: Inspection
    register: Register
    """Who stands in it is known under one name, whoever stands in others alone is none of the system."""
    licensed: tuple[Licence, ...]
    """Whose licences are valid now: they are drawn from also where they recorded nothing."""


def find_candidates(entries: Iterable[LedgerEntry], urn: Urn, profiles: Profiles, of_lots: OfLots) -> Candidates:
    """Everything of a kind that the tracking events of a system among these entries name, and who is licensed."""
    finding = _Finding(urn, profiles)
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

    def __init__(self, urn: Urn, profiles: Profiles) -> None:
        self._urn = urn
        self._profiles = profiles
        self._schemes = _subject_schemes(profiles, urn.system)
        self._found: dict[str, _Found] = {}
        self._failed: set[str] = set()
        self._events = self._unnamed = 0

    def read(self, entry: LedgerEntry) -> None:
        """Take in what an event says."""
        result = inspected_of(entry.event)
        if result is not None:
            self._failed.update(() if result.passed else result.keys)
            return
        for one in tracked([entry], self._urn.system, self._profiles, self._urn.register):
            self._events += 1
            signals = _signals(one)
            subject = self._subject(one)
            self._unnamed += subject is None
            if self._urn.kind is not Drawable.SUBJECTS:
                self._read_goods(one, signals)
            elif subject is not None:
                self._note(subject, {role for found in one.recognised for role in found.event.by}, signals)

    def candidates(self, of_lots: OfLots) -> Candidates:
        """What was found, as rows."""
        if self._urn.kind is Drawable.SUBJECTS:
            self._add_licensed()
        elif self._urn.kind is Drawable.LOTS:
            self._gather_lots(of_lots)
        rows = (self._row(key, found) for key, found in self._found.items() if self._is_wanted(key, found))
        return Candidates(tuple(sorted(rows)), self._events, self._unnamed)

    def _subject(self, one: Tracked) -> str | None:
        """The key of who recorded an event: of the holder of its licence, else by the text that it names."""
        holders = holders_of(one.event, self._urn.register)
        if holders:
            return self._holder(holders[0])
        recorder = recorder_of(one.event)
        return None if recorder is None else self._key(recorder)

    def _holder(self, licence: Licence) -> str:
        """A holder of several licences is one: by its party, else by its site."""
        return self._key(licence.party or licence.site or licence.key)

    def _key(self, told: str) -> str:
        """The key of a code of subjects; a text that is no code is its own."""
        codes = read_codes(told, self._schemes)
        return codes[0].key if codes else take_identifier(told)[0].key

    def _add_licensed(self) -> None:
        """Who is licensed and recorded nothing is a candidate, and silent."""
        recorded = {*self._found}
        for licence in self._urn.licensed:
            key = self._holder(licence)
            self._note(key, [licence.role], set() if key in recorded else {Signal.SILENT})

    def _read_goods(self, one: Tracked, signals: set[Signal]) -> None:
        for what in one.event.whats:
            kinds = {kind for found in one.recognised for kind in _kinds(found.event, what)}
            found = self._note(what.item, kinds, signals)
            found.counted = found.counted or what.quantity is not None or what.uom is not None

    def _note(self, key: str, words: Iterable[str], signals: set[Signal]) -> _Found:
        """A candidate with the most tickets that any of its roles or kinds has."""
        base, of = self._urn.weights.tickets, self._urn.weights.of
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
        if self._urn.kind is Drawable.SUBJECTS:
            return True
        kind = kind_of_key(key)
        is_lot = kind is Kind.lot or (kind is Kind.other and found.counted)
        return kind not in _NO_GOODS and is_lot is (self._urn.kind is Drawable.LOTS)

    def _row(self, key: str, found: _Found) -> Candidate:
        told = found.signals | ({Signal.FAILED} if key in self._failed else set())
        more = self._urn.weights.signals
        return Candidate(
            key, found.tickets + sum(more.get(signal, 0) for signal in told), tuple(s for s in Signal if s in told)
        )


def _signals(one: Tracked) -> set[Signal]:
    """What makes who or what an event names more urgent to inspect."""
    likeliest = one.recognised[0]
    told = {
        Signal.FAILED: likeliest.failed,
        Signal.UNATTESTED: one.entry.attestation is Attestation.STRANGER,
        Signal.INCOMPLETE: bool(likeliest.missing),
        Signal.LATE: _is_late(one.event, likeliest.event, one.profile),
    }
    return {signal for signal, is_so in told.items() if is_so}


def _is_late(event: Event, tracked: TrackingEvent, profile: Profile) -> bool:
    """Whether it was recorded later than the profile asks; where no time of recording is told, that is missing."""
    hours = profile.completeness.report_within_h if tracked.report_within_h is None else tracked.report_within_h
    return hours is not None and event.record_time is not None and event.record_time > event.time.latest + hours * _HOUR


def _kinds(tracked: TrackingEvent, what: What) -> tuple[str, ...]:
    """The kinds of goods that an item of an event may be."""
    return {Role.INPUT: tracked.takes, Role.OUTPUT: tracked.makes}.get(what.role, tracked.of)


def _subject_schemes(profiles: Profiles, system: str) -> tuple[Scheme, ...]:
    """The code schemes of subjects, of the last version: a name that is known by one is one name.

    One that any text fits names nobody: a name would become the number of a quota notice.
    """
    schemes = (scheme for profile in profiles.versions(system)[-1:] for scheme in profiles.schemes(profile))
    return tuple(scheme for scheme in schemes if _SUBJECT in scheme.of and not scheme.is_vague)
