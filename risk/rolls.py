"""Rolls and bought protection: changes of a position that already passed the gate once.

They take no new slot, so counts do not apply; what applies is the desk's state and the money. Halted forbids both (only closing is left); reduce-only
forbids whatever needs more margin than it frees, except protection, which is bought outright.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from risk.correlation import group_of
from risk.margin import MarginEstimate, estimate_margin
from risk.reasons import ReasonCode
from risk.state import DeskState, RiskState
from vocabulary.contracts import Structure
from vocabulary.decisions import Action, Decision, Verdict
from vocabulary.market import MarketView


def check_roll(decision: Decision, view: MarketView, state: RiskState, future_margin: Callable[[str], float | None]) -> Verdict:
    """Verdict on a ROLL or PROTECT: all units or none, since a position changes whole."""
    arriving = decision.replacement if decision.action is Action.ROLL else decision.structure
    if arriving is None or decision.units <= 0:
        return _denied(ReasonCode.BAD_DECISION)
    if group_of(arriving.underlying) is None:
        return _denied(ReasonCode.SYMBOL_UNKNOWN)
    if state.desk_state() is DeskState.HALTED:
        return _denied(ReasonCode.HALTED)
    coming = estimate_margin(arriving, decision.units, view, future_margin)
    going = _leaving(decision, view, future_margin)
    if coming is None or going is None or not isfinite(view.account.margin_free):
        return _denied(ReasonCode.MARGIN_UNKNOWN)
    more = coming.margin - going.margin
    needed = more + max(0.0, coming.debit - going.debit)
    facts = {"margin_change": round(more, 2), "needed": round(needed, 2), "free": round(view.account.margin_free, 2)}
    if more > 0 and state.desk_state() is DeskState.REDUCE_ONLY and decision.action is Action.ROLL:
        return Verdict(False, ReasonCode.REDUCE_ONLY.value, ReasonCode.REDUCE_ONLY.meaning, 0, facts)
    if needed > 0 and needed > view.account.margin_free:
        return Verdict(False, ReasonCode.FREE_MARGIN.value, ReasonCode.FREE_MARGIN.meaning, 0, facts)
    return Verdict(True, ReasonCode.OK.value, "a change of a position already held", decision.units, facts)


def _leaving(decision: Decision, view: MarketView, future_margin: Callable[[str], float | None]) -> MarginEstimate | None:
    gone: Structure | None = decision.structure if decision.action is Action.ROLL else None
    if gone is None:
        return MarginEstimate(0.0, 0.0, 0.0, None)
    return estimate_margin(gone, decision.units, view, future_margin)


def _denied(code: ReasonCode) -> Verdict:
    return Verdict(False, code.value, code.meaning)
