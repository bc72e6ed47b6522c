"""What somebody found: a code as it is printed. In: text, code schemes, what is known. Out: the key of an item.

A text may be a code of several schemes: that counts which an event names, and where none does, the spelling of GS1.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.seeds import parse_key
from engine.stores.ports import LookupPort
from graph_schema.errors import InvalidIdentifier, UnknownSeed
from graph_schema.profiles import Scheme, read_keys


def key_found(text: str, schemes: Iterable[Scheme], lookup: LookupPort) -> str:
    """The key of a code in any spelling or scheme; `InvalidIdentifier` for what is none of any.

    `UnknownSeed` where it may be of several schemes, and nothing tells of which.
    """
    text = text.strip()
    coded = read_keys(text, schemes)
    try:
        keys = (parse_key(text), *coded)
    except InvalidIdentifier:
        if not coded:
            raise
        keys = coded
        if len(coded) > 1 and not any(_is_known(key, lookup) for key in coded):
            raise UnknownSeed(
                f"no record names {text!r}", remedy="Check the code: `suyuan lookup` tells what it may be a code of."
            ) from None
    return next((key for key in keys if _is_known(key, lookup)), keys[0])


def _is_known(key: str, lookup: LookupPort) -> bool:
    return lookup.items_like(key, 1) == [key]
