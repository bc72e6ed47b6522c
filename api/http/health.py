"""Whether a server lives, and whether it can answer. In: a service. Out: `/healthz`, `/readyz`.

Neither waits for a write, nor behind requests that do: the first asks no store, the second reads in a thread of its
own and for so long only.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.http.problems import problem
from api.http.service import Service
from graph_schema.errors import SuyuanError

LONGEST_LOOK = 3.0
"""Seconds in which a store must answer, and the index be up to it, to be held ready."""


def health_routes(service: Service, longest: float = LONGEST_LOOK) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["health"])
    looking = ThreadPoolExecutor(1, thread_name_prefix="ready")

    @routes.get("/healthz", summary="The process lives")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @routes.get("/readyz", summary="The store answers, and the index is up to it")
    async def readyz() -> Response:
        look = asyncio.get_running_loop().run_in_executor(looking, _position, service)
        try:
            position = await asyncio.wait_for(look, longest)
        except (SuyuanError, TimeoutError):
            return problem(503, "the store does not answer")
        return JSONResponse({"status": "ready", "position": position})

    return routes


def _position(service: Service) -> int:
    with service.reading() as state:
        return state.index.position
