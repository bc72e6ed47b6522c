"""The story of a product system, played. In: its name. Out: its document, a store, the answers to all that it asks."""

from __future__ import annotations

from pathlib import Path

import orjson
import typer
from rich.text import Text

from api.cli.console import answers
from api.cli.stage import Stage
from api.demo.document import document_of
from api.demo.stories import story_of, told
from api.demo.story import Expected
from api.demo.telling import Told
from api.writing import written
from engine.answer import Direction

_BY_PROFILE = ("--contact", "by-profile")
_WENT = {Direction.FORWARD: "Where did {} go?", Direction.BACK: "Where did {} come from?"}


def play_story(context: typer.Context, name: str, store: str | None) -> None:
    """Write the story's document here, load it, and ask what the story asks; raises `InvalidInput` of another name."""
    tale = told(story_of(name))
    document = Path(f"suyuan-demo-{tale.story.profile}.json")
    with written(document) as file:
        file.write(orjson.dumps(document_of(tale), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    stage = Stage(context, store, f"sqlite:suyuan-demo-{tale.story.profile}.db")
    answers().print(Text(f"{tale.profile.label_zh}: {tale.story.title_zh}", style="bold"))
    answers().print(Text(f"{tale.profile.label_en}: {tale.story.title_en}", style="bold"))
    stage.play("Load the events of the story", "load", str(document))
    for expected in tale.story.expected:
        _trace(stage, tale, expected)
    for expected in tale.story.expected:
        if expected.direction is Direction.FORWARD:
            be = "is" if len(expected.seeds) == 1 else "are"
            heading = f"If {_all(expected.seeds)} {be} bad, what must be recalled, from whom?"
            _recall(stage, tale, heading, expected.seeds)
    if tale.story.expected_stock:
        goods = tuple(tale.story.expected_stock)
        _recall(stage, tale, f"Where is how much of {_all(goods)}?", goods)
    _fitted(stage, tale)
    asof = ("coverage", tale.story.profile, "--at", tale.story.asof)
    stage.play(f"How complete are the records, as of {tale.story.asof}?", *asof)
    stage.say("What it comes to")
    answers().print(Text(tale.story.expected_words))
    stage.say("What to run next")
    stage.show(*asof, "--behind", "kde_rate")
    stage.show("stats")
    stage.show("systems", tale.story.profile, here=False)


def _trace(stage: Stage, tale: Told, expected: Expected) -> None:
    way, seeds = expected.direction, [tale.item(name) for name in expected.seeds]
    stage.play(_WENT[way].format(_all(expected.seeds)), "trace", way.value, *seeds, *_BY_PROFILE)


def _recall(stage: Stage, tale: Told, heading: str, names: tuple[str, ...]) -> None:
    stage.play(heading, "recall", "scope", *(tale.item(name) for name in names), *_BY_PROFILE)


def _fitted(stage: Stage, tale: Told) -> None:
    """What held each part, on each day that the story asks of."""
    for asked in tale.story.expected_asof:
        for part in asked.answer:
            stage.play(f"What was {part} in on {asked.day}?", "fitted", tale.item(part), "--on", f"{asked.day}+08:00")


def _all(names: tuple[str, ...]) -> str:
    """Names as they are said: `A, B and C`."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
