"""Subscriptions over REST (EPCIS 2.0 §8.2.5, §12). In: where, when and what to send. Out: a subscription, as it stands.

Only its owner sees or removes one: to others it is not there.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.http.service import Service
from api.principals import Principal, lasts, principal_in
from api.rest.documents import moment
from api.rest.events import FORMATS
from api.rest.json_bodies import read_json
from api.rest.negotiation import MediaType, check_media_type
from api.rest.paging import USUAL, Count, NextPageToken, PerPage, link_to, read_token
from api.rest.problems import no_such
from api.rest.queries import named
from api.rest.route import EpcisRoute, add_options
from api.rest.spelling import Form, form_of
from api.rest.subscribing.batches import MOST_EVENTS, sought_by, start_of
from api.rest.subscribing.controls import controls_of, wrong
from api.rest.subscribing.progress import SECOND
from api.settings import new_id, now
from engine.subscription import Subscription
from graph_schema.errors import Forbidden, InvalidInput

MOST_OF_ONE = 100
"""Subscriptions that a principal may have."""
LONGEST_LOOK = 5.0
"""Seconds in which the address of a target must be found."""
_LONGEST_TOKEN = 1_000


class SubscriptionToken(msgspec.Struct, frozen=True, array_like=True):
    """The last subscription of a page; at first, what comes before any."""

    created: Count = 0
    id: str = ""


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    dest: str
    signature_token: str | None = None
    report_if_empty: bool = False
    initial_record_time: str | None = None
    stream: bool | None = None
    schedule: dict[str, str] | None = None


_ASKED = msgspec.json.Decoder(_Asked)


def subscription_routes(service: Service) -> APIRouter:
    """`/queries/{queryName}/subscriptions`."""
    routes = APIRouter(tags=["EPCIS 2.0 subscriptions"], route_class=EpcisRoute)
    path = "/queries/{queryName}/subscriptions"
    store = service.located.store

    def owner_of(request: Request) -> str:
        return service.captures.author(principal_in(request.scope))

    # The answer is JSON: what is accepted is how documents are sent, which the standard leaves open.
    @routes.post(
        path,
        status_code=201,
        summary="Subscribe to a query",
        description="Documents are sent in JSON or XML, as `Accept` of this request likes best.",
        openapi_extra={"parameters": [{"$ref": f"#/components/parameters/{name}"} for name in FORMATS]},
        response_class=Response,
    )
    async def add(request: Request, queryName: str) -> Response:  # noqa: N803 - the standard's name
        _check_lasts(request)
        check_media_type(request.headers)
        form = form_of(request.headers)
        by = principal_in(request.scope)
        query = await asyncio.to_thread(named, service, by, queryName)
        made = _read(await request.body(), query.name, owner_of(request), form)
        await _check_dest(service, made.dest)
        sought_by(query.definition, form, made.initial_record_time)
        kept = await asyncio.to_thread(_keep, service, made)
        location = f"/queries/{quote(queryName, safe='')}/subscriptions/{kept.id}"
        return JSONResponse(subscription_json(kept, by), 201, headers={"Location": location})

    @routes.get(path, summary="Your subscriptions to a query", response_class=JSONResponse)
    def subscriptions(
        request: Request,
        queryName: str,  # noqa: N803 - the standard's name
        per_page: PerPage = USUAL,
        next_page_token: NextPageToken = None,
    ) -> Response:
        by = principal_in(request.scope)
        named(service, by, queryName)
        last = SubscriptionToken() if next_page_token is None else read_token(next_page_token, SubscriptionToken)
        with store.snapshot() as snapshot:
            place = (last.created, last.id)
            found = snapshot.subscriptions.after(owner_of(request), queryName, place, per_page + 1)
        shown = found[:per_page]
        more = len(found) > per_page
        link = link_to(request, SubscriptionToken(shown[-1].created, shown[-1].id)) if more else {}
        return JSONResponse([subscription_json(one, by) for one in shown], headers=link)

    @routes.get(f"{path}/{{subscriptionID}}", summary="A subscription, as it stands", response_class=JSONResponse)
    def one(request: Request, queryName: str, subscriptionID: str) -> Response:  # noqa: N803 - the standard's names
        with store.snapshot() as snapshot:
            found = snapshot.subscriptions.get(subscriptionID)
        own = _own(found, owner_of(request), queryName, subscriptionID)
        return JSONResponse(subscription_json(own, principal_in(request.scope)))

    @routes.delete(f"{path}/{{subscriptionID}}", status_code=204, summary="End a subscription", response_class=Response)
    def remove(request: Request, queryName: str, subscriptionID: str) -> Response:  # noqa: N803 - the standard's names
        with store.transaction() as transaction:
            found = transaction.subscriptions.get(subscriptionID)
            transaction.subscriptions.remove(_own(found, owner_of(request), queryName, subscriptionID).id)
        return Response(status_code=204)

    add_options(routes, path, "OPTIONS, GET, POST", FORMATS)
    add_options(routes, f"{path}/{{subscriptionID}}", "OPTIONS, GET, DELETE")
    return routes


def _check_lasts(request: Request) -> None:
    """What is sent is what its owner may see when it is sent: that must be known then."""
    if not lasts(request.scope):
        what = "who signs in with a token is known for as long as it asks, and is sent nothing afterwards"
        raise Forbidden(what, remedy="Sign in with an API key, or subscribe over a web socket.")


def subscription_json(one: Subscription, by: Principal | None) -> dict[str, Any]:
    """A subscription as the standard has it, without its secret, and how far it got.

    Positions count what is hidden too: they are for those alone who see all.
    """
    told = {
        "subscriptionID": one.id,
        "queryName": one.query,
        "dest": one.dest,
        "createdAt": moment(one.created),
        "lastNotifiedAt": None if one.last_notified is None else moment(one.last_notified),
        "initialRecordTime": None if one.initial_record_time is None else moment(one.initial_record_time),
        "minRecordTime": moment(_min_record_time(one)),
        "epcFormat": one.form,
        "mediaType": one.media,
        "cbvXmlFormat": one.words if one.media == MediaType.XML else None,
        "reportIfEmpty": one.report_if_empty,
        "stream": True if one.schedule is None else None,
        "schedule": one.schedule,
        "position": one.position if by is None or by.sees_all else None,
        "state": "failing" if one.failures else "active",
        "failures": one.failures,
        "lastFailure": one.failed,
        "nextAttemptAt": moment(one.due) if one.due else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _min_record_time(one: Subscription) -> int:
    """Since when what is recorded is still to be sent (`GS1-Query-Min-Record-Time`); the position says it exactly.

    In whole seconds after the first execution: from there to when its events were written, what is hidden is read too.
    """
    first = one.created if one.initial_record_time is None else one.initial_record_time
    return max(first, one.executed // SECOND * SECOND)


def _read(content: bytes, query: str, owner: str, form: Form) -> Subscription:
    """A subscription as it is asked for, checked but for its target."""
    asked = read_json(content, _ASKED, "this is no subscription", "Send dest, and stream or schedule.")
    if asked.signature_token is not None and not 0 < len(asked.signature_token) <= _LONGEST_TOKEN:
        raise wrong("signatureToken: it is empty or too long", f"Give at most {_LONGEST_TOKEN:,} characters.")
    controls = controls_of(asked.stream, asked.schedule, asked.report_if_empty, asked.initial_record_time)
    at = now()
    return Subscription(
        id=new_id(),
        query=query,
        owner=owner,
        created=at,
        dest=asked.dest,
        position=0,
        due=controls.due(at),
        batch=MOST_EVENTS,
        form=form.epcs.value,
        media=form.media.value,
        words=form.words.value,
        schedule=controls.schedule,
        report_if_empty=controls.report_if_empty,
        initial_record_time=controls.initial_record_time,
        signature_token=asked.signature_token,
    )


async def _check_dest(service: Service, dest: str) -> None:
    """Refuse a target that may not be reached; it is looked at again before each delivery."""
    try:
        async with asyncio.timeout(LONGEST_LOOK):
            await service.targets.addresses(service.targets.target(dest))
    except InvalidInput as error:
        raise wrong(f"dest: {error.what}", error.remedy) from error
    except TimeoutError as error:
        raise wrong("dest: its address was not found in time", "Send it again a little later.") from error


def _keep(service: Service, made: Subscription) -> Subscription:
    """Keep a subscription; what was accepted before is not sent, unless it asks for what was recorded since a time."""
    with service.located.store.transaction() as transaction:
        if transaction.queries.get(made.query) is None:
            raise no_such(f"there is no query {made.query[:200]!r}")
        if transaction.subscriptions.count(made.owner) >= MOST_OF_ONE:
            raise wrong(f"you have {MOST_OF_ONE} subscriptions, which is the most", "Remove one.")
        kept = msgspec.structs.replace(made, position=start_of(transaction, made.initial_record_time))
        transaction.subscriptions.put(kept)
    return kept


def _own(found: Subscription | None, owner: str, query: str, subscription_id: str) -> Subscription:
    if found is None or found.owner != owner or found.query != query:
        raise no_such(f"you have no subscription {subscription_id[:200]!r} to the query {query[:200]!r}")
    return found
