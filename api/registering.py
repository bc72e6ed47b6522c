"""Loading registers of licence holders into a store. In: sheets. Out: a `RegisterReport`: what was kept, what not, why.

A register is master data: a line with the key of one before takes its place, from this ledger position on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from api.session import Session
from graph_schema.licence import KIND
from graph_schema.profiles import Profiles
from loaders.outcome import Finding, Place, Rejected
from loaders.register import Registered, load_register

BATCH = 10_000
"""Lines a transaction."""


class RefusedLine(msgspec.Struct, frozen=True):
    """A line of a sheet that was refused."""

    place: Place
    finding: Finding


class RegisterReport(msgspec.Struct):
    """What became of the lines of registers."""

    accepted: int = 0
    rejected: int = 0
    refusals: list[RefusedLine] = []


def register_holders(
    session: Session, files: Sequence[Path], profiles: Profiles, told: Callable[[Rejected], None] | None = None
) -> RegisterReport:
    """Keep the licences of sheets; those refused are told one by one, and in the report."""
    report = RegisterReport()
    for file in files:
        rows = load_register(file, profiles)
        while batch := list(islice(rows, BATCH)):
            _keep(session, [row for row in batch if isinstance(row, Registered)], report)
            for refused in (row for row in batch if isinstance(row, Rejected)):
                report.rejected += 1
                report.refusals.extend(RefusedLine(refused.place, finding) for finding in refused.findings)
                if told is not None:
                    told(refused)
    return report


def _keep(session: Session, rows: Sequence[Registered], report: RegisterReport) -> None:
    masters = [(row.licence.key, KIND, row.licence.attributes()) for row in rows]
    with session.store.transaction() as transaction:
        transaction.masters.put(masters, transaction.ledger.head().position)
    report.accepted += len(masters)
