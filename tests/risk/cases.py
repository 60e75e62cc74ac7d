"""Proposals the risk tests send through the gate, priced by the small world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from risk.gate import RiskGate
from risk.parameters import RiskParameters, risk_parameters
from tests.priced_world import PlainBook, PricedWorld, option
from vocabulary.contracts import Contract, Leg, Right, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.market import AccountView

MONTHLY = date(2024, 9, 20)
TRADED = {
    Strategy.ZERO_DTE: ("SPX", "SPY"),
    Strategy.LT112: ("SPY",),
    Strategy.IPMCC: ("QQQ", "IWM"),
    Strategy.STRANGLE: ("CL", "GC", "ES", "GLD", "TLT"),
    Strategy.LEAP_LADDER: ("SPY",),
}
BOUND = {"SPY": 5.0, "QQQ": 5.0, "IWM": 2.0, "GLD": 2.0, "TLT": 1.0, "CL": 1.0, "GC": 10.0, "ES": 50.0, "SPX": 50.0, "NVDA": 5.0}


def rich_world(equity: float = 1_000_000.0) -> PricedWorld:
    """A pound account of phase 4 with everything priced."""
    world = PricedWorld()
    world.prices |= {"CL": 80.0, "GC": 2350.0, "ES": 5400.0, "NVDA": 120.0}
    world.account = AccountView("GBP", equity, equity, 0.0, equity)
    return world


def ready_gate(world: PricedWorld, parameters: RiskParameters | None = None, **text: str) -> RiskGate:
    """A gate that has seen the account once."""
    gate = RiskGate(parameters or risk_parameters({f"risk.{key.replace('__', '.')}": value for key, value in text.items()}), TRADED)
    gate.observe(world, PlainBook())
    return gate


def at(symbol: str, right: Right, strike: float, expiry: date = MONTHLY) -> Contract:
    """A listed contract near a strike."""
    step = BOUND[symbol]
    return option(symbol, expiry, right, round(strike / step) * step)


def spread(symbol: str = "SPY", expiry: date = MONTHLY, level: float = 0.93, width: float = 0.01) -> Structure:
    """A put credit spread below the price."""
    spot = rich_world().prices[symbol]
    short, bought = at(symbol, Right.PUT, spot * level, expiry), at(symbol, Right.PUT, spot * (level - width) - BOUND[symbol], expiry)
    return Structure(StructureKind.PUT_SPREAD, (Leg(short, -1), Leg(bought, 1)))


def strangle(symbol: str = "GLD", expiry: date = MONTHLY) -> Structure:
    """A strangle a tenth away on each side."""
    spot = rich_world().prices[symbol]
    return Structure(StructureKind.STRANGLE, (Leg(at(symbol, Right.PUT, spot * 0.9, expiry), -1), Leg(at(symbol, Right.CALL, spot * 1.1, expiry), -1)))


def long_put(symbol: str = "SPY", expiry: date = MONTHLY) -> Structure:
    """A bought put."""
    return Structure(StructureKind.LONG_PUT, (Leg(at(symbol, Right.PUT, rich_world().prices[symbol] * 0.95, expiry), 1),))


def opening(strategy: Strategy, structure: Structure, units: int = 1) -> Decision:
    """An OPEN decision."""
    return Decision(Action.OPEN, strategy, "test", "test", structure, units)


def resized(world: PricedWorld, equity: float, used: float = 0.0) -> PricedWorld:
    """The same world with another equity and margin in use."""
    world.account = replace(world.account, equity=equity, margin_used=used, margin_free=equity - used)
    return world
