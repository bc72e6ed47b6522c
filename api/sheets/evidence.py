"""The sheets Excluded, Gaps and Evidence. In: a recall scope, ledger entries. Out: why something is in or not."""

from __future__ import annotations

from collections.abc import Mapping

from api.labels import short_code, time_of
from api.sheets.cells import time_cell
from api.sheets.workbook import Cell, Sheet
from engine.answer import RecallScope
from engine.ledger import LedgerEntry
from graph_schema.event import Event, Reference


def excluded(scope: RecallScope) -> Sheet:
    """What is not in the scope, each with why."""
    rows = [(_code(one.item), _code(one.site), one.reason, one.text, " ".join(one.events)) for one in scope.excluded]
    return Sheet("Excluded", ("Item", "Site", "Reason", "Why", "Events"), tuple(rows))


def gaps(scope: RecallScope) -> Sheet:
    """What the records do not tell: the scope is a lower bound where these exist."""
    rows = [(one.kind, _code(one.item), _code(one.site), one.text, " ".join(one.events)) for one in scope.gaps]
    return Sheet("Gaps", ("Gap", "Item", "Site", "What is missing", "Events"), tuple(rows))


def evidence(entries: Mapping[str, LedgerEntry]) -> Sheet:
    """The events that the other sheets name: what they say, who captured them, from which source."""
    columns = (
        "Event id",
        "Ledger position",
        "Time",
        "Type",
        "Step",
        "Disposition",
        "Read point",
        "Business location",
        "Documents",
        "Captured by",
        "Source",
        "Accepted at",
    )
    found = sorted(entries.values(), key=lambda entry: entry.seq)
    return Sheet("Evidence", columns, tuple(_entry(entry) for entry in found))


def _entry(entry: LedgerEntry) -> tuple[Cell, ...]:
    event = entry.event
    return (
        event.id,
        entry.seq,
        time_of(event),
        event.type_name,
        event.biz_step,
        event.disposition,
        _code(event.read_point),
        _code(event.biz_location),
        _documents(event) or None,
        entry.capture.author,
        entry.capture.source,
        time_cell(entry.capture.accepted),
    )


def _documents(event: Event) -> str:
    return "; ".join(document(reference) for reference in event.transactions)


def document(reference: Reference) -> str:
    """A business transaction as people write it: type and number."""
    return f"{reference.type} {reference.id}" if reference.type else reference.id


def _code(key: str | None) -> str | None:
    return None if not key else short_code(key)
