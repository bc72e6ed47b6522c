"""One request: the committed state it reads, and what is looked up for all of its fields.

In: a `Reading`. Out: answers at the position asked, names and spellings as of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol, cast

from strawberry import Info

from api.graphql.cursors import Cursor, position_of
from api.rights.recalled import ShownScope
from api.rights.sights import Shown
from api.rights.traced import ShownTrace
from api.session import Reading
from engine.answer import PathResult, RecallScope
from engine.question import Options, Question, Seed, parameters_of
from engine.questions.directory import Directory
from engine.questions.names import Spellings, item_kind
from engine.questions.position import ledger_state
from engine.questions.view import View


class Kept(Protocol):
    """Where recall scopes are kept."""

    def scope(self, asked: object, ask: Callable[[], RecallScope]) -> RecallScope:
        """The scope of what was asked, asked for where it is not kept."""


class Asking:
    """What resolvers have in common."""

    def __init__(self, state: Reading, kept: Kept | None = None, shown: Shown | None = None) -> None:
        shown = shown or Shown(state.snapshot, state.snapshot, None)
        self._told = told = None if shown.telling is None else shown.telling.of(state)
        self.state = state if told is None else told.reading
        self.seen = shown.snapshot
        """The state without what is hidden from who asks."""
        self.evidence = shown.evidence if told is None or shown.redacting is not None else told.evidence
        """What their answers are told from."""
        self.redacting = shown.redacting
        """What they may ask, where that is not all."""
        self._office = shown.office
        self._kept = kept
        self._spellings: dict[int, Spellings] = {}

    @property
    def newest(self) -> int:
        """The position of the state."""
        return self.state.index.position

    @property
    def whose(self) -> tuple[str, ...]:
        """Whose view an answer is of; nothing where all is shown."""
        return self._office if self.redacting is None else self.redacting.whose

    @property
    def is_consumer(self) -> bool:
        """Whether who asks is shown what is public alone."""
        return self.redacting is not None and self.redacting.is_consumer

    def knows_site(self, key: str) -> bool:
        """Whether goods were recorded at a site, and who asks may know of it."""
        shown = self.redacting is None or self.redacting.sight.knows_partner(key)
        return shown and self.state.index.has_site(self.state.index.sites.code(key))

    def trace(self, question: Question, at: int | None) -> ShownTrace:
        """A trace at a position."""
        if self.redacting is None:
            return ShownTrace(self.state.trace(question, at), None)
        asked = self.redacting.question(question)
        return self.redacting.trace(self.state.trace(asked, at), parameters_of(asked))

    def recall_scope(self, question: Question, at: int | None) -> ShownScope:
        """A recall scope at a position, as it is kept where it is."""
        if self.redacting is None:
            return ShownScope(self._scope(question, at), None)
        asked = self.redacting.question(question)
        whole = self._scope(asked, at)
        view = View(self.state.index, whole.ledger.position, self.state.walker)
        return self.redacting.scope(whole, self.state.trace(asked, at), view)

    def _scope(self, question: Question, at: int | None) -> RecallScope:
        if self._kept is None:
            return self.state.recall_scope(question, at)
        position = self.newest if at is None else at
        known = [position, ledger_state(self.state.snapshot, position).hash, self.state.index.edition]
        asked = [*known, parameters_of(question), *(() if self._told is None else self._told.whose)]
        return self._kept.scope(asked, lambda: self.state.recall_scope(question, at))

    def path(self, source: Seed, target: Seed, options: Options) -> PathResult:
        """The shortest chain."""
        if self.redacting is None:
            return self.state.path(source, target, options)
        source, target = self.redacting.ends(source, target, options)
        whole = self.state.path(source, target, options)
        return self.redacting.path(whole, parameters_of(Question((source, target), options=options)))

    def site_told(self, item: str, site: str) -> str:
        """The site at which an item is told that an event says to be at one."""
        return site if self._told is None else self._told.sites.key({item}, site, self.newest)

    def withheld(self, items: Collection[str], sites: Collection[str]) -> list[str]:
        """The key data elements of which an answer with these items and sites tells the site alone."""
        if self._told is None or not self._told.sites.withholds(items, sites):
            return []
        return list(self._told.elements)

    def openable(self, event_ids: Sequence[str]) -> Sequence[str]:
        """Those of the events of an answer that are shown: a department's answers tell of more than it sees."""
        if not self._office:
            return event_ids
        seen = {entry.event.id for entry in self.seen.ledger.entries_of(event_ids)}
        return [event for event in event_ids if event in seen]

    def directory(self, at: int, items: Iterable[str] = (), sites: Iterable[str] = ()) -> Directory:
        """What is known of items and sites as of a position, looked up at once."""
        items, sites = list(items), list(sites)
        spellings = self._spellings.setdefault(at, Spellings(View(self.state.index, at), self.state.snapshot))
        spellings.learn("item", items)
        spellings.learn("site", sites)
        return Directory(self.state.snapshot, spellings, at, items, sites)

    def kinds(self, items: Iterable[str]) -> dict[str, Any]:
        """What the keys of items name."""
        keys, index = list(items), self.state.index
        codes = index.items.codes(keys)
        lined = set(index.lines["item"][index.lines.where("item", codes[codes >= 0])].tolist())
        return {key: item_kind(key, has_line=int(code) in lined) for key, code in zip(keys, codes, strict=True)}


def asking(info: Info[Any, Any]) -> Asking:
    """The request of a resolver."""
    return cast("Asking", info.context["asking"])


def cursors_of(info: Info[Any, Any]) -> list[Cursor]:
    """Every cursor that a field's selection goes on from."""
    return [Cursor.read(text) for text in _after(info.selected_fields)]


def position_asked(info: Info[Any, Any]) -> int | None:
    """The position that the cursors in a field's selection belong to; None where there is none."""
    return position_of(cursors_of(info), asking(info).newest)


def _after(selections: Iterable[Any]) -> Iterable[str]:
    for field in selections:
        after = getattr(field, "arguments", {}).get("after")
        if isinstance(after, str):
            yield after
        yield from _after(field.selections)
