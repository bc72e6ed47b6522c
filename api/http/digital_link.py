"""GS1 Digital Links as web addresses: `/01/09521103009000/10/CAN-B`. In: a path. Out: a linkset, or a small page.

Public: it tells what a label tells, and the product's name from master data, never whether the ledger has ever heard
of a lot or serial. So it is the same page, made the same way, for one that does not exist (GS1 Digital Link URI 1.3,
RFC 9264).
"""

from __future__ import annotations

import asyncio
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from api.http.problems import problem
from api.http.service import Service
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Identifier, Kind, parse_identifier
from graph_schema.master_data import product_name

PRIMARY = ("01", "00", "414", "417", "253", "255", "401", "402", "8003", "8004", "8006", "8010", "8017", "8018")
"""Application identifiers that a link may begin with."""

_LINKSET = "application/linkset+json"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#222}}
dt{{color:#666;margin-top:1rem}}dd{{margin:0;font-size:1.2rem;overflow-wrap:anywhere}}</style></head>
<body><h1>{title}</h1><dl>{rows}</dl>
<p>此页只显示标签上的内容。This page tells what the label tells. 追溯与召回信息由主管部门和企业提供。
Who may see traces and recalls is told by the authority and the company.</p></body></html>
"""


def digital_link_routes(service: Service) -> list[Route]:
    """One route for each application identifier that a link may begin with."""

    async def resolve(request: Request) -> Response:
        try:
            # As it was sent: a value may hold a slash, written %2F.
            named = parse_identifier(f"https://id.gs1.org{request.scope['raw_path'].decode('latin-1')}")
        except InvalidIdentifier as error:
            return problem(400, error.what, error.remedy)
        if _wants_linkset(request):
            return JSONResponse(_linkset(request, named), media_type=_LINKSET)
        name = await asyncio.to_thread(_product_name, service, named)
        return HTMLResponse(_page(named, name), headers={"Content-Security-Policy": _POLICY})

    return [Route(f"/{ai}/{{rest:path}}", resolve, methods=["GET"], include_in_schema=False) for ai in PRIMARY]


def _wants_linkset(request: Request) -> bool:
    asked = request.query_params.get("linkType")
    return asked in ("all", "linkset") or _LINKSET in request.headers.get("accept", "")


def _linkset(request: Request, named: Identifier) -> dict[str, object]:
    """Where more is to be had: the page, and the events of what it names for those who may see them."""
    page = str(request.url.replace(query=""))
    wide = named.kind in (Kind.lot, Kind.class_)
    asked = {"MATCH_anyEPCClass" if wide else "MATCH_anyEPC": named.key}
    events = str(request.url.replace(path="/events", query="").include_query_params(**asked))
    links: dict[str, object] = {
        "anchor": named.key,
        "https://gs1.org/voc/defaultLink": [{"href": page, "type": "text/html", "title": "Label 标签"}],
        "https://gs1.org/voc/pip": [{"href": page, "type": "text/html", "hreflang": ["zh", "en"]}],
    }
    if named.kind is not Kind.site:
        links["https://gs1.org/voc/epcis"] = [{"href": events, "type": "application/json", "title": "EPCIS events"}]
    return {"linkset": [links]}


def _product_name(service: Service, named: Identifier) -> str | None:
    """The name of the class alone: what is narrower must not be told apart from what does not exist."""
    key = f"https://id.gs1.org/01/{named.gtin}"
    with service.located.store.snapshot() as snapshot:
        return product_name(snapshot.masters.of([key]).get(key, {}))


def _page(named: Identifier, product: str | None) -> str:
    told = {
        "产品 Product": product,
        "GTIN": named.gtin,
        "批号 Lot": named.lot,
        "序列号 Serial": named.serial,
        "GLN": named.gln,
        "GS1": None if named.gtin or named.gln else named.key,
    }
    rows = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in told.items() if value)
    return _PAGE.format(title=escape(product or "溯源 Suyuan"), rows=rows)
