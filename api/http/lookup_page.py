"""What the public is told of a code, as a page: `/lookup?code=…`. In: a code as typed or scanned. Out: HTML, or JSON.

Open to all, as labels are, and bounded (`api.lookups`). Each answer is made the same way for a thing that there is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api.allowance import asker_of
from api.http.media_types import liked_most
from api.http.problems import problem
from api.http.service import Service
from api.lookups import FINDINGS, has_status
from engine.public_lookup import CodeReading, PublicLookup
from graph_schema.errors import InvalidInput, StoreError, TooOften
from graph_schema.identifiers import Identifier, take_identifier
from graph_schema.profiles.public import RecallStatus

HTML = "text/html"
_JSON = "application/json"
BY_ACCEPT = {"Vary": "Accept"}
"""What a cache between must know of an answer that another request would have in another form."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#222}}
dt{{color:#666;margin-top:1rem}}dd{{margin:0;font-size:1.2rem;overflow-wrap:anywhere}}
input{{font:inherit;width:100%;box-sizing:border-box}}</style></head>
<body><h1>{title}</h1>{body}
<p>此页只显示标签上的内容和公开信息。This page tells what the label tells, and what is public.
没有召回记录并不证明没有召回。That no recall is recorded here is no proof that there is none.</p></body></html>
"""
_FORM = """<form action="/lookup"><label>追溯码 Code <input name="code" required maxlength="1000"></label></form>"""
_STATUS = {
    RecallStatus.NONE: "没有公开的召回记录 No recall is recorded",
    RecallStatus.ON_HOLD: "已封存 On hold",
    RecallStatus.RECALLED: "已召回 Recalled",
    RecallStatus.CLOSED: "召回已结束 Recall closed",
}
_NOBODYS = "没有哪个编码方案有此形式。No code scheme has this form."


def lookup_routes(service: Service) -> list[Route]:
    """The page."""

    async def looked_up(request: Request) -> Response:
        code = request.query_params.get("code")
        if code is None:
            return page("溯源 Suyuan", _FORM)
        found = await look_up(service, request, code)
        if isinstance(found, Response):
            return found
        if liked_most(request.headers, (HTML, _JSON)) == _JSON:
            return Response(msgspec.json.encode(found), headers=BY_ACCEPT, media_type=_JSON)
        return page(code, _FORM + "".join(_shown(found)))

    return [Route("/lookup", looked_up, methods=["GET"], include_in_schema=False)]


async def look_up(service: Service, request: Request, code: str) -> PublicLookup | Response:
    """What the public is told of a code, or a refusal; noted, where questions are."""
    refusal: Response | None = None
    try:
        found = await asyncio.to_thread(_look_up, service, request, code)
    except TooOften as error:
        refusal = problem(429, error.what, error.remedy, headers={"Retry-After": str(error.after)})
    except InvalidInput as error:
        refusal = problem(400, error.what, error.remedy)
    except StoreError:
        refusal = problem(503, "the store does not answer")
    if (note := getattr(request.app.state, "note", None)) is not None:
        await asyncio.to_thread(note, request, request.method, 200 if refusal is None else refusal.status_code)
    return found if refusal is None else refusal


def _look_up(service: Service, request: Request, code: str) -> PublicLookup:
    with service.located.store.snapshot() as snapshot:
        return service.lookups.look_up(code, snapshot, asker_of(request))


def page(title: str, body: str) -> HTMLResponse:
    """A page of ours."""
    return HTMLResponse(
        _PAGE.format(title=escape(title), body=body), headers={"Content-Security-Policy": POLICY, **BY_ACCEPT}
    )


def _shown(found: PublicLookup) -> Iterator[str]:
    """What it may be the code of, as people are shown it."""
    wanted = found.foremost()
    yield from (rows_of(reading) for reading in wanted)
    if not wanted:
        yield f"<p>{_NOBODYS}</p>"


def rows_of(reading: CodeReading) -> str:
    """What is told of one reading, as a list."""
    named = take_identifier(reading.key)[0]
    told = [*_minded(reading), *_label(reading, named), *_told(reading)]
    return f"<dl>{''.join(f'<dt>{escape(label)}</dt><dd>{escape(value)}</dd>' for label, value in told)}</dl>"


def _label(reading: CodeReading, named: Identifier) -> Iterable[tuple[str, str]]:
    told = {
        "产品 Product": product_of(reading),
        "GTIN": reading.gtin,
        "批号 Lot": reading.lot,
        "序列号 Serial": reading.serial,
        "GLN": named.gln,
        "编码 Code": None if reading.gtin or named.gln else reading.key,
    }
    return ((label, value) for label, value in told.items() if value)


def _told(reading: CodeReading) -> Iterator[tuple[str, str]]:
    on_the_label = ("product",) if reading.lot is None else ("product", "lot")
    yield from ((f"{one.zh} {one.en}", one.value) for one in reading.fields if one.value and one.id not in on_the_label)
    if reading.systems and has_status(reading):
        yield "召回状态 Recall status", _STATUS[reading.recall_status]


def _minded(reading: CodeReading) -> Iterator[tuple[str, str]]:
    return (("注意 Mind", FINDINGS[finding]) for finding in reading.findings)


def product_of(reading: CodeReading) -> str | None:
    """The name of its product."""
    return next((one.value for one in reading.fields if one.id == "product"), None)
