"""A query as JSON (EPCIS 2.0 §8.2.7.1, §12). In: a JSON object of parameters. Out: the parameters by name, as text.

Prefixes of its `@context` are written out, so that a field is known whichever prefix an event has for it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from api.rest.json_bodies import read_json
from api.rest.query.event_query import PAGING
from api.rest.query.values import refused
from loaders.jsonld_context import JsonContext, read_context

_DECODER = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


def parameters_of_json(definition: bytes) -> dict[str, list[str]]:
    """The parameters of a query's JSON."""
    query = read_json(definition, _DECODER, "query: this is no JSON object")
    context = read_context(query.pop("@context", None), b"")
    for name in PAGING:
        if name in query:
            raise refused(name, "this is of a page, not of a query", "Ask for it with the events.")
    return {_whole(name, context): _texts(name, value, context) for name, value in query.items()}


def _whole(name: str, context: JsonContext) -> str:
    """A parameter's name with the prefix of its field written out."""
    for prefix, namespace in context.prefixes.items():
        before, found, rest = name.partition(f"_{prefix}:")
        if found and not rest.startswith("//"):
            return f"{before}_{namespace}{rest}"
    return name


def _texts(name: str, value: Any, context: JsonContext) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_text(name, one, context) for one in values]


def _text(name: str, value: Any, context: JsonContext) -> str:
    """A value as a URL has it; null is what stands beside `EXISTS_…`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return context.expand(value)
    if isinstance(value, int | Decimal):
        return str(value)
    raise refused(name[:200], "its value is neither text nor number")
