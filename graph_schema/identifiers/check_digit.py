"""Check digits (GS1 General Specifications §7.9, ISO 6346, IMO). In: what stands before. Out: the digit."""

from __future__ import annotations

_CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_ISO6346 = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True))


def check_digit(digits: str) -> str:
    """The digit that follows these (§7.9.1): weights 3 and 1 from the right, modulo 10."""
    total = 3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


def check_pair(text: str) -> str:
    """The two characters that follow a Global Model Number (§7.9.5); `text`: at most 23 of set 82."""
    total = sum(prime * _CSET82.index(c) for prime, c in zip(_PRIMES, reversed(text), strict=False)) % 1021
    return _PAIR[total >> 5] + _PAIR[total & 31]


def container_check_digit(text: str) -> str:
    """The digit that follows the four letters and six digits of a freight container (ISO 6346 annex A)."""
    total = sum((_ISO6346[c] if c in _ISO6346 else int(c)) << place for place, c in enumerate(text))
    return str(total % 11 % 10)


def vessel_check_digit(digits: str) -> str:
    """The digit that follows the six digits of an IMO ship number: weights 7 to 2, modulo 10."""
    return str(sum(weight * int(d) for weight, d in zip(range(7, 1, -1), digits, strict=True)) % 10)
