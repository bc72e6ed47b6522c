"""Subscriptions by web socket (EPCIS 2.0 §12). In: `/queries/{queryName}/events?stream=true`, upgraded. Out: documents.

In JSON or XML, as the request that is upgraded accepts. A subscription lives as long as its socket: each document goes
after the one before was taken by the connection. Who comes back later asks for what was recorded meanwhile
(`initialRecordTime`), or subscribes by webhook.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import anyio
import msgspec
from fastapi import APIRouter
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.cases import case_in
from api.http.problems import problem_as_xml
from api.http.service import Service
from api.principals import principal_in
from api.rest.documents import moment, query_content
from api.rest.negotiation import COMMON, EITHER, MediaType, answered_in, check_headers
from api.rest.problems import RestProblem, problem_of
from api.rest.queries import named
from api.rest.spelling import form_of
from api.rest.subscribing.batches import Batch, Sought, States, next_batch, sought_by, start_of
from api.rest.subscribing.controls import Controls, controls_of_url, wrong
from api.rest.subscribing.progress import SECOND
from api.settings import now
from engine.named_query import NamedQuery
from engine.stores.ports import Store
from graph_schema.errors import StoreError, SuyuanError

_LOG = logging.getLogger("suyuan.sockets")
PAUSE = 0.5
"""Seconds between two looks at the ledger."""
MOST_OF_ONE = 20
"""Sockets that a principal may have open with one process."""
_SWITCHING = 101
_REMOVED = 1000
_OWN_ERROR = 1011


class _Opened(msgspec.Struct, frozen=True):
    query: NamedQuery
    sought: Sought
    controls: Controls
    min_record_time: int
    position: int
    states: States


def socket_routes(service: Service) -> APIRouter:
    """`/queries/{queryName}/events`, upgraded."""
    routes = APIRouter()
    store = service.located.store
    open_sockets: Counter[str] = Counter()

    @routes.websocket("/queries/{queryName}/events")
    async def events(socket: WebSocket, queryName: str) -> None:  # noqa: N803 - the standard's name
        owner = service.captures.author(principal_in(socket.scope))
        try:
            with _counted(open_sockets, owner):
                opened = await asyncio.to_thread(_open, service, socket, queryName)
                await _note(socket, _SWITCHING)
                await _told(socket, store, opened)
        except RestProblem as error:
            await _refuse(socket, error.response())
        except SuyuanError as error:
            await _refuse(socket, problem_of(error))

    return routes


@contextmanager
def _counted(open_sockets: Counter[str], owner: str) -> Iterator[None]:
    if open_sockets[owner] >= MOST_OF_ONE:
        raise wrong(f"you have {MOST_OF_ONE} web sockets open, which is the most", "Close one.")
    open_sockets[owner] += 1
    try:
        yield
    finally:
        open_sockets[owner] -= 1


def _open(service: Service, socket: WebSocket, name: str) -> _Opened:
    """What a request to subscribe asks for; a problem for one that is wrong."""
    check_headers(socket.headers, EITHER)
    by = principal_in(socket.scope)
    query = named(service, by, name)
    controls = controls_of_url(socket.query_params)
    sought = sought_by(query.definition, form_of(socket.headers), controls.initial_record_time)
    since = now() if controls.initial_record_time is None else controls.initial_record_time
    with service.located.store.snapshot() as snapshot:
        start = start_of(snapshot, controls.initial_record_time)
    return _Opened(query, sought, controls, since, start, partial(service.seen, by, case_in(socket.scope)))


async def _note(socket: WebSocket, status: int) -> None:
    """Into the log of questions, where there is one."""
    if (note := getattr(socket.app.state, "note", None)) is not None:
        await asyncio.to_thread(note, socket, "GET", status)


async def _refuse(socket: WebSocket, refusal: Response) -> None:
    await _note(socket, refusal.status_code)
    if answered_in(socket.headers, EITHER) is MediaType.XML:
        refusal = problem_as_xml(refusal)
    refusal.headers.update(COMMON)
    await socket.send_denial_response(refusal)


async def _told(socket: WebSocket, store: Store, opened: _Opened) -> None:
    """Accept, and send until either side closes, or the query is removed."""
    form, since = opened.sought.form, moment(opened.min_record_time)
    told = {**COMMON, **form.headers(form.epcs), "GS1-Query-Min-Record-Time": since}
    await socket.accept(headers=[(name.lower().encode(), value.encode()) for name, value in told.items()])
    async with anyio.create_task_group() as both:
        both.start_soon(_listen, socket, both.cancel_scope)
        await _send(socket, store, opened)
        both.cancel_scope.cancel()


async def _listen(socket: WebSocket, served: anyio.CancelScope) -> None:
    """Until the other side closes; what it says is passed over."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    served.cancel()


async def _send(socket: WebSocket, store: Store, opened: _Opened) -> None:
    with suppress(WebSocketDisconnect):
        try:
            async for batch in _batches(store, opened):
                content = query_content(batch.events, opened.query.name, opened.sought.form.media)
                await socket.send_text(content.decode())
        except WebSocketDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side is told
            if not isinstance(error, StoreError):
                _LOG.exception("a web socket could not be served")
            await socket.close(_OWN_ERROR, "Suyuan could not go on")
        else:
            await socket.close(_REMOVED, "the query was removed")


async def _batches(store: Store, opened: _Opened) -> AsyncIterator[Batch]:
    """What is new, whenever it is to be told; ends when the query is removed."""
    position, due, more = opened.position, opened.controls.due(now()), False
    while await asyncio.to_thread(_is_kept, store, opened.query):
        if not more and due > now():
            await asyncio.sleep(min(PAUSE, (due - now()) / SECOND))
            continue
        batch = await asyncio.to_thread(next_batch, opened.states, opened.sought, position)
        position = batch.covers.upto
        scheduled = opened.controls.schedule is not None
        if batch.events or (scheduled and opened.controls.report_if_empty):
            yield batch
        more = batch.covers.more
        if not more:
            due = opened.controls.due(now())
            await asyncio.sleep(0 if scheduled else PAUSE)


def _is_kept(store: Store, query: NamedQuery) -> bool:
    with store.snapshot() as snapshot:
        return snapshot.queries.get(query.name) == query
