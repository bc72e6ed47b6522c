"""Flows as one side of them sees them. In: flows of an answer, a sight. Out: those at its sites, others' ends redacted.

A step is seen by the side that the other named: then both ends are told. Else the other end is a pseudonym without time
or quantity, as is all that lies beyond.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import msgspec

from api.rights.pseudonyms import Pseudonyms
from api.rights.seen import EventIds
from api.rights.sight import Sight
from engine.answer import TracedFlow
from graph_schema.interval import BEGINNING, END, Interval

UNTOLD = Interval(BEGINNING, END)


@dataclass(frozen=True)
class Reader:
    """Who sees an answer, and by which names they see what is others'."""

    sight: Sight
    ids: EventIds
    pseudonyms: Pseudonyms
    answer: str
    """What tells this answer from others: a pseudonym is for one."""

    def hidden(self, key: str) -> str:
        """A thing that they may not know."""
        return self.pseudonyms.thing(self.sight.reader, self.answer, key)

    def chain(self, events: Iterable[str]) -> tuple[str, ...]:
        """A chain of events; each stretch that is hidden is one pseudonym, however long it is."""
        events = tuple(events)
        seen = self.sight.shown(events)
        told: list[str] = []
        for number, event in enumerate(events):
            if event in seen:
                told.append(self.ids.shown(event))
            elif not number or events[number - 1] in seen:
                told.append(self.hidden(event))
        return tuple(told)


@dataclass(frozen=True)
class Step:
    """A flow, and what of it is seen."""

    flow: TracedFlow
    items: tuple[str, ...]
    """Those of its items that are seen."""
    own: frozenset[str]
    """Its ends at their own sites."""
    partner: str | None
    """Its end at a site of others who named them; None: there is none."""
    events: frozenset[str]
    """Those of its events that are seen."""


class Steps:
    """The flows of an answer that are seen by somebody: those with an end at a site of theirs."""

    def __init__(self, reader: Reader, flows: Iterable[TracedFlow], items: set[str]) -> None:
        self._reader = reader
        self._items = items
        sight = reader.sight
        self._near = [flow for flow in flows if sight.is_own(flow.source) or sight.is_own(flow.target)]

    @cached_property
    def steps(self) -> list[Step]:
        """In the order of the answer."""
        seen = self._reader.sight.shown({event for flow in self._near for event in flow.events})
        found = (self._step(flow, seen) for flow in self._near)
        return [step for step in found if step.items]

    def _step(self, flow: TracedFlow, seen: set[str]) -> Step:
        sight = self._reader.sight
        own = frozenset(end for end in (flow.source, flow.target) if end is not None and sight.is_own(end))
        others = [end for end in (flow.source, flow.target) if end is not None and end not in own]
        events = seen & set(flow.events)
        named = any(sight.told_of((*flow.items, *([flow.via] if flow.via else [])), other) for other in others)
        items = tuple(item for item in flow.items if item in self._items)
        return Step(flow, items, own, others[0] if others and named else None, frozenset(events))

    def shown(self) -> tuple[TracedFlow, ...]:
        """As they may be told."""
        return tuple(map(self._shown, self.steps))

    def _shown(self, step: Step) -> TracedFlow:
        flow = step.flow
        told = {*step.own, step.partner}
        whole = step.events == set(flow.events)
        return msgspec.structs.replace(
            flow,
            source=self._end(flow.source, told),
            target=self._end(flow.target, told),
            items=step.items,
            departed=flow.departed if whole or flow.source in told else UNTOLD,
            arrived=flow.arrived if whole or flow.target in told else UNTOLD,
            quantity=flow.quantity if whole else None,
            uom=flow.uom if whole else None,
            events=tuple(self._reader.ids.shown(event) for event in flow.events if event in step.events),
            via=flow.via if flow.via is not None and self._reader.sight.mentions(flow.via) else None,
            touch=None,
        )

    def _end(self, site: str | None, told: set[str | None]) -> str | None:
        return site if site is None or site in told else self._reader.hidden(site)
