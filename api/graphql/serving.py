"""What a server gives every operation: states to read, and captures. In: the context of a resolver. Out: `Serving`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, cast

from strawberry import Info

from api.allowance import asker_of
from api.captures import Captures
from api.cases import case_in
from api.graphql.asking import Asking, Kept
from api.lookups import Lookups
from api.open_data import OpenMonths
from api.principals import Principal, principal_in
from api.rights.sights import Sights
from api.session import Reading
from graph_schema.errors import StoreError

Readings = Callable[[], AbstractContextManager[Reading]]


def _without_store() -> AbstractContextManager[Reading]:
    raise StoreError("this schema has no store", remedy="It can be printed; to ask it, make it over a store.")


@dataclass(frozen=True, slots=True)
class Serving:
    """What reads committed states, and what captures where something does."""

    readings: Readings = _without_store
    capturing: Captures | None = None
    kept: Kept | None = None
    """Where recall scopes are kept."""
    sights: Sights | None = None
    """What those are shown who may not see all; without it, all is shown."""
    looking: Lookups | None = None
    """What looks codes up for the public, where something does."""
    months: OpenMonths = field(default_factory=OpenMonths)
    """What is open to all, as it was worked out today."""

    def asking(self, state: Reading, context: Mapping[str, Any]) -> Asking:
        """A request to a state, of whoever asks in a context."""
        if self.sights is None:
            return Asking(state, self.kept)
        return Asking(state, self.kept, self.sights.shown(principal_of(context), case_of(context), state.snapshot))

    @property
    def lookups(self) -> Lookups:
        """What looks codes up; `StoreError` where this schema does not."""
        if self.looking is None:
            raise StoreError("nothing is looked up here", remedy="Ask a server.")
        return self.looking

    @property
    def captures(self) -> Captures:
        """What captures; `StoreError` where this schema only reads."""
        if self.capturing is None:
            raise StoreError("nothing can be captured here", remedy="Ask a server that was opened for writing.")
        return self.capturing


def principal_of(context: Mapping[str, Any]) -> Principal | None:
    """Who asks: as they signed in to a request or a web socket."""
    connection = context.get("request") or context.get("ws")
    return None if connection is None else principal_in(connection.scope)


def case_of(context: Mapping[str, Any]) -> str | None:
    """The case under which it is asked."""
    connection = context.get("request") or context.get("ws")
    return None if connection is None else case_in(connection.scope)


def asker(info: Info[Any, Any]) -> str:
    """Who asks, as allowances know them."""
    connection = info.context.get("request") or info.context.get("ws")
    return "schema" if connection is None else asker_of(connection)


def serving(info: Info[Any, Any]) -> Serving:
    """What serves the operation of a resolver."""
    return cast("Serving", info.context["serving"])
