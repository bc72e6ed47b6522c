"""Which events count, and how surely (design rule 14). In: ledger entries. Out: `Standing` an event, and gaps.

The ledger's key is (event id, hash of the body, hash of the declaration). A declaration takes the event with the same
id and body out: its flows go where it did not occur or its correctives are there, and stay possible while a named
corrective is missing. One id with two bodies is a conflict: both count, possibly, until a person decides. Only who
captured an event, or someone authorised for its site, can declare it an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from engine.ledger import LedgerEntry
from graph_schema.event import Event
from graph_schema.flow_graph import Gap

Authority = Callable[[str, Event], bool]
"""Whether an author is bound to the site of an event, or nobody is."""


def anyone(author: str, event: Event) -> bool:
    """The authority where nobody is bound to a site: it takes events and declarations from anyone."""
    del author, event
    return True


class Standing(msgspec.Struct, frozen=True):
    """An event that counts, who captured it, and whether it counts in every reading."""

    event: Event
    author: str
    sure: bool


def standings(
    entries: Iterable[LedgerEntry], known_ids: Callable[[str], bool], authority: Authority = anyone
) -> tuple[list[Standing], list[Gap]]:
    """Events that count, in order of time and id, and what stands in the way of the others.

    `known_ids` says whether the ledger has an event of this id: a corrective that is missing leaves a doubt.
    """
    by_id: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        by_id.setdefault(entry.event.id, []).append(entry)
    counted: list[Standing] = []
    gaps: list[Gap] = []
    for event_id in sorted(by_id):
        told, missing = _standing(by_id[event_id], known_ids, authority)
        counted.extend(told)
        gaps.extend(missing)
    counted.sort(key=lambda standing: (standing.event.time, standing.event.id, standing.event.body_hash))
    return counted, gaps


def _standing(
    entries: list[LedgerEntry], known_ids: Callable[[str], bool], authority: Authority
) -> tuple[list[Standing], list[Gap]]:
    bodies: dict[bytes, list[LedgerEntry]] = {}
    for entry in entries:
        bodies.setdefault(entry.event.body_hash, []).append(entry)
    told: list[Standing] = []
    gaps: list[Gap] = []
    for body in sorted(bodies):
        standing, gap = _one_body(bodies[body], known_ids, authority)
        told.extend([standing] if standing else [])
        gaps.extend(gap)
    if len(told) > 1:
        told = [msgspec.structs.replace(standing, sure=False) for standing in told]
        gaps.append(_gap("conflict", told[0].event, "the same event id was captured with different contents"))
    return told, gaps


def _one_body(
    entries: list[LedgerEntry], known_ids: Callable[[str], bool], authority: Authority
) -> tuple[Standing | None, list[Gap]]:
    """The standing of one event: `plain` captures of it and declarations that it is an error."""
    plain = [entry for entry in entries if entry.event.error is None]
    first = plain[0] if plain else entries[0]
    sure = authority(first.capture.author, first.event)
    gaps: list[Gap] = []
    if not sure:
        gaps.append(_gap("unattested", first.event, f"captured by {first.capture.author}, not bound to its site"))
    for entry in entries:
        error = entry.event.error
        if error is None:
            continue
        if plain and not _may_declare(entry, plain, authority):
            gaps.append(_gap("declaration", first.event, "declared an error by someone not entitled to"))
            continue
        missing = [event_id for event_id in error.corrective_ids if not known_ids(event_id)]
        if error.reason == "did_not_occur" or not missing:
            return None, gaps
        sure = False
        gaps.append(_gap("corrective", first.event, "declared an error; not here yet: " + ", ".join(missing)))
    return Standing(first.event, first.capture.author, sure), gaps


def _may_declare(entry: LedgerEntry, plain: list[LedgerEntry], authority: Authority) -> bool:
    author = entry.capture.author
    return any(author == other.capture.author for other in plain) or (
        authority is not anyone and authority(author, entry.event)
    )


def _gap(kind: str, event: Event, text: str) -> Gap:
    item = event.whats[0].item if event.whats else ""
    return Gap(kind, item, event.biz_location or event.read_point, (event.id,), text)
