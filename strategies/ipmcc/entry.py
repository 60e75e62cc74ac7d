"""The IPMCC entry: a deep LEAP call bought on a pullback; its weekly calls are sold by the exit plan from the next last session of a week on (A4; S002-39)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from risk.parameters import PhaseParameters
from strategies.daily_indicators import lower_band, simple_average
from strategies.entry_calendar import appointments, attempts, is_last_session_of_week
from strategies.entry_gates import opened_today, vix_gate, year_high_gate
from strategies.ipmcc.exits import ipmcc_exits
from strategies.ipmcc.holdings import parts_of
from strategies.ipmcc.leap import choose_leap, leap_candidates, leap_fault
from strategies.ipmcc.parameters import EntryLevel, IpmccParameters
from strategies.ipmcc.weekly_call import candidates
from strategies.protocol import Appointment, Refusal, held_back
from strategies.structures import distinct, net_price, opening, structure
from vocabulary.contracts import Contract, StructureKind
from vocabulary.decisions import Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook

RULE = "S002-39 IPMCC entry"
SHORT_MARGIN = 0.20  # of the price: a diagonal's short call is margined as naked, so its place is kept from the start
ROLL_NOTICE = 7  # days before the LEAP roll at which its candidates are registered


class Ipmcc:
    """Income poor-man's covered calls, one position per symbol."""

    name = Strategy.IPMCC

    def __init__(self, parameters: IpmccParameters, phases: PhaseParameters) -> None:
        self.parameters = parameters
        self.phases = phases

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings it may trade."""
        return self.parameters.symbols

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        """Preparation and LEAP entry on every session: a pullback keeps no calendar."""
        times = attempts(self.parameters.entry_time, self.parameters.attempts, self.parameters.retry_minutes)
        return appointments(view.session(self.symbols[0], now.date()), (self.parameters.prepare_time,), times)

    def enters_on(self, view: MarketView, day: date) -> bool:
        """Every session: a pullback keeps no calendar."""
        return view.session(self.symbols[0], day) is not None

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        """LEAP candidates where an entry is near, weekly calls where one may be sold or rolled today, new LEAPs where one runs short."""
        held = {position.underlying: position for position in book.open_positions(self.name)}
        found: list[Contract] = []
        for symbol in self.symbols:
            parts = parts_of(held[symbol]) if symbol in held else None
            if symbol not in held and self._gates(view, symbol) is None:
                found.extend(leap_candidates(view, symbol, self.parameters))
            if parts is not None:
                sells = parts.short is not None or is_last_session_of_week(view, symbol)
                found.extend(candidates(view, symbol, self.parameters) if sells else ())
                short_lived = parts.leap.contract.days_to_expiry(view.now.date()) < self.parameters.leap_roll_dte + ROLL_NOTICE
                found.extend(leap_candidates(view, symbol, self.parameters) if short_lived else ())
        return distinct(found)

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        """At most one new LEAP a day, the first symbol in the order of the parameter that passes; the refusals of those before it."""
        answers: list[Decision] = []
        for symbol in self.symbols:
            held = any(position.underlying == symbol for position in book.open_positions(self.name))
            if held or opened_today(book, self.name, (symbol,), view.now.date()):
                continue
            answer = self._gates(view, symbol) or self._try(view, symbol)
            if isinstance(answer, Decision):
                return [*answers, answer]
            answers.append(held_back(self.name, answer, symbol))
        return answers

    def exit_plan(self) -> ExitPlan:
        """Weekly calls, LEAP rolls and losses."""
        return ipmcc_exits(self.parameters)

    def _gates(self, view: MarketView, symbol: str) -> Refusal | None:
        price = view.price(symbol)
        if price is None:
            return Refusal("no_price", f"{symbol} has no price", {})
        return vix_gate(view, 0.0, self.parameters.vix_high) or year_high_gate(view, symbol, price) or self._level_gate(view, symbol)

    def _level_gate(self, view: MarketView, symbol: str) -> Refusal | None:
        """Price at or below the entry level (DOC1: 21-day average fair, 50-day better, lower band best)."""
        closes, price, level = view.daily(symbol, 60).close, view.price(symbol), self.parameters.entry_level
        if level is EntryLevel.ANY:
            return None
        average = {EntryLevel.AVERAGE_21: simple_average(closes, 21), EntryLevel.AVERAGE_50: simple_average(closes, 50)}.get(level, lower_band(closes, 20, 2.0))
        if price is None or average is None:
            return Refusal("level_unknown", f"too few daily bars of {symbol}", {"bars": len(closes)})
        if price <= average * (1 + self.parameters.entry_tolerance):
            return None
        return Refusal("no_pullback", f"price {price:.2f} above {level.value} {average:.2f}", {"price": price, "level": average})

    def _try(self, view: MarketView, symbol: str) -> Decision | Refusal:
        found, wanted = leap_candidates(view, symbol, self.parameters), self.parameters
        if not found:
            dear = bool(leap_candidates(view, symbol, replace(wanted, max_extrinsic=1.0)))
            code = "leap_extrinsic" if dear else "no_leap"
            return Refusal(code, f"{symbol} has no call near delta {wanted.leap_delta:g} inside the LEAP limits", {"max_extrinsic": wanted.max_extrinsic})
        leap = choose_leap(view, symbol, wanted)
        if leap is None:
            code = leap_fault(view, found[0], wanted) or "no_quote"
            return Refusal(code, f"{found[0].key} and its neighbours are outside the LEAP limits", {"first": found[0].key})
        bought = structure(StructureKind.POOR_MANS_COVERED_CALL, (leap, 1))
        price, spot = net_price(view, bought), view.price(symbol)
        if price is None or spot is None:
            return Refusal("no_quote", f"{leap.key} lost its quote", {})
        debit, bound = -price.natural * leap.multiplier, (-price.natural + SHORT_MARGIN * spot) * leap.multiplier
        refusal = _too_large(symbol, debit, bound, view.account.equity, wanted)
        if refusal is not None:
            return refusal
        facts = {"dte": leap.days_to_expiry(view.now.date()), "debit": round(-price.mid, 4), "binds": round(bound, 2)}
        return opening(view, self.name, RULE, f"LEAP, {facts['dte']} days", bought, wanted.units, price, facts)


def _too_large(symbol: str, debit: float, bound: float, equity: float, wanted: IpmccParameters) -> Refusal | None:
    """Whether one unit costs, or with its short call binds, more than its share of the account."""
    for what, money, share in (("costs", debit, wanted.max_share), ("binds with its short call", bound, wanted.max_bound)):
        if money > share * equity:
            inputs = {"money": money, "share": share, "equity": equity}
            return Refusal("unit_too_large", f"one unit of {symbol} {what} {money:,.0f}, {share:.0%} of the account are {share * equity:,.0f}", inputs)
    return None
