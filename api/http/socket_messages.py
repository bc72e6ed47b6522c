"""Messages of graphql-transport-ws. In: what a client sends. Out: what the library knows to take, or 4400.

The library takes it for granted that a message has the form that it should: any other ended the socket without a word,
and wrote a traceback into the log.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message


class _Other(msgspec.Struct):
    type: Literal["connection_init", "ping", "pong"]


class _Complete(msgspec.Struct, tag="complete"):
    id: str


class _Operation(msgspec.Struct, rename="camel"):
    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


class _Subscribe(msgspec.Struct, tag="subscribe"):
    id: str
    payload: _Operation


class WellFormed(BaseGraphQLTransportWSHandler[Any, Any]):
    """Takes messages that are well-formed; any other closes the socket with 4400."""

    async def handle(self) -> None:
        """As long as the socket lasts."""
        try:
            await super().handle()
        except RecursionError:
            await self.handle_invalid_message("this JSON is nested too deep")

    async def handle_message(self, message: Message) -> None:
        """One message."""
        if is_well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("this is no message of graphql-transport-ws")


def is_well_formed(message: object) -> bool:
    """Whether something is a message that a client sends."""
    known: Any = _Subscribe | _Complete
    named = message.get("type") if isinstance(message, dict) else None
    try:
        msgspec.convert(message, known if named in ("subscribe", "complete") else _Other)
    except msgspec.ValidationError:
        return False
    return True
