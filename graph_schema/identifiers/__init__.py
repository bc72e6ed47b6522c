"""Identifiers of items, sites, parties and documents (design §2). In: any spelling. Out: one key, and back.

GS1 keys as EPC URN, class or pattern URN, GS1 Digital Link and element string; check digits, lengths and
character sets enforced. Every spelling of a thing gives the same key, its canonical Digital Link; any other
URI is its own key. A key that breaks a rule is refused by `parse_identifier`, kept as it is by `take_identifier`.
"""

from graph_schema.identifiers.kept import take_identifier
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.parsing import parse_identifier
from graph_schema.identifiers.relations import (
    canonical_key,
    digital_link,
    kind_of_key,
    lot_key,
    lot_of_class,
    site_of_place,
    to_element_string,
    to_urn,
    wider_key,
)

__all__ = [
    "Identifier",
    "Kind",
    "canonical_key",
    "digital_link",
    "kind_of_key",
    "lot_key",
    "lot_of_class",
    "parse_identifier",
    "site_of_place",
    "take_identifier",
    "to_element_string",
    "to_urn",
    "wider_key",
]
