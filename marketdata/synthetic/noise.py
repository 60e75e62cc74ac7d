"""Where every random number of the synthetic market comes from.

A stream is named, not advanced: the same seed, name and block give the same numbers whatever was asked before, so that a quote is a function of its
arguments. Philox (Salmon et al. 2011) is counter based and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Part = int | NDArray[np.int64] | NDArray[np.uint64]
ALL, GOLDEN, FIRST, SECOND = 2**64 - 1, 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """Generator of one named block."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, crc32(name.encode()), block])))


def mixed(*parts: Part) -> Floats:
    """A number in [0, 1) per row that belongs to the parts, whole numbers or arrays of them that broadcast."""
    return (np.asarray(word_of(*parts)) >> np.uint64(11)).astype(np.float64) / 2.0**53


def word_of(*parts: Part) -> Words:
    """64 bits per row that belong to the parts (mixing after Steele, Lea and Flood 2014). Leading plain numbers cost nothing."""
    word = 0
    for position, part in enumerate(parts):
        if not isinstance(part, int):
            return word_of_rows(word, parts[position:])
        word = scrambled((word + scrambled((part + GOLDEN) & ALL)) & ALL)
    return np.asarray(word, dtype=np.uint64)


def word_of_rows(start: int, parts: Sequence[Part]) -> Words:
    """The same from the first array on."""
    word = np.asarray(start, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            plain = np.asarray(part & ALL if isinstance(part, int) else part).astype(np.uint64)
            word = scrambled_rows(word + scrambled_rows(plain + np.uint64(GOLDEN)))
    return word


def scrambled(word: int) -> int:
    """One round of mixing."""
    word = ((word ^ (word >> 30)) * FIRST) & ALL
    word = ((word ^ (word >> 27)) * SECOND) & ALL
    return word ^ (word >> 31)


def scrambled_rows(word: Words) -> Words:
    """One round of mixing of every row."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(FIRST)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(SECOND)
    return word ^ (word >> np.uint64(31))
