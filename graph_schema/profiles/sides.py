"""Where an event names one side of a contact (`contact_at` of a profile). In: an event. Out: keys of items.

A side is a role of EPCIS (`named`, `parent`, `child`, `input`, `output`), or `extension NAME`, whose value is an
identifier or a list of such.
"""

from __future__ import annotations

import re

from graph_schema.event import Event, Role
from graph_schema.identifiers import take_identifier
from graph_schema.master_data import attribute

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_EXTENSION = "extension "
_ROLES = frozenset(role.value for role in Role)


def is_side(at: str) -> bool:
    """Whether a text is one."""
    return at in _ROLES or (at.startswith(_EXTENSION) and bool(at.removeprefix(_EXTENSION).strip()))


def items_at(event: Event, at: str) -> tuple[str, ...]:
    """The items that an event names there, in order of key; none of what is no identifier."""
    if at in _ROLES:
        return tuple(sorted({what.item for what in event.items(Role(at))}))
    told = attribute(event.extensions, at.removeprefix(_EXTENSION))
    several = told if isinstance(told, list) else [told]
    return tuple(sorted({key for one in several if (key := _key(one)) is not None}))


def _key(told: object) -> str | None:
    """The key of an identifier, as a text or a JSON-LD reference; a bare name, as `line 3`, is anyone's."""
    if isinstance(told, dict):
        told = told.get("id", told.get("@id", told.get("@value")))
    if not isinstance(told, str):
        return None
    key = take_identifier(told.strip())[0].key
    return key if _URI.match(key) else None
