"""Measuring how long something takes. In: a function. Out: its fastest, median and slowest run, and the machine."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of several runs of one thing."""

    name: str
    seconds: tuple[float, ...]

    @property
    def fastest(self) -> float:
        """The fastest run, in seconds."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The median run, in seconds."""
        return statistics.median(self.seconds)

    @property
    def slowest(self) -> float:
        """The slowest run, in seconds."""
        return max(self.seconds)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the measurements are to show, and whether they do."""

    sentence: str
    holds: bool


def verdict(claim: Claim) -> str:
    """A claim and whether it holds, as a line of the page."""
    return f"- {claim.sentence}: **{'holds' if claim.holds else 'FAILS'}**."


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark has to say."""

    title: str
    setting: str
    measured: tuple[Measured, ...]
    claims: tuple[Claim, ...]


def measure(name: str, run: Callable[[], object], *, times: int = 30) -> Measured:
    """Run once unmeasured, then so many times with the collector at rest, as timeit does."""
    run()
    seconds = []
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(times):
            before = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - before)
    finally:
        if collecting:
            gc.enable()
    return Measured(name, tuple(seconds))


def machine() -> str:
    """The machine in a line: processor, cores, and the parts whose speed is compared."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "networkx"))
    return f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {parts}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()
