"""How many aliases a query may have, told before it runs. In: a document. Out: how many, or a refusal."""

from __future__ import annotations

from graphql import DocumentNode, FieldNode, FragmentSpreadNode, SelectionNode, SelectionSetNode

from api.graphql.fragments import Fragments, operations_of
from api.graphql.limit import QueryLimit

ALIASES = 50


class AliasLimiter(QueryLimit):
    """Refuses a query of more aliases than any question needs."""

    most = ALIASES
    remedy = "Ask for some of it in a query of its own."

    def asked(self, document: DocumentNode) -> int:
        """The aliases of all operations of a document."""
        aliases = _Aliases(document)
        return sum(aliases.below(node.selection_set) for node in operations_of(document))

    def told(self, _: int) -> str:
        """Not how many: fragments multiply them beyond all reading."""
        return f"this query has more than {self.most} aliases"


class _Aliases:
    def __init__(self, document: DocumentNode) -> None:
        self.fragments = Fragments(document, lambda fragment: self.below(fragment.selection_set))

    def below(self, selected: SelectionSetNode | None) -> int:
        return sum(map(self.count, selected.selections)) if selected is not None else 0

    def count(self, node: SelectionNode) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self.fragments.of(node)
        own = isinstance(node, FieldNode) and node.alias is not None
        return own + self.below(getattr(node, "selection_set", None))
