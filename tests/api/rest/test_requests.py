"""The collection of requests: a server that runs answers each as it says, and no path of the standard is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from api.http.signing_in import OPEN
from tests.api.rest.requests.answering import differences, xml_differences
from tests.api.rest.requests.collection import all_exchanges, exchanges, files, variables_of
from tests.api.rest.requests.running import client_of, open_to_all, run_file, sent, signed_in

_METHODS = {"get", "post", "delete", "options"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Anybody, of a server over a store that is empty at first."""
    with open_to_all(tmp_path_factory.mktemp("requests")) as client:
        yield client


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Who has a key of a server that answers nobody else."""
    with signed_in(tmp_path_factory.mktemp("signed-in")) as client:
        yield client


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_each_request_is_answered_as_the_collection_says(file: Path, client: httpx2.Client) -> None:
    """And so it is when the same file is sent again, as other events."""
    for _ in range(2):
        ran = list(run_file(file, client))
        assert {given.title: found for given, found in ran if found} == {}
        assert len(ran) == len(exchanges(file))


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_each_request_is_answered_so_to_who_signs_in(file: Path, user: httpx2.Client) -> None:
    """With an API key, where users are configured."""
    assert {given.title: found for given, found in run_file(file, user) if found} == {}


def test_no_request_is_answered_to_who_does_not(user: httpx2.Client) -> None:
    """401 to each that needs no earlier answer, but to what is for all; so it was the key that had them answered."""
    asked = [one for one in all_exchanges() if variables_of(one) <= {"run", "dest"} and one.path not in OPEN]
    with client_of(str(user.base_url)) as nobody:
        answers = [(one.request, sent(nobody, one)) for one in asked]
    assert len(answers) > 20
    assert [(request, answer.status_code) for request, answer in answers if answer.status_code != 401] == []
    assert all(answer.headers["WWW-Authenticate"].startswith("Bearer") for _, answer in answers)


@pytest.mark.corpora
def test_every_path_and_method_of_the_standard_is_asked(corpora: Path) -> None:
    """By a request that the standard says succeeds with this status; and each kind of problem is met."""
    standard = yaml.safe_load((corpora / "gs1-epcis" / "REST Bindings" / "openapi.yaml").read_text("utf-8"))
    asked = list(all_exchanges())
    for path, item in standard["paths"].items():
        template = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        for method in _METHODS & set(item):
            statuses = {one.status for one in asked if one.method == method.upper() and _is_of(template, one.path)}
            assert statuses & _fine(item[method]), (method, path, statuses)
    problems = {400, 404, 405, 406, 409, 413, 415, 501}
    assert problems <= {one.status for one in asked}


def _fine(operation: dict[str, Any]) -> set[int]:
    """The statuses of an operation that are no refusal; of what need not be done, that."""
    told = {int(status) for status in operation["responses"]}
    return {status for status in told if status < 300 or status == 501}


def _is_of(template: re.Pattern[str], path: str) -> bool:
    """Whether a path, where a kept one stands at its beginning, is of a template."""
    kept = {"{job}": "/capture/x", "{kept}": "/queries/x", "{query}": "/queries/x", "{next}": "/next"}
    subscription = dict.fromkeys(("{stream}", "{scheduled}", "{xml}"), "/queries/x/subscriptions/x")
    name = path.partition("/")[0]
    return template.fullmatch(path.replace(name, (kept | subscription)[name]) if name else path) is not None


@pytest.mark.parametrize(
    ("expected", "found", "told"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1}, {"b": 1}, ["/a is not there"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a is [1, 2], not [1]"]),
        ([{"a": "~x+"}], [{"a": "xx"}], []),
        ([{"a": "~x+"}], [{"a": "xy"}], ["/0/a is 'xy', not '~x+'"]),
        (True, 1, ["/ is 1, not True"]),
        ("~.*", None, ["/ is None, not '~.*'"]),
    ],
)
def test_what_differs_is_told_with_its_place(expected: Any, found: Any, told: list[str]) -> None:
    """An object may have more members, a list not more items; a text may be a pattern."""
    assert list(differences(expected, found)) == told


def test_what_differs_in_xml_is_told_with_its_path() -> None:
    """A text, or how many there are."""
    told = xml_differences({"./a": "1", "./b": 2, "./c": "1"}, b"<x><a>1</a><b/></x>")
    assert list(told) == ["./b is 1, not 2", "./c is None, not '1'"]
