"""A lot of a drill, traced (ADR 0031). In: its key, what answers. Out: a `Sample`: what falls short, what is located.

It is traced where it was somewhere, neither trace was cut, and neither has a gap or an unknown place. Of what goods
merely touched, a plot or a tanker, gaps do not count; nor that the records begin with an event with which a chain of
the system may begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from engine.access.links import may_begin, systems_behind
from engine.access.records import Records
from engine.answer import AnswerGap, RecallScope, Trace
from engine.drill.effect import Effect
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import CONTACT_KINDS
from graph_schema.profiles import ActingSystem, Profile, Profiles, TrackingEvent
from graph_schema.profiles.recognition import day_of, tracking_events
from graph_schema.profiles.sides import items_at

CUT = "cut"
"""The kind of a shortfall that is no gap: a bound cut the walk."""
UNMOVED = "unmoved"
"""Likewise: nothing tells where it ever was. An order may name it, or the position is amidst what one capture took."""
UNKNOWN_PLACE = "unknown_place"
BEGINS = "no_origin"
_LAST_DAY = "9999-12-31"


class Shortfall(msgspec.Struct, frozen=True, order=True):
    """Why a lot is not traced: a gap of the records (docs/gaps.md), `CUT` or `UNMOVED`."""

    kind: str
    item: str
    site: str
    """Where; empty: no place is named."""
    events: tuple[str, ...]
    text: str


class Sample(msgspec.Struct, frozen=True):
    """A lot that was drawn, and what came of tracing it."""

    rank: int
    key: str
    owner: int
    """Whose it is: a licence of the register by its number, or `NOBODY`."""
    shortfalls: tuple[Shortfall, ...]
    effects: tuple[Effect, ...] | None
    """What a recall of it would locate, by unit; None where a bound cut the walk."""
    seconds: float
    """How long the answers took on this machine."""

    @property
    def traced(self) -> bool:
        """Whether nothing falls short."""
        return not self.shortfalls


class Answers(msgspec.Struct, frozen=True):
    """All that is answered of a lot."""

    back: Trace
    forward: Trace
    scope: RecallScope

    @property
    def complete(self) -> bool:
        """Whether no bound cut a walk."""
        return self.back.complete and self.forward.complete and self.scope.complete


class Judging:
    """Judges answers by the profiles of a system."""

    def __init__(self, snapshot: Snapshot, profiles: Profiles, system: str, position: int) -> None:
        self._snapshot = snapshot
        self._profiles = profiles
        self._system = ActingSystem(system, profiles)
        self._position = position

    def vectors(self, answers: Answers) -> frozenset[str]:
        """The things in some answers that goods merely touched, by the profile of each event of a contact."""
        events = {
            event
            for trace in (answers.back, answers.forward)
            for flow in trace.flows
            if flow.kind in CONTACT_KINDS
            for event in flow.events
        }
        return frozenset(self._touched(events))

    def _touched(self, events: Iterable[str]) -> Iterable[str]:
        for entry in self._snapshot.ledger.entries_of(sorted(events)):
            for profile, tracked, _ in tracking_events(entry.event, self._profiles):
                kinds, vectors = self._contact(profile, tracked, day_of(entry.event))
                ends = zip(kinds, tracked.contact_at or (), strict=False)
                for at in (at for kind, at in ends if kind in vectors):
                    yield from items_at(entry.event, at)

    def _contact(self, profile: Profile, tracked: TrackingEvent, day: str) -> tuple[Sequence[str], frozenset[str]]:
        """What kinds touch in a tracking event, and which kinds are vectors: an event of another profile may say so."""
        if tracked.contact_profile is None:
            return tracked.contact or (), profile.vectors()
        name, _, event = tracked.contact_profile.partition(".")
        other = self._profiles.on(name, day)
        told = None if other is None else other.event(event)
        return ((), frozenset()) if other is None or told is None else (told.contact or (), other.vectors())

    def shortfalls(self, key: str, answers: Answers, vectors: frozenset[str]) -> tuple[Shortfall, ...]:
        """What falls short in some answers, in order of kind, item and place."""
        traces = (answers.back, answers.forward)
        gaps = dict.fromkeys(gap for trace in traces for gap in trace.gaps if gap.item not in vectors)
        found = {_shortfall(gap) for gap in self._against(list(gaps))}
        if any(trace.unknown_place for trace in traces) and not any(one.kind == UNKNOWN_PLACE for one in found):
            found.add(Shortfall(UNKNOWN_PLACE, key, "", (), "goods of it were at a place that no record names"))
        if not answers.forward.events:
            found.add(Shortfall(UNMOVED, key, "", (), "no record up to the position tells where it ever was"))
        if not answers.complete:
            found.add(Shortfall(CUT, key, "", (), "the walk was cut by a bound: there may be more behind it"))
        return tuple(sorted(found))

    def _against(self, gaps: Sequence[AnswerGap]) -> Iterable[AnswerGap]:
        """The gaps that count: not where the records begin as a chain may."""
        opening = [event for gap in gaps if gap.kind == BEGINS for event in gap.events]
        records = Records(self._snapshot, self._system, (), opening, _LAST_DAY, self._position)
        systems = systems_behind(self._system.latest(), self._profiles)
        return (gap for gap in gaps if gap.kind != BEGINS or not may_begin(gap.events, systems, records))


def _shortfall(gap: AnswerGap) -> Shortfall:
    return Shortfall(gap.kind, gap.item, gap.site or "", gap.events, gap.text)
