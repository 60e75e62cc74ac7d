"""From chosen contracts to a proposal: structures with coprime ratios, their net price on live quotes, and the inputs every decision reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, isfinite

from strategies.deltas import live_delta
from vocabulary.contracts import Contract, Leg, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Inputs, Strategy
from vocabulary.market import MarketView


@dataclass(frozen=True, slots=True)
class NetPrice:
    """Net price of opening one unit, per 1.00 of multiplier, credit positive: natural (sold at bid, bought at ask) and mid."""

    natural: float
    mid: float


def structure(kind: StructureKind, *legs: tuple[Contract, int]) -> Structure:
    """A structure from contracts and signed ratios; a common divisor is taken out."""
    divisor = gcd(*(abs(ratio) for _, ratio in legs))
    return Structure(kind, tuple(Leg(contract, ratio // divisor) for contract, ratio in legs))


def net_price(view: MarketView, wanted: Structure) -> NetPrice | None:
    """Net price of opening one unit now, None while a leg has no two-sided quote."""
    natural = mid = 0.0
    for leg in wanted.legs:
        quote = view.quote(leg.contract)
        if quote is None or not (isfinite(quote.bid) and isfinite(quote.ask)):
            return None
        natural -= leg.ratio * (quote.ask if leg.ratio > 0 else quote.bid)
        mid -= leg.ratio * quote.mid
    return NetPrice(natural, mid)


def leg_facts(view: MarketView, wanted: Structure) -> dict[str, float | int | str | bool | None]:
    """What the journal keeps of the chosen legs: strike, expiry and the live delta that resulted."""
    facts: dict[str, float | int | str | bool | None] = {}
    for number, leg in enumerate(wanted.legs, start=1):
        name = f"leg{number}"
        delta = live_delta(view, leg.contract)
        facts[name] = f"{leg.ratio:+d} {leg.contract.key}"
        facts[f"{name}_delta"] = None if delta is None else round(delta, 4)
    return facts


def opening(view: MarketView, strategy: Strategy, rule: str, reason: str, wanted: Structure, units: int, price: NetPrice, inputs: Inputs) -> Decision:
    """The OPEN decision with prices, legs and deltas among its inputs; the limit is the mid."""
    facts = {"symbol": wanted.underlying, "spot": view.price(wanted.underlying), "vix": view.vix, **inputs, "natural": round(price.natural, 4)}
    return Decision(Action.OPEN, strategy, rule, reason, wanted, units, limit=round(price.mid, 4), inputs={**facts, **leg_facts(view, wanted)})


def distinct(*groups: Sequence[Contract]) -> tuple[Contract, ...]:
    """Contracts of all groups, each once, in order of first appearance."""
    return tuple(dict.fromkeys(contract for group in groups for contract in group))
