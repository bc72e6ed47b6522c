"""Whether records lead back without a break to where chains begin. In: a back trace. Out: a reason for each break.

A chain may begin at the stages that the profile says, or those of the systems that its goods come from. What is only
possible is a doubt, and a doubt is a break.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.access.answer import Reason, ReasonKind
from engine.access.records import Records
from engine.answer import Certainty, Origin, Trace
from engine.joins import unjoined
from graph_schema.event import Event
from graph_schema.profiles import ActingSystem, Profile
from graph_schema.profiles.recognition import day_of

BREAKS = frozenset({"no_departure", "unknown_place", "conflict", "corrective", "unattested", "cyclic_containment"})
"""Gaps that break a way back or leave it in doubt. Where something has no origin is judged by its stage."""


def judge_links(item: str, trace: Trace, profile: Profile, system: ActingSystem, records: Records) -> Iterator[Reason]:
    """One reason for each break; one that is met where there is none."""
    found = [*_breaks(trace, item), *_beginnings(trace, profile, system, records)]
    yield from (_reason(of, site, events, text) for of, site, events, text in dict.fromkeys(found))
    if not found:
        text = "the records lead back without a break to where chains begin"
        yield Reason(ReasonKind.LINK, ReasonKind.LINK, True, item, None, (), text)


_Break = tuple[str, str | None, tuple[str, ...], str]


def _reason(item: str, site: str | None, events: tuple[str, ...], text: str) -> Reason:
    return Reason(ReasonKind.LINK, ReasonKind.LINK, False, item, site, events, text)


def _breaks(trace: Trace, item: str) -> Iterator[_Break]:
    if not trace.complete:
        yield item, None, (), "the trace was cut by a bound: there may be more behind it"
    if trace.backward_in_time:
        yield item, None, (), "the records contradict the order of time"
    for gap in trace.gaps:
        if gap.kind in BREAKS:
            yield gap.item, gap.site, gap.events, gap.text
    for (of, site), events in unjoined(trace.flows).items():
        yield of, site, events, "may have come from elsewhere; no record of a shipment joins one of its receipt"
    for one in trace.items:
        if one.certainty is Certainty.POSSIBLE:
            yield one.id, None, one.evidence, "may be in it, by some reading of the records"


def _beginnings(trace: Trace, profile: Profile, system: ActingSystem, records: Records) -> Iterator[_Break]:
    vectors = frozenset(kind.id for kind in profile.items if kind.vector)
    for origin in trace.origins:
        kinds = records.kinds(origin.item)
        touched_only = bool(kinds) and kinds <= vectors
        if not touched_only and not _may_begin(origin, profile, system, records):
            yield (
                origin.item,
                origin.site,
                origin.events,
                "the records begin here, where no chain of the system may begin",
            )


def _may_begin(origin: Origin, profile: Profile, system: ActingSystem, records: Records) -> bool:
    """Whether the event that begins goods may begin a chain, of the system or of one that its goods come from."""
    names = {system.name, *(name for kind in profile.items for name in (kind.from_profile or "").split("|") if name)}
    beginning = [one.event for one in records.of(origin.item) if one.event.id in origin.events and one.sure]
    return any(_begins(event, ActingSystem(name, system.profiles)) for event in beginning for name in names)


def _begins(event: Event, system: ActingSystem) -> bool:
    """Whether an event is of a stage where a chain may begin, or takes nothing but what goods only touch."""
    law = system.on(day_of(event))
    if law is None:
        return False
    stages = {stage.id for stage in law.stages if stage.origin}
    vectors = {kind.id for kind in law.items if kind.vector}
    found = [one.event for one in system.recognise(event)]
    return any(one.stage in stages or (one.takes and vectors >= {*one.takes}) for one in found)
