"""Which events count, and how surely (design rule 14). In: ledger entries. Out: `Standing` an event, and gaps.

The ledger's key is (event id, hash of the body, hash of the declaration). A declaration takes the event with the same
id and body out: its flows go where it did not occur or its correctives are there, and stay possible while a named
corrective is missing. One id with two bodies is a conflict: both count, possibly, until a person decides. What is
unattested, since others than its author were bound to its site, counts possibly. Only who captured an event, or
someone bound to its site, can declare it an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from engine.ledger import Attestation, LedgerEntry
from graph_schema.event import Event
from graph_schema.flow_graph import Gap


class Standing(msgspec.Struct, frozen=True):
    """An event that counts, who captured it, and whether it counts in every reading."""

    event: Event
    author: str
    sure: bool


def standings(entries: Iterable[LedgerEntry], known_ids: Callable[[str], bool]) -> tuple[list[Standing], list[Gap]]:
    """Events that count, in order of time and id, and what stands in the way of the others.

    `known_ids` says whether the ledger has an event of this id: a corrective that is missing leaves a doubt.
    """
    by_id: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        by_id.setdefault(entry.event.id, []).append(entry)
    counted: list[Standing] = []
    gaps: list[Gap] = []
    for event_id in sorted(by_id):
        told, missing = _standing(by_id[event_id], known_ids)
        counted.extend(told)
        gaps.extend(missing)
    counted.sort(key=lambda standing: (standing.event.time, standing.event.id, standing.event.body_hash))
    return counted, gaps


def _standing(entries: list[LedgerEntry], known_ids: Callable[[str], bool]) -> tuple[list[Standing], list[Gap]]:
    bodies: dict[bytes, list[LedgerEntry]] = {}
    for entry in entries:
        bodies.setdefault(entry.event.body_hash, []).append(entry)
    told: list[Standing] = []
    gaps: list[Gap] = []
    for body in sorted(bodies):
        standing, gap = _one_body(bodies[body], known_ids)
        told.extend([standing] if standing else [])
        gaps.extend(gap)
    if len(told) > 1:
        told = [msgspec.structs.replace(standing, sure=False) for standing in told]
        gaps.append(_gap("conflict", told[0].event, "the same event id was captured with different contents"))
    return told, gaps


def _one_body(entries: list[LedgerEntry], known_ids: Callable[[str], bool]) -> tuple[Standing | None, list[Gap]]:
    """The standing of one event: `captured` as it happened, and declarations that it is an error."""
    captured = _captures(entries)
    first = (captured or entries)[0]
    sure = not _is_unattested(first)
    gaps: list[Gap] = []
    if not sure:
        gaps.append(_gap("unattested", first.event, f"captured by {first.capture.author}, not bound to its site"))
    for entry in entries:
        error = entry.event.error
        if error is None:
            continue
        if captured and not _may_declare(entry, captured):
            gaps.append(_gap("declaration", first.event, "declared an error by someone not entitled to"))
            continue
        missing = [event_id for event_id in error.corrective_ids if not known_ids(event_id)]
        if error.reason == "did_not_occur" or not missing:
            return None, gaps
        sure = False
        gaps.append(_gap("corrective", first.event, "declared an error; not here yet: " + ", ".join(missing)))
    return Standing(first.event, first.capture.author, sure), gaps


def _captures(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    """The captures of an event that make it count: where some are attested, those alone."""
    captured = [entry for entry in entries if entry.event.error is None]
    return [entry for entry in captured if not _is_unattested(entry)] or captured


def _is_unattested(entry: LedgerEntry) -> bool:
    return entry.attestation is Attestation.STRANGER


def _may_declare(declaration: LedgerEntry, captured: list[LedgerEntry]) -> bool:
    author = declaration.capture.author
    return declaration.attestation is Attestation.BOUND or any(author == entry.capture.author for entry in captured)


def _gap(kind: str, event: Event, text: str) -> Gap:
    item = event.whats[0].item if event.whats else ""
    return Gap(kind, item, event.biz_location or event.read_point, (event.id,), text)
