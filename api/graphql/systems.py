"""Product systems in GraphQL (`api.systems`). In: a system as it is shown. Out: the same, each field described."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api import systems as s
from api.graphql.recall_law import RecallLaw
from api.graphql.recorded import SystemEvent, SystemLabel, SystemLink, SystemRetention, labels_of
from api.graphql.told import resolved, told
from api.recall_law import day_asked
from graph_schema.errors import InvalidInput
from graph_schema.profiles import profiles, recall_law_on


@strawberry.type(description="A stretch of the chain of a product system.")
class SystemStage:
    """A stage."""

    id: str = told("Its name in the profile.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    next: list[str] = told("The stages that follow.")
    subjects: list[str] = told("Who acts in it, by role.")
    events: list[str] = told("The events that are to be recorded in it.")
    origin: bool = told("Whether a chain may begin here.")
    terminal: bool = told("Whether a chain may end here.")

    @classmethod
    def of(cls, stage: s.Stage) -> SystemStage:
        """As the profile has it."""
        return cls(
            id=stage.id, zh=stage.zh, en=stage.en, next=list(stage.next), subjects=list(stage.subjects),
            events=list(stage.events), origin=stage.origin, terminal=stage.terminal,
        )  # fmt: skip


@strawberry.type(description="A code scheme of a product system.")
class CodeScheme:
    """A code scheme."""

    id: str = told("Its name in the profile.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    of: list[str] = told("What has such codes.")
    example: str = told("A code of its form, which may be invented.")
    check: str = told("The algorithm of its check; none, or unknown, and then a code is never refused.")
    status: str = told("How sure this is: verified, verified_local, draft, memory or proposed.")
    pattern: str = told("The form of its codes, as a regular expression.")
    source: str | None = told("Where it was read.")
    note: str | None = told("What else must be known of it.")

    @classmethod
    def told_of(cls, code: s.Code) -> CodeScheme:
        """As the profile has it."""
        return cls(
            id=code.id, zh=code.zh, en=code.en, of=list(code.of), example=code.example, check=code.check,
            status=code.status, pattern=code.pattern, source=code.source, note=code.note,
        )  # fmt: skip


@strawberry.type(description="A measure of how complete the records of a product system are.")
class SystemMeasure:
    """A measure."""

    id: str = told("Its name.")
    group: str = told("surface, chain, point, drill, or own: of this system alone.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    of: str = told("What is counted: numerator / denominator.")
    target: float | None = told("What it should be here; null: nothing is set.")
    target_status: str = told("How sure the target is.")

    @classmethod
    def told_of(cls, measure: s.Measure) -> SystemMeasure:
        """As the profile has it."""
        return cls(
            id=measure.id, group=measure.group, zh=measure.zh, en=measure.en, of=measure.of, target=measure.target,
            target_status=measure.target_status,
        )  # fmt: skip


@strawberry.type(description="A market of a product system, and what it demands beside what every market does.")
class SystemMarket:
    """A market."""

    id: str = told("Its name in the profile.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    of: list[str] = told("The kinds of goods that it takes.")
    demands: list[SystemLabel] = told("What it demands: certificates, tests, days that must not be over.")
    basis: str = told("Why.")
    status: str = told("How sure this is: verified, verified_local, draft, memory or proposed.")

    @classmethod
    def told_of(cls, market: s.Market) -> SystemMarket:
        """As the profile has it."""
        return cls(
            id=market.id, zh=market.zh, en=market.en, of=list(market.of),
            demands=[SystemLabel.of(each) for each in market.demands], basis=market.basis, status=market.status,
        )  # fmt: skip


@strawberry.type(
    description="A product system: which goods, subjects, codes, stages and events it has, and its measures."
)
class ProductSystem:
    """A product system."""

    name: str = told("Its name.")
    version: int = told("Which version of its profile this is.")
    valid_from: str | None = told("The day from which this version acts, ISO 8601; null: from the beginning.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    section: str = told("Where the public paper asks for it.")
    quote_zh: str = told("What the paper says, to the letter.")
    lead: list[SystemLabel] = told("Departments that lead; none where the paper names none.")
    support: list[SystemLabel] = told("Departments that support.")
    stages: list[SystemStage] = told("The stages of its chain.")
    subjects: list[SystemLabel] = told("Who records, by role.")
    items: list[SystemLabel] = told("Its goods, and the things that they touch.")
    codes: list[CodeScheme] = told("Its code schemes.")
    events: list[SystemEvent] = told("The events that are to be recorded, by whom and with what.")
    links: list[SystemLink] = told("Which events belong together, and within what limits.")
    measures: list[SystemMeasure] = told("Its measures of completeness.")
    markets: list[SystemMarket] = told("Its markets.")
    retention: list[SystemRetention] = told("How long its records are kept.")
    public_fields: list[SystemLabel] = told("What the public is told of its goods (proposed).")
    restricted_fields: list[SystemLabel] = told("Key data elements that not all see who see an event (proposed).")
    standards: list[str] = told("Standards on it.")
    hazards: list[str] = told("What has gone wrong with such goods.")
    unverified: list[str] = told("What could not be verified.")
    recall: list[RecallLaw] = told("The rules on recalls: the newest, then the one before it.")

    @resolved("The rule on recalls that holds on a day: classes and limits in force then; null: none that is known.")
    def recall_on(
        self,
        day: Annotated[
            str | None, strawberry.argument(description="ISO 8601, as 2022-10-31; today if not given.")
        ] = None,
    ) -> RecallLaw | None:
        """By the versions of the profile that act on the day."""
        law = recall_law_on(self.name, day_asked(day, "day"), profiles())
        return None if law is None else RecallLaw.of(law)

    @classmethod
    def of(cls, system: s.System) -> ProductSystem:
        """As the profile has it."""
        return cls(
            name=system.name,
            version=system.version,
            valid_from=system.valid_from,
            zh=system.zh,
            en=system.en,
            section=system.section,
            quote_zh=system.quote_zh,
            lead=[SystemLabel.of(each) for each in system.lead],
            support=[SystemLabel.of(each) for each in system.support],
            stages=[SystemStage.of(each) for each in system.stages],
            subjects=[SystemLabel.of(each) for each in system.subjects],
            items=[SystemLabel.of(each) for each in system.items],
            codes=[CodeScheme.told_of(each) for each in system.codes],
            events=list(map(SystemEvent.told_of, system.profile.events)),
            links=list(map(SystemLink.told_of, system.profile.links)),
            measures=[SystemMeasure.told_of(each) for each in system.measures],
            markets=[SystemMarket.told_of(each) for each in system.markets],
            retention=list(map(SystemRetention.told_of, system.retention)),
            public_fields=labels_of(system.profile.visibility.public),
            restricted_fields=labels_of(system.profile.visibility.restricted),
            standards=list(system.profile.standards),
            hazards=list(system.profile.hazards),
            unverified=list(system.unverified),
            recall=list(map(RecallLaw.of, system.recall)),
        )


def product_systems(name: str | None) -> list[ProductSystem]:
    """Every system, or the one of a name or label; none where there is none."""
    if name is None:
        return [ProductSystem.of(system) for system in s.systems_of(profiles())]
    try:
        return [ProductSystem.of(s.system_named(name, profiles()))]
    except InvalidInput:
        return []


def system_called(name: str | None) -> ProductSystem | None:
    """The system of a name, where it is told."""
    return None if name is None else next(iter(product_systems(name)), None)
