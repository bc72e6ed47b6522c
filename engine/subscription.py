"""A subscription to a named query (EPCIS 2.0 §8.2.5, §12). In: what was asked for. Out: `Subscription`, as it stands.

What is to be sent is told by positions of the ledger, never by times: events up to `position` were delivered.
"""

from __future__ import annotations

import msgspec


class Delivery(msgspec.Struct, frozen=True):
    """What is being sent, or may have been: where nobody knows, the very same is sent again."""

    upto: int
    """The events after the subscription's position, up to this one."""
    known_at: int
    """The position whose master data decide which these are."""
    more: bool = False
    """Whether others follow at once."""
    executed: int = 0
    """When the query was executed for it, in microseconds since 1970 UTC; 0: when it was made, that was not noted."""


class Lease(msgspec.Struct, frozen=True):
    """Who delivers, and until when nobody else does."""

    holder: str
    until: int
    """In microseconds since 1970 UTC."""


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is sent what, when, and how far that got. Times are in microseconds since 1970 UTC."""

    id: str
    query: str
    """The name of the query."""
    owner: str
    """The principal that made it: what is sent is what they may see, and nobody else sees it."""
    created: int
    dest: str
    """The URL that is sent to."""
    position: int
    """Up to here results were delivered: it advances only with an answer that took them, or past what is empty."""
    due: int
    """When it is looked at next, at the earliest; 0: at any time."""
    batch: int
    """Events of one delivery, at most."""
    form: str
    """How identifiers are written (`GS1-EPC-Format`)."""
    media: str = "application/json"
    """What documents are written in."""
    words: str = "No_Preference"
    """How words of the CBV are written in XML (`GS1-CBV-XML-Format`)."""
    schedule: dict[str, str] | None = None
    """Its fields; None: whenever there is something new (`stream`)."""
    report_if_empty: bool = False
    initial_record_time: int | None = None
    """Where it was given: what was recorded before is not sent."""
    signature_token: str | None = None
    delivery: Delivery | None = None
    delivery_id: str | None = None
    """What it is called each time that it is sent."""
    lease: Lease | None = None
    last_notified: int | None = None
    executed: int = 0
    """When the query was executed last of which all results were delivered; 0: not yet."""
    failures: int = 0
    """Deliveries that failed since the last that did not."""
    failed: str | None = None
    """Why the last one did."""
