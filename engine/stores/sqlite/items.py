"""The dictionary of item keys. In: keys. Out: the numbers that stand for them in the file."""

from __future__ import annotations

from engine.stores.queries import load_queries
from engine.stores.sqlite.session import Session

_SQL = load_queries(__package__, "lookup.sql")
_BOUND = 200_000
"""How many keys are kept in memory (some tens of MB)."""


class ItemNumbers(dict[str, int]):
    """Numbers of keys seen lately. Numbers are never changed, so they stay right after a commit."""

    def keep(self, key: str, number: int) -> int:
        """Remember, within the bound."""
        if len(self) >= _BOUND:
            self.clear()
        self[key] = number
        return number


class Items:
    """Keys and their numbers, through one session."""

    def __init__(self, session: Session, known: ItemNumbers) -> None:
        self._session = session
        self._known = known

    def number(self, key: str) -> int | None:
        """The number of a key; None where it has none yet."""
        if (number := self._known.get(key)) is not None:
            return number
        found: int | None = self._session.value(_SQL["item_id"], (key,))
        return None if found is None else self._known.keep(key, found)

    def give(self, key: str) -> int:
        """The number of a key, a new one where it had none."""
        if (number := self.number(key)) is not None:
            return number
        return self._known.keep(key, self._session.value(_SQL["add_item"], (key,)))
