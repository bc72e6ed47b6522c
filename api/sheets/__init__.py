"""The recall file: what a coordinator hands on, as sheets of a workbook or as CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.consignments import Consignment
from api.recall_law import SystemLaw
from api.sheets.consignees import consignees, outlets
from api.sheets.evidence import evidence, excluded, gaps
from api.sheets.header import header
from api.sheets.particulars import Particulars, read_particulars
from api.sheets.stock import in_transit, lots, mass_balance
from api.sheets.workbook import Sheet, write_csv, write_xlsx
from engine.answer import RecallScope
from engine.ledger import LedgerEntry

__all__ = ["Particulars", "Sheet", "read_particulars", "recall_sheets", "write_csv", "write_xlsx"]


def recall_sheets(
    scope: RecallScope,
    consignments: Sequence[Consignment],
    entries: Mapping[str, LedgerEntry],
    seeds: Sequence[str],
    made: int,
    latest: int | None,
    told: Particulars,
    law: SystemLaw | None,
) -> list[Sheet]:
    """Every sheet of a scope; `entries` by event id, `made` and `latest` in microseconds since 1970 UTC."""
    return [
        header(scope, seeds, made, latest, law),
        consignees(scope, consignments, told),
        outlets(scope, told),
        lots(scope, told),
        mass_balance(scope),
        in_transit(scope, told),
        excluded(scope),
        gaps(scope),
        evidence(entries),
    ]
