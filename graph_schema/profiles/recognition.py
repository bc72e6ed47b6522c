"""Which tracking event of a profile an event is. In: an event, a profile. Out: `Recognised`, or none.

An event is told by its type, action, business step and disposition. Where the sender says which it is, in an
extension `cte` (`ship`, or `drug.ship`), only that is tried, since a step alone is not always enough; where several
fit, all are told, those first that miss the least.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec

from graph_schema.event import Event
from graph_schema.interval import datetime_of
from graph_schema.master_data import text
from graph_schema.profiles.common import Common
from graph_schema.profiles.elements import told_places
from graph_schema.profiles.loading import Profiles
from graph_schema.profiles.profile import Profile, TrackingEvent

_LAST_DAY = date.max.isoformat()
_MINUTE = 60_000_000
"""In microseconds."""
NAMED = "cte"
"""The extension in which a sender says which tracking event it records."""
RECORDER = "recorder"
"""The extension in which an event names its recording subject (`who` of common.yaml)."""
_NOT_EXPECTED = {"in_transit": frozenset({"where_biz"})}
"""Elements that an event does not have while its goods are on the way, by disposition (EPCIS 2.0 §7.3.5)."""


class Recognised(msgspec.Struct, frozen=True):
    """An event as a tracking event of a profile."""

    profile: str
    event: TrackingEvent
    failed: bool
    """Whether the step had the failed result."""
    missing: tuple[str, ...]
    """Key data elements that it should have and has not."""


def recognise_all(event: Event, profiles: Profiles) -> tuple[Recognised, ...]:
    """The same of every system, each as it is on the day of the event in the event's zone."""
    day = day_of(event)
    return tuple(one for profile in profiles.all_on(day) for one in recognise(event, profile, profiles.common))


def tracking_events(event: Event, profiles: Profiles) -> list[tuple[Profile, TrackingEvent, bool]]:
    """The tracking events, each of its profile, that the sender says an event is, and whether each failed.

    Only those that its words allow; none of an event whose sender says nothing, since by its words alone almost every
    packing would be of some system. One named without its profile may be of several.
    """
    if text(event.extensions, NAMED) is None:
        return []
    found: list[tuple[Profile, TrackingEvent, bool]] = []
    for profile in profiles.all_on(day_of(event)):
        tracked = profile.event(named_event(event, profile) or "")
        failed = None if tracked is None else _result(event, tracked)
        if tracked is not None and failed is not None:
            found.append((profile, tracked, failed))
    return found


def recorder_of(event: Event) -> str | None:
    """The text by which an event names who recorded it."""
    return text(event.extensions, RECORDER) or None


def day_of(event: Event) -> str:
    """The first day, in its zone, on which an event may have been, ISO 8601; the last where no first is known.

    An event without any time is asked of the latest versions.
    """
    offset = offset_of(event)
    bounds = (event.time.earliest, event.time.latest)
    days = [moment.date().isoformat() for bound in bounds if (moment := datetime_of(bound + offset)) is not None]
    return days[0] if days else _LAST_DAY


def offset_of(event: Event) -> int:
    """The offset of an event's zone from UTC, in microseconds."""
    hours, minutes = int(event.zone[1:3]), int(event.zone[4:6])
    return (hours * 60 + minutes) * _MINUTE * (-1 if event.zone.startswith("-") else 1)


def recognise(event: Event, profile: Profile, common: Common) -> tuple[Recognised, ...]:
    """The tracking events of a profile that an event may be, the one that misses least first; none where it is none."""
    fitting = [(each, failed) for each in profile.events if (failed := _result(event, each)) is not None]
    if not fitting:  # before the event's body is read
        return ()
    named = named_event(event, profile)
    told = told_places(event)
    found = [
        Recognised(profile.profile, each, failed, missing_elements(told, event.disposition, each, common))
        for each, failed in fitting
        if named is None or each.id == named
    ]
    return tuple(sorted(found, key=lambda one: len(one.missing)))


def named_event(event: Event, profile: Profile) -> str | None:
    """The id of the tracking event that the sender names, without its profile; another profile's gives none of this."""
    told = text(event.extensions, NAMED)
    if told is None:
        return None
    system, _, name = told.rpartition(".")
    return name if system in ("", profile.profile) else told


def missing_elements(
    told: Collection[str], disposition: str | None, tracked: TrackingEvent, common: Common
) -> tuple[str, ...]:
    """What an event that tells these places should have and has not."""
    wanted = expected_elements(disposition, tracked, common)
    return tuple(name for name in wanted if not any(place in told for place in common.kde[name].at))


def expected_elements(disposition: str | None, tracked: TrackingEvent, common: Common) -> tuple[str, ...]:
    """What an event of a disposition should have: every event's elements, and those that the tracking event lists."""
    unexpected = _NOT_EXPECTED.get(disposition or "", frozenset())
    return tuple(name for name in dict.fromkeys((*common.kde_core, *tracked.kde)) if name not in unexpected)


def _result(event: Event, tracked: TrackingEvent) -> bool | None:
    """Whether the step failed; None where the event is not this one."""
    if (event.type, event.action, event.biz_step) != (tracked.type, tracked.action, tracked.biz_step):
        return None
    if event.disposition == tracked.disposition:
        return False
    return True if tracked.disposition_fail is not None and event.disposition == tracked.disposition_fail else None
