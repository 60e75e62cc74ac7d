"""Where every random number of the synthetic market comes from.

A stream is named, not advanced: the same seed, name and block give the same numbers whatever was asked before, so that a quote is a function of its
arguments. Philox (Salmon et al. 2011) is counter based and the same on every machine.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """Generator of one named block."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, crc32(name.encode()), block])))


def fraction(seed: int, *parts: object) -> float:
    """A number in [0, 1) that belongs to these parts; for choices made contract by contract."""
    number = crc32("/".join(str(part) for part in parts).encode(), seed & 0xFFFFFFFF)
    return ((number * 2654435761) & 0xFFFFFFFF) / 2**32
