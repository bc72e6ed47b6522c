"""How deep a query may nest, told before it runs. In: a document. Out: its levels, or a refusal.

Fields of introspection have a bound of their own in the validation of the standard, and are not counted here.
"""

from __future__ import annotations

from graphql import DocumentNode, FieldNode, FragmentSpreadNode, SelectionNode, SelectionSetNode

from api.graphql.fragments import Fragments, operations_of
from api.graphql.limit import QueryLimit

DEPTH = 15


class DepthLimiter(QueryLimit):
    """Refuses a query of more levels than any question needs."""

    most = DEPTH
    remedy = "Ask for what is below in a query of its own."

    def asked(self, document: DocumentNode) -> int:
        """The levels of the deepest operation of a document."""
        levels = _Levels(document)
        return max((levels.below(node.selection_set) for node in operations_of(document)), default=0)

    def told(self, asked: int) -> str:
        """How many levels there are."""
        return f"this query has {asked} levels, more than {self.most}"


class _Levels:
    def __init__(self, document: DocumentNode) -> None:
        self.fragments = Fragments(document, lambda fragment: self.below(fragment.selection_set))

    def below(self, selected: SelectionSetNode | None) -> int:
        return max(map(self.level, selected.selections), default=0) if selected is not None else 0

    def level(self, node: SelectionNode) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self.fragments.of(node)
        inner: SelectionSetNode | None = getattr(node, "selection_set", None)
        if not isinstance(node, FieldNode):
            return self.below(inner)
        return 0 if node.name.value.startswith("__") else 1 + self.below(inner)
