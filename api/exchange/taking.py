"""A package taken into a ledger. In: a checked package, a session, who takes it. Out: a `Receipt`.

Taking it again takes nothing again: what is there is there once. Its events are by its sender, under a name that is no
user's, so that a later package of the same sender can declare them errors, and nobody else's.
"""

from __future__ import annotations

import msgspec

from api.exchange.manifest import Receipt, Standing
from api.exchange.package import Package
from api.loading import Loading
from api.session import Session
from api.settings import now
from engine.stores.ports import Store
from graph_schema.errors import InvalidInput
from graph_schema.interval import datetime_of

AUTHOR = "exchange: "
"""Before the name of a sender, as the ledger has it."""


def check_for(package: Package, taker: str, before: Receipt | None, given: Receipt | None) -> None:
    """`InvalidInput` for a package that is for another, that leaves a gap, or in whose place another was taken.

    `before` is the receipt of the package before it, `given` one that was given for this one already.
    """
    told = package.manifest
    if told.recipient != taker:
        raise InvalidInput(
            f"it is for {told.recipient}, and {taker} takes it",
            where="--as",
            remedy=f"Take it as {told.recipient}, if that is you; else give it back to {told.sender}.",
        )
    if given is not None and given.package != package.digest:
        raise InvalidInput(
            f"another package was taken for this receipt: {given.package}, and this is {package.digest}",
            where="--receipt",
            rule="docs/adr/0029-exchange.md",
            remedy="Name a receipt of its own; where it should be the same package, ask its sender why it differs.",
        )
    if before is not None and (before.sender, before.system, before.until) != (told.sender, told.system, told.since):
        raise InvalidInput(
            f"it begins behind {told.since.position:,} of {told.sender}; what was taken before ends at "
            f"{before.until.position:,} of {before.sender}",
            where="--after",
            remedy="Take the packages between first, or ask the sender to pack after your receipt.",
        )


def take(package: Package, session: Session) -> Receipt:
    """Load what a package has, each part in transactions of its own; what was taken so far stays."""
    told = package.manifest
    loading = Loading(session, AUTHOR + told.sender)
    for part, content in package.parts():
        loading.load_document(content, f"package {package.digest} from {told.sender}, {part.name}")
    report = loading.report
    moment = datetime_of(now())
    return Receipt(
        package=package.digest,
        sender=told.sender,
        recipient=told.recipient,
        system=told.system,
        until=told.until,
        taken_at="" if moment is None else moment.isoformat(),
        ledger=standing(session.store),
        events=told.events,
        accepted=report.accepted,
        duplicates=report.duplicates,
        rejected=report.rejected,
    )


def standing(store: Store) -> Standing:
    """Where a ledger stands."""
    with store.snapshot() as reading:
        head = reading.ledger.head()
    return Standing(head.position, head.hash.hex())


def written(receipt: Receipt) -> bytes:
    """A receipt as a file has it."""
    return msgspec.json.format(msgspec.json.encode(receipt), indent=1) + b"\n"
