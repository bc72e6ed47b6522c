"""Capturing over REST (EPCIS 2.0 §8.1, §12). In: an EPCISDocument, or an event. Out: a job, or the event."""

from __future__ import annotations

import asyncio
import io
from itertools import islice
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Header
from lxml import etree
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.capture_document import CaptureLimits, is_xml_document
from api.http.service import Service
from api.principals import Principal, check_may_capture, principal_in
from api.rest.documents import moment
from api.rest.negotiation import EITHER, MediaType, answer_of, answered_in, body_of, check_media_type, words_form
from api.rest.paging import USUAL, Count, NextPageToken, PerPage, link_to, read_token
from api.rest.problems import EpcisException, RestProblem, no_such
from api.rest.route import EpcisRoute, add_options
from engine.job import Job, JobError, JobWarning
from engine.ledger import Attestation
from graph_schema.errors import InvalidDocument, LimitExceeded
from graph_schema.event import Event
from loaders.document_writer import event_text
from loaders.epcis import load_stream
from loaders.gzip_stream import MAGIC
from loaders.outcome import Accepted, Finding, Rejected
from loaders.xml_binding import EPCIS
from loaders.xml_writer import clean_text, plain, write_event

ErrorBehaviour = Annotated[
    str,
    Header(
        alias="GS1-Capture-Error-Behaviour",
        description="rollback: one refused event refuses all; proceed: what can be kept is kept.",
    ),
]
_BEHAVIOURS = {"rollback": True, "proceed": False}


class JobToken(msgspec.Struct, frozen=True, array_like=True):
    """The last job of a page."""

    created: Count
    id: str


def limit_headers(limits: CaptureLimits) -> dict[str, str]:
    """The limits that are enforced, as the standard tells them."""
    return {"GS1-EPCIS-Capture-Limit": str(limits.events), "GS1-EPCIS-Capture-File-Size-Limit": str(limits.size)}


def capture_routes(service: Service) -> APIRouter:
    """`/capture`, and POST of `/events`."""
    routes = APIRouter(tags=["EPCIS 2.0 capture"], route_class=EpcisRoute)
    captures = service.captures
    limits = limit_headers(captures.limits)

    @routes.post(
        "/capture",
        status_code=202,
        summary="Capture the events of an EPCISDocument",
        response_class=Response,
        openapi_extra=body_of("An EPCISDocument."),
    )
    async def capture(request: Request, behaviour: ErrorBehaviour = "rollback") -> Response:
        check_may_capture(by := principal_in(request.scope))
        all_or_nothing = _all_or_nothing(behaviour)
        content = await _body(request)
        job = await asyncio.to_thread(_begin, service, content, by, all_or_nothing)
        headers = {"Location": f"/capture/{job.id}", "GS1-Capture-Error-Behaviour": behaviour, **limits}
        return Response(status_code=202, headers=headers)

    @routes.post(
        "/events",
        status_code=201,
        summary="Capture one event, and wait for it",
        response_class=JSONResponse,
        responses={201: answer_of("The event, as it was captured.", EITHER)},
        openapi_extra=body_of("One event."),
    )
    async def capture_event(request: Request) -> Response:
        check_may_capture(by := principal_in(request.scope))
        content = await _body(request)
        event = await asyncio.to_thread(_new_event, service, content, by)
        # No thread waits for the captures before this one, and who goes away takes nothing with him.
        job = await asyncio.shield(asyncio.wrap_future(captures.take_event(content, by)))
        _check_taken(event, job, by)
        location = f"/events/{quote(event.id, safe='')}"
        headers = {"Location": location, **limits}
        if answered_in(request.headers, EITHER) is MediaType.XML:
            written = write_event(event, event.fields(), words_form(request.headers))
            return Response(written, 201, headers=headers, media_type=MediaType.XML)
        return Response(event_text(event), 201, headers=headers, media_type=MediaType.JSON)

    @routes.get("/capture", summary="Capture jobs, the newest first", response_class=JSONResponse)
    def jobs(request: Request, per_page: PerPage = USUAL, next_page_token: NextPageToken = None) -> Response:
        before = None if next_page_token is None else _last_job(read_token(next_page_token, JobToken))
        found = captures.newest(per_page + 1, before, principal_in(request.scope))
        page = found[:per_page]
        link = link_to(request, JobToken(page[-1].created, page[-1].id)) if len(found) > per_page else {}
        return JSONResponse(list(map(job_json, page)), headers=limits | link)

    @routes.get(
        "/capture/{captureID}",
        summary="What became of a capture",
        response_class=JSONResponse,
        responses={200: answer_of("The job.", EITHER)},
    )
    def job(request: Request, captureID: str) -> Response:  # noqa: N803 - the standard's name
        found = captures.job(captureID, principal_in(request.scope))
        if found is None:
            raise no_such(f"there is no capture job {captureID[:200]!r}")
        if answered_in(request.headers, EITHER) is MediaType.XML:
            return Response(job_xml(job_json(found)), headers=limits, media_type=MediaType.XML)
        return JSONResponse(job_json(found), headers=limits)

    behaviour = {"GS1-Capture-Error-Behaviour": "rollback"}
    add_options(routes, "/capture", "OPTIONS, GET, POST", limits | behaviour)
    add_options(routes, "/capture/{captureID}", "OPTIONS, GET", limits)
    return routes


def job_json(job: Job) -> dict[str, Any]:
    """A capture job as the standard has it, and how many events there were."""
    return {
        "captureID": job.id,
        "createdAt": moment(job.created),
        **({} if job.finished is None else {"finishedAt": moment(job.finished)}),
        "running": job.running,
        "success": job.success,
        "captureErrorBehaviour": "rollback" if job.all_or_nothing else "proceed",
        "errors": list(map(_error_json, job.errors)),
        "warnings": list(map(_warning_json, job.warnings)),
        "accepted": job.accepted,
        "duplicates": job.duplicates,
        "rejected": job.rejected,
    }


def job_xml(told: dict[str, Any]) -> bytes:
    """The same as the standard's EPCISCaptureJob: `captureID`, `running` and `success` are attributes there."""
    root = etree.Element(f"{{{EPCIS}}}EPCISCaptureJob", nsmap={"epcis": EPCIS})
    for name, value in told.items():
        if name in ("captureID", "running", "success"):
            root.set(name, clean_text(plain(value)))
        elif name not in ("errors", "warnings"):
            etree.SubElement(root, name).text = clean_text(plain(value))
    errors = etree.SubElement(root, "errors")
    for one in told["errors"]:
        error = etree.SubElement(errors, "error")
        for name, value in one.items():
            etree.SubElement(error, name).text = clean_text(plain(value))
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


async def _body(request: Request) -> bytes:
    """A body that is what its Content-Type says."""
    said = check_media_type(request.headers, EITHER)
    content = await request.body()
    if is_xml_document(content) != (said is MediaType.XML):
        found = MediaType.JSON if said is MediaType.XML else MediaType.XML
        what = f"the body is said to be {said.value}, and is none"
        raise RestProblem(415, EpcisException.UNSUPPORTED_MEDIA_TYPE, what, f"Say {found.value}, if it is that.")
    return content


def _warning_json(warning: JobWarning) -> dict[str, Any]:
    told = {
        "detail": f"{warning.what}. {warning.remedy}" if warning.remedy else warning.what,
        "eventID": warning.event_id,
        "where": warning.where,
        "rule": warning.rule,
    }
    return {name: value for name, value in told.items() if value is not None}


def _error_json(error: JobError) -> dict[str, Any]:
    ours = error.name == EpcisException.IMPLEMENTATION
    told = {
        "type": f"epcisException:{error.name}",
        "title": "The capture could not be ended" if ours else "The event was refused",
        "status": 500 if ours else 400,
        "detail": f"{error.what}. {error.remedy}" if error.remedy else error.what,
        "eventID": error.event_id,
        "where": error.where,
        "rule": error.rule,
    }
    return {name: value for name, value in told.items() if value is not None}


def _begin(service: Service, content: bytes, by: Principal | None, all_or_nothing: bool) -> Job:
    try:
        return service.captures.begin(content, by, all_or_nothing=all_or_nothing)
    except LimitExceeded as error:
        limits = limit_headers(service.captures.limits)
        raise RestProblem(413, EpcisException.CAPTURE_LIMIT, error.what, error.remedy, limits) from error
    except InvalidDocument as error:
        what = f"{error.where}: {error.what}" if error.where else error.what
        raise RestProblem(400, EpcisException.VALIDATION, what, error.remedy) from error


def _new_event(service: Service, content: bytes, by: Principal | None) -> Event:
    """The event of a body; problems for what is none, or is there already."""
    event = _one_event(content)
    if event.error is None and _is_known(service, event.id, by):
        raise _exists(event.id)
    return event


def _check_taken(event: Event, job: Job, by: Principal | None) -> None:
    """A problem where the capture of an event refused it, or another has brought it meanwhile."""
    for error in job.errors:
        status = 500 if error.name == EpcisException.IMPLEMENTATION else 400
        raise RestProblem(status, EpcisException(error.name), error.what, error.remedy)
    if job.duplicates and (by is None or by.sees_all):
        raise _exists(event.id)


def _one_event(content: bytes) -> Event:
    if content.startswith(MAGIC):
        what = "the body is gzip, and does not say so"
        raise RestProblem(400, EpcisException.VALIDATION, what, "Send Content-Encoding: gzip.")
    outcomes = list(islice(load_stream(io.BytesIO(content), "the body"), 2))  # A second is one too many.
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            raise _refused(outcome.findings[0])
    match outcomes:
        case [Accepted(event)]:
            return event
    remedy = "Send one event, and documents to /capture."
    raise RestProblem(400, EpcisException.VALIDATION, "this is not one event", remedy)


def _refused(finding: Finding) -> RestProblem:
    what = f"{finding.field}: {finding.what}" if finding.field else finding.what
    return RestProblem(400, EpcisException.VALIDATION, what, finding.remedy or None)


def _is_known(service: Service, event_id: str, by: Principal | None) -> bool:
    """Whether an event is there, for all that somebody may know; what a stranger told, others may still tell."""
    with service.seen(by) as reading:
        entries = reading.ledger.entries_of([event_id])
    teller = service.captures.author(by)
    return any(one.attestation is not Attestation.STRANGER or one.capture.author == teller for one in entries)


def _exists(event_id: str) -> RestProblem:
    what = f"there is an event {event_id!r} already"
    remedy = "An event that was wrong is declared an error (errorDeclaration), and another corrects it."
    return RestProblem(409, EpcisException.ALREADY_EXISTS, what, remedy)


def _all_or_nothing(behaviour: str) -> bool:
    if behaviour not in _BEHAVIOURS:
        what = f"GS1-Capture-Error-Behaviour: {behaviour[:80]!r} is neither rollback nor proceed"
        raise RestProblem(400, EpcisException.VALIDATION, what)
    return _BEHAVIOURS[behaviour]


def _last_job(token: JobToken) -> Job:
    return Job(token.id, token.created, all_or_nothing=False, author="")
