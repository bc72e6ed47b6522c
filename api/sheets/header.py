"""The sheet Header. In: a recall scope, what was asked, when. Out: what the scope is of, and how to read it.

The first rows are the coordinator's own: the case, its reason, class and depth are not in the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.labels import quantities
from api.recall_law import SystemLaw, law_lines
from api.sheets.cells import Row, time_cell
from api.sheets.workbook import Sheet
from engine.answer import RecallScope

TO_FILL = ("Case", "Reason", "Class", "Depth (wholesale, retail, consumer)", "Coordinator and contact")
MEANINGS = (
    ("Certain means", "Recorded flows alone reach it: it is so in every reading of the records."),
    ("Possible means", "Some reading of the records reaches it. Call it too."),
    ("Gaps mean", "The scope is a lower bound where a record is missing; see the sheet Gaps."),
)
BACKWARD = ("Contradiction", "Something is reached only by going back in time: records contradict each other.")


def header(scope: RecallScope, seeds: Sequence[str], made: int, latest: int | None, law: SystemLaw | None) -> Sheet:
    """What the scope is of: version, law, ledger, question, counts; `latest` is when the last record moves goods."""
    rows: list[Row] = [
        *((name, None) for name in TO_FILL),
        *([] if law is None else law_lines(law)),
        ("Scope version", scope.hash),
        ("Computed at", time_cell(made)),
        ("Ledger position", scope.ledger.position),
        ("Ledger hash", scope.ledger.hash),
        ("Data as of: accepted until", time_cell(scope.ledger.accepted_until)),
        ("Data as of: latest movement recorded", time_cell(latest)),
        *(("Asked for", seed) for seed in seeds),
        *((f"Asked with: {name}", value) for name, value in _flat(scope.parameters)),
        *((f"Derived with: {name}", digest) for name, digest in sorted(scope.digests.items())),
        *_counts(scope),
        *MEANINGS,
    ]
    if scope.backward_in_time:
        rows.append(BACKWARD)
    return Sheet("Header", ("What", "Value"), tuple(rows))


def _counts(scope: RecallScope) -> list[Row]:
    counted = scope.summary
    return [
        ("Outlets certain", counted.outlets_certain),
        ("Outlets possible", counted.outlets_possible),
        ("Items certain", counted.items_certain),
        ("Items possible", counted.items_possible),
        ("Shipments on the way", counted.in_transit),
        ("Held by outlets", quantities(counted.held)),
        ("Gaps", counted.gaps),
        ("Complete", "yes" if scope.complete else "no: a bound cut the walk, there may be more"),
    ]


def _flat(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested parameters as lines: `options window since` and its value; what is not given is left out."""
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _flat(value[key], f"{name} {key}".strip())
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value, start=1):
            yield from _flat(one, f"{name} {number}")
    elif value is not None:
        yield name, str(value)
