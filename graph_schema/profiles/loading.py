"""All profiles, checked. In: the folder with our files, or others beside them. Out: `Profiles`.

One file a system, `NAME.yaml`; a later version of it is a file `NAME@DATE.yaml` whose `valid_from` is that date, and
acts from then on. Nothing here or elsewhere knows a system by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from graph_schema.errors import InvalidProfile
from graph_schema.profiles.codes import Scheme, schemes_of
from graph_schema.profiles.common import Common
from graph_schema.profiles.marked import Fault, Marked, read_marked, shaped
from graph_schema.profiles.profile import Profile
from graph_schema.profiles.rules import find_common_faults, find_faults

SYSTEMS = files("graph_schema.profiles").joinpath("systems")
COMMON = files("graph_schema.profiles").joinpath("common.yaml")
_ENDING = ".yaml"
_LARGEST = 1 << 20
"""Bytes of a file; ours are of 10 KB."""
_SHAPE = "the shape of a profile"


class Profiles:
    """Every product system, each in its versions."""

    def __init__(self, common: Common, versions: Mapping[str, tuple[Profile, ...]]) -> None:
        self.common = common
        self._versions = versions

    def names(self) -> list[str]:
        """The names of all systems."""
        return list(self._versions)

    def versions(self, name: str) -> tuple[Profile, ...]:
        """The versions of a system in order of time; none of one that is not there."""
        return self._versions.get(name, ())

    def latest(self) -> list[Profile]:
        """Of each system its last version."""
        return [versions[-1] for versions in self._versions.values()]

    def on(self, name: str, day: str) -> Profile | None:
        """The version of a system that acts on a day (ISO 8601); None where none does yet."""
        acting = [each for each in self.versions(name) if (each.valid_from or "") <= day]
        return acting[-1] if acting else None

    def all_on(self, day: str) -> list[Profile]:
        """Of each system the version that acts on a day."""
        acting = (self.on(name, day) for name in self._versions)
        return [each for each in acting if each is not None]

    def schemes(self, profile: Profile) -> tuple[Scheme, ...]:
        """The code schemes of a profile."""
        return schemes_of(profile, self.common)


@cache
def profiles() -> Profiles:
    """Ours, read once."""
    return load_profiles(SYSTEMS)


def load_profiles(*folders: Traversable) -> Profiles:
    """The profiles of some folders; raises `InvalidProfile`, which tells every fault with file and line."""
    common = load_common(COMMON.read_text(encoding="utf-8"))
    read = [(marked, shaped(marked, Profile, _SHAPE)) for marked in _files(folders)]
    others = frozenset(name for _, profile in read for name in _told_by(profile))
    refused = [error for marked, profile in read if (error := _refusal(marked, profile, common, others)) is not None]
    refused += _twice(marked for marked, _ in read)
    if refused:
        raise InvalidProfile("\n".join(error.what for error in refused))
    return Profiles(common, _by_name(profile for _, profile in read))


def _told_by(profile: Profile) -> Iterator[str]:
    """What other profiles may refer to."""
    yield profile.profile
    yield from (f"{profile.profile}.{event.id}" for event in profile.events)


def _files(folders: Iterable[Traversable]) -> Iterator[Marked]:
    for folder in folders:
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(_ENDING):
                yield read_marked(file.name, _text(file))


def _text(file: Traversable) -> str:
    content = file.read_bytes()
    if len(content) > _LARGEST:
        raise InvalidProfile(f"{file.name}:1: {len(content):,} bytes [a profile has at most {_LARGEST:,}]")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidProfile(f"{file.name}:{line}: it is not UTF-8 [a profile is UTF-8]") from None


def _refusal(marked: Marked, profile: Profile, common: Common, others: frozenset[str]) -> InvalidProfile | None:
    faults = [*find_faults(profile, common, others)]
    called = profile.profile if profile.valid_from is None else f"{profile.profile}@{profile.valid_from}"
    if marked.file != called + _ENDING:
        faults.append(Fault(("profile",), f"the file is called {marked.file}", f"it is called {called}{_ENDING}"))
    return marked.refuse(faults) if faults else None


def _twice(read: Iterable[Marked]) -> Iterator[InvalidProfile]:
    """Files of one name in two folders."""
    seen: set[str] = set()
    for marked in read:
        if marked.file in seen:
            yield marked.refuse(
                [Fault(("profile",), f"{marked.file} is there already", "a system has one file a version")]
            )
        seen.add(marked.file)


def _by_name(read: Iterable[Profile]) -> dict[str, tuple[Profile, ...]]:
    versions: dict[str, tuple[Profile, ...]] = {}
    for profile in sorted(read, key=lambda each: (each.profile, each.valid_from or "")):
        versions[profile.profile] = (*versions.get(profile.profile, ()), profile)
    return versions


def load_common(text: str) -> Common:
    """What all profiles share; raises `InvalidProfile`."""
    marked = read_marked(COMMON.name, text)
    common = shaped(marked, Common, _SHAPE)
    faults = [*find_common_faults(common)]
    if faults:
        raise marked.refuse(faults)
    return common
