"""Results of inspections as events (ADR 0026). In: an event. Out: what was found wanting.

A result is an event with the extension `cte` `random_inspection` (or `SYSTEM.random_inspection`): it is no tracking
event of any profile. It names the goods, or in an extension `subject` the subject, and its disposition is `conformant`
or `non_conformant` (CBV 2.0 §7.2).
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_schema.event import Event
from graph_schema.identifiers import take_identifier
from graph_schema.master_data import text
from graph_schema.profiles.recognition import NAMED

INSPECTED = "random_inspection"
SUBJECT = "subject"
STEP = "inspecting"
PASSED, FAILED = "conformant", "non_conformant"


def failed_of(event: Event) -> Iterator[str]:
    """The keys of goods and subjects that an inspection found wanting; none of any other event."""
    if event.disposition != FAILED or not _is_inspection(event):
        return
    yield from (what.item for what in event.whats)
    subject = text(event.extensions, SUBJECT)
    if subject is not None:
        yield take_identifier(subject)[0].key


def _is_inspection(event: Event) -> bool:
    told = text(event.extensions, NAMED) or ""
    return told.rpartition(".")[2] == INSPECTED
