"""The names in an event to keys and words. In: identifiers and vocabulary words as written. Out: canonical ones.

Identifiers give canonical keys (design §2), words the CBV's bare words (CBV 2.0 §7). A name with a prefix that the
@context declares stands for the whole URI (JSON-LD 1.1 §3.2), so that one prefix in two documents is not one thing.
"""

from __future__ import annotations

from graph_schema.event import Role, What
from graph_schema.identifiers import Identifier, lot_key, take_identifier
from graph_schema.identifiers import Kind as KeyKind
from graph_schema.vocabulary import Kind, cbv_word
from loaders.findings import Findings, pointer
from loaders.jsonld_context import JsonContext

Path = tuple[str | int, ...]
"""Where a name stands below its event."""

_WIDER_THAN_INSTANCES = frozenset({KeyKind.lot, KeyKind.class_})


class EventNames:
    """Reads the names of one event; what is odd about one becomes a warning."""

    __slots__ = ("_context", "_findings")

    def __init__(self, context: JsonContext, findings: Findings) -> None:
        self._context = context
        self._findings = findings

    def instance(self, text: str, role: Role, path: Path) -> What:
        """The item that an EPC list or parentID names."""
        whole = self._context.expand(text)
        named = self._identify(whole, path)
        if named.kind in _WIDER_THAN_INSTANCES:
            self._findings.warn(
                pointer(*path),
                f"{text!r} names a {named.kind}, not one thing",
                "EPCIS 2.0 §7.3.3.2",
                "Kept as it is; a lot or class belongs in a quantity list.",
            )
        return What(named.key, role, lot=lot_key(whole) if named.lot is not None else None)

    def key(self, text: str, path: Path) -> str:
        """The canonical key of an item, site, party or document."""
        return self._identify(self._context.expand(text), path).key

    def word(self, kind: Kind, text: str | None) -> str | None:
        """The bare word of the CBV, or a URI; None for none."""
        return cbv_word(kind, self._context.expand(text)) if text else None

    def _identify(self, whole: str, path: Path) -> Identifier:
        """What an identifier names; with a warning where it breaks the rules of its scheme and is kept."""
        named, error = take_identifier(whole)
        if error is not None:
            remedy = f"Kept as a key of its own. {error.remedy or ''}".strip()
            self._findings.warn(pointer(*path), error.what, error.rule or "", remedy)
        return named
