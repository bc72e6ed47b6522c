"""The @context of a document or event. In: its JSON. Out: what it adds to the standard's own, and its prefixes.

The standard's context is fixed and known here (EPCIS 2.0 §10.1); no context is ever fetched, whatever address it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from graph_schema.event_hash.context import STANDARD_PREFIXES
from loaders.json_text import Value

_STANDARD = "https://ref.gs1.org/standards/epcis/"
_MOST_STEPS = 8
"""From prefix to prefix to a whole namespace."""


class JsonContext(msgspec.Struct, frozen=True):
    """What a context says."""

    value: Value
    """As it came, decoded; None where there is none."""
    text: bytes
    """Its JSON where it says more than the standard's context, else empty."""
    prefixes: Mapping[str, str]
    """Prefix → namespace, the standard's own included."""
    extended: bool
    """Whether it says more than the standard's context."""

    def expand(self, name: str) -> str:
        """The whole URI of a name with a prefix; any other name as it is."""
        return _expand(name, self.prefixes)

    def with_event(self, event: dict[str, Value]) -> JsonContext:
        """The context of an event that may bring its own on top of its document's (JSON-LD 1.1 §3.1)."""
        own = event.get("@context")
        if own is None:
            return self
        both = [*_parts(self.value), *_parts(own)] if self.value is not None else own
        prefixes = _written_out(dict(self.prefixes) | dict(_definitions(own)))
        return JsonContext(both, self.text, prefixes, self.extended or not _is_standard(own))


def read_context(value: Value, raw: bytes) -> JsonContext:
    """The context that a decoded `@context` and its text say."""
    added = dict(_definitions(value))
    standard = _is_standard(value)
    return JsonContext(value, b"" if standard else raw, _written_out(STANDARD_PREFIXES | added), not standard)


def _expand(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    namespace = prefixes.get(prefix) if colon else None
    return name if namespace is None or rest.startswith("//") else namespace + rest


def _written_out(prefixes: Mapping[str, str]) -> Mapping[str, str]:
    """A namespace that is written with a prefix stands for its whole URI (JSON-LD 1.1 §9.3.1); a circle ends."""
    for _ in range(_MOST_STEPS):
        whole = {name: _expand(namespace, prefixes) for name, namespace in prefixes.items()}
        if whole == prefixes:
            break
        prefixes = whole
    return MappingProxyType(dict(prefixes))


def _is_standard(value: Value) -> bool:
    return all(isinstance(part, str) and part.startswith(_STANDARD) for part in _parts(value))


def _parts(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _definitions(value: Value) -> Iterator[tuple[str, str]]:
    for part in _parts(value):
        for name, meaning in part.items() if isinstance(part, dict) else ():
            namespace = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(namespace, str) and not name.startswith("@"):
                yield name, namespace


NO_CONTEXT = JsonContext(None, b"", MappingProxyType(STANDARD_PREFIXES), extended=False)
"""Where there is none: that of the standard holds."""
