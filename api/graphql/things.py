"""Things of the schema: items, sites, parties, quantities, times. In: values of the engine. Out: GraphQL types."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import strawberry
from strawberry import ID

from api.graphql.scalars import BigInt
from api.graphql.systems import ProductSystem, system_called
from api.graphql.told import told
from api.graphql.words import ItemKind
from engine import answer as a
from graph_schema.interval import BEGINNING, END, datetime_of
from graph_schema.interval import Interval as Moment


def moment_of(micros: int | None) -> Moment | None:
    """An instant; None for no time, or one beyond the calendar."""
    return None if micros is None or datetime_of(micros) is None else Moment(micros, micros)


@strawberry.interface(description="A thing with an id.")
class Node:
    """What `node` finds."""

    id: ID = told("Its canonical GS1 Digital Link URI, or its own URI where it has no GS1 key.")


@strawberry.type(description="The append-only list of accepted events, at the position that an answer is of.")
class Ledger:
    """Where the ledger stood."""

    position: BigInt = told("The sequence number of its last entry.")
    events: BigInt = told("How many entries there are up to it.")
    hash: str = told("The hash of the chain there, in hexadecimal: it covers every entry before.")
    accepted_until: Moment = told("When the last entry was accepted; 1970 where there is none.")

    @classmethod
    def of(cls, state: a.LedgerState) -> Ledger:
        """As an answer has it."""
        return cls(
            position=BigInt(state.position),
            events=BigInt(state.events),
            hash=state.hash,
            accepted_until=moment_of(state.accepted_until) or Moment(0, 0),
        )


@strawberry.type(description="A time that is known within bounds.")
class TimeRange:
    """An interval."""

    earliest: Moment | None = told("The earliest it can have been; null: nothing bounds it.")
    latest: Moment | None = told("The latest; null: nothing bounds it.")
    text: str | None = told("The same as an event told it, where one tells this very time.")

    @classmethod
    def of(cls, time: Moment, text: str | None = None) -> TimeRange | None:
        """An interval; None for one that nothing bounds."""
        if (time.earliest, time.latest) == (BEGINNING, END):
            return None
        return cls(earliest=moment_of(time.earliest), latest=moment_of(time.latest), text=text)


@strawberry.type(description="At least `low`, at most `high`, of one unit.")
class QuantityRange:
    """How much."""

    low: Decimal = told("At least so much.")
    high: Decimal | None = told("At most so much; null: not known.")
    uom: str | None = told("The unit, a code of UN/ECE Recommendation 20; null: pieces.")


def ranges(amounts: a.Quantities) -> list[QuantityRange]:
    """One range a unit: the engine's own, with these fields; copying those of a page took a tenth of its time."""
    return cast("list[QuantityRange]", amounts)


@strawberry.type(description="What an item is one of.")
class Product(Node):
    """A product."""

    name: str | None = told("Its name, as master data tell it.")


@strawberry.type(description="A lot, an instance, a logistic unit or a class.")
class Item(Node):
    """An item."""

    urn: str | None = told("Its EPC URN, where events tell the length of its company prefix.")
    kind: ItemKind = told("What its key names.")
    gtin: str | None = told("Its GTIN, 14 digits.")
    lot: str | None = told("Its batch or lot number.")
    serial: str | None = told("Its serial number.")
    product: Product | None = told("What it is one of.")
    system: ProductSystem | None = told("The product system it belongs to, where a profile tells it.")

    @classmethod
    def of(cls, item: a.Item) -> Item:
        """As the engine has it."""
        product = item.product
        return cls(
            id=ID(item.id),
            urn=item.urn,
            kind=item.kind,
            gtin=item.gtin,
            lot=item.lot,
            serial=item.serial,
            product=None if product is None else Product(id=ID(product.id), name=product.name),
            system=system_called(item.system),
        )


@strawberry.type(description="A postal address of master data (CBV 2.0 §10).")
class Address:
    """Where a site is."""

    lines: list[str] = told("Street and house.")
    city: str | None = told("City.")
    state: str | None = told("State or region.")
    postal_code: str | None = told("Postal code.")
    country: str | None = told("Country, ISO 3166-1 where master data keep to it.")

    @classmethod
    def of(cls, address: a.Address) -> Address:
        """As the engine has it."""
        return cls(
            lines=list(address.lines),
            city=address.city,
            state=address.state,
            postal_code=address.postal_code,
            country=address.country,
        )


@strawberry.type(description="Whom to call at an outlet, from master data.")
class Contact:
    """A contact."""

    name: str | None = told("Who.")
    role: str | None = told("As what.")
    phone: str | None = told("Telephone number.")
    email: str | None = told("E-mail address.")

    @classmethod
    def of(cls, contact: a.Contact) -> Contact:
        """As the engine has it."""
        return cls(name=contact.name, role=contact.role, phone=contact.phone, email=contact.email)


@strawberry.type(description="A company or an authority.")
class Party(Node):
    """Who has a site."""

    name: str | None = told("Its name, as master data tell it.")


@strawberry.type(description="A place of business, or a place within one.")
class Site(Node):
    """A site."""

    urn: str | None = told("Its EPC URN, where events tell the length of its company prefix.")
    gln: str | None = told("Its GLN, 13 digits.")
    name: str | None = told("Its name, as master data tell it.")
    roles: list[str] = told("What it does, as master data tell it.")
    party: Party | None = told("Who has it.")
    address: Address | None = told("Where it is.")
    latitude: float | None = told("Degrees north.")
    longitude: float | None = told("Degrees east.")

    @classmethod
    def of(cls, site: a.Site) -> Site:
        """As the engine has it."""
        party, address = site.party, site.address
        return cls(
            id=ID(site.id),
            urn=site.urn,
            gln=site.gln,
            name=site.name,
            roles=list(site.roles),
            party=None if party is None else Party(id=ID(party.id), name=party.name),
            address=None if address is None else Address.of(address),
            latitude=site.latitude,
            longitude=site.longitude,
        )


@strawberry.type(description="What the records do not tell, which makes an answer a lower bound or a doubt.")
class Gap:
    """A gap."""

    kind: str = told("A word of docs/gaps.md.")
    item: ID = told("The item it is about.")
    site: ID | None = told("Where; null: no place is known.")
    events: list[ID] = told("The events it is seen in.")
    text: str = told("A sentence that a person can act on.")

    @classmethod
    def of(cls, gap: a.AnswerGap) -> Gap:
        """As the engine has it."""
        return cls(
            kind=gap.kind,
            item=ID(gap.item),
            site=None if gap.site is None else ID(gap.site),
            events=ids(gap.events),
            text=gap.text,
        )


@strawberry.type(description="What is not in an answer, and why.")
class Exclusion:
    """An exclusion."""

    item: ID | None = told("Which item; null: any.")
    site: ID | None = told("At which site; null: any.")
    reason: str = told("A word of docs/answers.md.")
    text: str = told("A sentence that tells it.")
    events: list[ID] = told("The events that say so.")

    @classmethod
    def of(cls, exclusion: a.Exclusion) -> Exclusion:
        """As the engine has it."""
        return cls(
            item=None if exclusion.item is None else ID(exclusion.item),
            site=None if exclusion.site is None else ID(exclusion.site),
            reason=exclusion.reason,
            text=exclusion.text,
            events=ids(exclusion.events),
        )


def ids(keys: Sequence[str]) -> list[ID]:
    """Keys as ids."""
    return [ID(key) for key in keys]
