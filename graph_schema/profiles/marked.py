"""YAML that remembers its lines. In: the text of a file. Out: plain values, and the line of every part of them.

Dates stay text, as they were written; keys are strings and each stands once; anchors and aliases are refused, since
with them a short file can be of any size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Any, TypeVar

import msgspec
import yaml

from graph_schema.errors import InvalidProfile

Path = tuple[str | int, ...]
"""Keys and numbers from the whole to a part of it."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))
_BEFORE = (yaml.StreamStartEvent, yaml.DocumentStartEvent)
_DEEPEST = 12
"""Levels of nesting; a profile has 5."""
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at (?:`key` in )?`\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_FIELD = re.compile(r"unknown field `([^`]+)`")

Shape = TypeVar("Shape")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and where in the values."""

    path: Path
    what: str
    rule: str


class Marked(msgspec.Struct, frozen=True):
    """The values of a file, and where they stand in it."""

    file: str
    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of a part, else of the nearest that it is a part of."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, faults: list[Fault]) -> InvalidProfile:
        """The error for what is wrong, a line each, in the order of the file."""
        told = sorted(((self.line(fault.path), fault) for fault in faults), key=itemgetter(0))
        return InvalidProfile("\n".join(f"{self.file}:{line}: {fault.what} [{fault.rule}]" for line, fault in told))


def read_marked(file: str, text: str) -> Marked:
    """Read YAML; raises `InvalidProfile` where it is none, has a key twice or an alias, or nests too deeply."""
    reading = _Reading(yaml.parse(text, _LOADER))
    try:
        value = reading.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        told = Fault((), (getattr(error, "problem", None) or str(error)).splitlines()[0], "YAML 1.1")
        raise Marked(file, {}, {(): 1 if mark is None else mark.line + 1}).refuse([told]) from None
    marked = Marked(file, value, reading.lines)
    if reading.faults:
        raise marked.refuse(reading.faults)
    return marked


def shaped(marked: Marked, shape: type[Shape], rule: str) -> Shape:
    """The values of a file as a struct; raises `InvalidProfile` where they are not as the rule on its shape says."""
    try:
        return msgspec.convert(marked.value, shape)
    except msgspec.ValidationError as error:
        raise marked.refuse([_shape_fault(str(error), rule)]) from None


def _shape_fault(told: str, rule: str) -> Fault:
    """The words and path of msgspec: `Object contains unknown field `x` - at `$.events[3]``."""
    found = _PLACE.match(told)
    what, place = (told, "") if found is None else (found["what"], found["path"] or "")
    path: Path = tuple(int(number) if number else name for name, number in _STEP.findall(place))
    field = _FIELD.search(what)
    return Fault(path if field is None else (*path, field[1]), what, rule)


class _Reading:
    """One pass over the parts of a file, as the parser tells them."""

    def __init__(self, parts: Iterator[Any]) -> None:
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._parts = parts
        self._resolver: Any = yaml.resolver.Resolver()
        self._scalars = yaml.constructor.SafeConstructor()

    def document(self) -> Any:
        """The value of the first document; an empty file is an empty one."""
        part = next(part for part in self._parts if not isinstance(part, _BEFORE))
        return {} if isinstance(part, yaml.StreamEndEvent) else self._value(part, ())

    def _value(self, part: Any, path: Path) -> Any:
        self.lines.setdefault(path, part.start_mark.line + 1)
        if len(path) > _DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"it nests deeper than {_DEEPEST}", problem_mark=part.start_mark)
        if isinstance(part, yaml.AliasEvent):
            self.faults.append(Fault(path, "an alias stands here", "write what it stands for"))
            return None
        if isinstance(part, yaml.MappingStartEvent):
            return dict(self._entries(path))
        if isinstance(part, yaml.SequenceStartEvent):
            return [
                self._value(each, (*path, number)) for number, each in enumerate(self._until(yaml.SequenceEndEvent))
            ]
        return self._scalar(part)

    def _until(self, end: type) -> Iterator[Any]:
        """The parts up to an end, each of which its reader reads to its own."""
        while not isinstance(part := next(self._parts), end):
            yield part

    def _entries(self, path: Path) -> Iterator[tuple[str, Any]]:
        seen = set()
        for key in self._until(yaml.MappingEndEvent):
            start = key.start_mark
            if not isinstance(key, yaml.ScalarEvent):
                raise yaml.MarkedYAMLError(problem="a key is a word", problem_mark=start)
            name = str(key.value)
            if name in seen:
                self.faults.append(Fault((*path, name), f"`{name}` stands twice", "a key stands once"))
            seen.add(name)
            self.lines[(*path, name)] = start.line + 1
            yield name, self._value(next(self._parts), (*path, name))

    def _scalar(self, part: Any) -> Any:
        """A plain scalar is a number, a truth or nothing where it looks so; a date stays text."""
        tag = part.tag or self._resolver.resolve(yaml.ScalarNode, part.value, part.implicit)
        if tag not in _PLAIN:
            return str(part.value)
        try:
            return self._scalars.construct_object(yaml.ScalarNode(tag, part.value, part.start_mark, part.end_mark))
        except (ValueError, KeyError):
            told = f"{part.value[:40]!r} is not what its tag says"
            raise yaml.MarkedYAMLError(problem=told, problem_mark=part.start_mark) from None
