"""Results of inspections as events (ADR 0026). In: an event. Out: the result it tells.

A result is an event with the extension `cte` `random_inspection` (or `SYSTEM.random_inspection`): it is no tracking
event of any profile. It names the goods, or in an extension `subject` the subject, and its disposition is `conformant`
or `non_conformant` (CBV 2.0 §7.2).
"""

from __future__ import annotations

import msgspec

from graph_schema.event import Event
from graph_schema.identifiers import take_identifier
from graph_schema.master_data import text
from graph_schema.profiles.recognition import NAMED

INSPECTED = "random_inspection"
SUBJECT = "subject"
STEP = "inspecting"
PASSED, FAILED = "conformant", "non_conformant"


class Inspected(msgspec.Struct, frozen=True):
    """The result of a random inspection."""

    system: str
    """The product system that it was of; empty where it does not say."""
    passed: bool
    keys: tuple[str, ...]
    """The goods or the subject inspected."""


def inspected_of(event: Event) -> Inspected | None:
    """The result that an event tells; None of any other event."""
    system, _, name = (text(event.extensions, NAMED) or "").rpartition(".")
    if name != INSPECTED or event.disposition not in (PASSED, FAILED):
        return None
    subject = text(event.extensions, SUBJECT)
    keys = [what.item for what in event.whats] if subject is None else [take_identifier(subject)[0].key]
    return Inspected(system, event.disposition == PASSED, tuple(keys))
