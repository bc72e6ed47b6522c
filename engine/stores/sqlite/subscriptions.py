"""The port of subscriptions on SQLite. In: subscriptions. Out: each as it was put last."""

from __future__ import annotations

from engine.stores.queries import load_queries
from engine.stores.rows import subscription_of, subscription_row
from engine.stores.sqlite.session import Session
from engine.subscription import Subscription

_SQL = load_queries(__package__, "subscriptions.sql")


class SqliteSubscriptions:
    """Subscriptions in the table `subscription`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription as it stands."""
        self._session.run(_SQL["put"], subscription_row(subscription))

    def get(self, subscription_id: str) -> Subscription | None:
        """A subscription by its id."""
        content: bytes | None = self._session.value(_SQL["get"], (subscription_id,))
        return None if content is None else subscription_of(content)

    def after(self, owner: str, query: str, last: tuple[int, str], limit: int) -> list[Subscription]:
        """The oldest first."""
        created, last_id = last
        bounds = {"owner": owner, "named": query, "created": created, "id": last_id, "limit": limit}
        return [subscription_of(content) for (content,) in self._session.rows(_SQL["after"], bounds)]

    def count(self, owner: str) -> int:
        """How many an owner has."""
        return int(self._session.value(_SQL["count"], (owner,)))

    def due(self, at: int) -> list[Subscription]:
        """Those that nobody holds."""
        return [subscription_of(content) for (content,) in self._session.rows(_SQL["due"], {"at": at})]

    def remove(self, subscription_id: str) -> bool:
        """Forget a subscription; False where there is none of this id."""
        return self._session.row(_SQL["remove"], (subscription_id,)) is not None

    def remove_all(self, query: str) -> None:
        """Forget all to a query."""
        self._session.run(_SQL["remove_all"], (query,))
