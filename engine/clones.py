"""One code on two objects, as the records of a single thing tell. In: a snapshot, a thing. Out: `Clone`s.

A thing is in one place (design rule 4). Put onto a second whole with no record that takes it off the first, or gone to
a consumer a second time with none that brings it back, either a record is missing or its code is on two objects. Which
of the two, its records cannot tell. An order of them that needs no missing record goes first (rule 15).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from engine.answer import Certainty
from engine.builder.corrections import Standing, standings
from engine.stores.ports import Snapshot
from graph_schema.event import Action, Event, EventType, Role
from graph_schema.interval import Interval
from graph_schema.steps import TABLE, Effect, Ending, Step, step_of

_FITS = frozenset({"assembling", "installing", "replacing"})
"""Steps that put parts onto wholes; under others (a load to be sterilised) nothing becomes a part."""
_TO_CONSUMERS = frozenset({Ending.SOLD, Ending.DISPENSED})
_GROUPS = frozenset({EventType.AGGREGATION, EventType.ASSOCIATION})


class Use(msgspec.Struct, frozen=True):
    """A thing was put onto a whole, or went to a consumer."""

    record: Standing
    whole: str | None
    """What it was put onto; None for a consumer."""
    until: Interval | None = None
    """When the first record since surely takes it off or brings it back, or puts it there again; None: none does."""

    @property
    def time(self) -> Interval:
        """When."""
        return self.record.event.time


class Clone(msgspec.Struct, frozen=True):
    """Two uses of one code that are of one object only where a record between them is missing."""

    thing: str
    first: Use
    second: Use
    certainty: Certainty
    """Certain where the records count in every reading and their order is known: never that there are two objects."""

    @property
    def wholes(self) -> tuple[str, ...]:
        """What it was put onto, the first first; none where it went to consumers."""
        return tuple(use.whole for use in (self.first, self.second) if use.whole is not None)

    @property
    def events(self) -> tuple[str, ...]:
        """The ids of both records."""
        return self.first.record.event.id, self.second.record.event.id

    @property
    def text(self) -> str:
        """The finding in words, which name nothing."""
        if self.wholes:
            return (
                "this code was fitted to two wholes without having been taken off the first: "
                "either a removal is missing in the records, or the code is on two objects"
            )
        return (
            "this code was sold or dispensed twice without having come back in between: "
            "either a return is missing in the records, or the code is on two objects"
        )


def clones_of(snapshot: Snapshot, thing: str, at: int) -> list[Clone]:
    """What tells, up to a position, that the code of a single thing may be on two objects, in order of time.

    Of a lot, whose code is on many by its nature, it is not to be asked.
    """
    history = _History(snapshot, thing, at)
    found: list[Clone | None] = []
    latest: dict[str | None, Use] = {}
    for use in history.uses():
        found.extend(history.clash(earlier, use) for earlier in latest.values())
        latest[use.whole] = use
    return [clone for clone in found if clone is not None]


class _History:
    """What records tell of a thing, and of what it was put onto."""

    def __init__(self, snapshot: Snapshot, thing: str, at: int) -> None:
        self._snapshot, self._thing, self._at = snapshot, thing, at
        own = self._records([thing])
        self._used = [one for one in own if _fitted_to(one.event, thing) or _consumed(one.event, thing)]
        wholes = {whole for one in self._used for whole in _fitted_to(one.event, thing)}
        # What empties a whole of all names no part of it.
        self._records_of = self._records([thing, *sorted(wholes)]) if len(self._used) > 1 else own
        self._takings: dict[str | None, list[Standing]] = {}
        self._above: dict[str, Mapping[str, list[Standing]]] = {}

    def _records(self, things: Iterable[str]) -> list[Standing]:
        entries = [entry for entry in self._snapshot.lookup.entries_naming([*things]) if entry.seq <= self._at]
        return standings(entries, self._is_known)[0]

    def _is_known(self, event_id: str) -> bool:
        return any(entry.seq <= self._at for entry in self._snapshot.ledger.entries_of([event_id]))

    def uses(self) -> list[Use]:
        """The uses of the thing, in order of time; none of one that was used once."""
        if len(self._used) < 2:
            return []
        uses: list[Use] = []
        again: dict[str | None, Interval] = {}
        for record in reversed(self._used):
            wholes: list[str | None] = [*_fitted_to(record.event, self._thing)]
            for whole in wholes or [None]:
                uses.append(Use(record, whole, self._until(whole, record.event.time, again.get(whole))))
                again[whole] = record.event.time
        return uses[::-1]

    def _until(self, whole: str | None, since: Interval, again: Interval | None) -> Interval | None:
        taken = (one.event.time for one in self._taken_off(whole, since) if one.sure)
        return min((time for time in (next(taken, None), again) if time is not None), default=None)

    def _taken_off(self, whole: str | None, since: Interval) -> list[Standing]:
        """What may have taken the thing off a whole, or brought it back, at that time or later, in order of time."""
        if whole not in self._takings:
            self._takings[whole] = [one for one in self._records_of if _takes_off(one.event, self._thing, whole)]
        return [one for one in self._takings[whole] if since.maybe_before(one.event.time)]

    def clash(self, first: Use, second: Use) -> Clone | None:
        """What two uses tell, where one object can have had both only if a record is missing."""
        if first.record.event.id == second.record.event.id or _agree(first, second):
            return None
        between = [*self._between(first, second), *self._between(second, first)]
        if any(one.sure for one in between) or self._is_nested(first, second):
            return None
        sure = first.record.sure and second.record.sure and first.time.surely_before(second.time) and not between
        return Clone(self._thing, first, second, Certainty.CERTAIN if sure else Certainty.POSSIBLE)

    def _between(self, first: Use, second: Use) -> list[Standing]:
        """What may have taken it off the first before the second; nothing where the second surely was before."""
        if not first.time.maybe_before(second.time):
            return []
        return [one for one in self._taken_off(first.whole, first.time) if one.event.time.maybe_before(second.time)]

    def _is_nested(self, first: Use, second: Use) -> bool:
        """Whether one of the wholes may have been in the other then: a part of a part is in both."""
        one, other = first.whole, second.whole
        if one is None or other is None:
            return False
        return self._may_be_in(one, other, first.time) or self._may_be_in(other, one, first.time)

    def _may_be_in(self, part: str, whole: str, since: Interval) -> bool:
        """Whether a thing may have been in another at some time since, at whatever depth."""
        waiting, seen = {part}, set[str]()
        while waiting and whole not in seen:
            seen |= waiting
            waiting = {above for one in waiting for above in self._in(one, since)} - seen
        return whole in seen

    def _in(self, part: str, since: Interval) -> Iterator[str]:
        """What a thing may have been put into and not have been taken out of until a time."""
        if part not in self._above:
            self._above[part] = _by_whole(part, self._records([part]))
        for whole, records in self._above[part].items():
            last = max(records, key=lambda one: (one.event.time, one.event.action is Action.ADD))
            if last.event.action is Action.ADD or not last.event.time.surely_before(since):
                yield whole


def _by_whole(part: str, records: Iterable[Standing]) -> dict[str, list[Standing]]:
    """What put a part into wholes, or took it out of them by its name, by whole."""
    found: dict[str, list[Standing]] = {}
    for record in records:
        event = record.event
        if event.type in _GROUPS and event.action is not Action.OBSERVE and _is_named(event, part, Role.CHILD):
            for parent in event.items(Role.PARENT):
                found.setdefault(parent.item, []).append(record)
    return {whole: told for whole, told in found.items() if any(one.event.action is Action.ADD for one in told)}


def _fitted_to(event: Event, thing: str) -> list[str]:
    """What an event puts a thing onto, as a part."""
    fits = event.biz_step in _FITS or event.biz_step not in TABLE.business_steps
    if event.type is not EventType.ASSOCIATION or event.action is not Action.ADD or not fits:
        return []
    return [what.item for what in event.items(Role.PARENT)] if _is_named(event, thing, Role.CHILD) else []


def _consumed(event: Event, thing: str) -> bool:
    """Whether a thing as a whole goes to a consumer by an event."""
    step = _step(event)
    whole = step.effect is Effect.ENDS and not step.partly
    return whole and step.ending in _TO_CONSUMERS and _is_named(event, thing, Role.NAMED, Role.CHILD)


def _takes_off(event: Event, thing: str, whole: str | None) -> bool:
    """Whether an event takes a thing off a whole: by its name, with all else, or since one of the two ended.

    Or whether it brings it back, or makes it anew.
    """
    step = _step(event)
    ends = step.effect is Effect.ENDS and step.ending not in _TO_CONSUMERS
    if event.type in _GROUPS:
        out = event.action is Action.DELETE and whole is not None and _is_named(event, whole, Role.PARENT)
        if out and (not event.items(Role.CHILD) or _is_named(event, thing, Role.CHILD)):
            return True
    elif ends and whole is not None and _is_named(event, whole, Role.NAMED):
        return True
    returns = step.returned or step.effect is Effect.MAKES or ends
    return returns and _is_named(event, thing, Role.NAMED, Role.OUTPUT)


def _agree(first: Use, second: Use) -> bool:
    """Whether one object may be in both: the same whole, one sale of which two records tell, a part that was sold."""
    if first.whole is not None or second.whole is not None:
        return first.whole == second.whole or None in (first.whole, second.whole)
    here, there = first.record.event, second.record.event
    same_place = (here.biz_location or here.read_point) == (there.biz_location or there.read_point)
    return same_place and (here.time.overlaps(there.time) or _step(here).ending is not _step(there).ending)


def _step(event: Event) -> Step:
    return step_of(event.type, event.action, event.biz_step, event.disposition)


def _is_named(event: Event, item: str, *roles: Role) -> bool:
    return any(what.item == item for what in event.items(*roles))
