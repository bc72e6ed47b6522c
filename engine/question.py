"""What can be asked (design §6): seeds, direction and options as one immutable `Question`.

Things are canonical keys, times microseconds since 1970 UTC. A window's bounds are both included; None leaves it open.
`engine.seeds.parse_seed` reads seeds from text; `parameters_of` tells a question in the contract's names.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from engine.answer import Certainty, Direction
from graph_schema.interval import datetime_of


class Window(msgspec.Struct, frozen=True, rename="camel"):
    """When goods were there: from `since` to `until`, both included."""

    since: int | None = None
    until: int | None = None


ALWAYS = Window()


class ItemSeed(msgspec.Struct, frozen=True, rename="camel", tag="item"):
    """An item, everything narrower with it; at a site, in a window."""

    item: str
    at: str | None = None
    window: Window = ALWAYS


class SiteSeed(msgspec.Struct, frozen=True, rename="camel", tag="site"):
    """Everything at a site in a window; of one product where it is named."""

    site: str
    window: Window = ALWAYS
    product: str | None = None


class PatternSeed(msgspec.Struct, frozen=True, rename="camel", tag="pattern"):
    """Every lot and instance of a product whose lot begins so, whose serial lies so, that expires so."""

    product: str
    lot_prefix: str | None = None
    serial_from: str | None = None
    serial_to: str | None = None
    expiry: Window = ALWAYS
    at: str | None = None
    window: Window = ALWAYS


class LoadSeed(msgspec.Struct, frozen=True, rename="camel", tag="load"):
    """What was in a container at a time or in a window; without one every load, told apart."""

    container: str
    window: Window = ALWAYS


class EventSeed(msgspec.Struct, frozen=True, rename="camel", tag="event"):
    """The goods of an event, from what it did to them on."""

    event: str


class TransformationSeed(msgspec.Struct, frozen=True, rename="camel", tag="transformation"):
    """A transformation, by its event or its `transformationID`."""

    transformation: str


Seed = ItemSeed | SiteSeed | PatternSeed | LoadSeed | EventSeed | TransformationSeed


class MixRule(msgspec.Struct, frozen=True, rename="camel", tag="mix"):
    """What if all goods (of a product) at a site in a window touched each other, until a clean break."""

    at: str
    window: Window
    product: str | None = None


class KillStepRule(msgspec.Struct, frozen=True, rename="camel", tag="killStep"):
    """What if a business step (at a site, on a product) ends the hazard."""

    biz_step: str
    at: str | None = None
    product: str | None = None


class LeaveOutRule(msgspec.Struct, frozen=True, rename="camel", tag="leaveOut"):
    """What if these sites and events had not been."""

    sites: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


Rule = MixRule | KillStepRule | LeaveOutRule


class ContactMode(StrEnum):
    """Which contact edges a walk takes (rule 13): none, those a profile declares, or all."""

    NONE = "none"
    BY_PROFILE = "by-profile"
    ALL = "all"


class Options(msgspec.Struct, frozen=True, rename="camel"):
    """How a question is asked; the defaults are those of the contract."""

    certainty: Certainty = Certainty.POSSIBLE
    """CERTAIN: recorded flows alone."""
    window: Window = ALWAYS
    """Flows wholly outside it are not followed; a carry-over is never cut."""
    max_depth: int | None = None
    as_known_at: int | None = None
    """The ledger as accepted up to this time."""
    contact: ContactMode = ContactMode.BY_PROFILE
    rules: tuple[Rule, ...] = ()


DEFAULTS = Options()


class Question(msgspec.Struct, frozen=True, rename="camel"):
    """Seeds, a direction and options."""

    seeds: tuple[Seed, ...]
    direction: Direction = Direction.FORWARD
    options: Options = DEFAULTS


_TIMES = frozenset({"since", "until", "asKnownAt"})


def parameters_of(question: Question) -> dict[str, object]:
    """A question after defaults as answers repeat it: names as in JSON, times as ISO 8601 in UTC."""
    told: dict[str, object] = _told(msgspec.to_builtins(question))
    return told


def _told(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {inner: _told(one, inner) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    moment = datetime_of(value) if name in _TIMES and isinstance(value, int) else None
    return value if moment is None else moment.isoformat()
