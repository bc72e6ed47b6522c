"""How the command line fails: one paragraph on stderr, or JSON there with --json. Never a traceback.

Exit codes: 0 fine, 1 wrong input or a store that cannot, 2 usage, 3 loaded with rejects, 70 an error of our
own, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
import traceback

import orjson
from rich.text import Text

from api.cli.console import notices
from graph_schema.errors import SuyuanError

FINE = 0
WRONG_INPUT = 1
USAGE = 2
WITH_REJECTS = 3
OWN_ERROR = 70
STOPPED = 130

REPORT = "Set SUYUAN_DEBUG=1 to see where, and report it with the command and, if you can, its input."


def as_error(error: SuyuanError) -> dict[str, object]:
    """The JSON of an error: its name in the tree of `graph_schema.errors`, what, where, rule and remedy."""
    return {
        "error": {
            "type": type(error).__name__,
            "what": error.what,
            "where": error.where,
            "rule": error.rule,
            "remedy": error.remedy,
        }
    }


def tell(error: SuyuanError, as_json: bool) -> None:
    """Say on stderr what is wrong, where, by which rule, and what to do."""
    if as_json:
        _write_json(as_error(error))
        return
    head = f"{error.where}: {error.what}" if error.where else error.what
    text = Text.assemble(("Error: ", "bold red"), ended(head))
    if error.rule:
        text.append(f" (Rule: {error.rule}.)")
    if error.remedy:
        text.append(f" {ended(error.remedy)}")
    _print(text)


def tell_usage(command: str, what: str, as_json: bool) -> None:
    """Say on stderr how the command was wrongly given."""
    if as_json:
        remedy = f"See {command} --help."
        error = {"type": "Usage", "what": what, "where": command, "rule": None, "remedy": remedy}
        _write_json({"error": error})
        return
    _print(Text.assemble(("Usage: ", "bold red"), f"{ended(what)} See: {command} --help"))


def tell_own(error: Exception, as_json: bool, debug: bool) -> None:
    """Say on stderr that the fault is ours, and how to report it; where, only with SUYUAN_DEBUG."""
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    what = f"Suyuan met an error of its own: {type(error).__name__}: {error}"
    tell(SuyuanError(" ".join(what.split()), remedy=REPORT), as_json)


def _print(text: Text) -> None:
    """A paragraph, folded on a terminal and one line elsewhere."""
    console = notices()
    console.print(text, soft_wrap=not console.is_terminal)


def ended(sentence: str) -> str:
    """The sentence with a full stop, where nothing ends it yet."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _write_json(value: object) -> None:
    sys.stderr.write(orjson.dumps(value).decode() + "\n")
