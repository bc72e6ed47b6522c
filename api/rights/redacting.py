"""What one principal may ask and is shown, in one request. In: a state, who asks. Out: questions, answers redacted."""

from __future__ import annotations

import hashlib
from functools import cached_property

import msgspec

from api.principals import Role
from api.rights.access import ShownAccess, shown_access
from api.rights.asked import allowed, allowed_seed, check_options
from api.rights.flows import Reader, Steps
from api.rights.pseudonyms import Pseudonyms
from api.rights.recalled import ScopeRedaction, ShownScope
from api.rights.seen import EventIds, SeenSnapshot
from api.rights.sight import SeenLedger, Sight
from api.rights.traced import Redaction, ShownTrace
from engine.access import MarketAccess
from engine.answer import LedgerState, PathResult, RecallScope, Trace
from engine.question import ItemSeed, Options, Question, Seed
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.errors import Forbidden


class Redacting:
    """Shows what a principal may see who may not see all."""

    def __init__(self, seen: SeenLedger, snapshot: Snapshot, cleared: Snapshot, pseudonyms: Pseudonyms) -> None:
        self.principal = seen.principal
        self._seen = seen
        self._snapshot = snapshot
        self._cleared = cleared
        self._pseudonyms = pseudonyms
        self.sight = self._sight_at(snapshot.ledger.head().position)

    @property
    def is_consumer(self) -> bool:
        """Whether nothing is shown but what is public."""
        return self.principal.role is Role.CONSUMER

    def _sight_at(self, position: int) -> Sight:
        return Sight(self._seen, self._snapshot, position)

    @cached_property
    def _ids(self) -> EventIds:
        return EventIds(self.sight)

    @cached_property
    def seen(self) -> Snapshot:
        """The state without what is hidden, or withheld of what is not."""
        return SeenSnapshot(self._cleared, self.sight, self._ids)

    @property
    def whose(self) -> tuple[str, ...]:
        """Whose view a list is of: its pages are theirs alone."""
        return (self.principal.name, self.principal.role, *sorted(self._seen.concerned()))

    def question(self, question: Question) -> Question:
        """A question as it is put to the engine; refused where it may not be asked."""
        self.check_may_trace()
        return allowed(question, self.sight, self._ids)

    def ends(self, source: Seed, target: Seed, options: Options) -> tuple[Seed, Seed]:
        """The ends of a path likewise."""
        self.check_may_trace()
        check_options(options, self.sight)
        return allowed_seed(source, self.sight, self._ids), allowed_seed(target, self.sight, self._ids)

    def check_may_trace(self) -> None:
        """Consumers look up what is public; they do not trace."""
        if self.is_consumer:
            raise Forbidden("this is not for consumers to ask", remedy="Look a code up: item(id), or its Digital Link.")

    def trace(self, whole: Trace, parameters: object) -> ShownTrace:
        """A trace as it is shown."""
        return Redaction(whole, self._reader(whole.ledger, parameters)).shown()

    def scope(self, whole: RecallScope, trace: Trace, view: View) -> ShownScope:
        """A scope as it is shown, by the trace of its question."""
        reader = self._reader(whole.ledger, whole.parameters)
        traced = Redaction(trace, reader)
        return ScopeRedaction(whole, traced, traced.shown(), reader, view).shown()

    def access(self, whole: MarketAccess) -> ShownAccess:
        """The verdict of the whole, and those of its reasons that they may be told."""
        return shown_access(whole, self._sight_at(whole.ledger.position), self._ids)

    def check_access(self, item: str, day: str | None) -> None:
        """Whether they may ask of an item; a day would find out when what is hidden from them happened."""
        self.check_may_trace()
        if day is not None:
            raise Forbidden("a day is not for enterprises to ask", where="on", remedy="Ask how it stands today.")
        allowed_seed(ItemSeed(item), self.sight, self._ids)

    def path(self, whole: PathResult, parameters: object) -> PathResult:
        """A path: its flows at their sites, with what they had."""
        if whole.flows is None:
            return whole
        reader = self._reader(whole.ledger, parameters)
        items = reader.sight.items_had({item for flow in whole.flows for item in flow.items})
        return msgspec.structs.replace(whole, flows=Steps(reader, whole.flows, items).shown())

    def _reader(self, ledger: LedgerState, parameters: object) -> Reader:
        """Who sees an answer: under pseudonyms for this answer alone."""
        told = msgspec.json.encode([ledger.position, ledger.hash, parameters], order="deterministic")
        sight = self._sight_at(ledger.position)
        ids = EventIds(sight)
        return Reader(sight, ids, self._pseudonyms, hashlib.sha256(told).hexdigest())
