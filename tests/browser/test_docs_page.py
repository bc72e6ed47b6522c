"""The page of the REST interface as a person sees it: every path is shown, and nothing comes from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.principals import digest_of, new_key
from tests.api.served import demo_store, served
from tests.browser.chromium import MISSING, Page, chromium, page
from tests.ci import in_ci

KEY = "document.querySelector('#key [name=key]')"
PATHS = "[...document.querySelectorAll('.opblock-summary-path')].map((one) => one.dataset.path)"
EVENTS = "document.querySelector('[id$=-events_events_get]')"
ANSWERED = f"{EVENTS}.querySelector('.live-responses-table .response-col_description code')?.textContent"


def _from_here_alone(opened: Page, url: str) -> None:
    asked = {urlsplit(one).netloc for one in opened.requested() if not one.startswith(("data:", "blob:"))}
    assert asked == {urlsplit(url).netloc}


# A browser is too large to be brought by a test; CI brings one (`.ci/run`), and fails without it.
@pytest.mark.skipif(chromium() is None and not in_ci(), reason=MISSING)
def test_the_page_shows_every_path_and_tries_one_and_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    """No error in the page or in its log; no other host is asked."""
    with served(demo_store(tmp_path)) as server, page() as opened:
        opened.open(f"{server.url}/docs")
        _has_every_path(opened)
        assert _events_tried(opened) == 30
        assert opened.faults() == []
        _from_here_alone(opened, server.url)


# A browser is too large to be brought by a test; CI brings one (`.ci/run`), and fails without it.
@pytest.mark.skipif(chromium() is None and not in_ci(), reason=MISSING)
def test_where_users_are_configured_the_page_asks_for_a_key_and_then_answers(tmp_path: Path) -> None:
    """Without one it shows no path; another's is refused; with one all is shown, and what is tried is signed."""
    key, users = new_key(), tmp_path / "users.yaml"
    users.write_text(f"users: [{{name: a, role: analyst, key: {digest_of(key)}}}]")
    with served(demo_store(tmp_path), "--users", str(users)) as server, page() as opened:
        opened.open(f"{server.url}/docs")
        opened.wait("!!document.querySelector('#key:not([hidden])')")
        assert opened.value(PATHS) == []
        _sign_in(opened, new_key())
        opened.wait("document.querySelector('#key output').textContent === 'This key is not known.'")
        assert opened.value(PATHS) == []
        _sign_in(opened, key)
        _has_every_path(opened)
        assert opened.value("!!document.querySelector('#key[hidden]')")
        assert _events_tried(opened) == 30
        assert {fault["params"]["entry"]["text"][-18:] for fault in opened.faults()} == {"401 (Unauthorized)"}
        assert not any(key in url for url in opened.requested())
        _from_here_alone(opened, server.url)


def _sign_in(opened: Page, key: str) -> None:
    opened.value(f"{KEY}.value = '{key}', {KEY}.form.requestSubmit()")


def _has_every_path(opened: Page) -> None:
    opened.wait("document.querySelectorAll('.opblock').length > 20")
    assert {"/capture", "/events", "/queries/{queryName}/events", "/metrics"} <= set(opened.value(PATHS))


def _events_tried(opened: Page) -> int:
    """How many events the page shows when its form of /events is sent."""
    opened.value(f"{EVENTS}.querySelector('.opblock-summary-control').click()")
    opened.wait(f"!!{EVENTS}.querySelector('.try-out__btn')")
    opened.value(f"{EVENTS}.querySelector('.try-out__btn').click()")
    opened.wait(f"!!{EVENTS}.querySelector('.execute')")
    opened.value(f"{EVENTS}.querySelector('.execute').click()")
    told = json.loads(opened.wait(ANSWERED))
    return len(told["epcisBody"]["queryResults"]["resultsBody"]["eventList"])
