"""The operations of a document, and its fragments. In: a document. Out: a number of each fragment, worked out once.

A fragment counts wherever it is spread: fragments that each spread the next twice are read in as many steps as there
are of them, not in two to the power of that.
"""

from __future__ import annotations

from collections.abc import Callable

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode


class Fragments:
    """What is worked out of the fragments of a document."""

    def __init__(self, document: DocumentNode, work_out: Callable[[FragmentDefinitionNode], int]) -> None:
        self._named = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self._known: dict[str, int] = {}
        self._work_out = work_out

    def of(self, spread: FragmentSpreadNode) -> int:
        """The number of the fragment that is spread; 0 where there is none of that name."""
        name = spread.name.value
        if name in self._named and name not in self._known:
            self._known[name] = 0  # one that spreads itself is refused by the validation
            self._known[name] = self._work_out(self._named[name])
        return self._known.get(name, 0)


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """The operations of a document, as they stand there."""
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
