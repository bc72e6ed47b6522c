"""Coverage in GraphQL (`api.coverage`). In: a coverage. Out: its measures, those of its parts, lists behind them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry import ID, Info, Private

from api.coverage import Behind, Recorded, check_may_ask
from api.graphql.asking import Asking, asking, position_asked
from api.graphql.connections import After, Connection, First, connect
from api.graphql.cursors import Listing
from api.graphql.serving import principal_of
from api.graphql.told import resolved, told
from api.graphql.words import By
from api.settings import today
from engine.coverage import measured as m
from graph_schema.errors import InvalidInput
from graph_schema.interval import Interval
from graph_schema.licence import Licence
from graph_schema.profiles import profiles

Day = Annotated[str | None, strawberry.argument(description="A day, ISO 8601, the last of the period; null: today.")]
Since = Annotated[str | None, strawberry.argument(description="The first day of the period; null: all before it.")]


@strawberry.type(description="A measure of how complete records are, as counted.")
class CoverageMeasure:
    """A measure."""

    id: str = told("Its name, as in ProductSystem.measures.")
    numerator: float = told("How much is as it should be; of what is to be small, how much is not.")
    denominator: float = told("How much there is.")
    rate: float | None = told("The one by the other; null where there is nothing to count.")
    target: float | None = told("What the profile on the last day proposes; null: nothing is set.")
    at_most: bool = told("Whether the target is the most that may be, not the least.")
    met: bool | None = told("Whether the target is reached; null where there is none, or nothing to count.")

    @classmethod
    def of(cls, measure: m.Measured) -> CoverageMeasure:
        """As it was counted."""
        return cls(
            id=measure.id, numerator=measure.numerator, denominator=measure.denominator, rate=measure.rate,
            target=measure.target, at_most=measure.at_most, met=measure.met,
        )  # fmt: skip


@strawberry.type(description="The measures of a part of a product system.")
class CoveragePart:
    """A part."""

    by: By = told("What the part is.")
    key: str = told("A licence's id, a role, an area, a department's id; empty: what is under no licence.")
    measures: list[CoverageMeasure] = told("Its measures.")

    @classmethod
    def of(cls, part: m.Covered) -> CoveragePart:
        """As it was counted."""
        return cls(by=part.by, key=part.key, measures=[CoverageMeasure.of(one) for one in part.measures])


@strawberry.type(description="A line of a register: who is licensed for a role of a product system.")
class LicenceHolder:
    """A licence."""

    id: ID = told("Its id.")
    role: str = told("The role.")
    holder: str | None = told("What the holder is called.")
    party: str | None = told("The party that holds it.")
    site: str | None = told("The site that it is for.")
    number: str | None = told("Its number.")
    area: str = told("Where, from wide to narrow, parted by /; empty: not told.")
    department: str = told("Who supervises, by the department's id; empty: not told.")

    @classmethod
    def of(cls, licence: Licence) -> LicenceHolder:
        """As the register has it."""
        return cls(
            id=ID(licence.key), role=licence.role, holder=licence.holder, party=licence.party, site=licence.site,
            number=licence.number, area=licence.area, department=licence.department,
        )  # fmt: skip


@strawberry.type(description="What is counted behind a measure.")
class CoverageUnit:
    """A unit."""

    unit: str = told("event, link, lot, tracking_event, code, licence, area or declared.")
    licence: LicenceHolder | None = told("Whose it is; null: of somebody in no register, or of an area.")
    event: ID | None = told("The event; null where it is none.")
    tracking_event: str | None = told("Which tracking event of the system that is; of one that is expected, which.")
    time: Interval | None = told("When it was.")
    thing: str | None = told("The thing of a link, code, lot or tracking event.")
    link: str | None = told("Which link: what should follow what, as `ship > receive`.")
    missing: list[str] = told("Key data elements that the event should have and has not.")
    area: str | None = told("The area.")
    declared: float | None = told("How much the holder declares.")
    reported: float | None = told("How much of that is reported.")

    @classmethod
    def of(cls, row: Behind) -> CoverageUnit:
        """As it was counted."""
        holder = None if row.licence is None else LicenceHolder.of(row.licence)
        return cls(
            unit=row.unit, licence=holder, event=None if row.event is None else ID(row.event),
            tracking_event=row.tracking_event, time=row.time, thing=row.thing, link=row.link,
            missing=list(row.missing), area=row.area,
            declared=row.declared, reported=row.reported,
        )  # fmt: skip


@strawberry.type(description="How complete the records of a product system are, of what who asks may see.")
class Coverage:
    """A coverage."""

    of: Private[m.Coverage]
    recorded: Private[Recorded]
    whose: Private[tuple[str, ...]]

    @resolved("The product system.")
    def system(self) -> str:
        """Its name."""
        return self.of.asked.system

    @resolved("The last day of the period.")
    def at(self) -> str:
        """ISO 8601."""
        return self.of.asked.at.isoformat()

    @resolved("Which version of the profile has the targets.")
    def version(self) -> int:
        """The version that acts on the last day."""
        return self.of.profile.version

    @resolved("The ledger position that this is of.")
    def position(self) -> int:
        """The position."""
        return self.of.tracked.records.position

    @resolved("The measures of all of it.")
    def measures(self) -> list[CoverageMeasure]:
        """Of the system."""
        return [CoverageMeasure.of(one) for one in self.of.total().measures]

    @resolved("The measures of each part.")
    def parts(
        self,
        by: Annotated[By, strawberry.argument(description="What the parts are.")] = By.SUBJECT,
        first: First = 50,
        after: After = None,
    ) -> Connection[CoveragePart]:
        """A page of parts."""
        parts = self.of.parts(by)
        return connect(
            self._listing("parts", by), parts, lambda part: (part.key,),
            lambda rows: [CoveragePart.of(row) for row in rows], first, after,
        )  # fmt: skip

    @resolved("The list behind a measure: what falls short of it, or, if asked, what is as it should be.")
    def behind(
        self,
        measure: Annotated[str, strawberry.argument(description="The measure's id.")] = m.REPORTING,
        by: Annotated[By, strawberry.argument(description="Of which kind of part.")] = By.SYSTEM,
        key: Annotated[str, strawberry.argument(description="Of which part.")] = "",
        good: Annotated[bool, strawberry.argument(description="What is as it should be, instead.")] = False,
        first: First = 50,
        after: After = None,
    ) -> Connection[CoverageUnit]:
        """A page of units."""
        tally, numbers = self.of.behind(measure, by, key, good=good)
        return connect(
            self._listing("behind", measure, by, key, good), numbers.tolist(), lambda number: (number,),
            lambda page: [CoverageUnit.of(row) for row in self.recorded.rows(self.of, tally, page)], first, after,
        )  # fmt: skip

    def _listing(self, *names: object) -> Listing:
        asked = self.of.asked
        days = (asked.at.isoformat(), asked.since.isoformat())
        return Listing(self.of.tracked.records.position, "coverage", asked.system, *days, *self.whose, *names)


def coverage_of(info: Info, system: str, at: str | None, since: str | None) -> Coverage | None:
    """The coverage of a system, as far as who asks may see it; None where there is no such system then."""
    request: Asking = asking(info)
    asked = m.Asked(system, _day(at, "at") or today(), _day(since, "since") or date.min)
    position = position_asked(info)
    principal = principal_of(info.context)
    check_may_ask(principal)
    if profiles().on(system, asked.at.isoformat()) is None:
        return None
    records = request.state.records()
    at_position = records if position is None else records.upto(position)
    recorded = Recorded(at_position, request.state.snapshot, request.seen, principal)
    return Coverage(of=recorded.coverage(asked, profiles()), recorded=recorded, whose=_whose(request, principal))


def _whose(request: Asking, principal: object) -> tuple[str, ...]:
    department = getattr(principal, "department", None)
    return (*request.whose, department or "")


def _day(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is no day", where=where, remedy="Write it as 2026-11-30.") from None
