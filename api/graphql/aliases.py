"""How many aliases a query may have, told before it runs. In: a document. Out: how many, or a refusal.

A fragment counts wherever it is spread, and is worked out once: fragments that each spread the next twice are read in
as many steps as there are of them, not in two to the power of that.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

ALIASES = 50


class AliasLimiter(SchemaExtension):
    """Refuses a query of more aliases than any question needs."""

    most = ALIASES

    def on_validate(self) -> Iterator[None]:
        """Before the validation of the standard."""
        context = self.execution_context
        count = 0 if context.graphql_document is None else aliases_of(context.graphql_document)
        if count > self.most:
            remedy = "Ask for some of it in a query of its own."
            told = f"this query has more than {self.most} aliases. {remedy}"
            context.pre_execution_errors = [
                GraphQLError(told, extensions={"code": "LIMIT_EXCEEDED", "most": self.most, "remedy": remedy})
            ]
        yield


def aliases_of(document: DocumentNode) -> int:
    """The aliases of all operations of a document."""
    aliases = _Aliases(document)
    operations = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return sum(aliases.below(node.selection_set) for node in operations)


class _Aliases:
    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self.known: dict[str, int] = {}

    def below(self, selected: SelectionSetNode | None) -> int:
        return sum(map(self.count, selected.selections)) if selected is not None else 0

    def count(self, node: SelectionNode) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self.spread(node.name.value)
        own = isinstance(node, FieldNode) and node.alias is not None
        return own + self.below(getattr(node, "selection_set", None))

    def spread(self, name: str) -> int:
        if name in self.fragments and name not in self.known:
            self.known[name] = 0  # one that spreads itself is refused by the validation
            self.known[name] = self.below(self.fragments[name].selection_set)
        return self.known.get(name, 0)
