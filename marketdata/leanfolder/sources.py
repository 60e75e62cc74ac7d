"""Where a write takes its data from: a call that makes the provider, in whichever process the work is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from marketdata.port import MarketData

Source = Callable[[], MarketData]
"""Makes the provider; sources that compare equal are the same provider (and must do so after travelling to another process, or every part of the work makes
its own)."""


@lru_cache(maxsize=1)
def market_of(source: Source) -> MarketData:
    """The provider a source makes, made once for all parts of the work that a process does."""
    return source()
