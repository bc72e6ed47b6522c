"""What holds for every route of the REST interface (EPCIS 2.0 §12): headers, OPTIONS, problems.

In: endpoints that raise what is wrong. Out: routes that answer it. Where questions are noted (`app.state.note`), each
is, before its answer leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.http.problems import problem_as_xml
from api.rest.negotiation import COMMON, EITHER, RANGES, MediaType, answered_in, check_headers
from api.rest.problems import EpcisException, RestProblem, problem_of
from graph_schema.errors import SuyuanError

VARY = "Accept, GS1-EPC-Format, GS1-CBV-XML-Format"
"""Headers of a request by which answers differ (RFC 9110 §12.5.5)."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class EpcisRoute(APIRoute):
    """A route whose every answer has the standard's headers, and whose every refusal is a problem."""

    def get_route_handler(self) -> Handler:
        """The handler of the endpoint, with what holds for all."""
        handler = super().get_route_handler()
        offered = self._offered()

        async def answered(request: Request) -> Response:
            try:
                check_headers(request.headers, offered)
                response = await handler(request)
            except RestProblem as error:
                response = error.response()
            except RequestValidationError as error:
                response = _of_parameter(error).response()
            except SuyuanError as error:
                response = problem_of(error)
            if answered_in(request.headers, EITHER) is MediaType.XML:
                response = problem_as_xml(response)
            for name, value in COMMON.items():
                response.headers.setdefault(name, value)
            response.headers.add_vary_header(VARY)
            if (note := getattr(request.app.state, "note", None)) is not None:
                await asyncio.to_thread(note, request, request.method, response.status_code)
            return response

        return answered

    def _offered(self) -> tuple[MediaType, ...]:
        """The media types of its answers, as it declares them; what is empty is as good in any."""
        declared = [answer.get("content", {}) for answer in self.responses.values()]
        xml = any(MediaType.XML in content for content in declared)
        return EITHER if xml or self.response_class is Response else (MediaType.JSON,)


def add_options(routes: APIRouter, path: str, methods: str, more: Mapping[str, str] | None = None) -> None:
    """Answer OPTIONS at a path: which methods there are, and which versions are spoken."""
    headers = {"Allow": methods.replace("GET", "GET, HEAD"), **RANGES, **(more or {})}

    async def options() -> Response:
        return Response(status_code=204, headers=headers)

    routes.add_api_route(
        path,
        options,
        methods=["OPTIONS"],
        status_code=204,
        summary="What this resource offers",
        response_class=Response,
    )


def _of_parameter(error: RequestValidationError) -> RestProblem:
    first = error.errors()[0]
    name = str(first["loc"][-1])
    return RestProblem(400, EpcisException.QUERY_PARAMETER, f"{name}: {first['msg']}", "Correct this parameter.")
