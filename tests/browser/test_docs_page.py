"""The page of the REST interface as a person sees it: every path is shown, and nothing comes from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.api.served import demo_store, served
from tests.browser.chromium import MISSING, Page, chromium, page
from tests.ci import in_ci

PATHS = "[...document.querySelectorAll('.opblock-summary-path')].map((one) => one.dataset.path)"
EVENTS = "document.querySelector('[id$=-events_events_get]')"
ANSWERED = f"{EVENTS}.querySelector('.live-responses-table .response-col_description code')?.textContent"


def _from_here_alone(opened: Page, url: str) -> None:
    asked = {urlsplit(one).netloc for one in opened.requested() if not one.startswith(("data:", "blob:"))}
    assert asked == {urlsplit(url).netloc}


@pytest.mark.skipif(chromium() is None and not in_ci(), reason=MISSING)
def test_the_page_shows_every_path_and_tries_one_and_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    """No error in the page or in its log; no other host is asked."""
    with served(demo_store(tmp_path)) as server, page() as opened:
        opened.open(f"{server.url}/docs")
        opened.wait("document.querySelectorAll('.opblock').length > 20")
        shown = set(opened.value(PATHS))
        assert {"/capture", "/events", "/queries/{queryName}/events", "/metrics"} <= shown
        opened.value(f"{EVENTS}.querySelector('.opblock-summary-control').click()")
        opened.wait(f"!!{EVENTS}.querySelector('.try-out__btn')")
        opened.value(f"{EVENTS}.querySelector('.try-out__btn').click()")
        opened.wait(f"!!{EVENTS}.querySelector('.execute')")
        opened.value(f"{EVENTS}.querySelector('.execute').click()")
        told = opened.wait(ANSWERED)
        assert len(json.loads(told)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 30
        assert opened.faults() == []
        _from_here_alone(opened, server.url)
