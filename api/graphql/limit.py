"""A limit of what one query may ask, told before it runs. In: a document. Out: a refusal of one that asks more.

What is refused is not validated: the limits come before the validation of the standard, and spare it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from graphql import DocumentNode, GraphQLError
from strawberry.extensions import SchemaExtension


class QueryLimit(SchemaExtension):
    """Refuses a query that asks more than any question needs."""

    most: ClassVar[int]
    remedy: ClassVar[str]

    @abstractmethod
    def asked(self, document: DocumentNode) -> int:
        """How much a document asks, of what is limited."""

    @abstractmethod
    def told(self, asked: int) -> str:
        """What is too much, as a sentence without its stop."""

    def figures(self, _: int) -> dict[str, int]:
        """What a refusal tells in numbers."""
        return {"most": self.most}

    def on_validate(self) -> Iterator[None]:
        """Before the validation of the standard."""
        context = self.execution_context
        asked = 0 if context.graphql_document is None else self.asked(context.graphql_document)
        if asked > self.most:
            extensions = {"code": "LIMIT_EXCEEDED", **self.figures(asked), "remedy": self.remedy}
            context.pre_execution_errors = [GraphQLError(f"{self.told(asked)}. {self.remedy}", extensions=extensions)]
        yield
