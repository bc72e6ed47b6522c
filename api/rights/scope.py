"""Which events are a department's to see (`views` of common.yaml, ADR 0032). In: a department, its posts. Out: `Scope`.

Of a system that it leads, every event that may be of it; of one that it supports, those of it alone (as their sender
says, else their words) at a stage whose subjects it supervises: a receipt may be of some stage of almost every system.
"""

from __future__ import annotations

from collections.abc import Collection

from api.rights.supervision import Post
from graph_schema.event import Event
from graph_schema.profiles import Profile, TrackingEvent
from graph_schema.profiles.readings import Readings


class Scope:
    """The events of one department."""

    def __init__(self, departments: frozenset[str], posts: Collection[Post], readings: Readings) -> None:
        self._departments = departments
        self._posts = frozenset((post.system, post.role) for post in posts)
        self._readings = readings

    def has(self, event: Event) -> bool:
        """Whether an event is its to see; of one with its body."""
        reading = self._readings.of(event)
        return any(
            self._leads(profile) or (reading.system is not None and self._supervises(profile, tracked))
            for profile, tracked in reading.of
        )

    def _leads(self, profile: Profile) -> bool:
        return not self._departments.isdisjoint(profile.leads())

    def _supervises(self, profile: Profile, tracked: TrackingEvent) -> bool:
        subjects = (stage.subjects for stage in profile.stages if stage.id == tracked.stage)
        posts = {(profile.profile, subject) for some in subjects for subject in some}
        return not (self._departments.isdisjoint(profile.regulator.support) or self._posts.isdisjoint(posts))
