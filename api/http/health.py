"""Whether a server lives, and whether it can answer. In: a service. Out: `/healthz`, `/readyz`."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.http.problems import problem
from api.http.service import Service
from graph_schema.errors import SuyuanError


def health_routes(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["health"])

    @routes.head("/healthz", include_in_schema=False)
    @routes.get("/healthz", summary="The process lives")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @routes.head("/readyz", include_in_schema=False)
    @routes.get("/readyz", summary="The store answers, and the index is up to it")
    async def readyz() -> Response:
        try:
            position = await asyncio.to_thread(_position, service)
        except SuyuanError:
            return problem(503, "the store does not answer")
        return JSONResponse({"status": "ready", "position": position})

    return routes


def _position(service: Service) -> int:
    with service.reading() as state:
        return state.index.position
