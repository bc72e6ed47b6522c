"""GraphiQL as a person sees it: every question that it shows is answered, and nothing comes from elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.api.served import demo_store, served
from tests.browser.chromium import MISSING, chromium, page
from tests.browser.graphiql import open_graphiql, run_tab
from tests.ci import in_ci


# A browser is too large to be brought by a test. The skip says how to have one; what the page asks is tested without.
@pytest.mark.skipif(chromium() is None and not in_ci(), reason=MISSING)
def test_every_tab_of_graphiql_answers_and_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    """Each tab runs without errors in its answer, in the page or in its log; no other host is asked."""
    with served(demo_store(tmp_path)) as server, page() as opened:
        answers = dict(run_tab(opened, number) for number in range(open_graphiql(opened, server.url)))
        assert list(answers) == ["BackTrace", "ForwardTrace", "RecallScope", "Search"]
        for name, answer in answers.items():
            assert "errors" not in answer, name
            assert all(answer["data"].values()), name
        assert opened.faults() == []
        asked = {urlsplit(url).netloc for url in opened.requested() if not url.startswith(("data:", "blob:"))}
        assert asked == {urlsplit(server.url).netloc}
