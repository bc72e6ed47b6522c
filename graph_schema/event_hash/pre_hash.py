"""The pre-hash string of an event (CBV 2.0 §8.9). In: an EPCIS 2.0 JSON event. Out: the string that is hashed.

Fields come in the canonical order, the members of a list in lexical order, extensions after the fields of the
record they stand in; what is empty is left out, and nothing stands between two parts. Of an extension that came in XML,
attributes (`@name`) are extensions in it, and its own text (`#text`) is its value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from graph_schema.event_hash.context import Names
from graph_schema.event_hash.field_order import JSON_LD, NOT_HASHED, OWN_TEXT, Field
from graph_schema.event_hash.value import write_text


def pre_hash_string(event: Mapping[str, object], fields: tuple[Field, ...], names: Names) -> str:
    """The pre-hash string of an event whose fields are hashed in this order."""
    return f"eventType={write_text(event.get('type'), names)}{_record(fields, event, names)}"


def _record(fields: tuple[Field, ...], record: Mapping[str, object], names: Names) -> str:
    """The fields of a record in order, then its extensions."""
    written = "".join(_field(f, record[f.name], names) for f in fields if f.name in record)
    known = _known(fields)
    if record.keys() <= known:
        return written
    extensions = {key: value for key, value in record.items() if key not in known}
    return written + "".join(sorted(_extensions(extensions, names)))


@cache
def _known(fields: tuple[Field, ...]) -> frozenset[str]:
    """The keys of a record that are not extensions."""
    return NOT_HASHED | {field.name for field in fields}


def _field(field: Field, value: object, names: Names) -> str:
    """A field with its value or values; '' where they are empty."""
    each = field.each or field
    members = [_member(each, member, names) for member in (value if isinstance(value, list) else [value])]
    members.sort()
    written = "".join(members)
    return field.name + written if written and field.each else written


def _member(field: Field, value: object, names: Names) -> str:
    """One value of a field, after its name; '' where it is empty."""
    if isinstance(value, Mapping):
        written = _record(field.fields, value, names)
        return field.name + written if written else ""
    written = field.write(value, names)
    return f"{field.name}={written}" if written else ""


def _extensions(record: Mapping[str, object], names: Names) -> Iterator[str]:
    """Each extension of a record with what is in it; a list is its members, each after the name."""
    for key, value in record.items():
        if key not in NOT_HASHED and key != OWN_TEXT:
            name = names.of_key(key if key in JSON_LD else key.removeprefix("@"))
            for member in value if isinstance(value, list) else [value]:
                yield name + _content(member, names)


def _content(value: object, names: Names) -> str:
    """What an extension holds: the sorted extensions in it, or `=` and its value; '' where it is empty."""
    if isinstance(value, Mapping):
        return _content(value.get(OWN_TEXT), names) + "".join(sorted(_extensions(value, names)))
    if isinstance(value, list):
        return "".join(sorted(_content(member, names) for member in value))
    text = write_text(value, names)
    return f"={text}" if text else ""
