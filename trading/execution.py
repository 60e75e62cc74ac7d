"""The execution engine: the only place from which orders leave.

A decision becomes a ticket (planned), waits until every leg is quoted and liquid, leaves as one whole combo, is walked or cancelled, and ends by what the
broker reports. It holds no state of its own: tickets live in the ledger's book, so that a restart continues where the journal stops. Time moves it only
through `step`, which the caller repeats every minute while `busy`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isnan, nan

from trading.events import CancelAsked, Noted, Purpose, Settlement, TicketDropped, TicketPlanned, TicketRepriced, TicketSent, UpdateReceived
from trading.intents import Intent, Refusal, change_refusal, intent_of, intent_of_ticket, opening_refusal, tradable_part
from trading.ledger import Ledger
from trading.liquidity import LiquidityLimits, has_price, illiquid
from trading.ports import TradingGateway
from trading.pricing import net_prices, tick_of, walked_limit
from trading.settings import ExecutionSettings
from trading.settlement import shared_out
from trading.tickets import Ticket
from vocabulary.contracts import AssetClass, Contract
from vocabulary.decisions import Decision
from vocabulary.market import MarketView
from vocabulary.orders import OrderRequest, OrderState, OrderStyle, OrderUpdate
from vocabulary.positions import PositionState


class ExecutionEngine:
    """Turns decisions into combo orders and broker news into ledger events."""

    def __init__(
        self, ledger: Ledger, gateway: TradingGateway, settings: ExecutionSettings, style: OrderStyle, limits: Mapping[AssetClass, LiquidityLimits]
    ) -> None:
        self._ledger, self._gateway, self._settings, self._style, self._limits = ledger, gateway, settings, style, limits

    @property
    def busy(self) -> bool:
        """True while a ticket can still change, so that the next minute must be looked at."""
        return bool(self._ledger.book.active_tickets())

    def plan(self, decision: Decision, decision_id: str, units: int, view: MarketView) -> Ticket | Refusal:
        """Make a ticket of an acting decision, or say why not. Contracts are registered; nothing is sent yet. Raises BadInput for a decision without legs."""
        intent = intent_of(decision, units, self._ledger.book)
        refusal = self._refusal(intent, decision)
        if refusal is not None:
            return refusal
        if intent.purpose.only_reduces:
            part = tradable_part(intent, self._ledger.book.positions[intent.position_id or ""], view, self._settings.usable_age(self._style))
            if isinstance(part, Refusal):
                return part
            intent = part
        for leg in intent.trade.legs:
            self._gateway.register(leg.contract)
        ticket_id, position_id = self._ledger.next_ticket_id(), intent.position_id or self._ledger.next_position_id()
        who = (ticket_id, position_id, decision_id, intent.purpose, decision.strategy, decision.rule)
        self._ledger.record(TicketPlanned(view.now, *who, intent.trade, intent.units, decision.inputs))
        return self._ledger.book.tickets[ticket_id]

    def has_buyer(self, position_id: str, view: MarketView) -> bool:
        """True when at least one long of a position has a bid."""
        held = self._ledger.book.positions[position_id].holdings
        return any(has_price(view.quote(item.contract), -1) for item in held if item.quantity > 0)

    def step(self, view: MarketView) -> None:
        """Move every ticket as far as it can go now: hear news, send what is ready, walk, time out, hear again."""
        self.hear()
        for ticket in self._ledger.book.active_tickets():
            if ticket.state is OrderState.PLANNED:
                self._try_to_send(ticket, view)
            else:
                self._tend(ticket, view)
            self.hear()

    def hear(self) -> None:
        """Write down whatever the gateway has to report."""
        for news in self._gateway.drain():
            if isinstance(news, OrderUpdate):
                self._hear_update(news)
            else:
                self._hear_settlement(news)

    def _hear_update(self, update: OrderUpdate) -> None:
        if update.ticket_id in self._ledger.book.tickets:
            self._ledger.record(UpdateReceived(update))
        else:
            self._ledger.record(Noted(update.time, "unknown ticket", f"the broker reports ticket {update.ticket_id}, which the journal does not know"))

    def _hear_settlement(self, settlement: Settlement) -> None:
        events, unclaimed = shared_out(settlement, self._ledger.book.open_positions())
        for event in events:
            self._ledger.record(event)
        if unclaimed:
            text = f"{settlement.ending.value} {unclaimed:+d} {settlement.contract.key} belongs to no position"
            self._ledger.record(Noted(settlement.time, "unclaimed settlement", text))

    def _refusal(self, intent: Intent, decision: Decision) -> Refusal | None:
        limit = self._settings.max_legs(self._style)
        if len(intent.trade.legs) > limit:
            return Refusal("TOO_MANY_LEGS", f"{len(intent.trade.legs)} legs, {self._style.value} takes {limit}")
        if intent.purpose is Purpose.OPEN:
            return opening_refusal(intent, decision, self._ledger.book)
        return change_refusal(intent, self._ledger.book)

    def _try_to_send(self, ticket: Ticket, view: MarketView) -> None:
        if ticket.purpose is not Purpose.OPEN:
            refusal = change_refusal(intent_of_ticket(ticket), self._ledger.book, ignoring=ticket.id)
            if refusal is not None:
                return self._drop(ticket, refusal, view.now)
        obstacle = self._obstacle(ticket, view)
        if obstacle is None:
            return self._send(ticket, view)
        if view.now - ticket.planned >= timedelta(minutes=self._settings.quote_wait):
            self._drop(ticket, obstacle, view.now)
        return None

    def _obstacle(self, ticket: Ticket, view: MarketView) -> Refusal | None:
        """Why the ticket cannot leave this minute, None when it can."""
        session = view.session(ticket.trade.underlying, view.now.date())
        if session is None or not session.open < view.now < session.close:
            return Refusal("CLOSED", f"the market of {ticket.trade.underlying} is closed")
        for leg in ticket.trade.legs:
            reason = self._leg_obstacle(ticket, leg.contract, leg.ratio, view)
            if reason:
                return Refusal("ILLIQUID", reason)
        if self._style is OrderStyle.COMBO_LIMIT and isnan(self._limit(ticket, view)):
            return Refusal("ILLIQUID", f"{ticket.trade.key}: no net price for a limit")
        return None

    def _leg_obstacle(self, ticket: Ticket, contract: Contract, ratio: int, view: MarketView) -> str:
        quote = view.quote(contract)
        if not ticket.purpose.only_reduces:
            return illiquid(contract, quote, ratio, open_interest(contract, view), self._limits[contract.asset])
        if quote is None or not has_price(quote, ratio):
            return f"{contract.key}: no {'ask' if ratio > 0 else 'bid'}"
        return f"{contract.key}: quote is {quote.age:.0f} s old" if quote.age > self._settings.usable_age(self._style) else ""

    def _send(self, ticket: Ticket, view: MarketView) -> None:
        limit = self._limit(ticket, view) if self._style is OrderStyle.COMBO_LIMIT else None
        tag = f"{ticket.id} {ticket.strategy.value} {ticket.purpose.value} {ticket.rule}"
        request = OrderRequest(ticket.id, ticket.trade, ticket.units, self._style, limit, ticket.purpose.only_reduces, tag)
        self._ledger.record(TicketSent(view.now, request))
        self._gateway.submit(request)

    def _limit(self, ticket: Ticket, view: MarketView) -> float:
        start = self._settings.walk_start_closing if ticket.purpose.only_reduces else self._settings.walk_start
        steps = ticket.reprices + (0 if ticket.sent is None else 1)
        fraction = min(start + steps * self._settings.walk_step, self._settings.walk_end)
        return walked_limit(*net_prices(ticket.trade, view), fraction, tick_of(ticket.trade))

    def _tend(self, ticket: Ticket, view: MarketView) -> None:
        """Walk a working limit, cancel what is too old or has lost its purpose."""
        if ticket.cancel_asked is not None or ticket.sent is None or ticket.priced is None:
            return
        reason = self._reason_to_cancel(ticket, view)
        if reason:
            self._ledger.record(CancelAsked(view.now, ticket.id, reason))
            self._gateway.cancel(ticket.id)
        elif ticket.limit is not None and view.now - ticket.priced >= timedelta(minutes=self._settings.walk_every):
            self._walk(ticket, view)

    def _reason_to_cancel(self, ticket: Ticket, view: MarketView) -> str:
        if ticket.purpose is not Purpose.OPEN and self._ledger.book.positions[ticket.position_id].state is PositionState.CLOSED:
            return "the position is gone"
        patience = self._settings.closing_timeout if ticket.purpose.only_reduces else self._settings.order_timeout
        if ticket.sent is not None and view.now - ticket.sent >= timedelta(minutes=patience):
            return f"not filled within {patience} minutes"
        return ""

    def _walk(self, ticket: Ticket, view: MarketView) -> None:
        limit = self._limit(ticket, view)
        if not isnan(limit) and limit != ticket.limit:  # while a side is missing the old limit stays
            self._ledger.record(TicketRepriced(view.now, ticket.id, limit))
            self._gateway.reprice(ticket.id, limit)

    def _drop(self, ticket: Ticket, refusal: Refusal, when: datetime) -> None:
        self._ledger.record(TicketDropped(when, ticket.id, refusal.code, refusal.reason))


def open_interest(contract: Contract, view: MarketView) -> float:
    """Open interest the daily chain states for a contract, NaN when it states none."""
    chain = view.chain(contract.underlying) if contract.asset.is_option else None
    row = None if chain is None else chain.row_of(contract)
    return nan if chain is None or row is None else float(chain.oi[row])
