"""Faults to plant in the engine. In: `faults.yaml`. Out: `Fault`s, and each planted for as long as a block lasts.

A fault replaces one piece of the text of one function. The function's code is exchanged in place, so that every module
that imported it runs the fault. A piece that is not there once, and once only, is an error, never a fault unplanted.
"""

from __future__ import annotations
import __future__

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType

import msgspec

_TABLE = Path(__file__).with_name("faults.yaml")


class Fault(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}, forbid_unknown_fields=True):
    """A small patch of one function."""

    fault: str
    """Its name."""
    wrong: str
    """What the engine then does, in words."""
    rule: str
    """The rule of docs/how-it-works.md that it breaks; `answer`: how a question is read."""
    function: str
    """`module:name` or `module:Class.name`."""
    before: str
    after: str
    trial: str | None = None
    """The one trial whose worlds hold what the fault is about; None: every trial takes its turn."""


class NotPlantedError(Exception):
    """A fault does not fit the engine: the function it names is gone, or its text is another."""


def load_faults() -> list[Fault]:
    """The table, in its order."""
    return msgspec.yaml.decode(_TABLE.read_bytes(), type=list[Fault])


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """The engine with the fault in it."""
    function = function_of(fault)
    sound = function.__code__
    function.__code__ = _compiled(function, fault)
    try:
        yield
    finally:
        function.__code__ = sound


def function_of(fault: Fault) -> FunctionType:
    """The function that a fault names."""
    module, _, path = fault.function.partition(":")
    try:
        found: object = import_module(module)
        for part in path.split("."):
            found = inspect.getattr_static(found, part)
    except (ImportError, AttributeError) as gone:
        raise NotPlantedError(f"{fault.fault}: there is no {fault.function}; name where it went") from gone
    found = getattr(found, "__func__", found)
    if not isinstance(found, FunctionType):
        raise NotPlantedError(f"{fault.fault}: {fault.function} is no plain function, whose code can be exchanged")
    return found


def texts_of(function: FunctionType, fault: Fault) -> tuple[str, str]:
    """The function's source, sound and with the fault."""
    sound = textwrap.dedent(inspect.getsource(function))
    times = sound.count(fault.before)
    if times != 1:
        raise NotPlantedError(f"{fault.fault}: once, not {times} times, {fault.function} must hold: {fault.before}")
    return sound, sound.replace(fault.before, fault.after)


def _compiled(function: FunctionType, fault: Fault) -> CodeType:
    """The code of the faulty text, in the names of the function's own module."""
    _, text = texts_of(function, fault)
    flags = __future__.annotations.compiler_flag
    made: dict[str, object] = {}
    code = compile(text, f"<{fault.fault}>", "exec", flags=flags, dont_inherit=True)
    exec(code, function.__globals__, made)  # noqa: S102 - a fault is text of this repository
    faulty = made[function.__name__]
    faulty = getattr(faulty, "__func__", faulty)
    assert isinstance(faulty, FunctionType)
    return faulty.__code__
