"""What operators watch (Prometheus text format). In: requests, captures, walks, positions. Out: `/metrics`.

Labels are templates of routes, methods, statuses and outcomes: no code, no id, no name of a principal stands in one,
and what nobody serves is one label whatever its path. Counts of the whole ledger are for those who see all of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, MutableMapping
from typing import Any

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.digital_link import PRIMARY
from api.http.problems import problem
from api.http.service import Service
from api.principals import principal_in
from engine.index import Walk
from engine.job import Job
from graph_schema.errors import SuyuanError

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SEGMENTS = frozenset({*PRIMARY, "static"})
"""First parts of paths that are served by what has no template."""
_ROUTE = "suyuan.route"
"""Where in a request's scope the template is told, from within to without."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counters of one application over one service."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        told = self.registry
        self._requests = Counter(
            "suyuan_http_requests", "Requests answered.", ["route", "method", "status"], registry=told
        )
        self._seconds = Histogram(
            "suyuan_http_request_seconds", "Seconds to the end of an answer.", ["route", "method"],
            registry=told, buckets=_BUCKETS,
        )  # fmt: skip
        self._events = Counter(
            "suyuan_captured_events", "Events of captures of this process.", ["outcome"], registry=told
        )
        self._jobs = Counter("suyuan_capture_jobs", "Captures of this process that ended.", ["outcome"], registry=told)
        self._walks = Counter("suyuan_walks", "Walks over the graph.", registry=told)
        self._cut = Counter("suyuan_walks_cut", "Walks that a bound cut short.", registry=told)
        self._lookups = Counter("suyuan_lookups", "Codes looked up by the public.", ["outcome"], registry=told)
        told.register(_Positions(service))
        ProcessCollector(registry=told)
        service.captures.hear(self._captured)
        service.watch_walks(self._walked)
        service.lookups.hear(lambda outcome: self._lookups.labels(outcome).inc())

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)

    def _captured(self, job: Job) -> None:
        for outcome, count in (
            ("accepted", job.accepted), ("duplicate", job.duplicates), ("rejected", job.rejected),
        ):  # fmt: skip
            self._events.labels(outcome).inc(count)
        self._jobs.labels("success" if job.success else "failure").inc()

    def _walked(self, walk: Walk) -> None:
        self._walks.inc()
        if not walk.complete:
            self._cut.inc()


class _Positions(Collector):
    """The ledger's position and the index's, as they are when they are asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is read before somebody asks."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Both, and how far the index is behind."""
        ledger, index = self._service.positions()
        yield GaugeMetricFamily("suyuan_ledger_position", "Entries of the ledger.", ledger)
        yield GaugeMetricFamily("suyuan_index_position", "Entries that the index in memory has read.", index)
        yield GaugeMetricFamily("suyuan_index_lag", "Entries that the index has yet to read.", ledger - index)


class Measured:
    """Counts and times each request, also those that are refused before they get to a route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told: dict[str, str] = {}
        status = 500
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app({**scope, _ROUTE: told}, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            route = told.get("route") or _unrouted(scope["path"])
            self._metrics.answered(route, method, status, time.perf_counter() - began)


class Routed:
    """Tells the template of the route that a request came to; innermost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            await self._app(scope, receive, send)
        finally:
            _tell_route(scope)


def _tell_route(scope: MutableMapping[str, Any]) -> None:
    path = getattr(scope.get("route"), "path", None)
    if path is not None and _ROUTE in scope:
        scope[_ROUTE]["route"] = path


def _unrouted(path: str) -> str:
    """What a path without a template is called."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return f"/{first}/…" if first in _SEGMENTS else "other"


def metrics_routes(metrics: Metrics) -> APIRouter:
    """The route."""
    routes = APIRouter(tags=["health"])

    @routes.get("/metrics", summary="Counters and durations, as Prometheus reads them", response_class=Response)
    async def told(request: Request) -> Response:
        principal = principal_in(request.scope)
        if principal is not None and not principal.sees_all:
            return problem(403, "this is for those who see the whole ledger")
        try:
            content = await asyncio.to_thread(generate_latest, metrics.registry)
        except SuyuanError:
            return problem(503, "the store does not answer")
        return Response(content, headers={"Content-Type": MEDIA_TYPE})

    return routes
