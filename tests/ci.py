"""Whether CI runs. There nothing may be skipped for want of a tool: `.ci/run` brings what the tests need."""

from __future__ import annotations

import os


def in_ci() -> bool:
    """As CI systems say it."""
    return os.environ.get("CI", "").lower() in ("true", "1")
