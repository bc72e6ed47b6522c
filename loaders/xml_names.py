"""Names of XML and of JSON. In: qualified names, prefixes in scope. Out: names with a prefix, the @context they need.

What JSON may call a field XML may not: a character that no XML name has is written `_xHHHH_` (ISO/IEC 9075-14 §9.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast
from urllib.parse import quote

from lxml import etree

from graph_schema.event_hash.context import STANDARD_PREFIXES
from loaders.xml_binding import CBV_MASTER_DATA, OWN_NAMESPACES, WRAPPERS

_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_RESERVED = frozenset({"http", "https", "urn", "ni", "tag", "data", "xml", "xmlns"})
"""No prefix of a @context: they begin URIs, which a prefix of this name would change."""
_KNOWN = _RESERVED.union(STANDARD_PREFIXES)
_START = r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff\uf900-\ufdcf"
_NO_NAME = re.compile(rf"_(?=x[0-9A-F]{{4,6}}_)|^[^{_START}]|[^{_START}0-9.\u00b7-]")
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_LAST = re.compile(r"(.*[/#:])([^/#:]*)", re.DOTALL)


class JsonNames:
    """The names of one event of XML as JSON has them, and which prefixes they need."""

    def __init__(self) -> None:
        self._by_namespace: dict[str, str] = {}

    def name(self, tag: str, in_scope: Mapping[str | None, str]) -> str:
        """A name with its prefix; without one where it is EPCIS's own, or has no namespace."""
        namespace, local = split(tag)
        local = _ESCAPED.sub(_sign, local)
        if not namespace or namespace.startswith(OWN_NAMESPACES):
            return local
        return f"{self._prefix(namespace, in_scope)}:{local}"

    def note(self, text: str, in_scope: Mapping[str | None, str]) -> None:
        """Know the prefix that a value begins with, where XML declares it (`example:x`)."""
        prefix, colon, rest = text.partition(":")
        if colon and prefix in in_scope and not rest.startswith("//") and prefix not in _KNOWN:
            self._prefix(in_scope[prefix], in_scope)

    def declared(self) -> dict[str, str]:
        """Prefix → namespace, those beyond the standard's, in order of use."""
        return {prefix: namespace for namespace, prefix in self._by_namespace.items()}

    def _prefix(self, namespace: str, in_scope: Mapping[str | None, str]) -> str:
        if namespace.rstrip(":") == CBV_MASTER_DATA:
            return "cbvmda"
        if known := self._by_namespace.get(namespace) or _standard_prefix(namespace):
            return known
        taken = {*self._by_namespace.values(), *_KNOWN}
        own = (prefix for prefix, bound in in_scope.items() if bound == namespace and prefix)
        free = next((prefix for prefix in own if prefix not in taken and _PREFIX.fullmatch(prefix)), None)
        self._by_namespace[namespace] = found = free or _next_free(taken)
        return found


class XmlNames:
    """The names of one event of JSON as XML has them. `prefixes` are those of its @context."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._by_namespace: dict[str, str] = {}

    def tag(self, name: str) -> str:
        """The qualified name of a field, its namespace declared."""
        prefix, colon, local = name.partition(":")
        if not colon:
            return f"_x{ord(name[0]):04X}_{name[1:]}" if name in WRAPPERS else _as_name(name)
        namespace = self._prefixes.get(prefix) if not local.startswith("//") else None
        if not namespace:
            prefix = ""
            namespace, local = cast("re.Match[str]", _LAST.fullmatch(name)).groups()
        return f"{{{self._declared(namespace, prefix)}}}{_as_name(local)}"

    def declared(self) -> dict[str, str]:
        """Prefix → namespace of the names given out."""
        return {prefix: namespace for namespace, prefix in self._by_namespace.items()}

    def _declared(self, namespace: str, prefix: str) -> str:
        if namespace.rstrip(":") == CBV_MASTER_DATA:
            namespace = CBV_MASTER_DATA
        namespace = _as_uri(namespace)
        if namespace not in self._by_namespace:
            taken = {*self._by_namespace.values(), *_RESERVED, "epcisq", "xsi", "xsd"}
            fits = _PREFIX.fullmatch(prefix) and prefix not in taken and not prefix.lower().startswith("xml")
            self._by_namespace[namespace] = prefix if fits else _next_free(taken)
        return namespace


def split(tag: str) -> tuple[str, str]:
    """Namespace (empty for none) and local name."""
    namespace, end, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    return (namespace, local) if end else ("", tag)


def _standard_prefix(namespace: str) -> str | None:
    return next((prefix for prefix, known in STANDARD_PREFIXES.items() if known == namespace), None)


def _next_free(taken: set[str]) -> str:
    number = 1
    while f"ns{number}" in taken:
        number += 1
    return f"ns{number}"


def _as_name(text: str) -> str:
    return _NO_NAME.sub(lambda found: f"_x{ord(found[0]):04X}_", text) or "_"


def _sign(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return chr(code) if code in range(1, 0xD800) or code in range(0xE000, 0x110000) else escaped[0]


@lru_cache(maxsize=1024)
def _as_uri(namespace: str) -> str:
    """A namespace that XML can declare; what it cannot is percent-encoded (RFC 3986 §2.1)."""
    for safe in (":/?#[]@!$&'()*+,;=%~", ":/?#=&~"):
        written = quote(namespace, safe=safe)
        try:
            etree.Element("name", nsmap={"ns1": written})
        except ValueError:
            continue
        return written
    return f"urn:x:{quote(namespace, safe='')}"
