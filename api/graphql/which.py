"""Which operation of a document is run (GraphQL §6.1). In: a document, the name that was given. Out: a refusal of none.

The library takes the first where several stand there and none is named; the standard takes none, so that nobody is
answered what was not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class NamedOperation(SchemaExtension):
    """Refuses a document of several operations where none is named."""

    def on_validate(self) -> Iterator[None]:
        """Before it is run."""
        context = self.execution_context
        document = context.graphql_document
        found = () if document is None else document.definitions
        several = sum(isinstance(node, OperationDefinitionNode) for node in found) > 1
        if several and context._provided_operation_name is None:
            remedy = "Name one of them as `operationName`."
            told = f"the query has several operations, and none is named. {remedy}"
            context.pre_execution_errors = [GraphQLError(told, extensions={"code": "BAD_REQUEST", "remedy": remedy})]
        yield
