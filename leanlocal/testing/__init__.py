"""Tests of LEAN algorithms in plain pytest: run one on a folder or on a day you state, stop it at a time, look, change a price, go on.

See docs/testing-algorithms.md for a full example.
"""

from __future__ import annotations

from leanlocal.testing.harness import AlgorithmTest
from leanlocal.testing.market import InMemoryMarket

__all__ = ["AlgorithmTest", "InMemoryMarket"]
