"""How deep a query may nest, told before it runs. In: a document. Out: its levels, or a refusal.

Fields of introspection have a bound of their own in the validation of the standard, and are not counted here.
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

DEPTH = 15


class DepthLimiter(SchemaExtension):
    """Refuses a query of more levels than any question needs."""

    most = DEPTH

    def on_validate(self) -> Iterator[None]:
        """Before the validation of the standard."""
        context = self.execution_context
        depth = 0 if context.graphql_document is None else depth_of(context.graphql_document)
        if depth > self.most:
            remedy = "Ask for what is below in a query of its own."
            told = f"this query has {depth} levels, more than {self.most}. {remedy}"
            context.pre_execution_errors = [
                GraphQLError(told, extensions={"code": "LIMIT_EXCEEDED", "most": self.most, "remedy": remedy})
            ]
        yield


def depth_of(document: DocumentNode) -> int:
    """The levels of the deepest operation of a document."""
    levels = _Levels(document)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return max((levels.below(node.selection_set) for node in operations), default=0)


class _Levels:
    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self.known: dict[str, int] = {}

    def below(self, selected: SelectionSetNode | None) -> int:
        return max(map(self.level, selected.selections), default=0) if selected is not None else 0

    def level(self, node: SelectionNode) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self.spread(node.name.value)
        inner: SelectionSetNode | None = getattr(node, "selection_set", None)
        if not isinstance(node, FieldNode):
            return self.below(inner)
        return 0 if node.name.value.startswith("__") else 1 + self.below(inner)

    def spread(self, name: str) -> int:
        if name in self.fragments and name not in self.known:
            self.known[name] = 0  # one that spreads itself is refused by the validation
            self.known[name] = self.below(self.fragments[name].selection_set)
        return self.known.get(name, 0)
