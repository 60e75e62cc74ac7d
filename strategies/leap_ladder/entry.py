"""The ladder's entry: a sold rung every Monday, or a bought rung every quarter (A5; S002-40). A Monday holiday moves to the week's next session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from risk.parameters import PhaseParameters
from strategies.chain_selection import first_quoted
from strategies.entry_calendar import appointments, attempts, is_nth_weekday_session, is_weekly_session
from strategies.entry_gates import opened_today, vix_gate
from strategies.leap_ladder.exits import ladder_exits, roll_candidates
from strategies.leap_ladder.parameters import LeapLadderParameters
from strategies.leap_ladder.strikes import KINDS, rung_candidates, week_delta
from strategies.protocol import Appointment, Refusal, held_back
from strategies.structures import distinct, net_price, opening, structure
from vocabulary.contracts import Contract
from vocabulary.decisions import Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook

RULE = "S002-40 LEAP ladder entry"


class LeapLadder:
    """One rung per symbol and entry day."""

    name = Strategy.LEAP_LADDER

    def __init__(self, parameters: LeapLadderParameters, phases: PhaseParameters) -> None:
        self.parameters = parameters
        self.phases = phases

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings it may trade."""
        return self.parameters.symbols

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        """Preparation each session (roll candidates), entry on its weekday."""
        entry = self.enters_on(view, view.now.date())
        times = attempts(self.parameters.entry_time, self.parameters.attempts, self.parameters.retry_minutes) if entry else ()
        return appointments(view.session(self.symbols[0], now.date()), (self.parameters.prepare_time,), times)

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        """Roll candidates of old rungs; on an entry day the new rung's candidates as well."""
        found = [roll_candidates(view, book.open_positions(self.name), self.parameters)]
        if self.enters_on(view, view.now.date()):
            delta = week_delta(view.now.date(), self.parameters)
            found += [rung_candidates(view, symbol, delta, self.parameters) for symbol in self.symbols]
        return distinct(*found)

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        """One opening or refusal per symbol."""
        fresh = [symbol for symbol in self.symbols if not opened_today(book, self.name, (symbol,), view.now.date())]
        answers = [(symbol, self._gates(view) or self._try(view, symbol)) for symbol in fresh]
        return [answer if isinstance(answer, Decision) else held_back(self.name, answer, symbol) for symbol, answer in answers]

    def exit_plan(self) -> ExitPlan:
        """Profit, stop and roll of sold rungs; profit, loss and last day of bought ones."""
        return ladder_exits(self.parameters)

    def units(self, vix: float) -> int:
        """Sold rungs double above the VIX line (DOC1)."""
        return self.parameters.units * (2 if self.parameters.is_sold and vix > self.parameters.vix_double else 1)

    def enters_on(self, view: MarketView, day: date) -> bool:
        """Each week's entry session for sold rungs, once a quarter for bought ones."""
        symbol, weekday = self.symbols[0], self.parameters.weekday
        if self.parameters.is_sold:
            return is_weekly_session(view, symbol, day, weekday)
        return day.month in self.parameters.long_months and is_nth_weekday_session(view, symbol, day, weekday, 1)

    def _gates(self, view: MarketView) -> Refusal | None:
        return vix_gate(view, self.parameters.vix_low, self.parameters.vix_high)

    def _try(self, view: MarketView, symbol: str) -> Decision | Refusal:
        wanted, delta = self.parameters, week_delta(view.now.date(), self.parameters)
        found = rung_candidates(view, symbol, delta, wanted)
        if not found:
            return Refusal("no_expiry", f"{symbol} has no contract a year out", {"target": wanted.target_dte, "tolerance": wanted.dte_tolerance})
        held = first_quoted(view, found)
        if held is None or view.vix is None:
            return Refusal("no_quote", f"{found[0].key} and its neighbours have no live quote", {"first": found[0].key})
        rung = structure(KINDS[wanted.side], (held, -1 if wanted.is_sold else 1))
        price = net_price(view, rung)
        if price is None:
            return Refusal("no_quote", f"{held.key} lost its quote", {})
        if wanted.is_sold and price.mid < wanted.min_credit:
            return Refusal("credit_low", f"credit {price.mid:.2f}", {"credit": price.mid, "least": wanted.min_credit})
        facts = {"dte": held.days_to_expiry(view.now.date()), "side": wanted.side.value, "wanted_delta": delta if wanted.is_sold else None}
        return opening(view, self.name, RULE, f"{wanted.side.value} rung", rung, self.units(view.vix), price, facts)
