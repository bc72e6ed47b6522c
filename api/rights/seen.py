"""A state as somebody sees it: the ports of a snapshot, without what is hidden. In: a snapshot, a sight. Out: the same.

What was never seen is told as what was never there, and found by the same look into what is seen: neither answer nor
time tells one from the other. Ids of others' events are pseudonyms, in their bodies too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import Any, NoReturn, cast

import msgspec

from api.rights.read_only import not_written
from api.rights.sight import Sight
from engine.event_order import PAGE, EventField, EventSpan, entries_in_order
from engine.ledger import Head, LedgerEntry
from engine.named_query import NamedQuery
from engine.stores.ports import (
    EventPort,
    GraphPort,
    JobPort,
    KinPort,
    LedgerPort,
    LookupPort,
    Master,
    MasterPort,
    Naming,
    QueryPort,
    Snapshot,
    SubscriptionPort,
)
from graph_schema.errors import NotSupported
from graph_schema.event import ErrorDeclaration, Event
from graph_schema.licence import KIND as LICENCE
from loaders.json_text import decode_exact

_ENCODER = msgspec.json.Encoder(decimal_format="number")
HIDDEN_AUTHOR = "another"
"""Who captured others' events, as told."""


class EventIds:
    """The ids of events as one reader sees them."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    def shown(self, event_id: str) -> str:
        """Of an event that the reader captured its own; of another's a pseudonym."""
        return self._sight.seen.shown_id(event_id, self._sight.sides(event_id))

    def real(self, shown: str) -> str | None:
        """The id behind one that was shown; None for one that never was."""
        return self._sight.seen.real.get(shown)

    def entry(self, entry: LedgerEntry) -> LedgerEntry:
        """An entry as the reader sees it."""
        if entry.capture.author == self._sight.reader:
            return entry
        capture = msgspec.structs.replace(entry.capture, author=HIDDEN_AUTHOR, job="", source="")
        return msgspec.structs.replace(entry, event=self._event(entry.event), capture=capture)

    def _event(self, event: Event) -> Event:
        """With ids that are shown, in the fields that we read and in the body."""
        ids = {event.id: self.shown(event.id)}
        error = event.error
        if error is not None:
            ids |= {one: self.shown(one) for one in error.corrective_ids}
            error = ErrorDeclaration(error.declared, error.reason, tuple(ids[one] for one in error.corrective_ids))
        body = _ENCODER.encode(_renamed(decode_exact(event.body), ids)) if event.body else b""
        return msgspec.structs.replace(event, id=ids[event.id], error=error, body=body)


def _renamed(body: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """A body whose event ids are others; one without its own gets that which is shown."""
    own = next(iter(ids.values()))
    declared = body.get("errorDeclaration")
    if isinstance(declared, dict) and "correctiveEventIDs" in declared:
        named = [ids.get(one, own) for one in declared["correctiveEventIDs"]]
        body = body | {"errorDeclaration": declared | {"correctiveEventIDs": named}}
    return body | {"eventID": own}


class SeenSnapshot:
    """A state without what is hidden. Its flow graph is nobody's to see: walks read the whole, answers are redacted."""

    def __init__(self, whole: Snapshot, sight: Sight, ids: EventIds) -> None:
        self.edition = whole.edition
        self.ledger: LedgerPort = _Ledger(whole, sight, ids)
        self.lookup: LookupPort = _Lookup(whole, sight, ids)
        self.masters: MasterPort = _Masters(whole.masters, sight)
        self.events: EventPort = _Events(whole.events, sight, ids)
        self.jobs: JobPort = cast("JobPort", _Hidden("capture jobs"))
        self.queries: QueryPort = _Queries(whole.queries, sight.reader)
        self.subscriptions: SubscriptionPort = cast("SubscriptionPort", _Hidden("subscriptions"))
        self.graph: GraphPort = cast("GraphPort", _Hidden("the flow graph"))
        self.kin: KinPort = cast("KinPort", _Hidden("kin"))


class _Hidden:
    """A port that is not to be seen."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> NoReturn:
        raise NotSupported(f"{self._name}: not to be seen ({method})")


class _Ledger:
    append = not_written

    def __init__(self, whole: Snapshot, sight: Sight, ids: EventIds) -> None:
        self._whole = whole
        self._sight = sight
        self._ids = ids

    def head(self) -> Head:
        return self._whole.ledger.head()

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        last = self._sight.at if until is None else min(until, self._sight.at)
        seqs = [seq for seq in self._sight.seen.seqs if after < seq <= last]
        for begin in range(0, len(seqs), PAGE):
            batch = self._whole.events.at(seqs[begin : begin + PAGE])
            yield from map(self._ids.entry, sorted(batch, key=_seq))

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        real = {one for shown in event_ids if (one := self._ids.real(shown)) is not None}
        found = self._whole.ledger.entries_of(sorted(real)) if real else []
        return [self._ids.entry(entry) for entry in found if self._sight.sees(entry)]

    def repeated(self, event_ids: Collection[str]) -> set[str]:
        found = Counter(entry.event.id for entry in self.entries_of(event_ids))
        return {event for event, entries in found.items() if entries > 1}

    def position_at(self, accepted: int) -> int:
        return self._whole.ledger.position_at(accepted)

    def verify(self) -> Head:
        return self._whole.ledger.verify()


class _Lookup:
    add_namings = not_written

    def __init__(self, whole: Snapshot, sight: Sight, ids: EventIds) -> None:
        self._whole = whole
        self._sight = sight
        self._ids = ids

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        named, at = self._sight.seen.named, self._sight.at
        seqs = sorted({seq for item in items for seq in named.of(item, at)})
        return sorted(map(self._ids.entry, self._whole.events.at(seqs)), key=_seq)

    def narrower(self, items: Collection[str]) -> list[Naming]:
        return self._seen(self._whole.lookup.narrower(self._mentioned(items)))

    def wider(self, items: Collection[str]) -> list[Naming]:
        return self._seen(self._whole.lookup.wider(self._mentioned(items)))

    def items_like(self, prefix: str, limit: int) -> list[str]:
        keys = self._sight.seen.named.keys(prefix, self._sight.at)
        return list(islice(takewhile(lambda key: key.startswith(prefix), keys), limit))

    def items_after(self, key: str, limit: int) -> list[str]:
        keys = self._sight.seen.named.keys(key, self._sight.at)
        return list(islice((one for one in keys if one > key), limit))

    def _mentioned(self, items: Collection[str]) -> list[str]:
        return [item for item in items if self._sight.mentions(item)]

    def _seen(self, namings: Iterable[Naming]) -> list[Naming]:
        return [one for one in namings if self._sight.mentions(one.narrower) and self._sight.mentions(one.wider)]


class _Masters:
    put = not_written

    def __init__(self, whole: MasterPort, sight: Sight) -> None:
        self._whole = whole
        self._sight = sight

    def of(self, keys: Collection[str] | None = None, at: int | None = None) -> dict[str, dict[str, object]]:
        wanted = None if keys is None else [key for key in keys if self._knows(key)]
        found = self._whole.of(wanted, at) if wanted is None or wanted else {}
        return {
            key: attributes
            for key, attributes in found.items()
            if attributes["kind"] != LICENCE and self._knows(key)  # who holds which licence is told by coverage alone
        }

    def changes(self, after: int = 0) -> Iterator[Master]:
        return (one for one in self._whole.changes(after) if one.kind != LICENCE and self._knows(one.key))

    def _knows(self, key: str) -> bool:
        return self._sight.knows_partner(key) or self._sight.knows_product(key)


class _Events:
    def __init__(self, whole: EventPort, sight: Sight, ids: EventIds) -> None:
        self._whole = whole
        self._sight = sight
        self._ids = ids

    def in_order(self, span: EventSpan) -> Iterator[LedgerEntry]:
        entries = entries_in_order(span, partial(self._sight.seen.keys, span), self._whole.at)
        return map(self._ids.entry, entries)

    def at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        entries = self._whole.at(seqs)
        return [self._ids.entry(entry) for entry in entries if self._sight.sees(entry)]

    def values(self, field: EventField, after: str, limit: int) -> list[str]:
        return self._sight.seen.values(field, after, limit, self._sight.at)

    def accepted_since(self, accepted: int) -> int | None:
        return self._whole.accepted_since(accepted)


class _Queries:
    """Those that the reader made."""

    def __init__(self, whole: QueryPort, reader: str) -> None:
        self._whole = whole
        self._reader = reader

    def add(self, query: NamedQuery) -> bool:
        return self._whole.add(query)

    def get(self, name: str) -> NamedQuery | None:
        found = self._whole.get(name)
        return found if found is not None and found.author == self._reader else None

    def after(self, name: str, limit: int) -> list[NamedQuery]:
        found: list[NamedQuery] = []
        while len(found) < limit and (some := self._whole.after(name, PAGE)):
            found.extend(one for one in some if one.author == self._reader)
            name = some[-1].name
        return found[:limit]

    def remove(self, name: str) -> bool:
        return self.get(name) is not None and self._whole.remove(name)


def _seq(entry: LedgerEntry) -> int:
    return entry.seq
