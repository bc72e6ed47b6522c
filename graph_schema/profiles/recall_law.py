"""The rule on recalls that holds on a day (ADR 0023). In: a system's name, a day, `Profiles`. Out: `RecallLaw`.

Of the versions of a profile that act on the day the last decides, by the rule that it says is in force or by the one
before; where neither is yet, an earlier version does, since a rule holds until another takes its place. Before all of
them nothing is shown as law.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from graph_schema.profiles.loading import Profiles
from graph_schema.profiles.profile import Profile, RecallClass
from graph_schema.profiles.status import Status

_WORDS = {
    "start_h": ("start", "hours"),
    "notify_h": ("notify", "hours"),
    "notify_days": ("notify", "days"),
    "progress_days": ("report progress every", "days"),
    "finish_working_days": ("finish", "working days"),
    "publish_working_days": ("publish", "working days"),
    "notify_working_days": ("notify owners", "working days"),
}
"""What each limit of a class is on, and its unit."""


class Limit(msgspec.Struct, frozen=True):
    """A limit of time of a class of recall."""

    of: str
    """What must be done by then."""
    within: int
    unit: str

    @property
    def words(self) -> str:
        """`notify within 3 days`, `start at once`."""
        if self.within == 0:
            return f"{self.of} at once"
        unit = self.unit.removesuffix("s") if self.within == 1 else self.unit
        return f"{self.of} {'' if self.of.endswith('every') else 'within '}{self.within} {unit}"


class LimitedClass(msgspec.Struct, frozen=True):
    """A class of recall with its limits of time."""

    name: str
    when: str | None
    """What is recalled under it; None where the profile does not tell."""
    limits: tuple[Limit, ...]

    @property
    def words(self) -> str:
        """Its limits in words."""
        return "; ".join(limit.words for limit in self.limits) or "no limit of time"


class RecallLaw(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on recalls."""

    in_force: str | None
    """The day from which it holds, ISO 8601; None: the profile does not tell."""
    basis: str
    status: Status
    figures: Status
    """How sure the limits of time are."""
    source: str
    classes: tuple[LimitedClass, ...]
    owner: str | None = None
    """Who recalls; of a former rule it is not told."""
    dispose: str | None = None
    note: str | None = None

    def holds_on(self, day: str) -> bool:
        """Whether it is in force on a day, ISO 8601."""
        return (self.in_force or "") <= day


def recall_law_on(name: str, day: str, profiles: Profiles) -> RecallLaw | None:
    """The rule on recalls of a system that holds on a day, ISO 8601; None where none that is known does."""
    acting = [profile for profile in profiles.versions(name) if (profile.valid_from or "") <= day]
    laws = (law for profile in reversed(acting) for law in recall_laws(profile))
    return next((law for law in laws if law.holds_on(day)), None)


def recall_laws(profile: Profile) -> Iterator[RecallLaw]:
    """The rule on recalls of a profile, and the one before it."""
    now = profile.recall
    yield RecallLaw(
        in_force=now.in_force, basis=now.basis, status=now.status, figures=now.figures, source=now.source,
        classes=_limited(now.classes), owner=now.owner, dispose=now.dispose, note=now.note,
    )  # fmt: skip
    if now.before is not None:
        former = now.before
        yield RecallLaw(
            in_force=former.in_force, basis=former.basis, status=former.status, figures=former.status,
            source=former.source, classes=_limited(former.classes),
        )  # fmt: skip


def _limited(classes: tuple[RecallClass, ...]) -> tuple[LimitedClass, ...]:
    return tuple(LimitedClass(str(one.name), one.when, _limits(one)) for one in classes)


def _limits(one: RecallClass) -> tuple[Limit, ...]:
    told = ((of, getattr(one, field), unit) for field, (of, unit) in _WORDS.items())
    return tuple(Limit(of, within, unit) for of, within, unit in told if within is not None)
