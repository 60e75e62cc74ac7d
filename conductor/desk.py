"""One trading day after the other: what is due now runs, exits before entries, and every decision is written down with its verdict and its order.

The desk knows no engine. It is woken, looks at its market view, and leaves orders with its execution engine. Everything it must remember is in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conductor.reports import DeskReports
from conductor.valuation import Valuation
from risk.demands import meet_demand
from risk.gate import RiskGate
from risk.state import RiskEvent
from strategies.protocol import EntryStrategy, Purpose
from trading.events import DecisionTaken, Noted, PositionsMarked, StateSaved, VerdictGiven
from trading.execution import ExecutionEngine
from trading.exits.manager import ExitManager
from trading.intents import Refusal
from trading.ledger import Ledger
from trading.ports import BrokerBooks, TradingGateway
from trading.reconcile import Difference, reconcile
from trading.schedule import ScheduleSettings, Slot, Task, day_plan, wakes
from trading.settlement import leftovers
from vocabulary.contracts import Contract
from vocabulary.decisions import Action, Decision, Strategy, Verdict
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.orders import OrderState
from vocabulary.positions import Position

RISK_STATE = "risk"
_SILENT = (Action.HOLD, Action.ALERT)


@dataclass(frozen=True, slots=True)
class DeskParts:
    """Everything the desk is made of."""

    strategies: Mapping[Strategy, EntryStrategy]
    plans: Mapping[Strategy, ExitPlan]
    gate: RiskGate
    ledger: Ledger
    execution: ExecutionEngine
    exits: ExitManager
    gateway: TradingGateway
    view: MarketView
    valuation: Valuation
    reports: DeskReports
    schedule: ScheduleSettings
    clock_symbol: str


class Desk:
    """Woken by an engine's scheduler. `start_day` says when, `wake` does what is due and says when to look again."""

    def __init__(self, parts: DeskParts) -> None:
        self.parts = parts
        self._slots: list[Slot] = []
        self._alerted: set[tuple[str | None, str]] = set()
        self._unreconciled: tuple[Difference, ...] = ()
        self._worthless: set[str] = set()
        self._registered: set[Contract] = set()

    @property
    def ledger(self) -> Ledger:
        """Journal and book."""
        return self.parts.ledger

    def start_day(self) -> Sequence[datetime]:
        """Plan the day and return the times to be woken at; empty on a holiday."""
        self.parts.execution.hear()
        now = self.parts.view.now
        session = self.parts.view.session(self.parts.clock_symbol, now.date())
        if session is None:
            return ()
        appointments = [slot for strategy in self.parts.strategies.values() for slot in self._appointments(strategy)]
        self._slots = [slot for slot in day_plan(session, self.parts.plans, appointments, self.parts.schedule) if slot.at >= now]
        self._alerted.clear()
        self._worthless.clear()
        self._settle_leftovers()
        return wakes(self._slots)

    def wake(self) -> datetime | None:
        """Run what is due; the next minute when an order is out, None when the planned wakes suffice."""
        now, leaving = self.parts.view.now, self._orders_to_leave()
        self.parts.execution.hear()
        due, self._slots = [slot for slot in self._slots if slot.at <= now], [slot for slot in self._slots if slot.at > now]
        for slot in due:
            self._run(slot)
        self.parts.execution.step(self.parts.view)
        self.parts.reports.trades()
        unfilled = self._ask_again(leaving)
        return now + timedelta(minutes=1) if unfilled or self.parts.execution.busy else None

    def resume(self, books: BrokerBooks) -> None:
        """After a restart on an existing journal: subscribe what is held or ordered, then ask the broker what happened meanwhile."""
        book = self.ledger.book
        held = [item.contract for position in book.open_positions() for item in position.holdings]
        ordered = [leg.contract for ticket in book.active_tickets() for leg in ticket.trade.legs]
        for contract in dict.fromkeys((*held, *ordered)):
            self._registered.add(contract)
            self.parts.gateway.register(contract)
        self._unreconciled = reconcile(self.ledger, books, self.parts.view.now)
        self.parts.reports.resumed(self.ledger.replayed, self._unreconciled)

    def finish(self) -> None:
        """Hear the last news and write the closing state of every position."""
        self.parts.execution.hear()
        self.parts.reports.finish()

    def _orders_to_leave(self) -> list[str]:
        """Tickets at the broker that only reduce."""
        return [ticket.id for ticket in self.ledger.book.active_tickets() if ticket.purpose.only_reduces and ticket.sent is not None]

    def _ask_again(self, leaving: Iterable[str]) -> bool:
        """A closing that was given up unfilled is decided anew in the next minute, not in the next round: the reason to leave has not gone away."""
        tickets = [self.ledger.book.tickets[key] for key in leaving]
        unfilled = {ticket.strategy for ticket in tickets if ticket.state is OrderState.CANCELLED and ticket.remaining}
        at = self.parts.view.now + timedelta(minutes=1)
        self._slots = sorted({*self._slots, *(Slot(at, Task.EXITS_OF_STRATEGY, strategy.value) for strategy in unfilled)})
        return bool(unfilled)

    def _appointments(self, strategy: EntryStrategy) -> Iterable[Slot]:
        tasks = {Purpose.PREPARE: Task.PREPARE, Purpose.PROPOSE: Task.PROPOSE}
        for appointment in strategy.due(self.parts.view.now, self.parts.view):
            yield Slot(appointment.at, tasks[appointment.purpose], strategy.name.value)

    def _run(self, slot: Slot) -> None:
        match slot.task:
            case Task.EXITS:
                self._observe_risk()
                self._exits(self.ledger.book.open_positions())
                self.parts.reports.sample()
            case Task.EXITS_OF_STRATEGY:
                self._exits(self.ledger.book.open_positions(Strategy(slot.strategy)))
            case Task.PREPARE:
                self._prepare(self.parts.strategies[Strategy(slot.strategy)])
            case Task.PROPOSE:
                self._propose(self.parts.strategies[Strategy(slot.strategy)])
            case Task.GREEKS:
                self.parts.reports.greeks()
            case Task.CLOSE_OF_DAY:
                self._close_of_day()

    def _observe_risk(self) -> None:
        view, gate = self.parts.view, self.parts.gate
        events = gate.observe(view, self.ledger.book)
        self.ledger.save_state(StateSaved(view.now, RISK_STATE, gate.state.to_text()))
        for event in events:
            self._hear_risk(event)
        self.parts.reports.regime()

    def _hear_risk(self, event: RiskEvent) -> None:
        self.ledger.record(Noted(event.time, f"risk {event.code}", event.reason, event.inputs))
        self.parts.reports.risk_event(event)
        view, gate = self.parts.view, self.parts.gate
        for decision in meet_demand(event, self.ledger.book, view, self.parts.valuation.marks, gate.future_margin(view)):
            self.act(decision)

    def _exits(self, positions: Iterable[Position]) -> None:
        review = self.parts.exits.review(positions, self.parts.valuation.marks, self.parts.view)
        if review.profits:
            self.ledger.record(PositionsMarked(self.parts.view.now, review.profits))
        for decision in review.decisions:
            self.act(decision)

    def _prepare(self, strategy: EntryStrategy) -> None:
        for contract in strategy.prepare(self.parts.view, self.ledger.book):
            self._registered.add(contract)
            self.parts.gateway.register(contract)

    def _propose(self, strategy: EntryStrategy) -> None:
        for decision in strategy.propose(self.parts.view, self.ledger.book):
            self.act(decision)

    def act(self, decision: Decision) -> None:
        """Write a decision down, ask the risk gate, and hand what is allowed to execution.

        Said once a day: the same alert, and the wish to close what nobody bids for.
        """
        if self._is_old_news(decision):
            return None
        view, decision_id = self.parts.view, self.ledger.next_decision_id()
        self.ledger.record(DecisionTaken(view.now, decision_id, decision))
        self.parts.reports.decision(decision)
        if decision.action in _SILENT:
            return None
        verdict = self._verdict(decision)
        self.ledger.record(VerdictGiven(view.now, decision_id, verdict))
        if not verdict.allowed:
            return self.parts.reports.denied(decision, verdict)
        self._order(decision, decision_id, verdict.allowed_units or decision.units)
        return None

    def _is_old_news(self, decision: Decision) -> bool:
        if decision.action is Action.CLOSE and decision.position_id in self._worthless:
            return not self.parts.execution.has_buyer(decision.position_id, self.parts.view)
        key = (decision.position_id, decision.rule)
        repeated = decision.action is Action.ALERT and key in self._alerted
        self._alerted.add(key)
        return repeated

    def _verdict(self, decision: Decision) -> Verdict:
        if self._unreconciled and decision.action is Action.OPEN:
            return Verdict(False, "UNRECONCILED", f"{len(self._unreconciled)} holdings differ between journal and account; settle them and restart")
        return self.parts.gate.check(decision, self.parts.view, self.ledger.book, ())

    def _order(self, decision: Decision, decision_id: str, units: int) -> None:
        planned = self.parts.execution.plan(decision, decision_id, units, self.parts.view)
        if isinstance(planned, Refusal):
            inputs = {"decision": decision_id, "code": planned.code}
            self.ledger.record(Noted(self.parts.view.now, "refused", planned.reason, inputs))
            if planned.code == "NO_BID" and decision.position_id is not None:
                self._worthless.add(decision.position_id)
            return self.parts.reports.refused(decision, planned)
        self._registered.update(leg.contract for leg in planned.trade.legs)
        # Sent at once, so that what comes next in this minute already sees it working or filled.
        self.parts.execution.step(self.parts.view)
        return None

    def _close_of_day(self) -> None:
        self._exits_marks_only()
        self.parts.reports.close_of_day()
        self._release_unused()

    def _exits_marks_only(self) -> None:
        marks = {position.id: self.parts.valuation.marks(position) for position in self.ledger.book.open_positions() if position.holdings}
        profits = {key: mark.profit_natural for key, mark in marks.items() if mark.complete}
        if profits:
            self.ledger.record(PositionsMarked(self.parts.view.now, profits))

    def _release_unused(self) -> None:
        """Give back contracts that nobody holds or orders, so that a year never subscribes to whole chains."""
        needed = {leg.contract for ticket in self.ledger.book.active_tickets() for leg in ticket.trade.legs}
        needed |= {held.contract for position in self.ledger.book.open_positions() for held in position.holdings}
        today = self.parts.view.now.date()
        for contract in sorted(self._registered - needed, key=lambda contract: contract.key):
            self._registered.discard(contract)
            if not _is_over(contract, today):
                self.parts.gateway.release(contract)

    def _settle_leftovers(self) -> None:
        for event in leftovers(self.ledger.book.open_positions(), self.parts.view):
            self.ledger.record(event)


def _is_over(contract: Contract, today: date) -> bool:
    """An expired contract leaves by itself."""
    return contract.expiry is not None and contract.expiry <= today
