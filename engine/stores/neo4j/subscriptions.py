"""The port of subscriptions on Neo4j. In: subscriptions. Out: each as it was put last."""

from __future__ import annotations

from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from engine.stores.rows import subscription_of, subscription_row
from engine.subscription import Subscription

_CYPHER = load_queries(__package__, "subscriptions.cypher")


class Neo4jSubscriptions:
    """Subscriptions as nodes `Subscription`; writers are alone, so that what is looked for first stays so."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription as it stands."""
        self._session.run(_CYPHER["put"], **subscription_row(subscription))

    def get(self, subscription_id: str) -> Subscription | None:
        """A subscription by its id."""
        content: bytes | None = self._session.value(_CYPHER["get"], id=subscription_id)
        return None if content is None else subscription_of(content)

    def after(self, owner: str, query: str, last: tuple[int, str], limit: int) -> list[Subscription]:
        """The oldest first."""
        created, last_id = last
        rows = self._session.rows(_CYPHER["after"], owner=owner, named=query, created=created, id=last_id, limit=limit)
        return [subscription_of(content) for (content,) in rows]

    def count(self, owner: str) -> int:
        """How many an owner has."""
        return int(self._session.value(_CYPHER["count"], owner=owner))

    def due(self, at: int) -> list[Subscription]:
        """Those that nobody holds."""
        return [subscription_of(content) for (content,) in self._session.rows(_CYPHER["due"], at=at)]

    def remove(self, subscription_id: str) -> bool:
        """Forget a subscription; False where there is none of this id."""
        if self.get(subscription_id) is None:
            return False
        self._session.run(_CYPHER["remove"], id=subscription_id)
        return True

    def remove_all(self, query: str) -> None:
        """Forget all to a query."""
        self._session.run(_CYPHER["remove_all"], named=query)
