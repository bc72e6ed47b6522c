"""Full names of extension fields and compact URIs. In: a JSON-LD @context and a key or value. Out: its full name.

An extension's name in a pre-hash string is `{namespace}local name` (CBV 2.0 §8.9). Nothing is fetched: a context
named by its address adds nothing to the standard's own prefixes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

STANDARD_PREFIXES: Final = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://gs1.org/voc/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
"""The prefixes that the EPCIS 2.0 JSON-LD context declares."""


class Names(msgspec.Struct, frozen=True):
    """What the prefixes and terms of a context stand for."""

    meanings: dict[str, str]

    def of_key(self, key: str) -> str:
        """The full name of a field: `{namespace}local` where the context knows it, else the key as it is."""
        prefix, colon, local = key.partition(":")
        meaning = self.meanings.get(prefix)
        if meaning is None:
            return key
        if colon:
            return f"{{{meaning}}}{local}"
        return f"{{{meaning.removesuffix(key)}}}{key}" if meaning.endswith(key) else key

    def of_value(self, text: str) -> str:
        """A compact URI written out; any other text as it is."""
        prefix, colon, local = text.partition(":")
        meaning = self.meanings.get(prefix) if colon else None
        return text if meaning is None else meaning + local


STANDARD_NAMES: Final = Names(STANDARD_PREFIXES)


def names_of(*contexts: object) -> Names:
    """What a document's @context and an event's own, in this order, declare beyond the standard's."""
    declared = dict(pair for context in contexts for pair in _declarations(context))
    return Names(STANDARD_PREFIXES | declared) if declared else STANDARD_NAMES


def _declarations(context: object) -> Iterator[tuple[str, str]]:
    """Each prefix or term that a context declares in place, with what it stands for."""
    if isinstance(context, Mapping):
        for key, value in context.items():
            meaning = value.get("@id") if isinstance(value, Mapping) else value
            if isinstance(meaning, str) and not key.startswith("@"):
                yield key, meaning
    elif isinstance(context, list | tuple):
        for part in context:
            yield from _declarations(part)
