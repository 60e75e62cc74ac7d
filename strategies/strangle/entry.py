"""The strangle entry: second Tuesday of the month, 90 days out, one per symbol, futures where the account's phase may hold them (A3; S002-38)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from risk.parameters import PhaseParameters
from risk.phases import band_of
from strategies.chain_selection import nearest_expiry
from strategies.entry_calendar import appointments, attempts, is_nth_weekday_session
from strategies.entry_gates import account_pounds, event_gate, opened_today, rank_gate, vix_gate
from strategies.protocol import Appointment, Refusal, held_back
from strategies.strangle.exits import roll_candidates, strangle_exits
from strategies.strangle.parameters import StrangleParameters
from strategies.strangle.strikes import Candidates, build, candidates
from strategies.structures import net_price, opening
from vocabulary.contracts import Contract
from vocabulary.decisions import Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook

RULE = "S002-38 strangle entry"


class StrangleStrategy:
    """Short strangles on futures options, or on funds in the phases that cannot hold futures."""

    name = Strategy.STRANGLE

    def __init__(self, parameters: StrangleParameters, phases: PhaseParameters) -> None:
        self.parameters = parameters
        self.phases = phases

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings it may trade in any phase."""
        return tuple(dict.fromkeys((*self.parameters.futures, *self.parameters.funds)))

    def symbols_now(self, view: MarketView) -> tuple[str, ...]:
        """Underlyings for the phase this equity belongs to; the gate checks the remembered phase again."""
        pounds = account_pounds(view, self.phases)
        if pounds is None:
            return ()
        wanted = self.parameters
        if not wanted.futures or band_of(pounds, self.phases.floors) < wanted.futures_from:
            return wanted.funds
        return self.symbols if wanted.funds_beside_futures else wanted.futures

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        """Preparation each session (roll candidates), entry on the month's entry weekdays."""
        session = view.session(self._clock_symbol(), now.date())
        times = attempts(self.parameters.entry_time, self.parameters.attempts, self.parameters.retry_minutes) if self.enters_on(view, view.now.date()) else ()
        return appointments(session, (self.parameters.prepare_time,), times)

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        """Roll candidates of open strangles; on an entry day the entry candidates as well."""
        found = list(roll_candidates(view, book.open_positions(self.name), self.parameters))
        if self.enters_on(view, view.now.date()):
            for symbol in self.symbols_now(view):
                chosen = self._candidates(view, symbol)
                found.extend(chosen.all() if isinstance(chosen, Candidates) else ())
        return list(dict.fromkeys(found))

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        """One opening or refusal per symbol."""
        fresh = [symbol for symbol in self.symbols_now(view) if not opened_today(book, self.name, (symbol,), view.now.date())]
        answers = [(symbol, self._gates(view, book, symbol) or self._try(view, symbol)) for symbol in fresh]
        return [answer if isinstance(answer, Decision) else held_back(self.name, answer, symbol) for symbol, answer in answers]

    def exit_plan(self) -> ExitPlan:
        """Stop, delta ladder, profit, 21 days."""
        return strangle_exits(self.parameters)

    def units(self, vix: float) -> int:
        """Base units times VIX/20, capped, at least one (DOC1)."""
        wanted = self.parameters
        return max(1, int(wanted.base_units * min(vix / wanted.vix_neutral, wanted.vix_scale_cap) + 1e-9))

    def _clock_symbol(self) -> str:
        """Whose sessions set the clock: a fund's where there is one, since futures trade around the clock."""
        return next(iter((*self.parameters.funds, *self.parameters.futures)))

    def enters_on(self, view: MarketView, day: date) -> bool:
        """The month's entry weekdays."""
        return any(is_nth_weekday_session(view, self._clock_symbol(), day, self.parameters.weekday, nth) for nth in self.parameters.weeks)

    def _gates(self, view: MarketView, book: PositionBook, symbol: str) -> Refusal | None:
        wanted, today = self.parameters, view.now.date()
        held = [position for position in book.open_positions(self.name) if position.underlying == symbol]
        if held:
            return Refusal("already_held", f"{symbol} already carries a strangle", {"position": held[0].id})
        return (
            vix_gate(view, wanted.vix_low, wanted.vix_high)
            or (rank_gate(view, symbol, wanted.iv_rank_source.value, wanted.iv_rank) if wanted.iv_rank > 0 else None)
            or event_gate(today, wanted.event_dates, wanted.event_days)
        )

    def _try(self, view: MarketView, symbol: str) -> Decision | Refusal:
        found = self._candidates(view, symbol)
        if isinstance(found, Refusal):
            return found
        wanted = build(view, found)
        price = None if wanted is None else net_price(view, wanted)
        if wanted is None or price is None or view.vix is None:
            return Refusal("no_quote", f"a side of the {symbol} strangle has no live quote", {"puts": len(found.puts), "calls": len(found.calls)})
        if price.mid < self.parameters.min_credit:
            return Refusal("credit_low", f"credit {price.mid:.2f}", {"credit": price.mid, "least": self.parameters.min_credit})
        facts = {"dte": wanted.legs[0].contract.days_to_expiry(view.now.date()), "credit": round(price.mid, 4)}
        return opening(view, self.name, RULE, f"strangle, {facts['dte']} days", wanted, self.units(view.vix), price, facts)

    def _candidates(self, view: MarketView, symbol: str) -> Candidates | Refusal:
        chain, price, wanted = view.chain(symbol), view.price(symbol), self.parameters
        if chain is None or price is None:
            missing = "no_chain" if chain is None else "no_price"
            return Refusal(missing, f"{symbol} has {missing.replace('_', ' ')}", {})
        low, high = wanted.target_dte - wanted.dte_tolerance, wanted.target_dte + wanted.dte_tolerance
        expiry = nearest_expiry(chain, view.now.date(), wanted.target_dte, low, high)
        if expiry is None:
            return Refusal("no_expiry", f"no expiry {low} to {high} days out", {"low": low, "high": high})
        return candidates(view, chain, expiry, price, wanted)
