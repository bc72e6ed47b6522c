"""Open data in GraphQL (`api.open_data`). In: a system, a month. Out: the same, each field described."""

from __future__ import annotations

import strawberry
from strawberry import Info

from api import open_data as o
from api.graphql.asking import asking
from api.graphql.serving import asker, serving
from api.graphql.told import told
from graph_schema.profiles import profiles


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


def open_data_of(info: Info, system: str, month: str) -> OpenData:
    """The open data of a month."""
    serving(info).lookups.allow(asker(info))
    state = asking(info).state
    found = o.open_data(state.records(), state.snapshot, system, month, profiles())
    rates = [OpenRate(measure=one.measure, area=one.area, holders=one.holders, rate=one.rate) for one in found.rates]
    return OpenData(
        system=found.system, month=found.month, smallest_group=found.smallest_group, status=found.status, rates=rates,
        withheld=found.withheld,
    )  # fmt: skip
