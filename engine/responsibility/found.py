"""What somebody found: a code as it is printed. In: text, code schemes, what is known. Out: the key of an item.

A text may be a code of several schemes: that counts which an event names, and where none does, the spelling of GS1.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.seeds import parse_key
from engine.stores.ports import LookupPort
from graph_schema.errors import InvalidIdentifier, UnknownSeed, WrongCheckDigit
from graph_schema.profiles import Code, Scheme, read_codes, read_keys

_SHOWN = 5
"""Schemes that an error names."""


def key_found(text: str, schemes: Iterable[Scheme], lookup: LookupPort) -> str:
    """The key of a code in any spelling or scheme; `InvalidIdentifier` for what is none of any, or was misread.

    `UnknownSeed` where it may be of several schemes, and nothing tells of which.
    """
    text, schemes = text.strip(), tuple(schemes)
    codes = read_codes(text, schemes)
    misread = {code.key for code in codes if code.is_misread}
    keys = [key for key in read_keys(text, schemes) if key not in misread]
    try:
        keys.insert(0, parse_key(text))
        wrong = None
    except InvalidIdentifier as error:
        wrong = error
    known = next((key for key in keys if _is_known(key, lookup)), None)
    if known is not None:
        return known
    if wrong is not None:
        _refuse(text, wrong, codes, keys)
    return keys[0]


def _refuse(text: str, wrong: InvalidIdentifier, codes: tuple[Code, ...], keys: list[str]) -> None:
    """Raise why a text that no record names is nothing that can be asked for, unless it is a code of one scheme."""
    misread = [code.scheme for code in codes if code.is_misread]
    if all(code.is_misread or code.scheme.is_vague for code in codes):
        if isinstance(wrong, WrongCheckDigit):
            raise wrong
        if misread:
            raise WrongCheckDigit(
                f"the check digit of {text!r} is wrong: it has the form of {_named(one.label_en for one in misread)}",
                rule=_named(f"{one.space}: {one.check}" for one in misread),
                remedy="Read the code again.",
            )
    if not keys:
        raise wrong
    if len(keys) > 1:
        tried = sorted((code.scheme for code in codes if not code.is_misread), key=lambda one: one.is_vague)
        raise UnknownSeed(
            f"no record names {text!r}: it is neither a GS1 key nor a URI, and none has it as a code of "
            f"{_named(one.space for one in tried)}",
            remedy="Check the code: `suyuan lookup` tells what it may be a code of.",
        )


def _named(told: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    names = [*told]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _is_known(key: str, lookup: LookupPort) -> bool:
    return lookup.items_like(key, 1) == [key]
