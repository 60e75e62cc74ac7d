"""What the desk says: one line per trade, refusal and alert, a table every two hours, at the close and once a week; and the samples the report is drawn from.

Each fact is said once. Rounds in which nothing happens are silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from conductor.tables import amount, percent, table
from conductor.valuation import Valuation
from greeks.limits import LimitState
from greeks.portfolio import PortfolioGreeks
from greeks.report import GreeksReport, greeks_report
from risk.correlation import group_of
from risk.gate import RiskGate
from risk.phases import dollars_per_pound
from risk.state import RiskEvent
from trading.bookkeeping import profit_of
from trading.codec import to_json
from trading.events import Purpose
from trading.intents import Refusal
from trading.ledger import Ledger
from trading.performance import Performance, performance, performance_by
from trading.reconcile import Difference
from trading.recorder import RunRecorder, Sample
from trading.tickets import Ticket
from vocabulary.decisions import Action, Decision, Verdict
from vocabulary.market import MarketView
from vocabulary.positions import Holding, Position, PositionState

Log = Callable[[str], None]
DONE = {Purpose.OPEN: "OPENED", Purpose.CLOSE: "CLOSED", Purpose.REDUCE: "REDUCED", Purpose.ROLL: "ROLLED", Purpose.JOIN: "ADDED TO"}
GREEK_COLUMNS = ("delta", "beta_delta", "gamma", "theta", "vega", "rho", "risk_score")


@dataclass(frozen=True, slots=True)
class ReportParts:
    """What reports look at and where they go."""

    ledger: Ledger
    view: MarketView
    gate: RiskGate
    valuation: Valuation
    recorder: RunRecorder
    log: Log
    goal: float
    symbols: tuple[str, ...] = ()


class DeskReports:
    """Writes to the log and to the recorder. Remembers only what it has already said."""

    def __init__(self, parts: ReportParts) -> None:
        self._parts = parts
        self._regime = ""
        self._hour = ""
        self._greeks: tuple[PortfolioGreeks, GreeksReport] | None = None
        self._told: set[tuple[str, ...]] = set()
        self._told_of: dict[str, tuple[PositionState, tuple[Holding, ...], str]] = {}
        self._refusals: Counter[str] = Counter()
        self._all_refusals: Counter[str] = Counter()
        self._start_equity: float | None = None
        self._last_equity: float | None = None

    def resumed(self, events: int, differences: Sequence[Difference]) -> None:
        """Say that a journal was taken up again, and what does not agree."""
        open_count = len(self._parts.ledger.book.open_positions())
        self._parts.log(f"RESUMED after {events} journal events, {open_count} positions open, {len(differences)} differences")
        for one in differences:
            self._parts.log(f"DIFFERENCE {one.contract.key}: journal {one.journal:+d}, account {one.account:+d}; no new risk until it is settled")

    def sample(self, with_greeks: bool = False) -> None:
        """Record equity, buying power, VIX and open profit of this moment; Greeks where asked, they are the dear part."""
        parts, view, account = self._parts, self._parts.view, self._parts.view.account
        held = parts.ledger.book.open_positions()
        self._start_equity = self._start_equity or account.equity
        marks = [parts.valuation.marks(position) for position in held if position.holdings]
        parts.recorder.sample(
            Sample(
                time=view.now.isoformat(),
                equity=account.equity,
                cash=account.cash,
                margin_used=account.margin_used,
                margin_free=account.margin_free,
                bp_use=account.margin_used / account.equity if account.equity > 0 else float("nan"),
                vix=view.vix or float("nan"),
                regime=self._regime,
                phase=str(parts.gate.state.phase),
                risk_state=parts.gate.state.desk_state().value,
                **self._greek_columns(held if with_greeks else None),
                open_positions=len(held),
                open_profit=sum(mark.profit_natural for mark in marks if mark.complete),
            )
        )

    def _greek_columns(self, held: Sequence[Position] | None) -> dict[str, float]:
        """The Greeks of a sample; unknown when not asked for, zero without positions."""
        if held is None:
            return dict.fromkeys(GREEK_COLUMNS, float("nan"))
        greeks, report = self._greeks_now(held)
        own, weighted, score = greeks.total.native, greeks.total.weighted, report.score.value
        figures = (own.delta, weighted.delta, weighted.gamma, own.theta, own.vega, own.rho, score if score is not None else float("nan"))
        return dict(zip(GREEK_COLUMNS, figures, strict=True))

    def _greeks_now(self, held: Sequence[Position]) -> tuple[PortfolioGreeks, GreeksReport]:
        """Portfolio Greeks and their report of this minute, computed once."""
        now = self._parts.view.now
        if self._greeks is None or self._greeks[1].at != now:
            greeks = self._parts.valuation.portfolio(held)
            self._greeks = (greeks, greeks_report(now, greeks, self._parts.gate.state.phase or 0))
        return self._greeks

    def regime(self) -> None:
        """Say the VIX regime and the risk state when they have changed since the last full hour."""
        view, state = self._parts.view, self._parts.gate.state
        regime = self._parts.gate.regime(view)
        name, hour = regime.name if regime else "VIX missing", f"{view.now:%Y-%m-%d %H}"
        if name == self._regime or (hour == self._hour and regime is not None):
            return
        ceiling = f"ceiling sold {regime.ceiling_sold:.0%}, bought {regime.ceiling_bought:.0%}, size x{regime.size_scale:g}" if regime else "no new risk"
        level = f" (VIX {regime.vix:.2f})" if regime else ""
        self._parts.log(f"REGIME {name}{level}: {ceiling}, phase {state.phase}, {state.desk_state().value}, crash level {state.crash.value}")
        self._regime, self._hour = name, hour

    def risk_event(self, event: RiskEvent) -> None:
        """One line per risk event."""
        facts = ", ".join(f"{key} {_plain(value)}" for key, value in event.inputs.items() if value not in (None, ""))
        self._parts.log(f"RISK {event.code}: {event.reason}{f' ({facts})' if facts else ''}")

    def decision(self, decision: Decision) -> None:
        """Alerts are said; holds are only counted; actions are said when they trade."""
        if decision.action is Action.ALERT:
            self._parts.log(f"ALERT {decision.strategy.value} {decision.position_id or ''} {decision.rule}: {decision.reason}")
        elif decision.action is Action.HOLD:
            self._count(decision.rule)

    def denied(self, decision: Decision, verdict: Verdict) -> None:
        """One line per strategy, underlying and reason a day for refusals of the risk gate."""
        self._count(verdict.code)
        what = decision.structure.key if decision.structure else decision.position_id
        subject = decision.structure.underlying if decision.structure else str(decision.position_id)
        if self._first_today("denied", decision.strategy.value, subject, verdict.code):
            self._parts.log(f"DENIED {decision.strategy.value} {decision.action.value} {what}: {verdict.code} {verdict.reason}")

    def refused(self, decision: Decision, refusal: Refusal) -> None:
        """One line per strategy, position and reason a day for refusals of the execution engine; what could not be opened is counted."""
        if decision.action is Action.OPEN:
            self._count(refusal.code)
        if self._first_today("refused", decision.strategy.value, decision.position_id or "", refusal.code):
            self._parts.log(f"REFUSED {decision.strategy.value} {decision.action.value} {decision.position_id or ''}: {refusal.code} {refusal.reason}")

    def trades(self) -> None:
        """Say which positions were opened, changed or closed since the last call; a change that is still being worked on is said when it has ended."""
        book = self._parts.ledger.book
        fresh = list(book.positions)[len(self._told_of) :]
        for key in [key for key, (state, _, _) in self._told_of.items() if state is not PositionState.CLOSED] + fresh:
            position = book.positions[key]
            before, held, last = self._told_of.get(key, (None, (), ""))
            if before is position.state and held == position.holdings:
                continue
            ticket = next(ticket for ticket in reversed(book.tickets.values()) if ticket.position_id == key)
            line = _trade_line(position, before, held, ticket, ticket.id != last)
            done = position.state is not PositionState.CLOSING
            self._told_of[key] = (position.state, position.holdings, ticket.id) if done else (position.state, held, last)
            if line:
                self._parts.log(line)

    def greeks(self) -> None:
        """The two-hourly Greeks table: whole book and per strategy. Silent without positions."""
        self.sample(with_greeks=True)
        parts, held = self._parts, self._parts.ledger.book.open_positions()
        if not held:
            return
        report = self._greeks_now(held)[1]
        shown = [row for row in report.rows if row.part in ("total", "strategy")]
        if len(shown) == 2:  # one strategy is the whole book
            shown = shown[1:]
        rows = [(row.name, amount(row.spy_delta, 1), amount(row.spy_gamma, 2), amount(row.theta, 1), amount(row.vega, 1)) for row in shown]
        score = amount(report.score.value if report.score.value is not None else float("nan"))
        title = f"GREEKS {parts.view.now:%Y-%m-%d %H:%M} score {score}, limits used {_limits(report.limits)}"
        parts.log(table(title, ("", "SPY delta", "gamma", "theta/day", "vega"), rows))

    def close_of_day(self) -> None:
        """P&L at the close, silent on a day without positions and without change; on the week's last session also progress and what was refused."""
        self.sample(with_greeks=True)
        parts, account = self._parts, self._parts.view.account
        before = self._last_equity if self._last_equity is not None else self._start_equity
        day = account.equity - before if before is not None else 0.0
        self._last_equity = account.equity
        held = parts.ledger.book.open_positions()
        if held or abs(day) >= 0.5:
            parts.log(f"P&L {parts.view.now:%Y-%m-%d} equity {amount(account.equity)} day {day:+,.0f} {self._open_book(held)}")
        for position in held:
            self._record(position)
        if _last_session_of_week(parts.view):
            self._weekly()

    def _open_book(self, held: Sequence[Position]) -> str:
        account = self._parts.view.account
        use = account.margin_used / account.equity if account.equity > 0 else float("nan")
        marks = (self._parts.valuation.marks(position) for position in held)
        return f"open {amount(sum(mark.profit_natural for mark in marks if mark.complete))} positions {len(held)} margin {percent(use)}"

    def finish(self) -> None:
        """Rows of what is still open, and the summary."""
        for position in self._parts.ledger.book.open_positions():
            self._record(position)
        self.trades()
        self._not_traded()
        self._performance("RESULT")
        recorder, silent = self._parts.recorder, [symbol for symbol in self._parts.symbols if self._parts.view.price(symbol) is None]
        if silent:
            self._parts.log(f"NO DATA for {', '.join(silent)}: nothing could be traded on them")
        recorder.meta("without_data", " ".join(silent))
        recorder.meta("ended", self._parts.view.now.date().isoformat())
        recorder.meta("start_equity", repr(self._start_equity))
        recorder.meta("end_equity", repr(self._parts.view.account.equity))
        recorder.meta("refusals", to_json(dict(sorted(self._all_refusals.items()))))

    def started(self, parameters: Mapping[str, str], first: date) -> None:
        """Facts of the run for the report."""
        recorder = self._parts.recorder
        recorder.meta("parameters", to_json(dict(sorted(parameters.items()))))
        recorder.meta("started", first.isoformat())
        recorder.meta("currency", self._parts.view.account.currency)

    def _first_today(self, *fact: str) -> bool:
        """True the first time a fact is met on a day."""
        key = (f"{self._parts.view.now:%Y-%m-%d}", *fact)
        fresh = key not in self._told
        self._told = {one for one in self._told if one[0] == key[0]} | {key}
        return fresh

    def _count(self, code: str) -> None:
        self._refusals[code] += 1
        self._all_refusals[code] += 1

    def _weekly(self) -> None:
        parts = self._parts
        rate = dollars_per_pound(parts.view, parts.gate.parameters.phase)
        if rate:
            pounds, start = parts.view.account.equity / rate, (self._start_equity or parts.view.account.equity) / rate
            parts.log(f"PROGRESS {parts.view.now:%Y-%m-%d} £{pounds:,.0f} of £{parts.goal:,.0f} ({pounds / parts.goal:.0%}), started at £{start:,.0f}")
        self._performance("WEEK")
        self._not_traded()

    def _not_traded(self) -> None:
        """Refusals by code since the last time."""
        if self._refusals:
            said = ", ".join(f"{code} {count}" for code, count in sorted(self._refusals.items()))
            self._parts.log(f"NOT TRADED this week: {said}")
        self._refusals.clear()

    def _performance(self, title: str) -> None:
        closed = self._parts.ledger.book.closed_positions()
        if not closed:
            return
        by_strategy = performance_by(closed, lambda position: position.strategy.value)
        rows = [_performance_row(name, figures) for name, figures in (*by_strategy.items(), ("all", performance(closed)))]
        header = ("closed positions", "trades", "won", "net", "factor", "average", "MFE", "MAE")
        self._parts.log(table(f"{title} {self._parts.view.now:%Y-%m-%d}", header, rows))

    def _record(self, position: Position) -> None:
        book = self._parts.ledger.book
        self._parts.recorder.position(position, book.decisions.get(book.opened_by.get(position.id, "")))


def _performance_row(name: str, figures: Performance) -> tuple[str, ...]:
    money = (amount(figures.expectancy), amount(figures.average_mfe), amount(figures.average_mae))
    return (name, str(figures.trades), percent(figures.win_rate), amount(figures.net_profit), amount(figures.profit_factor, 2), *money)


def _trade_line(position: Position, before: PositionState | None, held: tuple[Holding, ...], ticket: Ticket, is_new: bool) -> str:
    """The line for a change of state or holdings, "" for changes that are not news. ticket: the position's last; is_new: not yet spoken of."""
    who = f"{position.id} {position.strategy.value}"
    if position.state is PositionState.CLOSED:
        if position.opened is None:
            return f"NOT OPENED {who}: {position.exit_rule}"
        return f"CLOSED {who} {float(profit_of(position)):+,.2f} ({position.exit_rule}) after {_days(position)} days"
    if position.state is not PositionState.OPEN:
        return ""
    if before in (None, PositionState.PENDING):
        return f"OPENED {who} {position.units} x {position.structure.key} for {position.entry_credit:,.2f}"
    if held != position.holdings:
        rule = ticket.rule if is_new else "settled"
        return f"CHANGED {who} ({rule}): {', '.join(f'{held.quantity:+d} {held.contract.key}' for held in position.holdings)}"
    return f"NOT {DONE[ticket.purpose]} {who} ({ticket.rule}): {ticket.message}"


def _days(position: Position) -> int:
    return (position.closed.date() - position.opened.date()).days if position.opened and position.closed else 0


def _limits(limits: Sequence[LimitState]) -> str:
    return ", ".join(f"{limit.code.removeprefix('GREEKS_').removesuffix('_LIMIT').lower()} {percent(limit.used)}" for limit in limits)


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _last_session_of_week(view: MarketView) -> bool:
    """True when no other session follows before Monday."""
    today = view.now.date()
    week = today.isocalendar()[:2]
    ahead = view.sessions("SPY", today.fromordinal(today.toordinal() + 1), today.fromordinal(today.toordinal() + 6))
    return all(session.day.isocalendar()[:2] != week for session in ahead)


def group_names(symbols: Sequence[str]) -> dict[str, str]:
    """Correlation group per symbol, for the recorder."""
    return {symbol: group.value for symbol in symbols if (group := group_of(symbol)) is not None}
