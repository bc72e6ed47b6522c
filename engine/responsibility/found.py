"""What somebody found: a code as it is printed. In: text, code schemes, what is known. Out: the key of an item.

A text may be a code of several schemes: that counts which an event names, and where none does, the spelling of GS1.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.seeds import parse_key
from engine.stores.ports import LookupPort
from graph_schema.errors import InvalidIdentifier
from graph_schema.profiles import Scheme, read_keys


def key_found(text: str, schemes: Iterable[Scheme], lookup: LookupPort) -> str:
    """The key of a code in any spelling or scheme; `InvalidIdentifier` for what is none of any."""
    text = text.strip()
    coded = read_keys(text, schemes)
    try:
        keys = (parse_key(text), *coded)
    except InvalidIdentifier:
        if len(coded) != 1 and not any(_is_known(key, lookup) for key in coded):
            raise
        keys = coded
    return next((key for key in keys if _is_known(key, lookup)), keys[0])


def _is_known(key: str, lookup: LookupPort) -> bool:
    return lookup.items_like(key, 1) == [key]
