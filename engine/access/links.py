"""Whether records lead back without a break to where chains begin. In: a back trace. Out: a reason for each break.

A chain may begin at the stages that the profile says, or those of the systems that its goods come from. What is only
possible is a doubt, and a doubt is a break. Where plots, tankers and moulds come from, which goods only touched, is not
asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.access.answer import Reason, ReasonKind
from engine.access.records import Records
from engine.answer import Certainty, Trace
from engine.joins import unjoined
from graph_schema.event import Event
from graph_schema.profiles import ActingSystem, Profile, Profiles
from graph_schema.profiles.recognition import day_of

BREAKS = frozenset({"no_departure", "unknown_place", "conflict", "corrective", "unattested", "cyclic_containment"})
"""Gaps that break a way back or leave it in doubt. Where something has no origin is judged by its stage."""


def judge_links(item: str, trace: Trace, profile: Profile, system: ActingSystem, records: Records) -> Iterator[Reason]:
    """One reason for each break; one that is met where there is none."""
    vectors = profile.vectors()
    told = dict.fromkeys([*_breaks(trace, item), *_beginnings(trace, profile, system, records)])
    if not records.of(item):
        told[item, None, (), "nothing is recorded of it by that day"] = None
    found = [one for one in told if not _is_vector(records.kinds(one[0]), vectors)]
    yield from (_reason(of, site, events, text) for of, site, events, text in found)
    if not found:
        text = "the records lead back without a break to where chains begin"
        yield Reason(ReasonKind.LINK, ReasonKind.LINK, True, item, None, (), text)


_Break = tuple[str, str | None, tuple[str, ...], str]


def _is_vector(kinds: frozenset[str], vectors: frozenset[str]) -> bool:
    return bool(kinds) and kinds <= vectors


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
    systems = systems_behind(profile, system.profiles)
    text = "the records begin here, where no chain of the system may begin"
    begun = [(origin.item, origin.site, origin.events) for origin in trace.origins]
    begun += [(one.id, None, events) for one in trace.items if (events := records.made_of_nothing(one.id))]
    for of, site, events in begun:
        if not may_begin(events, systems, records):
            yield of, site, events, text


def systems_behind(profile: Profile, profiles: Profiles) -> list[ActingSystem]:
    """A system, and those that its goods come from."""
    names = {
        profile.profile,
        *(name for kind in profile.items for name in (kind.from_profile or "").split("|") if name),
    }
    return [ActingSystem(name, profiles) for name in sorted(names)]


def may_begin(events: Iterable[str], systems: Sequence[ActingSystem], records: Records) -> bool:
    """Whether an event that begins goods may begin a chain, of the system or of one that its goods come from."""
    beginning = [one.event for event_id in events if (one := records.event(event_id)) is not None and one.sure]
    return any(_begins(event, system) for event in beginning for system in systems)


def _begins(event: Event, system: ActingSystem) -> bool:
    """Whether a chain of a system may begin with an event."""
    law = system.on(day_of(event))
    return law is not None and any(law.begins_with(one.event) for one in system.recognise(event))
