"""Static arbitrage at quoted prices: buy at the ask, sell at the bid, and see whether money is left.

Every test is exact over all strikes of an expiry, not only neighbours. References: Carr and Madan 2005 (A note on sufficient conditions for no arbitrage);
Merton 1973 for the American bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.snapshots import Snapshot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NOTHING = 1e-7


@dataclass(frozen=True, slots=True)
class Break:
    """One arbitrage. kind: butterfly, vertical, calendar, parity or intrinsic; amount: what is left per unit of the underlying at once or for sure later."""

    kind: str
    root: str
    day: date
    node: int
    expiry: date
    strike: float
    amount: float


@dataclass(frozen=True, slots=True)
class Side:
    """Contracts of one expiry and right by ascending strike."""

    expiry: date
    call: bool
    rows: Ints
    strike: Floats
    bid: Floats
    ask: Floats


def sides(snapshot: Snapshot) -> list[Side]:
    """The chain by expiry and right, contracts that still have time left."""
    found = snapshot.chain.found
    result: list[Side] = []
    for number, expiry in enumerate(found.expiries):
        for sign in (1.0, -1.0):
            rows = np.flatnonzero((found.of_expiry == number) & (found.sign == sign) & (snapshot.years > 0.0))
            if len(rows):
                result.append(Side(expiry, sign > 0, rows, found.strike[rows], snapshot.bid[rows], snapshot.ask[rows]))
    return result


def breaks(snapshot: Snapshot, day: date) -> Iterator[Break]:
    """All static arbitrages of a chain at one minute."""
    parts = sides(snapshot)
    for kind, side, strike, amount in findings(snapshot, parts):
        yield Break(kind, snapshot.root.ticker, day, snapshot.node, side.expiry, strike, amount)


def findings(snapshot: Snapshot, parts: list[Side]) -> Iterator[tuple[str, Side, float, float]]:
    """(kind, side, strike, amount) of each."""
    by_key = {(part.expiry, part.call): part for part in parts}
    for part in parts:
        for kind, gain in (("butterfly", butterfly(part)), ("vertical", vertical(snapshot, part)), ("intrinsic", intrinsic(snapshot, part))):
            yield from found_in(kind, part, gain)
        if part.call:
            yield from found_in("parity", part, parity(snapshot, part, by_key[part.expiry, False]))
    for call in (True, False):
        ladder = [part for part in parts if part.call == call]
        for near, far in pairwise(ladder):
            yield from found_in("calendar", near, calendar(snapshot, near, far))


def found_in(kind: str, side: Side, gain: Floats) -> Iterator[tuple[str, Side, float, float]]:
    """Rows at which something is gained."""
    for row in np.flatnonzero(gain > NOTHING).tolist():
        yield kind, side, float(side.strike[row]), float(gain[row])


def butterfly(side: Side) -> Floats:
    """Gain of selling each strike against the best pair of strikes around it, per unit."""
    gap = side.strike[:, None] - side.strike[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (side.bid[:, None] - side.ask[None, :]) / gap
    steepest = np.where(gap > 0, slope, -np.inf).max(axis=1)
    flattest = np.where(gap < 0, slope, np.inf).min(axis=1)
    gain = steepest - flattest
    return np.where(np.isfinite(gain), np.minimum(gain, side.bid), -1.0)


def vertical(snapshot: Snapshot, side: Side) -> Floats:
    """Gain of a spread that costs less than nothing, or pays more than the distance of its strikes can ever cost."""
    worth = 1.0 if snapshot.root.style == "american" else snapshot.discount[side.rows]
    sign = 1.0 if side.call else -1.0
    order = side.strike * sign
    cheaper = running_best(order, side.ask)
    owed = worth * side.strike * sign
    dearer = running_best(-order, side.ask + owed)
    return np.maximum(side.bid - cheaper, side.bid + owed - dearer)


def running_best(order: Floats, value: Floats) -> Floats:
    """Smallest value among the rows that come before each in `order`; infinite for the first."""
    rows = np.argsort(order)
    before = np.minimum.accumulate(np.concatenate([[np.inf], value[rows][:-1]]))
    result = np.empty_like(value)
    result[rows] = before
    return result


def intrinsic(snapshot: Snapshot, side: Side) -> Floats:
    """Gain of buying and exercising at once (American), up to half a tick of the underlying."""
    if snapshot.root.style != "american":
        return np.full(len(side.strike), -1.0)
    sign = 1.0 if side.call else -1.0
    return sign * (snapshot.spot - side.strike) - 0.5 * snapshot.root.underlying.tick - side.ask


def parity(snapshot: Snapshot, calls: Side, puts: Side) -> Floats:
    """Gain of a conversion or a reversal. European: both ways around the discounted forward. American: Merton's bounds, on a future with its own discount."""
    lower, upper = parity_bounds(snapshot, calls)
    bought, sold = calls.ask - puts.bid, calls.bid - puts.ask
    slack = 0.5 * snapshot.root.underlying.tick
    return np.maximum(lower - bought, np.where(puts.bid >= 0.0, sold - upper, -1.0)) - slack


def parity_bounds(snapshot: Snapshot, calls: Side) -> tuple[Floats, Floats]:
    """What call less put may be worth."""
    forward, discount = snapshot.forward[calls.rows], snapshot.discount[calls.rows]
    if snapshot.root.style == "european":
        exact = discount * (forward - calls.strike)
        return exact, exact
    if snapshot.root.underlying.kind is Kind.FUTURE:
        return snapshot.spot * discount - calls.strike, snapshot.spot - discount * calls.strike
    return discount * forward - calls.strike, snapshot.spot - discount * calls.strike


def calendar(snapshot: Snapshot, near: Side, far: Side) -> Floats:
    """Gain of selling the near expiry and buying the far one.

    American: same strike. European: same strike over forward, the far one bought as a mix of two listed strikes (its value is convex in the strike), both per
    discounted forward; that is riskless because yield and rate are known.
    """
    if snapshot.root.style == "american":
        _, at, beside = np.intersect1d(near.strike, far.strike, return_indices=True)
        gain = np.full(len(near.strike), -1.0)
        gain[at] = near.bid[at] - far.ask[beside]
        return gain
    ratio = float(snapshot.forward[far.rows[0]] / snapshot.forward[near.rows[0]])
    worth = float(snapshot.discount[far.rows[0]] / snapshot.discount[near.rows[0]]) * ratio
    wanted = near.strike * ratio
    mixed = np.interp(wanted, far.strike, far.ask, left=np.inf, right=np.inf)
    return near.bid - mixed / worth
