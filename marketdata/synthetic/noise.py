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
ROW_FIRST, ROW_SECOND = np.uint64(FIRST), np.uint64(SECOND)
SHIFT_FIRST, SHIFT_SECOND, SHIFT_LAST, SHIFT_UNIT = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """Generator of one named block."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, crc32(name.encode()), block])))


def mixed(*parts: Part) -> Floats:
    """A number in [0, 1) per row that belongs to the parts, whole numbers or arrays of them that broadcast."""
    return unit(np.asarray(word_of(*parts)))


def mixed_rows(start: int, rows: Words) -> Floats:
    """`mixed` of whole numbers and one array, from `number_of` the numbers and `readied` the array: for arrays that are used again and again."""
    return unit(scrambled_rows(rows + np.uint64(start)))


def unit(words: Words) -> Floats:
    """[0, 1) of 64 bits."""
    return (words >> SHIFT_UNIT).astype(np.float64) / 2.0**53


def word_of(*parts: Part) -> Words:
    """64 bits per row that belong to the parts (mixing after Steele, Lea and Flood 2014). Leading plain numbers cost nothing."""
    for position, part in enumerate(parts):
        if not isinstance(part, int):
            return word_of_rows(number_of(*parts[:position]), parts[position:])
    return np.asarray(number_of(*parts), dtype=np.uint64)


def number_of(*parts: Part) -> int:
    """64 bits that belong to whole numbers."""
    word = 0
    for part in parts:
        word = scrambled((word + scrambled((int(part) + GOLDEN) & ALL)) & ALL)
    return word


def word_of_rows(start: int, parts: Sequence[Part]) -> Words:
    """The same from the first array on."""
    word = np.asarray(start, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            word = scrambled_rows(word + readied(np.asarray(part & ALL if isinstance(part, int) else part)))
    return word


def readied(part: NDArray[np.int64] | Words) -> Words:
    """An array of whole numbers as it enters the mixing."""
    return scrambled_rows(part.astype(np.uint64) + np.uint64(GOLDEN))


def scrambled(word: int) -> int:
    """One round of mixing."""
    word = ((word ^ (word >> 30)) * FIRST) & ALL
    word = ((word ^ (word >> 27)) * SECOND) & ALL
    return word ^ (word >> 31)


def scrambled_rows(word: Words) -> Words:
    """One round of mixing of every row."""
    word = word ^ (word >> SHIFT_FIRST)
    word *= ROW_FIRST
    word ^= word >> SHIFT_SECOND
    word *= ROW_SECOND
    word ^= word >> SHIFT_LAST
    return word
