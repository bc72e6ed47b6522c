"""A GS1 Digital Link is a web address: a public page that tells what a label tells, or a linkset."""

from __future__ import annotations

import pytest

from tests.api.graphql.conftest import Asked

LOT, NONE = "/01/09521103009000/10/CAN-B", "/01/09521103009000/10/CAN-9"


def test_a_lot_has_a_page_in_both_languages(asked: Asked) -> None:
    """Product, GTIN and lot; nothing comes from elsewhere, and nothing of the ledger is in it."""
    page = asked.client.get(LOT)
    assert page.status_code == 200
    for text in ("婴儿配方奶粉 Infant formula", "09521103009000", "CAN-B", "批号 Lot"):
        assert text in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "贝贝母婴" not in page.text


def test_a_lot_that_does_not_exist_has_the_same_page(asked: Asked) -> None:
    """But for its number: nobody learns which lots there are."""
    there, nowhere = asked.client.get(LOT), asked.client.get(NONE)
    assert nowhere.status_code == 200
    assert nowhere.text == there.text.replace("CAN-B", "CAN-9")
    linked = [asked.client.get(path, params={"linkType": "all"}) for path in (LOT, NONE)]
    assert linked[1].text == linked[0].text.replace("CAN-B", "CAN-9")


def test_a_linkset_says_where_more_is(asked: Asked) -> None:
    """By media type or by linkType: the page, and the events for those who may see them."""
    for given in ({"headers": {"accept": "application/linkset+json"}}, {"params": {"linkType": "all"}}):
        answer = asked.client.get(LOT, **given)
        assert answer.headers["content-type"] == "application/linkset+json"
        (links,) = answer.json()["linkset"]
        assert links["anchor"] == "https://id.gs1.org" + LOT
        assert links["https://gs1.org/voc/defaultLink"][0]["href"].endswith(LOT)
        assert "MATCH_anyEPC" in links["https://gs1.org/voc/epcis"][0]["href"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/html"),
        ("application/linkset+json;q=0, text/html", "text/html"),
        ("application/linkset+json;q=0.1, text/html", "text/html"),
        ("text/html;q=0.5, APPLICATION/LINKSET+JSON", "application/linkset+json"),
        ("application/linkset+json, */*", "application/linkset+json"),
    ],
)
def test_what_is_liked_most_is_answered_and_caches_are_told(asked: Asked, accept: str, media: str) -> None:
    """A linkset that is refused (q=0) or liked less is not sent, and no cache takes one form for the other."""
    answer = asked.client.get(LOT, headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize("path", ["/00/106141410000000019", "/414/9521105000012", "/8003/09521103000014XYZ"])
def test_other_keys_have_pages_too(asked: Asked, path: str) -> None:
    """Logistic units, sites, assets."""
    page = asked.client.get(path)
    assert page.status_code == 200
    assert path.rpartition("/")[2][:13] in page.text


@pytest.mark.parametrize("path", ["/01/09521103009001/10/X", "/01/1/10/X", "/01/09521103009000/10/" + "x" * 21])
def test_a_link_that_breaks_a_rule_is_refused_with_what(asked: Asked, path: str) -> None:
    """A check digit, a length: a problem that says what to do."""
    answer = asked.client.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_what_a_label_says_is_shown_as_text(asked: Asked) -> None:
    """A lot number may hold signs that are markup."""
    page = asked.client.get("/01/09521103009000/10/%3Cb%3E%22%26")
    assert "<b>" not in page.text
    assert "&lt;b&gt;" in page.text


def test_a_value_may_hold_a_slash(asked: Asked) -> None:
    """Written %2F, as the standard has it."""
    assert "A/B" in asked.client.get("/01/09521103009000/10/A%2FB").text
