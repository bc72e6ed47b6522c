"""Webhooks go to public addresses by https, and to what whoever runs the server lists; nowhere else."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.targets import Targets, is_public
from graph_schema.errors import InvalidInput

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "203.0.112.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]
NOT_PUBLIC = {
    "private": ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
    "loopback": ["127.0.0.1", "127.8.8.8", "::1"],
    "link-local, where clouds tell secrets": ["169.254.169.254", "fe80::1", "fe80::1%1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1"],
    "reserved and broadcast": ["240.0.0.1", "255.255.255.255"],
    "unspecified and this network": ["0.0.0.0", "0.1.2.3", "::"],  # noqa: S104 - to be refused
    "carriers' own": ["100.64.0.1", "100.127.255.255"],
    "for documents and benchmarks": [
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "2001:db8::1",
        "3fff::1",
    ],
    "mapped": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"],
    "6to4": ["2002:7f00:1::", "2002:808:808::", "192.88.99.1"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
    "site-local and others": ["fec0::1", "100::1", "5f00::1", "4000::1"],
}


def addresses(targets: Targets, url: str) -> Collection[str]:
    """Where a URL may be connected to."""
    return asyncio.run(targets.addresses(targets.target(url)))


def naming(*found: str) -> Targets:
    """Targets of a network in which every name has these addresses."""

    async def resolve(host: str, port: int) -> Collection[str]:
        return found

    return Targets(resolve=resolve)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    """They may be reached, by name or by themselves."""
    assert is_public(ipaddress.ip_address(address))
    assert addresses(naming(address), "https://hooks.example.org/x") == (address,)


@pytest.mark.parametrize("address", [one for some in NOT_PUBLIC.values() for one in some])
def test_any_other_address_is_refused(address: str) -> None:
    """By itself, by a name, and where it is one of several of a name."""
    assert not is_public(ipaddress.ip_address(address))
    for found in ((address,), ("8.8.8.8", address)):
        with pytest.raises(InvalidInput, match="may not be reached"):
            addresses(naming(*found), "https://hooks.example.org/")


@given(st.ip_addresses(v=4).map(int))
def test_no_address_of_ipv6_stands_for_one_of_ipv4(number: int) -> None:
    """Whatever it is: mapped, compatible, 6to4, Teredo, or translated."""
    for network, shift in (("::ffff:0:0", 0), ("::", 0), ("2002::", 80), ("2001::", 0), ("64:ff9b::", 0)):
        assert not is_public(ipaddress.IPv6Address(int(ipaddress.IPv6Address(network)) + (number << shift)))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://[::ffff:7f00:1]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://no.such.host.invalid/",
    ],
)
def test_loopback_is_refused_however_it_is_spelt(url: str) -> None:
    """As this machine's own resolver reads it; what is not there is refused in the same words."""
    with pytest.raises(InvalidInput, match="there is no such host, or it may not be reached"):
        addresses(Targets(), url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/", "not encrypted"),
        ("ftp://example.org/", "no URL of https"),
        ("file:///etc/passwd", "no URL of https"),
        ("//example.org/", "no URL of https"),
        ("https:///x", "no URL of https"),
        ("example.org", "no URL of https"),
        ("https://user:secret@example.org/", "a user or a fragment"),
        ("https://example.org@127.0.0.1/", "a user or a fragment"),
        ("https://example.org/#x", "a user or a fragment"),
        ("https://example.org:0x50/", "no URL"),
        ("https://example.org:99999/", "no URL"),
        ("https://[::1/", "no URL"),
        ("https://[fe80::1%25eth0]/", "its host is none"),
        ("https://exa%6dple.org/", "its host is none"),
        ("https://-x.example.org/", "its host is none"),
        ("https://example.org\\@127.0.0.1/", "no URL in ASCII"),
        ("https://example.org/\r\nHost: x", "no URL in ASCII"),
        ("https://例.org/", "no URL in ASCII"),
        ("https://example.org/" + "x" * 2_000, "too long"),
        ("", "no URL"),
    ],
)
def test_what_is_no_plain_url_of_https_is_refused(url: str, why: str) -> None:
    """Before any name is looked up, with what is wrong."""
    with pytest.raises(InvalidInput, match=why):
        Targets().target(url)


def test_what_is_listed_may_be_reached() -> None:
    """By http too: a host at every port, or at one."""
    targets = Targets(["127.0.0.1", "Hooks.Internal:8443", "[FD00::7]:80"])
    assert addresses(targets, "http://127.0.0.1:9/") == ["127.0.0.1"]
    for url, listed in (
        ("https://hooks.internal.:8443/", True),
        ("https://hooks.internal/", False),
        ("http://[fd00:0::7]/", True),
        ("https://[fd00::7]/", False),
        ("https://127.0.0.2/", False),
    ):
        assert targets.target(url).listed == listed
    with pytest.raises(InvalidInput, match="not encrypted"):
        targets.target("http://hooks.internal:8444/")


@pytest.mark.parametrize("listed", ["", "http://x", "x:0", "x:70000", "a b", "x/y", "x:y", "fd00::7", "[127.0.0.1"])
def test_a_list_that_is_wrong_is_refused(listed: str) -> None:
    """With what to give."""
    with pytest.raises(InvalidInput):
        Targets([listed])
