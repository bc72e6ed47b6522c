"""What a query may cost, told before it runs. In: a document and its variables. Out: the cost, or a refusal.

A field costs one and what is below it; below a list it counts so many times as the list may have rows: its `first`, as
given, else as the schema has it. A fragment counts wherever it is spread, and is worked out once. What reads a row of
every entry costs more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from api.graphql.cursors import USUAL
from api.graphql.fragments import Fragments, operations_of
from api.graphql.limit import QueryLimit

MOST_COST = 1_000_000
MOST_TOLD = 2**53
"""Costs beyond are told as this: JSON has no larger whole number that all read alike."""
LONGEST = 12
"""Digits of a number that are read: one that has more costs too much anyway."""
DEAR = {
    ("Query", "coverage"): 100_000,
    ("Query", "openData"): 100_000,
    ("Query", "drill"): 500_000,
    ("Query", "marketAccess"): 10_000,
    ("Coverage", "behind"): 10_000,
}
"""What fields cost that read a row an entry, or all events of goods, beside what is below them. Of a drill, which
traces a hundred lots, there is one a query."""
UNBOUNDED_LIST = 3
"""Rows that a list without `first` is taken to have."""


class CostLimiter(QueryLimit):
    """Refuses a query that would cost more than it may."""

    most = MOST_COST
    remedy = "Ask for fewer rows (first) at once."

    def asked(self, document: DocumentNode) -> int:
        """The cost of the dearest operation of a document."""
        context = self.execution_context
        counting = _Counting(document, context.schema._schema, context.variables or {})
        return max(map(counting.operation, operations_of(document)), default=0)

    def told(self, asked: int) -> str:
        """What it may cost."""
        return f"this query may cost {asked:,}, more than {self.most:,}"

    def figures(self, asked: int) -> dict[str, int]:
        """Its cost, and the bound."""
        return {"cost": min(asked, MOST_TOLD), "most": self.most}


class _Counting:
    def __init__(self, document: DocumentNode, schema: GraphQLSchema, variables: Mapping[str, Any]) -> None:
        self.schema = schema
        self.variables = dict(variables)
        self.fragments = Fragments(document, self.fragment)

    def operation(self, node: OperationDefinitionNode) -> int:
        root = self.schema.get_root_type(node.operation)
        return self.selections(node.selection_set, root)

    def selections(self, selected: SelectionSetNode | None, parent: GraphQLNamedType | None) -> int:
        return sum(self.selection(node, parent) for node in selected.selections) if selected is not None else 0

    def selection(self, node: Any, parent: GraphQLNamedType | None) -> int:
        if isinstance(node, FieldNode):
            return self.field(node, parent)
        if isinstance(node, InlineFragmentNode):
            named = node.type_condition
            return self.selections(node.selection_set, self.schema.get_type(named.name.value) if named else parent)
        return self.fragments.of(node) if isinstance(node, FragmentSpreadNode) else 0

    def fragment(self, node: FragmentDefinitionNode) -> int:
        return self.selections(node.selection_set, self.schema.get_type(node.type_condition.name.value))

    def field(self, node: FieldNode, parent: GraphQLNamedType | None) -> int:
        fields = parent.fields if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else {}
        definition = fields.get(node.name.value)
        if definition is None:
            return 1
        below = self.selections(node.selection_set, get_named_type(definition.type))
        dear = 0 if parent is None else DEAR.get((parent.name, node.name.value), 0)
        return 1 + dear + self.rows(node, definition) * below

    def rows(self, node: FieldNode, definition: GraphQLField) -> int:
        """How many rows what is below a field is counted for."""
        if "first" in definition.args:
            return max(self.rows_asked(node, definition.args["first"].default_value), 1)
        is_list = is_list_type(get_nullable_type(definition.type)) and node.name.value != "edges"
        return UNBOUNDED_LIST if is_list else 1

    def rows_asked(self, node: FieldNode, usual: object) -> int:
        given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if isinstance(given, IntValueNode):
            return int(given.value[:LONGEST])
        asked = self.variables.get(given.name.value, usual) if isinstance(given, VariableNode) else usual
        return asked if isinstance(asked, int) else USUAL
