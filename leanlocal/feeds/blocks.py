"""Rows of one series over one day (or of a whole hour/daily file) with UTC times, ready to be searched.

A block keeps the raw file numbers as arrays and makes exact prices only of the row somebody looks at. `ends` is strictly ascending; rows outside market hours
are gone; a missing quote side may have been carried in from an earlier row (LEAN does this with fill-forward on, lean-fidelity §1.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import Micros
from leanlocal.exact import ZERO, add, div, from_raw, mul

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TWO = Decimal(2)


class Ohlc(NamedTuple):
    """Open, high, low and close, exact."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


class TradeFacts(NamedTuple):
    """One trade bar: start and end in UTC."""

    start: Micros
    end: Micros
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    def repeated(self, start: Micros, end: Micros) -> TradeFacts:
        """The same prices at another time, nothing traded."""
        return TradeFacts(start, end, self.open, self.high, self.low, self.close, ZERO)

    @property
    def value(self) -> Decimal:
        """What the bar says the price is."""
        return self.close

    @property
    def trade(self) -> Ohlc:
        """The bar's prices."""
        return Ohlc(self.open, self.high, self.low, self.close)

    @property
    def bid(self) -> None:
        """A trade bar has no sides."""
        return None

    @property
    def ask(self) -> None:
        """A trade bar has no sides."""
        return None


class QuoteFacts(NamedTuple):
    """One quote bar; a side that was never quoted is None."""

    start: Micros
    end: Micros
    bid: Ohlc | None
    ask: Ohlc | None
    bid_size: Decimal
    ask_size: Decimal

    def repeated(self, start: Micros, end: Micros) -> QuoteFacts:
        """The same sides at another time."""
        return QuoteFacts(start, end, self.bid, self.ask, self.bid_size, self.ask_size)

    @property
    def value(self) -> Decimal:
        """Mid of the closes, or the only side, or zero."""
        return self.close

    @property
    def trade(self) -> None:
        """A quote bar has no trade."""
        return None

    @property
    def open(self) -> Decimal:
        """Mid of the opens."""
        return middle(self.bid.open if self.bid else ZERO, self.ask.open if self.ask else ZERO)

    @property
    def high(self) -> Decimal:
        """Mid of the highs."""
        return middle(self.bid.high if self.bid else ZERO, self.ask.high if self.ask else ZERO)

    @property
    def low(self) -> Decimal:
        """Mid of the lows."""
        return middle(self.bid.low if self.bid else ZERO, self.ask.low if self.ask else ZERO)

    @property
    def close(self) -> Decimal:
        """Mid of the closes."""
        return middle(self.bid.close if self.bid else ZERO, self.ask.close if self.ask else ZERO)


BarFacts = TradeFacts | QuoteFacts


def middle(bid: Decimal, ask: Decimal) -> Decimal:
    """Half way when both sides are there, else the one that is."""
    if bid and ask:
        return div(add(bid, ask), TWO)
    return bid or ask


@dataclass(slots=True)
class Factors:
    """Price factor of each row; one number when the whole block has the same. Volumes are divided by `volume`; `added` is added to the scaled price."""

    price: list[Decimal]
    volume: list[Decimal]
    added: list[Decimal] | None = None

    def scaled(self, price: Decimal, row: int) -> Decimal:
        """A raw price of a row, adjusted."""
        at = row if len(self.price) > 1 else 0
        product = mul(price, self.price[at])
        return product if self.added is None else add(product, self.added[at])

    def scaled_floats(self, values: Floats) -> Floats:
        """Raw prices of all rows, adjusted; zeros stay."""
        scaled = values * np.array([float(factor) for factor in self.price])
        return scaled if self.added is None else np.where(values != 0, scaled + np.array([float(number) for number in self.added]), 0.0)

    def volume_of(self, row: int) -> Decimal:
        """Volume divisor of a row."""
        return self.volume[row if len(self.volume) > 1 else 0]

    def kept(self, rows: list[int]) -> Factors:
        """Only those of some rows."""
        if len(self.price) == 1:
            return self
        added = None if self.added is None else [self.added[row] for row in rows]
        return Factors([self.price[row] for row in rows], [self.volume[row] for row in rows], added)


class Block:
    """Common part: times."""

    def __init__(self, starts: Ints, ends: Ints) -> None:
        self.starts = starts
        self.ends = ends

    @cached_property
    def end_list(self) -> list[int]:
        """Ends as plain integers for a scalar binary search."""
        return self.ends.tolist()

    def __len__(self) -> int:
        return int(self.ends.size)


class TradeBlock(Block):
    """Trade rows; ohlc (n, 4) raw, volume (n,)."""

    def __init__(self, starts: Ints, ends: Ints, ohlc: Floats, volume: Floats, divisor: int, factors: Factors | None = None) -> None:
        super().__init__(starts, ends)
        self.ohlc = ohlc
        self.volume = volume
        self.divisor = divisor
        self.factors = factors

    def facts(self, row: int) -> TradeFacts:
        """The row as an exact bar."""
        prices = [from_raw(raw, self.divisor) for raw in self.ohlc[row].tolist()]
        volume = from_raw(float(self.volume[row]), 1)
        if self.factors is not None:
            prices = [self.factors.scaled(price, row) for price in prices]
            volume = div(volume, self.factors.volume_of(row)).to_integral_value(ROUND_HALF_EVEN)
        opening, high, low, close = prices
        return TradeFacts(int(self.starts[row]), int(self.ends[row]), opening, high, low, close, volume)

    @cached_property
    def values(self) -> Floats:
        """Closes as floats, (n,)."""
        closes = self.ohlc[:, 3] / self.divisor
        return closes if self.factors is None else self.factors.scaled_floats(closes)

    def kept(self, mask: NDArray[np.bool_]) -> TradeBlock:
        """Only the rows of the mask."""
        factors = self.factors
        if factors is not None:
            factors = factors.kept(np.flatnonzero(mask).tolist())
        return TradeBlock(self.starts[mask], self.ends[mask], self.ohlc[mask], self.volume[mask], self.divisor, factors)


class QuoteBlock(Block):
    """Quote rows; bid and ask (n, 4) raw, zero where a side is absent."""

    def __init__(self, starts: Ints, ends: Ints, bid: Floats, ask: Floats, bid_size: Floats, ask_size: Floats, divisor: int) -> None:
        super().__init__(starts, ends)
        self.bid = bid
        self.ask = ask
        self.bid_size = bid_size
        self.ask_size = ask_size
        self.divisor = divisor
        self.factors: Factors | None = None

    def facts(self, row: int) -> QuoteFacts:
        """The row as an exact bar."""
        sizes = from_raw(float(self.bid_size[row]), 1), from_raw(float(self.ask_size[row]), 1)
        return QuoteFacts(int(self.starts[row]), int(self.ends[row]), self.side(self.bid, row), self.side(self.ask, row), *sizes)

    def side(self, prices: Floats, row: int) -> Ohlc | None:
        """One side of the row, None when absent."""
        raw = prices[row].tolist()
        if not any(raw):
            return None
        exact = [from_raw(price, self.divisor) for price in raw]
        if self.factors is not None:
            exact = [self.factors.scaled(price, row) for price in exact]
        return Ohlc(*exact)

    def side_close(self, row: int, *, bid: bool) -> Decimal | None:
        """Close of one side of the row, None when the side is absent."""
        prices = self.bid if bid else self.ask
        raw = prices.item(row, 3)
        if not raw and not prices[row].any():
            return None
        exact = from_raw(raw, self.divisor)
        return exact if self.factors is None else self.factors.scaled(exact, row)

    @cached_property
    def values(self) -> Floats:
        """Mids of the closes (or the only side) as floats, (n,); zero where there is none."""
        bid, ask = self.bid[:, 3], self.ask[:, 3]
        both = (bid != 0) & (ask != 0)
        mids = np.where(both, (bid + ask) / 2, bid + ask) / self.divisor
        return mids if self.factors is None else self.factors.scaled_floats(mids)

    def kept(self, mask: NDArray[np.bool_]) -> QuoteBlock:
        """Only the rows of the mask."""
        return QuoteBlock(self.starts[mask], self.ends[mask], self.bid[mask], self.ask[mask], self.bid_size[mask], self.ask_size[mask], self.divisor)


class InterestBlock(Block):
    """Open-interest rows; values (n,)."""

    def __init__(self, starts: Ints, ends: Ints, values: Floats) -> None:
        super().__init__(starts, ends)
        self.values = values

    def kept(self, mask: NDArray[np.bool_]) -> InterestBlock:
        """Only the rows of the mask."""
        return InterestBlock(self.starts[mask], self.ends[mask], self.values[mask])


AnyBlock = TradeBlock | QuoteBlock | InterestBlock


def ascending(block: AnyBlock) -> AnyBlock:
    """Without rows whose end is not after every earlier one: LEAN skips rows out of order."""
    if len(block) < 2 or bool((np.diff(block.ends) > 0).all()):
        return block
    highest = np.maximum.accumulate(block.ends)
    mask = np.ones(len(block), dtype=np.bool_)
    mask[1:] = block.ends[1:] > highest[:-1]
    return block.kept(mask)


def carried_sides(block: QuoteBlock, bid: Floats | None, ask: Floats | None) -> QuoteBlock:
    """Absent sides replaced by the whole side of the row before; bid and ask: (4,) sides known before the first row."""
    return QuoteBlock(block.starts, block.ends, _carried(block.bid, bid), _carried(block.ask, ask), block.bid_size, block.ask_size, block.divisor)


def _carried(side: Floats, before: Floats | None) -> Floats:
    present = side.any(axis=1)
    if bool(present.all()):
        return side
    source = np.maximum.accumulate(np.where(present, np.arange(len(side)), -1))
    filled = side[np.maximum(source, 0)].copy()
    filled[source < 0] = 0.0 if before is None else before
    return filled
