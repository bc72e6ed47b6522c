"""GS1 Digital Links as web addresses: `/01/09521103009000/10/CAN-B`. In: a path. Out: a linkset, or a small page.

Public: it tells what a label tells, the product's name from master data, and what its system makes public (`/lookup`
tells the same), never whether the ledger has ever heard of a lot or serial that nobody made public. So it is the same
page, made the same way, for one that does not exist (GS1 Digital Link URI 1.3, RFC 9264).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.http.lookup_page import BY_ACCEPT, HTML, look_up, page, product_of, rows_of
from api.http.media_types import liked_most
from api.http.problems import problem
from api.http.service import Service
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Identifier, Kind, parse_identifier

PRIMARY = ("01", "00", "414", "417", "253", "255", "401", "402", "8003", "8004", "8006", "8010", "8017", "8018")
"""Application identifiers that a link may begin with."""

_LINKSET = "application/linkset+json"


def digital_link_routes(service: Service) -> list[Route]:
    """One route for each application identifier that a link may begin with."""

    async def resolve(request: Request) -> Response:
        # As it was sent: a value may hold a slash, written %2F.
        link = f"https://id.gs1.org{request.scope['raw_path'].decode('latin-1')}"
        try:
            named = parse_identifier(link)
        except InvalidIdentifier as error:
            return problem(400, error.what, error.remedy)
        if _wants_linkset(request):
            return JSONResponse(_linkset(request, named), headers=BY_ACCEPT, media_type=_LINKSET)
        found = await look_up(service, request, link)
        if isinstance(found, Response):
            return found
        reading = found.readings[0]  # by GS1's own rules
        return page(product_of(reading) or "溯源 Suyuan", rows_of(reading))

    return [Route(f"/{ai}/{{rest:path}}", resolve, methods=["GET"], include_in_schema=False) for ai in PRIMARY]


def _wants_linkset(request: Request) -> bool:
    asked = request.query_params.get("linkType")
    return asked in ("all", "linkset") or liked_most(request.headers, (HTML, _LINKSET)) == _LINKSET


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
