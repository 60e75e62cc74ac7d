"""The 0DTE entry: half past ten on the days it trades, one symbol, one structure that dies the same day (A1).

The strikes come from today's price and the ATR of completed days, so the contracts registered before are a band, and the choice is made on live quotes. A
Friday that is a holiday has no session and so no entry; an early close keeps the entry and moves the exits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from risk.margin import worst_loss
from risk.parameters import PhaseParameters
from strategies.chain_selection import settles_in_the_morning
from strategies.daily_indicators import average_true_range
from strategies.deltas import live_delta
from strategies.entry_calendar import appointments, attempts
from strategies.entry_gates import account_pounds, buying_power_gate, opened_today, units_by_account, vix_gate
from strategies.protocol import Appointment, Refusal, held_back
from strategies.structures import net_price, opening
from strategies.zero_dte.exits import zero_dte_exits
from strategies.zero_dte.parameters import ZeroDteParameters
from strategies.zero_dte.strikes import Levels, build, candidates, kind_for, levels
from vocabulary.contracts import Contract, Structure
from vocabulary.decisions import Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import Chain, MarketView
from vocabulary.positions import PositionBook

RULE = "A1 0DTE entry"


class ZeroDte:
    """Friday 0DTE on the first symbol whose one unit is small enough for the account."""

    name = Strategy.ZERO_DTE

    def __init__(self, parameters: ZeroDteParameters, phases: PhaseParameters) -> None:
        self.parameters = parameters
        self.phases = phases

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings it may trade."""
        return self.parameters.symbols

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        """Preparation and entry on a trading weekday that has a session."""
        if not self.enters_on(view, now.date()):
            return []
        times: tuple[time, ...] = attempts(self.parameters.entry_time, self.parameters.attempts, self.parameters.retry_minutes)
        return appointments(view.session(self.symbols[0], now.date()), (self.parameters.prepare_time,), times)

    def enters_on(self, view: MarketView, day: date) -> bool:
        """Its weekdays that have a session; none of the dates to skip."""
        wanted = day.weekday() in self.parameters.weekdays and day.isoformat() not in self.parameters.skip_dates
        return wanted and view.session(self.symbols[0], day) is not None

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        """The band of strikes around today's levels, for the first symbol with an expiry today."""
        if view.now.weekday() not in self.parameters.weekdays:
            return []
        found: list[Contract] = []
        for symbol in self.symbols:
            chain, around, price = self._chain_today(view, symbol), self._levels(view, symbol, 0.0), view.price(symbol)
            if chain is not None and around is not None and price is not None:
                found.extend(candidates(chain, view.now.date(), around, price))
        return found

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        """One opening, or the refusals of every symbol tried; nothing once today's position is there."""
        if opened_today(book, self.name, self.symbols, view.now.date()):
            return []
        refused: list[Decision] = []
        for symbol in self.symbols:
            answer = self._shared_gates(view) or self._try(view, symbol)
            if isinstance(answer, Decision):
                return [answer]
            refused.append(held_back(self.name, answer, symbol))
        return refused

    def exit_plan(self) -> ExitPlan:
        """25 % profit, 200 % stop, review and time stop."""
        return zero_dte_exits(self.parameters)

    def _shared_gates(self, view: MarketView) -> Refusal | None:
        return vix_gate(view, self.parameters.vix_low, self.parameters.vix_high) or buying_power_gate(view, self.phases, self.parameters.buying_power)

    def _try(self, view: MarketView, symbol: str) -> Decision | Refusal:
        price, opened, chain = view.price(symbol), view.opening_price(symbol), self._chain_today(view, symbol)
        if chain is None:
            return Refusal("no_expiry_today", f"{symbol} has no chain with an expiry today", {})
        if price is None or opened is None:
            return Refusal("no_price", f"{symbol} has no price or no opening price", {"price": price, "open": opened})
        move = price / opened - 1.0
        around = self._levels(view, symbol, move)
        if around is None:
            return Refusal("atr_unknown", f"fewer than {self.parameters.atr_days + 1} daily bars of {symbol}", {})
        gap = self._gap(view, symbol, opened)
        if gap > self.parameters.max_gap:
            return Refusal("gap", f"opening gap {gap:.2%}", {"gap": gap, "limit": self.parameters.max_gap})
        wanted = build(view, chain, kind_for(move, self.parameters), around)
        if wanted is None:
            return Refusal("no_quote", f"a leg of the {symbol} structure has no live quote near its level", {"put": around.put, "call": around.call})
        return self._judged(view, wanted, {"move": round(move, 5), "put_level": round(around.put, 2), "call_level": round(around.call, 2)})

    def _judged(self, view: MarketView, wanted: Structure, facts: dict[str, float | int | str | bool | None]) -> Decision | Refusal:
        """Gates on the structure itself: deltas, credit, size of one unit."""
        price, pounds = net_price(view, wanted), account_pounds(view, self.phases)
        if price is None or pounds is None:
            return Refusal("no_quote", "a leg lost its quote", facts)
        deltas = [live_delta(view, leg.contract) for leg in wanted.legs if leg.ratio < 0]
        known = [abs(delta) for delta in deltas if delta is not None]
        if len(known) < len(deltas):
            return Refusal("delta_unknown", "a short leg's delta cannot be computed", facts)
        if max(known) >= self.parameters.max_short_delta:
            return Refusal("delta_high", f"short delta {max(known):.2f}", {**facts, "delta": max(known), "limit": self.parameters.max_short_delta})
        if price.mid < self.parameters.min_credit:
            return Refusal("credit_low", f"credit {price.mid:.2f}", {**facts, "credit": price.mid, "least": self.parameters.min_credit})
        loss = worst_loss(wanted.legs, -price.mid * wanted.legs[0].contract.multiplier) or 0.0
        if loss > view.account.equity * self.parameters.max_loss_share:
            return Refusal("unit_too_large", f"one unit can lose {loss:.0f}", {**facts, "loss": loss, "equity": view.account.equity})
        units = units_by_account(pounds, self.parameters.unit_floors)
        if units < 1:
            return Refusal("account_small", f"{pounds:.0f} GBP is below the first unit", {**facts, "equity_gbp": pounds})
        return opening(view, self.name, RULE, f"{wanted.kind.value} at {self.parameters.atr_multiple:g} ATR", wanted, units, price, facts)

    def _levels(self, view: MarketView, symbol: str, move: float) -> Levels | None:
        price = view.price(symbol)
        distance = average_true_range(view.daily(symbol, self.parameters.atr_days * 5), self.parameters.atr_days)
        if price is None or distance is None:
            return None
        return levels(price, distance * self.parameters.atr_multiple, move, self.parameters)

    def _chain_today(self, view: MarketView, symbol: str) -> Chain | None:
        """Today's expiry alone, without what already settled this morning; None when nothing is left."""
        chain = view.chain(symbol)
        today = None if chain is None else chain.on(view.now.date())
        living = None if today is None else today.rows(~settles_in_the_morning(today))
        return living if living is not None and len(living) else None

    def _gap(self, view: MarketView, symbol: str, opened: float) -> float:
        closes = view.daily(symbol, 1).close
        return abs(opened / float(closes[-1]) - 1.0) if len(closes) else 0.0
