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

_PLACES = frozenset({KeyKind.site, KeyKind.party})
_WIDE = frozenset({KeyKind.lot, KeyKind.class_})
_SINGLE = frozenset({KeyKind.instance, KeyKind.logistic_unit})
_A = {
    KeyKind.lot: "a lot",
    KeyKind.class_: "a class",
    KeyKind.instance: "one thing",
    KeyKind.logistic_unit: "a logistic unit",
    KeyKind.site: "a site",
    KeyKind.party: "a party",
}


class EventNames:
    """Reads the names of one event; what is odd about one becomes a warning."""

    __slots__ = ("_context", "_findings")

    def __init__(self, context: JsonContext, findings: Findings) -> None:
        self._context = context
        self._findings = findings

    def instance(self, text: str, role: Role, path: Path) -> What:
        """The item that an EPC list or parentID names; a parent may be a place (EPCIS 2.0 §7.4.6)."""
        whole = self._context.expand(text)
        named = self._identify(whole, path)
        odd = _WIDE if role is Role.PARENT else _WIDE | _PLACES
        remedy = "Kept as it is; a lot or class belongs in a quantity list."
        self._warn_of(odd, named, path, "one thing", "EPCIS 2.0 §7.3.3.2", remedy)
        return What(named.key, role, lot=lot_key(whole) if named.lot is not None else None)

    def wide_item(self, text: str, path: Path) -> str:
        """The canonical key of the lot or class that a quantity list names."""
        named = self._identify(self._context.expand(text), path)
        remedy = "Kept as it is; a single thing belongs in an EPC list."
        self._warn_of(_SINGLE | _PLACES, named, path, "a lot or class", "EPCIS 2.0 §7.3.3.3", remedy)
        return named.key

    def place(self, text: str, path: Path) -> str:
        """The canonical key of a read point or business location."""
        named = self._identify(self._context.expand(text), path)
        odd = _WIDE | _SINGLE | {KeyKind.party}
        self._warn_of(odd, named, path, "a place", "CBV 2.0 §8.3", "Kept as it is; name the place by its GLN.")
        return named.key

    def key(self, text: str, path: Path) -> str:
        """The canonical key of a transaction, source or destination."""
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

    def _warn_of(
        self, odd: frozenset[KeyKind], named: Identifier, path: Path, wanted: str, rule: str, remedy: str
    ) -> None:
        if named.kind in odd:
            what = f"{named.urn or named.key!r} names {_A[named.kind]}, not {wanted}"
            self._findings.warn(pointer(*path), what, rule, remedy)
