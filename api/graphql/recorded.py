"""What a product system wants recorded, in GraphQL. In: parts of a profile. Out: the same, each field described."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry

from api.graphql.told import told
from api.systems import Kept, Label, elements_of
from graph_schema.profiles import TrackingEvent, profiles
from graph_schema.profiles.profile import Link


@strawberry.type(description="A thing of a product system with its name in Chinese and English.")
class SystemLabel:
    """A named thing."""

    id: str = told("Its name in the profile.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")

    @classmethod
    def of(cls, label: Label) -> SystemLabel:
        """As the profile has it."""
        return cls(id=label.id, zh=label.zh, en=label.en)


def labels_of(names: Iterable[str]) -> list[SystemLabel]:
    """Key data elements and public fields."""
    return list(map(SystemLabel.of, elements_of(names, profiles())))


@strawberry.type(description="An event that a product system wants recorded, in the words of EPCIS and CBV.")
class SystemEvent:
    """A tracking event."""

    id: str = told("Its name in the profile.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    stage: str = told("The stage in which it is recorded.")
    type: str = told("The type of the EPCIS event.")
    action: str | None = told("Its action; null where the type has none.")
    biz_step: str = told("Its business step.")
    disposition: str | None = told("Its disposition; null where CBV has no word for it.")
    disposition_fail: str | None = told("The disposition of the same step with a failed result.")
    by: list[str] = told("Who may record it, by role.")
    of: list[str] = told("The goods that it is of.")
    takes: list[str] = told("The goods that go in.")
    makes: list[str] = told("The goods that come out.")
    required: list[SystemLabel] = told("The key data elements that it must have, those of every event among them.")
    optional: list[SystemLabel] = told("Those that it has where there are any.")
    report_within_hours: int | None = told("Within how many hours it is reported, where stricter than the system.")
    note: str | None = told("What else must be known of it.")

    @classmethod
    def told_of(cls, event: TrackingEvent) -> SystemEvent:
        """As the profile has it."""
        return cls(
            id=event.id,
            zh=event.label_zh,
            en=event.label_en,
            stage=event.stage,
            type=event.type,
            action=event.action,
            biz_step=event.biz_step,
            disposition=event.disposition,
            disposition_fail=event.disposition_fail,
            by=list(event.by),
            of=list(event.of),
            takes=list(event.takes),
            makes=list(event.makes),
            required=labels_of(dict.fromkeys((*profiles().common.kde_core, *event.kde))),
            optional=labels_of(event.kde_opt),
            report_within_hours=event.report_within_h,
            note=event.note,
        )


@strawberry.type(description="Two recorded events of a product system that belong together.")
class SystemLink:
    """A link."""

    source: str = told("The event that asks for another.")
    target: str = told("The event that it asks for.")
    match: str = told("By what the two are matched: lot, instance, or a key data element.")
    within_hours: int = told("How long after the first the other may come.")
    tolerance: float = told("By how many percent the quantities may differ; 100 binds nobody.")
    or_to: str | None = told("Another event that closes it instead.")
    also_to: str | None = told("Another event that takes a part of the quantity.")
    in_force_until: str | None = told("The first day on which it is asked no more, ISO 8601.")
    note: str | None = told("What else must be known of it.")

    @classmethod
    def told_of(cls, link: Link) -> SystemLink:
        """As the profile has it."""
        return cls(
            source=link.source, target=link.target, match=link.match, within_hours=link.max_gap_h,
            tolerance=link.tol_pct, or_to=link.or_to, also_to=link.also_to, in_force_until=link.in_force_until,
            note=link.note,
        )  # fmt: skip


@strawberry.type(description="How long records of a product system are kept at least.")
class SystemRetention:
    """A rule on retention."""

    what: str = told("Which records.")
    min: str = told("How long, as an ISO 8601 duration; permanent; or life of equipment.")
    since: str = told("From when: event, expiry, shelf_life_end, end_of_use or transaction.")
    basis: str = told("Which rule says so.")
    status: str = told("How sure this is: verified, verified_local, draft, memory or proposed.")
    source: str | None = told("Where it was read.")

    @classmethod
    def told_of(cls, kept: Kept) -> SystemRetention:
        """As the profile has it."""
        return cls(
            what=kept.what, min=kept.min, since=kept.since, basis=kept.basis, status=kept.status, source=kept.source
        )  # fmt: skip
