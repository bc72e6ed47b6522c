"""The shape of an event. In: a decoded event. Out: findings: refusals, or warnings where tolerances.yaml says so.

The schema is event.schema.yaml, ours, in JSON Schema 2020-12; it is compiled once.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import msgspec
import yaml

from loaders.findings import Findings, pointer
from loaders.json_text import Value
from loaders.jsonld_context import JsonContext

_RULE = "EPCIS 2.0 §10"
_LONGEST_SHOWN = 60


class Tolerance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of tolerances.yaml."""

    at: str
    why: str
    keyword: str | None = None
    name: str | None = None
    own_context: bool = False
    """Whether it takes a context beyond the standard's."""

    def covers(self, field: str, keyword: str, name: str | None, context: JsonContext) -> bool:
        """Whether this fault is one where the goods can still be followed."""
        return (
            _pattern(self.at).fullmatch(field) is not None
            and self.keyword in (None, keyword)
            and self.name in (None, name)
            and (context.extended or not self.own_context)
            and not (self.own_context and name is not None and _near(name))
        )


@cache
def _pattern(at: str) -> re.Pattern[str]:
    steps = re.escape(at).replace(r"/\*\*", "(?:/.*)?").replace(r"\*", "[^/]*")
    return re.compile(steps)


def _near(name: str) -> list[str]:
    """The standard's fields that a name may be a misspelling of, the nearest first."""
    lower = {field.lower(): field for field in _SCHEMA["properties"]}
    return [lower[match] for match in get_close_matches(name.lower(), lower, n=1, cutoff=0.85)]


def _shipped(name: str) -> Any:
    return yaml.safe_load(files("loaders").joinpath(name).read_text(encoding="utf-8"))


_SCHEMA: dict[str, Any] = _shipped("event.schema.yaml")
_VALIDATOR = jsonschema_rs.Draft202012Validator(_SCHEMA, validate_formats=True)
TOLERANCES: tuple[Tolerance, ...] = tuple(msgspec.convert(_shipped("tolerances.yaml"), list[Tolerance]))
"""Departures from the schema that are warnings, in the order of the file."""


def check_shape(event: Value, context: JsonContext, findings: Findings) -> None:
    """Add a finding for each part of the event that does not hold its schema."""
    if _VALIDATOR.is_valid(event):
        return
    for error in _VALIDATOR.iter_errors(event):
        _add(error, context, findings)


def _add(error: jsonschema_rs.ValidationError, context: JsonContext, findings: Findings) -> None:
    details = error.kind.as_dict()
    keyword = error.kind.name
    field = pointer(*error.instance_path)
    title, absent_field = _words_for(error.schema_path)
    names: list[str | None] = [None]
    if keyword == "propertyNames":
        names = [details["error"].instance]
    elif keyword == "required":
        names = [details["property"]]
    elif keyword == "additionalProperties":
        names = list(details["unexpected"])
    for name in names:
        what = _what(keyword, name, title, error.instance)
        place = field + pointer(name) if name is not None else absent_field or field
        tolerance = next((t for t in TOLERANCES if t.covers(field, keyword, name, context)), None)
        if tolerance:
            findings.warn(place, what, _RULE, f"Accepted: {tolerance.why}.")
        else:
            findings.refuse(place, what, _RULE, _remedy(keyword, name))


def _what(keyword: str, name: str | None, title: str, instance: Value) -> str:
    if keyword == "required":
        return f"{name} is missing"
    if name is not None:
        return f"{name!r} is not allowed here: {title}"
    if isinstance(instance, dict | list):
        return title or "not what belongs here"
    shown = repr(instance)
    shown = shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
    return f"{shown}: {title or 'not what belongs here'}"


def _remedy(keyword: str, name: str | None) -> str:
    if keyword == "required":
        return f"Add {name}."
    if keyword == "propertyNames" and name and (near := _near(name)):
        return f"Did you mean {near[0]}?"
    if keyword == "propertyNames":
        return "Correct its spelling, or give it a prefix declared in @context."
    if keyword == "additionalProperties":
        return "Correct its spelling, or leave it out."
    if keyword == "format":
        return "Write a URI, such as urn:uuid:… or https://…"
    return "Correct it."


def _words_for(path: list[str | int]) -> tuple[str, str]:
    """The innermost title above a schema keyword, and the field to point at where the fault is an absence."""
    part: Any = _SCHEMA
    title, field = "", ""
    for step in path:
        part = part[step]
        if isinstance(part, dict):
            title = part.get("title", title) if isinstance(part.get("title", title), str) else title
            field = part.get("x-field", field)
    return title, field
