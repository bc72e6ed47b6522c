"""The OpenAPI document and its page, from our own files (Swagger UI 5.35). In: routes. Out: `/openapi.json`, `/docs`.

What routes say of themselves is completed by `api/rest/openapi.yaml`: schemas, examples, the standard's headers, and
the problems that every path may answer with. No outside request is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse

from api.cases import HEADER
from api.http.graphiql import POLICY
from api.rest.negotiation import MediaType

_STANDARD = "EPCIS 2.0"
"""What the tags of the standard's paths begin with."""
_METHODS = ("get", "post", "delete", "options")
_VERSIONS = [f"GS1-{name}-{what}" for name in ("EPCIS", "CBV") for what in ("Version", "Min", "Max")]
_OF_EVENTS = ["GS1-EPC-Format", "GS1-CBV-XML-Format", HEADER]
"""What events are asked for in, and under which case."""
_COMMON = ["GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Extensions", "GS1-Vendor-Version"]
_PROBLEMS = {
    "400": "The request is malformed.",
    "401": "This needs a key, where users are configured.",
    "403": "This is not allowed to who asks.",
    "404": "There is no such thing.",
    "406": "This cannot be answered in the form that is accepted.",
    "409": "It is there already.",
    "413": "This is more than may be.",
    "415": "A body of this type is not read.",
    "500": "Suyuan met an error of its own.",
    "501": "This is not done.",
    "503": "The store does not answer, or too much waits.",
}
_ONLY = {"409": ("post",), "413": ("post", "get"), "415": ("post",), "501": ("delete",)}
"""Problems of some methods alone."""
_EVERYWHERE = ("401", "403", "503")
"""What paths that are not the standard's may answer as well."""
_PATH_PARAMETER = re.compile(r"\{(\w+)\}")
Json = dict[str, Any]


@cache
def _told() -> Json:
    text = files("api.rest").joinpath("openapi.yaml").read_text(encoding="utf-8")
    told: Json = yaml.safe_load(text)
    return told


def complete_openapi(app: FastAPI) -> None:
    """Have an application tell the whole document; it is made once, when it is asked for."""
    made = app.openapi

    def whole() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(made())
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]


def _completed(document: Json) -> Json:
    document["components"] = _told()["components"]
    document["security"] = [{"key": []}, {}]
    document["info"]["description"] = "EPCIS 2.0 over a ledger of Suyuan 溯源; health and metrics."
    for path, method, operation in operations(document):
        own = _told()["operations"].get(f"{method} {path}", _of_resource(path, method))
        operation["responses"].pop("422", None)  # A wrong parameter is answered with 400.
        _add_path_parameters(operation, path)
        of_standard = any(tag.startswith(_STANDARD) for tag in operation.get("tags", ()))
        _add_problems(operation, [one for one in _PROBLEMS if of_standard or one in _EVERYWHERE], method)
        _add_answer(operation, own)
        if of_standard:
            _add_headers(operation, own.get("headers", ()), own.get("asked", ()))
    return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and what the document says of it."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _add_path_parameters(operation: Json, path: str) -> None:
    """Those of the path that a route says nothing of, as OPTIONS reads none."""
    parameters = operation.setdefault("parameters", [])
    said = {one.get("name") for one in parameters}
    for name in _PATH_PARAMETER.findall(path):
        if name not in said:
            parameters.append({"in": "path", "name": name, "required": True, "schema": {"type": "string"}})


def _of_resource(path: str, method: str) -> Json:
    """Top-level resources are alike: collections, and the events of one value."""
    if method != "get":
        return {}
    if path.endswith("/events"):
        return dict(_told()["operations"]["get /events"])
    if path == "/metrics":
        return {}
    told = [] if path.endswith("}") else ["Link", "GS1-EPC-Format"]
    return {"answer": "Collection", "headers": told, "asked": [HEADER]}


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _add_answer(operation: Json, own: Json) -> None:
    status = next(code for code in operation["responses"] if code.startswith("2"))
    answer = operation["responses"][status]
    if "answer" in own:
        content = answer.setdefault("content", {MediaType.JSON.value: {}})
        content[MediaType.JSON.value] = {"schema": _ref("schemas", own["answer"])}
        if MediaType.XML in content:
            content[MediaType.XML.value] = {"schema": {"type": "string", "description": "The same in XML."}}
    if "body" in own:
        content = operation.setdefault("requestBody", {"required": True, "content": {}})["content"]
        example = own["example"]
        content[MediaType.JSON.value] = {
            "schema": _ref("schemas", own["body"]),
            "examples": {example: _ref("examples", example)},
        }
        if MediaType.XML in content:
            content[MediaType.XML.value] = {
                "schema": {"type": "string"},
                "examples": {example: _ref("examples", f"{example}Xml")},
            }


def _add_headers(operation: Json, more: Any, asked: Sequence[str]) -> None:
    names = [*_VERSIONS, *(_OF_EVENTS if "GS1-CBV-XML-Format" in more else asked)]
    operation.setdefault("parameters", []).extend(_ref("parameters", name) for name in names)
    for status, answer in operation["responses"].items():
        told = [*_COMMON, *(more if status.startswith("2") else ())]
        if status != "401":
            answer["headers"] = {name: _ref("headers", name) for name in told}


def _add_problems(operation: Json, statuses: Sequence[str], method: str) -> None:
    """Those that a path may answer with, whatever it is of; as XML where that is liked more."""
    schema = {"schema": _ref("schemas", "Problem")}
    for status in statuses:
        if method in _ONLY.get(status, (method,)):
            content = {f"application/problem+{form}": schema for form in ("json", "xml")}
            operation["responses"][status] = {"description": _PROBLEMS[status], "content": content}


def docs_routes() -> APIRouter:
    """`/docs`: the document as a page on which requests can be tried."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def docs() -> HTMLResponse:
        return HTMLResponse(_page(), headers={"Content-Security-Policy": POLICY})

    return routes


@cache
def _page() -> str:
    return files("api.http").joinpath("static", "docs.html").read_text(encoding="utf-8")
