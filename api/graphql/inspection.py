"""Random inspection in GraphQL (ADR 0026). In: a draw of the engine. Out: the same, each field described."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import ID, Info

from api.graphql.asking import asking
from api.graphql.inputs import window_of
from api.graphql.scalars import BigInt
from api.graphql.serving import principal_of
from api.graphql.told import resolved, told
from api.principals import check_may_draw
from engine.inspection import Draw, DrawAsked, Drawn, draw
from graph_schema.interval import Interval
from graph_schema.profiles import profiles
from graph_schema.profiles.profile import Drawable, Signal

strawberry.enum(Drawable, name="Drawable", description="What is drawn for inspection.")
strawberry.enum(Signal, name="RiskSignal", description="What of the records makes an inspection more urgent.")


@strawberry.type(description="How many tickets more a signal of risk gives.")
class SignalWeight:
    """A weight."""

    signal: Signal = told("What was found in the events of a candidate.")
    tickets: int = told("Tickets more, however often it was found.")


@strawberry.type(description="Who or what was drawn.")
class DrawnCandidate:
    """A candidate that was drawn."""

    rank: int = told("1: the first.")
    id: ID = told("Its key.")
    tickets: int = told("How many tickets it had in the urn.")
    ticket: int = told("Which of them was turned up first, from 1.")
    number: str = told("That ticket's number, in hexadecimal: tickets are turned up in order of it.")
    signals: list[Signal] = told("Why it had more tickets than others.")

    @classmethod
    def of(cls, drawn: Drawn) -> DrawnCandidate:
        """As it was drawn."""
        return cls(
            rank=drawn.rank, id=ID(drawn.key), tickets=drawn.tickets, ticket=drawn.ticket, number=drawn.number,
            signals=list(drawn.signals),
        )  # fmt: skip


@strawberry.type(
    description="A draw without replacement, weighted by risk. Whoever has the ledger up to the position repeats it."
)
class InspectionDraw:
    """A draw."""

    id: ID = told("A name for what was drawn from and by: all that decides the order.")
    system: str = told("The product system.")
    version: int = told("The version of its profile whose weights these are.")
    kind: Drawable = told("What was drawn.")
    seed: str = told("The text that decided.")
    position: BigInt = told("The ledger position.")
    hash: str = told("The chain hash at it, in hexadecimal.")
    weights_status: str = told("How sure the weights are: proposed, no law stands behind them.")
    signals: list[SignalWeight] = told("What gives more tickets.")
    candidates: BigInt = told("How many could be drawn.")
    tickets: BigInt = told("Tickets of all of them.")
    digest: str = told("SHA-256 of the lines `key tickets` of all candidates, in order of key.")
    events: BigInt = told("Tracking events of the system that they were found in.")
    unnamed: BigInt = told("Those of them that name no subject.")
    drawn: list[DrawnCandidate] = told("Who or what was drawn, the first first.")

    @classmethod
    def of(cls, draw: Draw) -> InspectionDraw:
        """As the engine gives it."""
        return cls(
            id=ID(draw.id),
            system=draw.system,
            version=draw.version,
            kind=draw.kind,
            seed=draw.seed,
            position=BigInt(draw.position),
            hash=draw.hash,
            weights_status=draw.weights.status,
            signals=[SignalWeight(signal=name, tickets=more) for name, more in draw.weights.signals.items()],
            candidates=BigInt(draw.candidates),
            tickets=BigInt(draw.tickets),
            digest=draw.digest,
            events=BigInt(draw.events),
            unnamed=BigInt(draw.unnamed),
            drawn=[DrawnCandidate.of(one) for one in draw.drawn],
        )


@strawberry.type
class InspectionQuery:
    """What is asked of inspections."""

    @resolved("Who or what is inspected: by chance, weighted by risk, repeatable by anyone. For regulators.")
    def inspection_draw(
        self,
        info: Info,
        system: Annotated[str, strawberry.argument(description="The product system, by name.")],
        seed: Annotated[str, strawberry.argument(description="A text that nobody could choose: it decides the draw.")],
        first: Annotated[int, strawberry.argument(description="How many are drawn, 1 to 1,000.")] = 10,
        kind: Annotated[Drawable, strawberry.argument(description="What is drawn.")] = Drawable.LOTS,
        position: Annotated[
            BigInt | None, strawberry.argument(description="Of the ledger, to repeat a draw; null: the newest.")
        ] = None,
        since: Annotated[Interval | None, strawberry.argument(description="Only from events then or later.")] = None,
        until: Annotated[Interval | None, strawberry.argument(description="Only from events then or earlier.")] = None,
    ) -> InspectionDraw:
        """A draw."""
        check_may_draw(principal_of(info.context))
        asked = DrawAsked(
            system=system, seed=seed, count=first, kind=kind, position=position, window=window_of(since, until)
        )
        return InspectionDraw.of(draw(asking(info).state.snapshot, profiles(), asked))
