"""A drill in GraphQL (ADR 0031). In: a drill as somebody is shown it. Out: the same, each field described."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import ID, Info, Private

from api.drill import Shown, shown_to
from api.graphql.asking import asking
from api.graphql.coverage import CoverageMeasure, LicenceHolder
from api.graphql.inputs import window_of
from api.graphql.scalars import BigInt
from api.graphql.serving import principal_of
from api.graphql.told import resolved, told
from api.graphql.words import By
from api.principals import check_may_drill
from api.settings import seconds
from engine.answer_json import told_number
from engine.drill import DrillAsked, Drilled, Effect, RecallEffect, Sample, Shortfall, TraceSeconds, drill
from graph_schema.interval import Interval
from graph_schema.profiles import profiles


@strawberry.type(description="How long full answers took on the machine that asked: no part of what is repeatable.")
class DrillSeconds:
    """A time."""

    p95: float | None = told("Of 100 lots 95 took so many seconds or fewer, by nearest rank; null: there was none.")
    target: float | None = told("What the profile proposes, at most; null: nothing is set.")
    met: bool | None = told("Whether the target is reached; null where there is none, or nothing to time.")

    @classmethod
    def of(cls, measured: TraceSeconds) -> DrillSeconds:
        """As it was measured."""
        return cls(p95=measured.p95, target=measured.target, met=measured.met)


@strawberry.type(description="What a recall would locate of what is affected, in a unit of measure.")
class LocatedQuantity:
    """An amount."""

    uom: str | None = told("The unit (UN/ECE Rec 20); null: pieces.")
    located: str = told("At least so much is held, under way to a named place, or destroyed.")
    affected: str | None = told("At most so much is affected, each unit of goods once; null: the records do not tell.")
    rate: float | None = told("The one by the other, true in every reading; null where the other is null or nothing.")

    @classmethod
    def of(cls, effect: Effect) -> LocatedQuantity:
        """As it was reckoned."""
        return cls(
            uom=effect.uom, located=told_number(effect.located) or "0", affected=told_number(effect.affected),
            rate=effect.rate,
        )  # fmt: skip


@strawberry.type(
    description="What recalls of some lots would locate, in a unit of measure; each lot is a recall of its own."
)
class DrillEffect:
    """A measure of recalls."""

    quantity: LocatedQuantity = told("How much in all.")
    unknown: int = told("For how many of the lots the records do not tell how much is affected.")
    target: float | None = told("What the profile proposes; null: nothing is set.")
    met: bool | None = told("Whether the target is reached; null where there is none, or no rate.")

    @classmethod
    def of(cls, one: RecallEffect) -> DrillEffect:
        """As it was reckoned."""
        return cls(quantity=LocatedQuantity.of(one.effect), unknown=one.unknown, target=one.target, met=one.met)


@strawberry.type(description="The measures of a drill, of a part of a product system.")
class DrillPart:
    """A part."""

    by: By = told("What the part is.")
    key: str = told("A licence's id, a role, an area, a department's id; empty: what is under no licence.")
    samples: int = told("How many lots of it were drawn.")
    success: CoverageMeasure = told("Lots whose records lead all the way, back and forth / lots drawn.")
    seconds: DrillSeconds = told("How long a full answer took.")
    effects: list[DrillEffect] = told("What recalls would locate, an entry a unit of measure: units are never summed.")

    @classmethod
    def of(cls, part: Drilled) -> DrillPart:
        """As it was measured."""
        return cls(
            by=part.by, key=part.key, samples=part.samples, success=CoverageMeasure.of(part.success),
            seconds=DrillSeconds.of(part.seconds), effects=[DrillEffect.of(one) for one in part.effects],
        )  # fmt: skip


@strawberry.type(description="Why a lot is not traced.")
class DrillShortfall:
    """A shortfall."""

    kind: str = told("A kind of gap (docs/gaps.md), or cut: a bound cut the walk.")
    item: ID = told("Of which item.")
    site: ID | None = told("Where; null: at no named place.")
    events: list[ID] = told("The events that show it.")
    text: str = told("In words.")

    @classmethod
    def of(cls, one: Shortfall) -> DrillShortfall:
        """As the records show it."""
        return cls(
            kind=one.kind, item=ID(one.item), site=ID(one.site) if one.site else None,
            events=[ID(event) for event in one.events], text=one.text,
        )  # fmt: skip


@strawberry.type(description="A lot that was drawn and traced.")
class DrillSample:
    """A sample."""

    rank: int = told("1: the first that was drawn.")
    id: ID = told("Its key.")
    licence: LicenceHolder | None = told("Who recorded its first event; null: somebody in no register.")
    traced: bool = told("Whether its records lead all the way, back and forth.")
    shortfalls: list[DrillShortfall] = told("Why they do not.")
    effects: list[LocatedQuantity] | None = told("What a recall would locate; null: a bound cut the walk.")
    seconds: float = told("How long the full answers took here.")

    @classmethod
    def of(cls, shown: Shown, sample: Sample) -> DrillSample:
        """As it was traced."""
        licence = shown.licence(sample)
        return cls(
            rank=sample.rank,
            id=ID(sample.key),
            licence=None if licence is None else LicenceHolder.of(licence),
            traced=sample.traced,
            shortfalls=[DrillShortfall.of(one) for one in sample.shortfalls],
            effects=None if sample.effects is None else [LocatedQuantity.of(one) for one in sample.effects],
            seconds=sample.seconds,
        )


@strawberry.type(
    description="Lots of a random draw, each traced. All but the seconds is the same for whoever repeats it."
)
class Drill:
    """A drill."""

    of: Private[Shown]

    @resolved("The product system.")
    def system(self) -> str:
        """Its name."""
        return self.of.drill.draw.system

    @resolved("The version of its profile whose targets these are.")
    def version(self) -> int:
        """The version that acts at the position."""
        return self.of.drill.profile.version

    @resolved("The text that decided the draw.")
    def seed(self) -> str:
        """In one spelling."""
        return self.of.drill.draw.seed

    @resolved("The ledger position.")
    def position(self) -> BigInt:
        """The position."""
        return BigInt(self.of.drill.draw.position)

    @resolved("The chain hash at it, in hexadecimal.")
    def hash(self) -> str:
        """Of the chain."""
        return self.of.drill.draw.hash

    @resolved("The name of the draw: that of inspectionDraw with the same arguments.")
    def draw(self) -> ID:
        """A URN."""
        return ID(self.of.drill.draw.id)

    @resolved("How many lots could be drawn.")
    def candidates(self) -> BigInt:
        """Lots of the system."""
        return BigInt(self.of.drill.draw.candidates)

    @resolved("SHA-256 of what was drawn and of what is told of each lot, but for the seconds.")
    def digest(self) -> str:
        """In hexadecimal."""
        return self.of.drill.digest

    @resolved("The measures of all of it.")
    def measures(self) -> DrillPart:
        """Of the system."""
        return DrillPart.of(self.of.total())

    @resolved("The measures of each part that a lot was drawn of.")
    def parts(
        self, by: Annotated[By, strawberry.argument(description="What the parts are.")] = By.SUBJECT
    ) -> list[DrillPart]:
        """No more than lots, of areas than these lie in."""
        return [DrillPart.of(part) for part in self.of.parts(by)]

    @resolved("The list behind the measures: each lot, the first first.")
    def samples(
        self,
        by: Annotated[By, strawberry.argument(description="Of which kind of part.")] = By.SYSTEM,
        key: Annotated[str, strawberry.argument(description="Of which part.")] = "",
    ) -> list[DrillSample]:
        """The lots."""
        return [DrillSample.of(self.of, one) for one in self.of.samples(by, key)]


@strawberry.type
class DrillQuery:
    """What is asked of drills."""

    @resolved("Lots drawn by chance, each traced and recalled on paper. For who sees all: it tells everybody's lots.")
    def drill(
        self,
        info: Info,
        system: Annotated[str, strawberry.argument(description="The product system, by name.")],
        seed: Annotated[str, strawberry.argument(description="A text that nobody could choose: it decides the draw.")],
        first: Annotated[int, strawberry.argument(description="How many lots are traced, 1 to 100.")] = 10,
        position: Annotated[
            BigInt | None, strawberry.argument(description="Of the ledger, to repeat a drill; null: the newest.")
        ] = None,
        since: Annotated[Interval | None, strawberry.argument(description="Only from events then or later.")] = None,
        until: Annotated[Interval | None, strawberry.argument(description="Only from events then or earlier.")] = None,
    ) -> Drill:
        """A drill."""
        principal = principal_of(info.context)
        check_may_drill(principal)
        asked = DrillAsked(system=system, seed=seed, count=first, position=position, window=window_of(since, until))
        state = asking(info).state
        found = drill(state.index, state.snapshot, profiles(), asked, seconds)
        return Drill(of=shown_to(principal, found, profiles()))
