"""Writing a recall scope to files. In: a state, a scope. Out: a workbook, a folder of CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.consignments import build_consignments
from api.recall_law import SystemLaw
from api.session import Reading
from api.settings import now
from api.sheets import read_particulars, recall_sheets, write_csv, write_xlsx
from engine.answer import RecallScope
from engine.question import Question


def write_recall(
    state: Reading,
    question: Question,
    scope: RecallScope,
    seeds: Sequence[str],
    xlsx: Path | None,
    csv: Path | None,
    law: SystemLaw | None = None,
) -> list[Path]:
    """Write what was asked for; the files, in order."""
    made = now()
    # Which shipment brought what is not in a scope: it is read off the flows of the same question's trace.
    flows = state.trace(question).flows
    events = state.events(event for flow in flows for event in flow.events)
    consignments = build_consignments(flows, events)
    entries = state.entries(_named(scope) | {event for one in consignments for event in one.events})
    latest = state.index.latest_arrival(scope.ledger.position)
    told = read_particulars(scope, state.snapshot)
    sheets = recall_sheets(scope, consignments, entries, seeds, made, latest, told, law)
    written = [write_xlsx(sheets, xlsx, made)] if xlsx else []
    return [*written, *(write_csv(sheets, csv) if csv else [])]


def _named(scope: RecallScope) -> set[str]:
    """The events that a scope names."""
    parts = (scope.in_transit, scope.excluded, scope.gaps)
    named = {event for part in parts for one in part for event in one.events}
    return named | {event for outlet in scope.outlets for event in outlet.evidence}
