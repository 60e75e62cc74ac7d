"""The LT112 entry: the first Wednesday of the month (more Wednesdays for larger accounts), 120 days out, never twice on one expiry (A2; S002-36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from risk.parameters import PhaseParameters
from strategies.chain_selection import nearest_expiry
from strategies.daily_indicators import average_true_range
from strategies.deltas import live_delta
from strategies.entry_calendar import appointments, attempts, is_nth_weekday_session, sessions_until
from strategies.entry_gates import (
    account_pounds,
    buying_power_gate,
    opened_today,
    trend_gate,
    units_by_account,
    vix_gate,
    year_high_gate,
)
from strategies.lt112.exits import lt112_exits
from strategies.lt112.parameters import Lt112Parameters
from strategies.lt112.strikes import Candidates, atr_distance, build, candidates
from strategies.protocol import Appointment, Refusal, held_back
from strategies.structures import NetPrice, net_price, opening
from vocabulary.contracts import Contract, Structure
from vocabulary.decisions import Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook

RULE = "S002-36 LT112 entry"
HISTORY = 100  # completed days asked for an ATR: enough for Wilder's average to settle


class Lt112:
    """Long-term 1-1-2 on each of its symbols."""

    name = Strategy.LT112

    def __init__(self, parameters: Lt112Parameters, phases: PhaseParameters) -> None:
        self.parameters = parameters
        self.phases = phases

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings it may trade."""
        return self.parameters.symbols

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        """Preparation and entry on the month's entry weekdays that this account size uses."""
        if not self.enters_on(view, view.now.date()):
            return []
        times = attempts(self.parameters.entry_time, self.parameters.attempts, self.parameters.retry_minutes)
        return appointments(view.session(self.symbols[0], now.date()), (self.parameters.prepare_time,), times)

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        """Put candidates of every symbol on an entry day; LT112 never rolls, so nothing on others."""
        if not self.enters_on(view, view.now.date()):
            return []
        found = [self._candidates(view, book, symbol) for symbol in self.symbols]
        return [contract for chosen in found if isinstance(chosen, Candidates) for contract in chosen.all()]

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        """One opening or refusal per symbol."""
        answers = [(symbol, self._gates(view, symbol) or self._try(view, book, symbol)) for symbol in self._open_today(view, book)]
        return [answer if isinstance(answer, Decision) else held_back(self.name, answer, symbol) for symbol, answer in answers]

    def exit_plan(self) -> ExitPlan:
        """Component exits, distance defence, then the universal rules."""
        return lt112_exits(self.parameters)

    def enters_on(self, view: MarketView, day: date) -> bool:
        """The month's entry weekdays that this account size uses."""
        pounds = account_pounds(view, self.phases)
        if pounds is None:
            return False
        weeks = units_by_account(pounds, self.parameters.week_floors)
        return any(is_nth_weekday_session(view, self.symbols[0], day, self.parameters.weekday, nth) for nth in range(1, weeks + 1))

    def _open_today(self, view: MarketView, book: PositionBook) -> tuple[str, ...]:
        """Symbols not opened yet today."""
        return tuple(symbol for symbol in self.symbols if not opened_today(book, self.name, (symbol,), view.now.date()))

    def _gates(self, view: MarketView, symbol: str) -> Refusal | None:
        wanted = self.parameters
        price = view.price(symbol)
        if price is None:
            return Refusal("no_price", f"{symbol} has no price", {})
        return (
            vix_gate(view, wanted.vix_low, wanted.vix_high)
            or (year_high_gate(view, symbol, price) if wanted.year_high_gate else None)
            or (trend_gate(view, symbol, wanted.ema_fast, wanted.ema_slow) if wanted.trend_gate else None)
            or buying_power_gate(view, self.phases, wanted.buying_power)
        )

    def _try(self, view: MarketView, book: PositionBook, symbol: str) -> Decision | Refusal:
        found = self._candidates(view, book, symbol)
        if isinstance(found, Refusal):
            return found
        wanted = build(view, found, self.parameters)
        price = None if wanted is None else net_price(view, wanted)
        if wanted is None or price is None:
            return Refusal("no_quote", f"a leg of the {symbol} structure has no live quote", {"legs": len(found.all())})
        return self._judged(view, wanted, price)

    def _judged(self, view: MarketView, wanted: Structure, price: NetPrice) -> Decision | Refusal:
        pounds, near = account_pounds(view, self.phases), live_delta(view, wanted.legs[0].contract)
        if pounds is None or near is None:
            return Refusal("delta_unknown", "the spread's delta cannot be computed", {})
        if abs(near) > self.parameters.max_spread_delta:
            return Refusal("delta_high", f"spread delta {abs(near):.2f}", {"delta": abs(near), "limit": self.parameters.max_spread_delta})
        # a credit that exists only between bid and ask is none
        if price.natural < self.parameters.min_credit:
            reason = f"credit {price.natural:.2f} at natural prices, {price.mid:.2f} at mid"
            return Refusal("credit_low", reason, {"credit": round(price.natural, 4), "mid": round(price.mid, 4), "least": self.parameters.min_credit})
        units = units_by_account(pounds, self.parameters.unit_floors)
        if units < 1:
            return Refusal("account_small", f"{pounds:.0f} GBP is below the first unit", {"equity_gbp": pounds})
        facts = {"dte": wanted.legs[0].contract.days_to_expiry(view.now.date()), "credit": round(price.natural, 4)}
        return opening(view, self.name, RULE, f"{wanted.kind.value}, {facts['dte']} days", wanted, units, price, facts)

    def _candidates(self, view: MarketView, book: PositionBook, symbol: str) -> Candidates | Refusal:
        chain, price, today = view.chain(symbol), view.price(symbol), view.now.date()
        if chain is None or price is None:
            return Refusal("no_chain", f"{symbol} has no chain or price", {})
        wanted = self.parameters
        low, high = wanted.target_dte - wanted.dte_tolerance, wanted.target_dte + wanted.dte_tolerance
        taken = self._expiries_held(book)
        expiry = nearest_expiry(chain, today, wanted.target_dte, low, high, taken)
        if expiry is None:
            clash = nearest_expiry(chain, today, wanted.target_dte, low, high) is not None
            code = "expiry_clash" if clash else "no_expiry"
            return Refusal(code, f"no free expiry {low} to {high} days out", {"low": low, "high": high, "held": len(taken)})
        atr = average_true_range(view.daily(symbol, HISTORY), wanted.atr_days)
        if atr is None:
            return Refusal("atr_unknown", f"fewer than {wanted.atr_days + 1} daily bars of {symbol}", {})
        distance = atr_distance(atr, sessions_until(view, symbol, expiry), wanted)
        return candidates(view, chain, expiry, price, distance, wanted)

    def _expiries_held(self, book: PositionBook) -> tuple[date, ...]:
        """Expiries of open LT112 positions: no second one on the same day (August 2024)."""
        days = {day for position in book.open_positions(self.name) if (day := position.structure.nearest_expiry) is not None}
        return tuple(sorted(days))
