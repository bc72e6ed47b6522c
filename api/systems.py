"""The product systems as they are shown. In: `Profiles`. Out: a `System` each, its references put in words.

The command line, GraphQL and docs/product-systems.md show the same. A target is a proposal, whatever law stands
behind its system; of codes, retention and recall the mark of the fact is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from graph_schema.profiles import Profile, Profiles, RecallLaw, Status, recall_laws, system_name
from graph_schema.profiles.common import Element, PublicField
from graph_schema.profiles.profile import Inspection


class Label(msgspec.Struct, frozen=True):
    """A thing with a name, in both languages."""

    id: str
    zh: str
    en: str


class Stage(msgspec.Struct, frozen=True):
    """A stretch of the chain."""

    id: str
    zh: str
    en: str
    next: tuple[str, ...]
    subjects: tuple[str, ...]
    events: tuple[str, ...]
    """The tracking events recorded in it."""
    origin: bool
    terminal: bool


class Code(msgspec.Struct, frozen=True):
    """A code scheme."""

    id: str
    zh: str
    en: str
    of: tuple[str, ...]
    example: str
    check: str
    """The algorithm of its check; `none`, or `unknown`, and then a code is never refused."""
    status: Status
    pattern: str
    """A regular expression."""
    source: str | None
    note: str | None


class Measure(msgspec.Struct, frozen=True):
    """A measure of completeness and its target here; `group` is surface, chain, point, drill or own."""

    id: str
    group: str
    zh: str
    en: str
    of: str
    target: float | None
    target_status: Status = Status.PROPOSED


class Market(msgspec.Struct, frozen=True):
    """A market, and what it demands beside what every market does."""

    id: str
    zh: str
    en: str
    of: tuple[str, ...]
    basis: str
    status: Status
    demands: tuple[Label, ...]


class Kept(msgspec.Struct, frozen=True):
    """How long records are kept."""

    what: str
    min: str
    since: str
    basis: str
    status: Status
    source: str | None


class Tickets(msgspec.Struct, frozen=True):
    """How often candidates are in the urn of a random inspection (ADR 0026), and why."""

    of: str
    """Every candidate, a role or kind of goods, or a signal in the records."""
    tickets: str
    """How many; with a plus where they are more than those it has anyway."""
    status: Status


class System(msgspec.Struct, frozen=True):
    """A product system."""

    name: str
    version: int
    valid_from: str | None
    zh: str
    en: str
    section: str
    quote_zh: str
    lead: tuple[Label, ...]
    support: tuple[Label, ...]
    stages: tuple[Stage, ...]
    subjects: tuple[Label, ...]
    items: tuple[Label, ...]
    codes: tuple[Code, ...]
    events: tuple[Label, ...]
    measures: tuple[Measure, ...]
    markets: tuple[Market, ...]
    retention: tuple[Kept, ...]
    recall: tuple[RecallLaw, ...]
    """The rule of this version, and the one before it."""
    inspection: tuple[Tickets, ...]
    unverified: tuple[str, ...]
    profile: Profile
    """Every fact of it, as its file has them."""


def systems_of(profiles: Profiles) -> list[System]:
    """Every system, as its last version has it."""
    return [system_of(profile, profiles) for profile in profiles.latest()]


def system_named(name: str, profiles: Profiles) -> System:
    """A system by its name or label; raises `InvalidInput` where there is none."""
    return system_of(profiles.versions(system_name(name, profiles, "NAME"))[-1], profiles)


def system_of(profile: Profile, profiles: Profiles) -> System:
    """A profile, its references put in words."""
    return System(
        name=profile.profile,
        version=profile.version,
        valid_from=profile.valid_from,
        zh=profile.label_zh,
        en=profile.label_en,
        section=profile.paper.section,
        quote_zh=profile.paper.quote_zh,
        lead=_departments(profile.regulator.lead or (), profiles),
        support=_departments(profile.regulator.support, profiles),
        stages=_stages(profile),
        subjects=tuple(Label(each.role, each.label_zh, each.label_en) for each in profile.subjects),
        items=tuple(Label(each.id, each.label_zh, each.label_en) for each in profile.items),
        codes=_codes(profile, profiles),
        events=tuple(Label(each.id, each.label_zh, each.label_en) for each in profile.events),
        measures=_measures(profile, profiles),
        markets=_markets(profile),
        retention=tuple(
            Kept(each.what, each.min, each.since, each.basis, each.status, each.source) for each in profile.retention
        ),
        recall=tuple(recall_laws(profile)),
        inspection=tickets_of(profile.inspection or profiles.common.inspection_default),
        unverified=profile.unverified,
        profile=profile,
    )


def _departments(names: tuple[str, ...], profiles: Profiles) -> tuple[Label, ...]:
    known = profiles.common.departments
    return tuple(Label(name, known[name].zh, known[name].en) for name in names)


def _stages(profile: Profile) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            stage.id, stage.label_zh, stage.label_en, stage.next, stage.subjects,
            tuple(event.id for event in profile.events if event.stage == stage.id), stage.origin, stage.terminal,
        )
        for stage in profile.stages
    )  # fmt: skip


def _codes(profile: Profile, profiles: Profiles) -> tuple[Code, ...]:
    used = zip(profile.identifiers, profiles.schemes(profile), strict=True)
    return tuple(
        Code(
            scheme.name, scheme.label_zh, scheme.label_en, scheme.of, scheme.example, scheme.check, scheme.status,
            scheme.regex, scheme.source, use.note if use.ref is None else profiles.common.identifiers[use.ref].note,
        )
        for use, scheme in used
    )  # fmt: skip


def elements_of(names: Iterable[str], profiles: Profiles) -> list[Label]:
    """Key data elements, and public fields, in both languages."""
    common = profiles.common
    known: dict[str, Element | PublicField] = {**common.public_fields, **common.kde}
    return [Label(name, known[name].zh, known[name].en) for name in names]


def _measures(profile: Profile, profiles: Profiles) -> tuple[Measure, ...]:
    """Those of all systems, with the target of this one, else the usual; then its own, which have none."""
    common = profiles.common
    targets = common.targets_default | profile.completeness.targets
    shared = [
        Measure(name, group, measure.zh, measure.en, measure.of, targets.get(name))
        for group, some in common.completeness.items()
        for name, measure in some.items()
    ]
    own = [Measure(name, "own", name, name, told, None) for name, told in profile.completeness.extra.items()]
    return (*shared, *own)


def tickets_of(inspection: Inspection) -> tuple[Tickets, ...]:
    """The weights of a random inspection, a row each."""
    own = (("every candidate", inspection.tickets), *inspection.of.items())
    told = [(name, str(number)) for name, number in own]
    told += [(name, f"+{number}") for name, number in inspection.signals.items()]
    return tuple(Tickets(name, number, inspection.status) for name, number in told)


def _markets(profile: Profile) -> tuple[Market, ...]:
    return tuple(
        Market(
            each.id, each.label_zh, each.label_en, each.of, each.basis, each.status,
            tuple(Label(one.id, one.label_zh, one.label_en) for one in each.demands),
        )
        for each in profile.markets
    )  # fmt: skip
