"""Every question of docs/api.md runs on the shipped outbreak, and has the answer that the page shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.graphql.conftest import Asked

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
ASKED = re.findall(
    r"^#### (.+?)\?\n(?:(?!####).)*?```graphql\n(.+?)```\n\n```json\n(.+?)```", PAGE, re.DOTALL | re.MULTILINE
)
PAGED = "Where did the milk go, page by page"
CURSOR = "…"
"""What stands for a cursor, which another ledger has otherwise."""


def shown(answer: dict[str, Any]) -> Any:
    """An answer as the page shows it."""
    if "errors" in answer:
        return {"errors": [{name: error[name] for name in ("message", "extensions")} for error in answer["errors"]]}
    text = json.dumps(answer["data"], ensure_ascii=False)
    return json.loads(re.sub(r'"endCursor": "[^"]+"', f'"endCursor": "{CURSOR}"', text))


@pytest.mark.parametrize(("title", "query", "answer"), ASKED, ids=[title for title, _, _ in ASKED])
def test_a_question_of_the_page_has_the_answer_that_it_shows(asked: Asked, title: str, query: str, answer: str) -> None:
    """Each value, in order."""
    assert shown(asked.post(query)) == json.loads(answer)


def test_the_page_asks_what_people_ask() -> None:
    """Twelve questions or more, none of the page without an answer."""
    assert len(ASKED) == PAGE.count("```graphql") >= 12


def test_the_pages_of_the_page_go_on(asked: Asked) -> None:
    """The second page has the rows that the first left."""
    query = next(query for title, query, _ in ASKED if title == PAGED)
    first = asked.data(query)["trace"]["items"]
    second = asked.data(query, after=first["pageInfo"]["endCursor"])["trace"]["items"]
    lots = [edge["node"]["item"]["lot"] for page in (first, second) for edge in page["edges"]]
    assert (len(lots), len(set(lots)), second["pageInfo"]["hasNextPage"]) == (first["totalCount"],) * 2 + (False,)
