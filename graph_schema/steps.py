"""What an event does to the goods it names (design rule 2). In: type, action, step, disposition. Out: `Step`.

The table is data, in `steps.yaml`: every standard step and disposition (CBV 2.0 §7.1, §7.2) has a line
there, with the reason where it is not plain. A URI of the sender's own counts as no word.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from graph_schema.event import Action, EventType


class Effect(StrEnum):
    """What happens to the goods."""

    ARRIVES = "arrives"
    """They come to the place: a new holding, even where some of the lot was there before."""
    DEPARTS = "departs"
    """They leave the place for the destination."""
    STAYS = "stays"
    """They are recorded as being there; how they came, if they were not, is graded."""
    MAKES = "makes"
    """They begin here."""
    ENDS = "ends"
    """They leave the chain here; `Step.ending` says how."""
    UNDOES = "undoes"
    """The departure recorded before did not take place."""
    NOTHING = "nothing"
    """No goods move, begin, end or are there."""


class Ending(StrEnum):
    """How goods leave the chain (design rule 7)."""

    SOLD = "sold"
    """To a consumer, at a point of sale."""
    DISPENSED = "dispensed"
    """To a patient or consumer, in full or in part."""
    DESTROYED = "destroyed"
    CONSUMED = "consumed"
    """Used up: in use, in a test, in what was built of it."""
    DECOMMISSIONED = "decommissioned"
    """The identifier ended; the object may go on under another, which no record tells."""
    LOST = "lost"
    """Stolen or missing; a later record brings it back."""
    REMOVED = "removed"
    """Deleted, and the record does not say how."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one event does."""

    effect: Effect
    ending: Ending | None = None
    """How the goods end; set where, and only where, the effect is ENDS."""
    returned: bool = False
    """True where the goods that arrive come back from further down the chain."""
    partly: bool = False
    """True where only a part of a single thing ends, and the rest stays."""


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One business step: its outcomes for OBSERVE, ADD and DELETE, of things and of groupings."""

    object: tuple[str, str, str]
    group: tuple[str, str, str]


class _EventTypeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which column of the business steps an event type reads, or its only outcome."""

    column: str | None = None
    outcome: str | None = None


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `steps.yaml`."""

    outcomes: dict[str, Step]
    event_types: dict[EventType, _EventTypeRow]
    business_steps: dict[str, _Row]
    dispositions: dict[str, dict[str, str]]


TABLE = msgspec.convert(
    yaml.safe_load(files("graph_schema").joinpath("steps.yaml").read_text(encoding="utf-8")), _Table
)

_NO_WORD = "none"
_ACTIONS = {None: 0, Action.OBSERVE: 0, Action.ADD: 1, Action.DELETE: 2}


def step_of(event_type: EventType, action: Action | None, biz_step: str | None, disposition: str | None) -> Step:
    """What an event does, of any type and action, with bare CBV words, URIs or None as step and disposition.

    An absent action is taken as OBSERVE: it claims least.
    """
    return _looked_up(
        event_type,
        action,
        biz_step if biz_step in TABLE.business_steps else _NO_WORD,
        disposition if disposition in TABLE.dispositions else _NO_WORD,
    )


@cache
def _looked_up(event_type: EventType, action: Action | None, biz_step: str, disposition: str) -> Step:
    """The three looks into the table; as many results as the table has cells, so the cache is bounded."""
    row = TABLE.event_types[event_type]
    if row.outcome is not None:
        return TABLE.outcomes[row.outcome]
    line = TABLE.business_steps[biz_step]
    outcome = (line.object if row.column == "object" else line.group)[_ACTIONS[action]]
    return TABLE.outcomes[TABLE.dispositions[disposition].get(outcome, outcome)]
