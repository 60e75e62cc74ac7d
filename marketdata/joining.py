"""Series of one tick type one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Columns, InterestColumns, QuoteColumns, TradeColumns

Floats = NDArray[np.float64]


def joined(parts: Sequence[Columns]) -> Columns:
    """Columns of one tick type and divisor as one, in the order given; at least one part."""
    first = parts[0]
    if len(parts) == 1:
        return first

    def together(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts])

    start = np.concatenate([part.start for part in parts])
    if isinstance(first, InterestColumns):
        return InterestColumns(start, together("value"))
    if isinstance(first, TradeColumns):
        return TradeColumns(start, together("open"), together("high"), together("low"), together("close"), together("volume"), first.divisor)
    return QuoteColumns(start, together("bid"), together("ask"), together("bid_size"), together("ask_size"), first.divisor)
