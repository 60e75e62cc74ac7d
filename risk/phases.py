"""Account phases: what a small account may not do yet, and what a shrinking one may no longer do (B; S002-41, S002-53).

Phases are bands of equity in pounds. A pound account needs no rate; any other currency is converted with the fixed rate of the parameters or, by
parameter, with the market's GBPUSD, and without a rate there is no phase and so no new risk. Going up needs the stay, trades, win rate and drawdown of the
method as well as the equity; going down needs only the loss. Positions a lower phase forbids are run off, not sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from risk.parameters import PhaseParameters, PoundSource
from risk.state import RiskEvent, RiskState
from vocabulary.market import MarketView
from vocabulary.positions import Position, PositionBook


def dollars_per_pound(view: MarketView, parameters: PhaseParameters) -> float | None:
    """Units of account currency per pound; None when the market rate is wanted and missing, or the currency is neither pound nor dollar."""
    currency = view.account.currency
    if currency == "GBP":
        return 1.0
    if currency != "USD":
        return None
    rate = parameters.dollars_per_pound if parameters.pound_source is PoundSource.FIXED else view.price("GBPUSD")
    return rate if rate is not None and rate > 0 else None


def band_of(equity_pounds: float, floors: Sequence[float]) -> int:
    """The phase whose band holds this equity, 0 below the method's minimum."""
    return max((phase for phase, floor in enumerate(floors) if equity_pounds >= floor), default=0)


def observe_phase(state: RiskState, view: MarketView, book: PositionBook, parameters: PhaseParameters) -> tuple[RiskState, tuple[RiskEvent, ...]]:
    """Phase after this look at the account: set at the first one, demoted at once, advanced by one when every safeguard holds."""
    rate = dollars_per_pound(view, parameters)
    if rate is None:
        return state, ()
    equity = view.account.equity / rate
    today = view.now.date()
    if state.phase is None:
        first = band_of(equity, parameters.floors) if parameters.start < 0 else parameters.start
        return _moved(state, first, view, equity, "PHASE_START", "first observation of the account")
    if state.phase > 0 and _demoted(state, equity, parameters):
        return _moved(state, state.phase - 1, view, equity, "PHASE_DEMOTED", "equity below the phase's floor or drawdown beyond its limit")
    if band_of(equity, parameters.floors) > state.phase and _may_advance(state, book, today, parameters):
        return _moved(state, state.phase + 1, view, equity, "PHASE_ADVANCED", "equity, stay, trades, win rate and drawdown all suffice")
    return state, ()


def _demoted(state: RiskState, equity: float, parameters: PhaseParameters) -> bool:
    phase = state.phase or 0
    below_floor = equity < parameters.floors[phase] * (1 - parameters.demote_buffer)
    # a drawdown costs one phase, not one at every look: the peak it is measured from is that of the stay in this phase
    return below_floor or (state.phase_drawdown() > parameters.demote_drawdown)


def _may_advance(state: RiskState, book: PositionBook, today: date, parameters: PhaseParameters) -> bool:
    phase, since = state.phase or 0, state.phase_since or today
    closed = [position for position in book.closed_positions() if position.closed is not None and position.closed.date() >= since]
    stayed = (today - since).days >= parameters.advance_days[phase]
    enough = len(closed) >= parameters.advance_trades[phase]
    return stayed and enough and win_rate(closed) >= parameters.advance_win_rate[phase] and state.drawdown() <= parameters.advance_drawdown[phase]


def win_rate(closed: Sequence[Position]) -> float:
    """Share of closed positions that made money after fees; 1.0 for none, so that a rule without a trade count asks for nothing."""
    wins = sum(1 for position in closed if position.net_cash > position.fees)
    return wins / len(closed) if closed else 1.0


def _moved(state: RiskState, phase: int, view: MarketView, equity: float, code: str, reason: str) -> tuple[RiskState, tuple[RiskEvent, ...]]:
    inputs = {"from": state.phase, "to": phase, "equity_gbp": round(equity, 2), "drawdown": round(state.drawdown(), 4)}
    moved = replace(state, phase=phase, phase_since=view.now.date(), phase_peak=state.last_equity)
    return moved, (RiskEvent(view.now, code, reason, inputs),)
