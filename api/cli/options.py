"""The options that commands share. In: words. Out: a store location, a `Question`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated

import msgspec
import typer

from api.cli.what_if import WhatIf
from api.settings import read_settings
from engine.answer import Certainty, Direction
from engine.question import ContactMode, Options, Question, Seed
from engine.seeds import parse_seed, parse_time

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="sqlite:PATH",
        help="The store, or neo4j://user@host:port/database; else SUYUAN_STORE, else sqlite:suyuan.db.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; an error too, on stderr.")]
At = Annotated[str | None, typer.Option("--at", metavar="SITE", help="Only the goods at this site.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only goods that were there at this time or later (ISO 8601)."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Only goods that were there until this time.")
]
OnlyCertain = Annotated[bool, typer.Option("--certain", help="Follow recorded flows alone.")]
Contact = Annotated[
    ContactMode,
    typer.Option("--contact", help="Contact that is followed: none, what a product system declares, or all."),
]
AsKnownAt = Annotated[
    str | None,
    typer.Option("--as-known-at", metavar="TIME", help="Answer from the ledger as it was accepted by this time."),
]
Seeds = Annotated[
    list[str],
    typer.Argument(
        metavar="SEED...", help="An item in any spelling or by its printed code, event:ID, site:ID or load:SSCC[@TIME]."
    ),
]


def examples(*commands: str) -> str:
    """Examples for the end of a command's help, a line each."""
    head = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join(["\b", head, *(f"  {command}" for command in commands)])


class Asked(msgspec.Struct, frozen=True):
    """The narrowing options of a question, as given."""

    at: str | None = None
    since: str | None = None
    until: str | None = None
    certain: bool = False
    contact: ContactMode = ContactMode.BY_PROFILE
    as_known_at: str | None = None
    what_if: WhatIf = WhatIf()

    def seed(self, text: str, key_of: Callable[[str], str]) -> Seed:
        """A seed, narrowed to the place and time asked for."""
        return parse_seed(text, at=self.at, since=self.since, until=self.until, key_of=key_of)

    def options(self) -> Options:
        """How the question is asked."""
        return Options(
            certainty=Certainty.CERTAIN if self.certain else Certainty.POSSIBLE,
            contact=self.contact,
            as_known_at=None if self.as_known_at is None else parse_time(self.as_known_at).latest,
            rules=self.what_if.rules(),
        )

    def question(self, seeds: list[str], direction: Direction, key_of: Callable[[str], str]) -> Question:
        """The whole question."""
        return Question(tuple(self.seed(text, key_of) for text in seeds), direction, self.options())


def location(store: str | None) -> str:
    """The store asked for, else the environment's, else the default."""
    return store or read_settings(os.environ).store
