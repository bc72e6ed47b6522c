"""GraphQL over HTTP (draft of the GraphQL Foundation, https://graphql.github.io/graphql-over-http/draft/).

In: a request by GET or POST. Out: an answer as `application/graphql-response+json` or `application/json`, with the
status that the draft gives it for either. WebSockets are strawberry's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import GraphQLError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from strawberry.exceptions import MissingQueryError
from strawberry.fastapi import GraphQLRouter
from strawberry.schema.base import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.graphql.faults import told_error
from api.http.media_types import JSON, MEDIA_TYPES, RESPONSE, accept_of, answered_as, named_type
from api.http.problems import problem
from api.http.socket_messages import WellFormed
from graph_schema.errors import SuyuanError


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for."""

    query: str | None
    name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


class Refused(Exception):
    """A request that is not run: its status, why, what to do."""

    def __init__(self, status: int, what: str, remedy: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(what)
        self.status = status
        self.headers = headers
        self.errors = [GraphQLError(f"{what}. {remedy}", extensions={"code": "BAD_REQUEST", "remedy": remedy})]


class OverHttp(GraphQLRouter[None, None]):
    """The endpoint of a schema."""

    graphql_transport_ws_handler_class = WellFormed

    def __init__(self, schema: BaseSchema) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=("graphql-transport-ws",))

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:
        """One request, or one WebSocket as long as it lasts."""
        if self.is_websocket_request(request):
            return await super().run(request, context, root_value)
        media = answered_as(accept_of(request.headers))
        if media is None:
            return problem(406, f"answers are {' or '.join(MEDIA_TYPES)}", "Accept either.")
        try:
            result = await self._ran(request, await operation_of(request), context)
        except Refused as refused:
            return told(refused.status, media, {"errors": refused.errors}, refused.headers)
        except SuyuanError as error:
            return told(503, media, {"errors": [told_error(GraphQLError(str(error), original_error=error))]})
        return answer(media, result)

    async def _ran(self, request: Request, asked: Operation, context: Any) -> ExecutionResult:
        allowed = OperationType.from_http(cast("Any", request.method)) - {OperationType.SUBSCRIPTION}
        try:
            return await self.schema.execute(
                asked.query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.name,
                allowed_operation_types=allowed,
                operation_extensions=asked.extensions,
            )
        except MissingQueryError as error:
            raise Refused(400, "there is no query", "Give it as `query`.") from error
        except CannotGetOperationTypeError as error:
            what = "the query has no operation of this name, or several and none is named"
            raise Refused(400, what, "Name one of them as `operationName`.") from error
        except InvalidOperationTypeError as error:
            raise _wrong_way(error.operation_type) from error


def _wrong_way(kind: OperationType) -> Refused:
    if kind is OperationType.MUTATION:
        return Refused(405, "a mutation is not run by GET", "POST it.", {"allow": "POST"})
    return Refused(400, "a subscription is not answered at once", "Ask over a WebSocket (graphql-transport-ws).")


async def operation_of(request: Request) -> Operation:
    """What a request asks for; `Refused` where it cannot be told."""
    if request.method == "GET":
        return _checked(_of_query_string(request.query_params))
    kind = request.headers.get("content-type", "")
    if named_type(kind) != JSON:
        raise Refused(415, "a body is taken as application/json alone", "Send it so, with that Content-Type.")
    return _checked(_loaded(await request.body(), "the body"))


def _of_query_string(given: QueryParams) -> dict[str, object]:
    inner = ("variables", "extensions")
    return {name: _loaded(text, name) if name in inner else text for name, text in given.items() if text}


def _loaded(text: bytes | str, what: str) -> object:
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise Refused(400, f"{what} is no JSON", "Send JSON in UTF-8, nested at most 1,000 deep.") from error


def _checked(given: object) -> Operation:
    if not isinstance(given, dict):
        raise Refused(400, "a request is one JSON object", "Send one operation at a time.")
    taken = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
    for name, kind in taken.items():
        if not isinstance(given.get(name), kind | None):
            raise Refused(400, f"{name} is no {'text' if kind is str else 'object'}", "Give it so, or null.")
    return Operation(*(given.get(name) for name in taken))


def answer(media: str, result: ExecutionResult) -> Response:
    """A result; one that was refused before it ran has no `data`, and is a client's error where the media type says so.

    A client of plain JSON gets 200 for it, as the draft asks for the sake of older ones. Who asks too often gets 429.
    """
    errors = result.errors or []
    waits = [int(after) for error in errors if (after := (error.extensions or {}).get("retryAfter")) is not None]
    if result.data is None and waits:
        return told(429, media, {"data": None, "errors": errors}, {"Retry-After": str(max(waits))})
    if result.data is None and errors and all(error.path is None for error in errors):
        return told(400 if media == RESPONSE else 200, media, {"errors": errors})
    shown: dict[str, object] = {"data": result.data, **({"errors": errors} if errors else {})}
    return told(200, media, {**shown, **({"extensions": result.extensions} if result.extensions else {})})


def told(status: int, media: str, answered: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    """An answer, written."""
    body = orjson.dumps(answered, default=_formatted)
    return Response(body, status, headers, media_type=f"{media}; charset=utf-8")


def _formatted(error: object) -> object:
    if isinstance(error, GraphQLError):
        return error.formatted
    raise TypeError(type(error).__name__)
