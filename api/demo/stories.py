"""The stories shipped, one a product system. In: YAML. Out: `Story` by the name of its system, checked.

A file that breaks a rule is refused whole, each fault with file and line.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from api.demo.story import Story
from api.demo.story_rules import find_story_faults
from api.demo.telling import Told, tell
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profiles, profiles
from graph_schema.profiles.marked import read_marked, shaped

STORIES = files("api.demo").joinpath("stories.yaml")


@cache
def stories() -> dict[str, Story]:
    """Ours, read once."""
    return read_stories(STORIES.name, STORIES.read_text(encoding="utf-8"), profiles())


def read_stories(file: str, text: str, known: Profiles) -> dict[str, Story]:
    """The stories of a file; raises `InvalidProfile`, which tells every fault with file and line."""
    marked = read_marked(file, text)
    read = shaped(marked, tuple[Story, ...], "the shape of a story")
    faults = [*find_story_faults(read, known)]
    if faults:
        raise marked.refuse(faults)
    return {story.profile: story for story in read}


def story_of(name: str) -> Story:
    """The story of a product system; raises `InvalidInput` where there is none."""
    story = stories().get(name)
    if story is None:
        raise InvalidInput(
            f"there is no story of a product system {name[:80]!r}",
            where="--system",
            rule="a story is told of each product system that is shipped",
            remedy=f"One of {', '.join(stories())}.",
        )
    return story


def told(story: Story) -> Told:
    """A story as events, by its profile as that is on the story's day."""
    profile = profiles().on(story.profile, story.asof)
    if profile is None:
        raise InvalidInput(f"no profile of {story.profile} acts on {story.asof}", where="story")
    return tell(story, profile)
