"""Open data in GraphQL (`api.open_data`). In: a system, a month. Out: the same, each field described."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from api.graphql.asking import asking
from api.graphql.serving import asker, serving
from api.graphql.told import resolved, told


@strawberry.type(description="A rate of a group of licence holders.")
class OpenRate:
    """A rate."""

    measure: str = told("Its name, as in ProductSystem.measures.")
    area: str = told("Where, from wide to narrow, parted by /; empty: the whole system.")
    holders: int = told("Licence holders whose records are counted in it: never fewer than smallestGroup.")
    rate: float = told("The share, in whole per cents.")


@strawberry.type(description="What is open to all of how complete the records of a product system are.")
class OpenData:
    """Open data."""

    system: str = told("The product system.")
    month: str = told("The month.")
    smallest_group: int = told("Of how many licence holders at least anything is told.")
    status: str = told("How sure that number is.")
    rates: list[OpenRate] = told("The rates that are told.")
    withheld: bool = told("Whether groups are withheld: too small, or telling of one that is.")


@strawberry.type
class OpenDataQuery:
    """Its question."""

    @resolved("What is open to all of how complete the records of a product system are, in a month that is over.")
    def open_data(
        self,
        info: Info,
        system: Annotated[str, strawberry.argument(description="The product system.")],
        month: Annotated[str, strawberry.argument(description="The month, as 2026-10.")],
    ) -> OpenData:
        """Open data."""
        asked = serving(info)
        asked.lookups.allow(asker(info))
        found = asked.months.of(asking(info).state, system, month)
        rates = [
            OpenRate(measure=one.measure, area=one.area, holders=one.holders, rate=one.rate) for one in found.rates
        ]
        return OpenData(
            system=found.system, month=found.month, smallest_group=found.smallest_group, status=found.status,
            rates=rates, withheld=found.withheld,
        )  # fmt: skip
