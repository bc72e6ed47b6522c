"""GS1 keys of the simulated world, each in several spellings. In: numbers and names. Out: `Code`.

A code's `key` is the canonical GS1 Digital Link URI (GS1 Digital Link URI syntax 1.3 §4), its `urn` the EPC
or class URN (TDS 1.13 §6 to §8). The company prefix is the one of GS1's own examples.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

COMPANY = "0614141"
RESOLVERS = ("https://id.gs1.org", "https://example.com", "https://id.example.org/trace")


@dataclass(frozen=True, slots=True)
class Code:
    """One GS1 key: canonical Digital Link URI and URN."""

    key: str
    urn: str

    def spelled(self, rng: Random) -> str:
        """One of its spellings: URN, canonical Digital Link, or Digital Link of some other resolver."""
        if rng.random() < 0.5:
            return self.urn
        return rng.choice(RESOLVERS) + self.key.removeprefix(RESOLVERS[0])


def check_digit(digits: str) -> str:
    """The GS1 check digit of the digits before it (GS1 General Specifications §7.9)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _link(path: str) -> str:
    return f"{RESOLVERS[0]}/{path}"


def _gtin(product: int) -> str:
    digits = f"1{COMPANY}{product:05d}"
    return digits + check_digit(digits)


def product_class(product: int) -> Code:
    """The GTIN of a product (AI 01), lot unknown; `product` below 100,000."""
    return Code(_link(f"01/{_gtin(product)}"), f"urn:epc:idpat:sgtin:{COMPANY}.1{product:05d}.*")


def lot(product: int, name: str) -> Code:
    """A lot of a product (AI 01 and 10); `name` is letters and digits, up to 20."""
    return Code(_link(f"01/{_gtin(product)}/10/{name}"), f"urn:epc:class:lgtin:{COMPANY}.1{product:05d}.{name}")


def instance(product: int, serial: str) -> Code:
    """One serialised piece of a product (AI 01 and 21)."""
    return Code(_link(f"01/{_gtin(product)}/21/{serial}"), f"urn:epc:id:sgtin:{COMPANY}.1{product:05d}.{serial}")


def logistic_unit(serial: int) -> Code:
    """A logistic unit (AI 00); `serial` below 10**9."""
    digits = f"1{COMPANY}{serial:09d}"
    return Code(_link(f"00/{digits}{check_digit(digits)}"), f"urn:epc:id:sscc:{COMPANY}.1{serial:09d}")


def is_logistic_unit(key: str) -> bool:
    """True where a canonical key names a logistic unit."""
    return key.startswith(f"{RESOLVERS[0]}/00/")


def returnable_asset(asset_type: int, serial: str) -> Code:
    """A returnable asset such as a tanker (AI 8003); `asset_type` below 100,000."""
    digits = f"{COMPANY}{asset_type:05d}"
    key = _link(f"8003/0{digits}{check_digit(digits)}{serial}")
    return Code(key, f"urn:epc:id:grai:{COMPANY}.{asset_type:05d}.{serial}")


def site(location: int) -> Code:
    """A site (AI 414); `location` below 100,000."""
    digits = f"{COMPANY}{location:05d}"
    return Code(_link(f"414/{digits}{check_digit(digits)}"), f"urn:epc:id:sgln:{COMPANY}.{location:05d}.0")


def place(of_site: Code, extension: str) -> Code:
    """A place within a site, such as a dock door (AI 414 and 254)."""
    return Code(f"{of_site.key}/254/{extension}", of_site.urn.removesuffix(".0") + f".{extension}")


def party(location: int) -> Code:
    """The party that runs the site of the same number (AI 417)."""
    digits = f"{COMPANY}{location:05d}"
    return Code(_link(f"417/{digits}{check_digit(digits)}"), f"urn:epc:id:pgln:{COMPANY}.{location:05d}")
