"""The life of an IPMCC after its LEAP is bought: weekly sale, buy-back, roll, called away, LEAP roll and LEAP loss (A4).

One combo per change, so that the short call is never without its LEAP: a weekly call is rolled as one order, a LEAP is replaced as one order. Exits come first:
LEAP loss and called-away close the whole position. There is no 50 % target and no 21-day rule here; the weekly calls are born below 21 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from strategies.entry_calendar import at_clock, before_close, is_last_session_of_week
from strategies.ipmcc.holdings import Parts, extrinsic, parts_of
from strategies.ipmcc.leap import choose_leap, leap_loss
from strategies.ipmcc.parameters import CalledAway, IpmccParameters
from strategies.ipmcc.weekly_call import WeeklyCall, choose, roll_up, unpaid_safe_strike
from strategies.structures import structure
from trading.exits import ExDividend, FlattenDelivery, close_all
from vocabulary.contracts import StructureKind
from vocabulary.decisions import Action, Decision, Inputs
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import Holding, Marks, Position


@dataclass(frozen=True, slots=True)
class LeapLoss:
    """Close at the exit loss; halve a position of several units at the reduce loss while no weekly call is out."""

    parameters: IpmccParameters

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A4 LEAP loss {self.parameters.leap_exit:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE, REDUCE or nothing, by the LEAP's own loss."""
        parts = parts_of(position)
        loss = None if parts is None else leap_loss(view, parts)
        if parts is None or loss is None:
            return None
        facts = {"leap_loss": round(loss, 4), "exit": self.parameters.leap_exit, "reduce": self.parameters.leap_reduce}
        if loss >= self.parameters.leap_exit:
            return close_all(position, self.rule_id, f"LEAP lost {loss:.0%}", facts)
        # halving once: afterwards fewer LEAPs are held than were opened
        if loss >= self.parameters.leap_reduce and parts.short is None and 1 < parts.units == position.units:
            leaving = structure(StructureKind.LONG_CALL, (parts.leap.contract, 1))
            return Decision(Action.REDUCE, position.strategy, self.rule_id, f"LEAP lost {loss:.0%}", leaving, parts.units // 2, position.id, inputs=facts)
        return None


@dataclass(frozen=True, slots=True)
class LeapRoll:
    """Replace a LEAP with fewer than `leap_roll_dte` days by one of the entry's length and delta, as one order (v17)."""

    parameters: IpmccParameters

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A4 LEAP roll below {self.parameters.leap_roll_dte} days"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ROLL the LEAP."""
        parts = parts_of(position)
        if parts is None or parts.leap.contract.days_to_expiry(view.now.date()) >= self.parameters.leap_roll_dte:
            return None
        fresh = choose_leap(view, position.underlying, self.parameters)
        if fresh is None or fresh == parts.leap.contract:
            return None
        leaving = structure(StructureKind.LONG_CALL, (parts.leap.contract, 1))
        coming = structure(StructureKind.LONG_CALL, (fresh, 1))
        inputs = {"days": parts.leap.contract.days_to_expiry(view.now.date()), "limit": self.parameters.leap_roll_dte, "to": fresh.key}
        return Decision(Action.ROLL, position.strategy, self.rule_id, "LEAP is running short", leaving, parts.units, position.id, coming, inputs=inputs)


@dataclass(frozen=True, slots=True)
class WeeklySale:
    """Sell the next weekly call on the week's last session when none is held."""

    parameters: IpmccParameters

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "A4 weekly call sale"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ROLL without leaving legs: the call joins the position."""
        parts = parts_of(position)
        if parts is None or not may_sell(view, position, parts, self.parameters):
            return None
        loss = leap_loss(view, parts)
        sale = None if loss is None else choose(view, position, parts, loss, self.parameters)
        if sale is None:
            return None
        coming = structure(StructureKind.SHORT_CALL, (sale.contract, -1))
        reason = f"sell {sale.contract.key} at {sale.bid:.2f}"
        return Decision(
            Action.ROLL,
            position.strategy,
            self.rule_id,
            reason,
            None,
            parts.units,
            position.id,
            coming,
            limit=sale.bid,
            inputs=_sale_facts(sale, view, position),
        )


def may_sell(view: MarketView, position: Position, parts: Parts, parameters: IpmccParameters) -> bool:
    """Whether now is the time of a first sale: no call is out, the week's last session, from the sale's time to the close."""
    session = view.session(position.underlying, view.now.date())
    if parts.short is not None or session is None or not at_clock(session, parameters.sell_time) <= view.now < session.close:
        return False
    return is_last_session_of_week(view, position.underlying)


@dataclass(frozen=True, slots=True)
class NoWeeklyCall:
    """Alert on the week's last session when no call can be sold, with the strike that would be safe. Last in the plan: it trades nothing.

    After a fall the safe strike is out of reach and the LEAP waits uncovered; that is the invariant's doing, not a fault, and must be seen.
    """

    parameters: IpmccParameters

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "A4 no weekly call"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ALERT; asked after the sale, so what it sees is a week without one."""
        parts, spot = parts_of(position), view.price(position.underlying)
        if parts is None or spot is None or not may_sell(view, position, parts, self.parameters):
            return None
        safe, highest = unpaid_safe_strike(view, position, parts, self.parameters), spot * (1 + self.parameters.max_otm)
        inputs = {"spot": spot, "safe_strike": round(safe, 4), "highest": round(highest, 4)}
        reason = f"no call sold: safe from {safe:.2f}, sold up to {highest:.2f}"
        return Decision(Action.ALERT, position.strategy, self.rule_id, reason, position_id=position.id, inputs=inputs)


@dataclass(frozen=True, slots=True)
class WeeklyRoll:
    """Before its last close, or once its time value is gone, a weekly call is rolled for a credit; in the money without one it is called away."""

    parameters: IpmccParameters

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "A4 weekly call roll"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ROLL, REDUCE (buy back) or CLOSE (called away)."""
        parts, spot = parts_of(position), view.price(position.underlying)
        short = None if parts is None else parts.short
        quote = None if short is None else view.quote(short.contract)
        if parts is None or short is None or quote is None or spot is None or not isfinite(quote.ask):
            return None
        ending = self._ending(short, position, view)
        spent = extrinsic(short.contract, quote.ask, spot) <= (1 - self.parameters.extrinsic_gone) * float(short.average_price)
        if not ending and not spent:
            return None
        strike = short.contract.strike_price
        in_money, deep = spot > strike, spot > strike * (1 + self.parameters.deep_in_money)
        facts: Inputs = {
            "spot": spot,
            "ask": quote.ask,
            "premium": float(short.average_price),
            "ending": ending,
            "spent": spent,
            "in_money": in_money,
            "deep": deep,
        }
        if ending or in_money:
            return self._end(position, parts, short, quote.ask, view, facts)
        return self._buy_back(position, short, quote.ask, facts)

    def _ending(self, short: Holding, position: Position, view: MarketView) -> bool:
        session = view.session(position.underlying, view.now.date())
        if session is None or short.contract.expiry is None or view.now.date() < short.contract.expiry:
            return False
        return view.now >= before_close(session, session.close.time(), self.parameters.roll_before_close)

    def _end(self, position: Position, parts: Parts, short: Holding, ask: float, view: MarketView, facts: Inputs) -> Decision | None:
        """Roll for a credit; else called away when in the money and at its end or deep; else left alone."""
        sale = self._next_call(position, parts, short, ask, view, bool(facts["in_money"]))
        if sale is not None and sale.contract != short.contract and sale.bid - ask > 0:
            leaving, coming = structure(StructureKind.SHORT_CALL, (short.contract, -1)), structure(StructureKind.SHORT_CALL, (sale.contract, -1))
            reason = f"roll {short.contract.key} to {sale.contract.key} for {sale.bid - ask:.2f}"
            inputs = {**facts, **_sale_facts(sale, view, position)}
            units = abs(short.quantity)
            return Decision(Action.ROLL, position.strategy, self.rule_id, reason, leaving, units, position.id, coming, limit=sale.bid - ask, inputs=inputs)
        if facts["in_money"] and (facts["ending"] or facts["deep"]):
            return close_all(position, "A4 called away", f"{short.contract.key} is in the money and cannot be rolled for a credit", facts)
        return None

    def _next_call(self, position: Position, parts: Parts, short: Holding, ask: float, view: MarketView, in_money: bool) -> WeeklyCall | None:
        """What a call may be rolled to: in the money as high as a credit allows, else as a first sale would be chosen."""
        loss = leap_loss(view, parts)
        if loss is None or (in_money and self.parameters.called_away is CalledAway.CLOSE):
            return None
        if in_money:
            return roll_up(view, position, parts, short.contract, ask, self.parameters)
        return choose(view, position, parts, loss, self.parameters, going_cost=ask)

    def _buy_back(self, position: Position, short: Holding, ask: float, facts: Inputs) -> Decision:
        leaving = structure(StructureKind.SHORT_CALL, (short.contract, -1))
        reason = f"{short.contract.key} costs {ask:.2f}, its time value is gone"
        return Decision(Action.REDUCE, position.strategy, self.rule_id, reason, leaving, abs(short.quantity), position.id, inputs=facts)


@dataclass(frozen=True, slots=True)
class LeapAlert:
    """Alert while the LEAP is beyond the defensive loss. Last in the plan: it trades nothing."""

    loss: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A4 LEAP alert {self.loss:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ALERT."""
        parts = parts_of(position)
        loss = None if parts is None else leap_loss(view, parts)
        if loss is None or loss < self.loss:
            return None
        inputs = {"leap_loss": round(loss, 4), "limit": self.loss}
        return Decision(Action.ALERT, position.strategy, self.rule_id, f"LEAP lost {loss:.0%}", position_id=position.id, inputs=inputs)


def ipmcc_exits(parameters: IpmccParameters) -> ExitPlan:
    """Rules in priority order.

    There is no assignment rule of its own: bought back alone on its last morning, a call in the money loses what the roll would have carried on. The weekly
    roll sees to it: deep in the money without time value at any time, everything else at its end.
    """
    return ExitPlan(
        rules=(
            FlattenDelivery(),
            LeapLoss(parameters),
            ExDividend(only_short_legs=True),
            WeeklyRoll(parameters),
            LeapRoll(parameters),
            WeeklySale(parameters),
            LeapAlert(parameters.leap_alert),
            NoWeeklyCall(parameters),
        ),
        check_times=(parameters.sell_time,),
        before_close=(parameters.roll_before_close, 15),
    )


def _sale_facts(sale: WeeklyCall, view: MarketView, position: Position) -> dict[str, float | int | str | bool | None]:
    safe = round(sale.safe_strike, 4)
    return {"strike": sale.contract.strike, "bid": sale.bid, "depth": sale.depth, "safe_strike": safe, "spot": view.price(position.underlying)}
