"""Strikes of a strangle: out-of-the-money put and call by delta, and what the untested side may be rolled to (A3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from strategies.chain_selection import first_quoted, nearest_deltas, side
from strategies.deltas import chain_deltas
from strategies.strangle.parameters import StrangleParameters
from strategies.structures import distinct, structure
from vocabulary.contracts import Contract, Right, Structure, StructureKind
from vocabulary.market import Chain, MarketView

NEIGHBOURS = 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """Puts and calls that may be sold, best first."""

    puts: tuple[Contract, ...]
    calls: tuple[Contract, ...]

    def all(self) -> tuple[Contract, ...]:
        """Every candidate once."""
        return distinct(self.puts, self.calls)


def candidates(view: MarketView, chain: Chain, expiry: date, price: float, parameters: StrangleParameters) -> Candidates:
    """Contracts nearest to the entry deltas on both sides."""
    return Candidates(
        by_delta(view, chain, expiry, Right.PUT, price, parameters.put_delta),
        by_delta(view, chain, expiry, Right.CALL, price, parameters.call_delta),
    )


def by_delta(view: MarketView, chain: Chain, expiry: date, right: Right, price: float, delta: float) -> tuple[Contract, ...]:
    """Out-of-the-money contracts of one side nearest to an absolute delta, best first."""
    rows = side(chain, expiry, right)
    outside = rows.rows(np.asarray(rows.strike < price if right is Right.PUT else rows.strike > price))
    return nearest_deltas(outside, chain_deltas(outside, view).tolist(), delta, NEIGHBOURS)


def build(view: MarketView, found: Candidates) -> Structure | None:
    """The strangle on the best quoted put and call that share a delivery month; None while one is missing."""
    put = first_quoted(view, found.puts)
    if put is None:
        return None
    call = first_quoted(view, [contract for contract in found.calls if contract.future_expiry == put.future_expiry])
    return None if call is None else structure(StructureKind.STRANGLE, (put, -1), (call, -1))
