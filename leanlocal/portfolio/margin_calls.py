"""Margin calls: a warning when little margin is left, sales when the margin used exceeds the value by more than a tenth.

Every group that ties up margin gets an order that frees the excess; the algorithm may change the list; groups are then closed from the largest loss on
until margin is left. Whether a check could do anything is decided for many moments at once from price arrays and an upper bound of the margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import DAY, MINUTE, Micros, datetime_of
from leanlocal.enums import OrderRequestType, OrderType
from leanlocal.exact import ZERO, add, div, floor, mul, neg, short_text, sub
from leanlocal.orders.order import GroupCore
from leanlocal.orders.properties import OrderProperties
from leanlocal.orders.requests import SubmitCore, TicketCore
from leanlocal.orders.ticket import SubmitOrderRequest
from leanlocal.portfolio.groups import PositionGroupCore, resolve_groups
from leanlocal.portfolio.margin_bounds import maintenance_bound
from leanlocal.portfolio.sizing import target_size
from leanlocal.surface import LeanObject, core_of

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.engine.timeline import Times
    from leanlocal.orders.handler import TransactionHandler
    from leanlocal.securities.core import SecurityCore

WARNING_SHARE = Decimal("0.05")
CALL_BUFFER = Decimal("0.10")
SAFETY = 1.001
"""Factor on float bounds: a check that is this close is made exactly."""
TAG = "Margin Call"
INTERVAL = 5 * MINUTE
"""How long after a check the next one is due."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What was found for the moments [first, end] with the cash and positions of a ledger version: the minutes at which a call is near."""

    version: int
    first: Micros
    end: Micros
    near: NDArray[np.int64]

    def covers(self, version: int, first: Micros, last: Micros) -> bool:
        """Whether it answers for these moments."""
        return self.version == version and self.first <= first and last <= self.end

    def due(self, moment: Micros) -> Micros | None:
        """The first near call at or after a moment."""
        index = int(np.searchsorted(self.near, moment))
        return int(self.near[index]) if index < self.near.size else None


@dataclass(frozen=True, slots=True)
class _Call:
    requests: list[SubmitCore]
    unrealized: Decimal


class MarginCallModel(LeanObject[None]):
    """Who calls for margin."""

    NULL: ClassVar[MarginCallModel]


class DefaultMarginCallModel(MarginCallModel):
    """Warnings at five percent, sales beyond a tenth."""


MarginCallModel.NULL = MarginCallModel()


class MarginCalls:
    """Looks after one account."""

    def __init__(self, run: RunContext, handler: TransactionHandler) -> None:
        self._run = run
        self._handler = handler
        self._outlook = Outlook(-1, 0, 0, np.empty(0, dtype=np.int64))
        self._next_check: Micros = 0
        self.model: MarginCallModel = DefaultMarginCallModel()

    def check(self, now: int) -> None:
        """Warn or sell; asks exactly only where the outlook is near."""
        due = self.first_due(np.array([now], dtype=np.int64))
        self._next_check = now + INTERVAL
        if due is None:
            return
        account, ledger = self._handler.account, self._run.ledger
        used = account.margin_used()
        if used <= 0:
            return
        value = ledger.total_value
        free = account.margin_remaining(value)
        warn = free <= mul(value, WARNING_SHARE)
        calls: list[_Call] = []
        if free <= 0:
            if used > mul(value, add(Decimal(1), CALL_BUFFER)):
                calls = [call for group in account.groups.current() if (call := self._call(group, sub(used, value)))]
            warn = bool(calls)
        if calls and self._all_open():
            self._sell(self._consult(calls))
        elif warn:
            self._run.hooks.call("on_margin_call_warning")

    def _all_open(self) -> bool:
        return all(s.hours.is_open(self._handler.now) for s in self._run.ledger.invested())

    def _call(self, group: PositionGroupCore, excess: Decimal) -> _Call | None:
        held = group.need().maintenance
        lots = self._lots_to_close(group, max(ZERO, sub(held, excess)), held)
        if not lots:
            return None
        unrealized = ZERO
        for position in group.positions:
            unrealized = add(unrealized, position.security.holding.unrealized_profit)
        return _Call(self._requests(group, lots), unrealized)

    def _lots_to_close(self, group: PositionGroupCore, keep: Decimal, held: Decimal) -> Decimal:
        if held <= 0:
            return ZERO
        if not keep:
            return group.units
        if not group.is_strategy:
            return self._units_to_close(group.positions[0].security, keep)
        unit = resolve_groups({p.security: p.unit_quantity.copy_sign(p.quantity) for p in group.positions})
        per_unit = ZERO
        for each in unit:
            per_unit = add(per_unit, each.need().initial)
        if not per_unit:
            return ZERO
        return max(ZERO, sub(group.units, floor(div(keep, per_unit))))

    def _units_to_close(self, security: SecurityCore, keep: Decimal) -> Decimal:
        """Units of one security to close so that its margin comes down to what may be kept."""
        value = self._run.ledger.total_value
        share = div(keep, value) if value else ZERO
        size = target_size(security, share if security.holding.quantity > 0 else neg(share), value, ZERO)
        return abs(size.quantity)

    def _requests(self, group: PositionGroupCore, lots: Decimal) -> list[SubmitCore]:
        combo = len(group.positions) > 1
        manager = GroupCore(self._handler.next_group_id(), len(group.positions), lots) if combo else None
        return [
            SubmitCore(
                self._handler.now,
                0,
                TAG,
                OrderRequestType.SUBMIT,
                order_type=OrderType.COMBO_MARKET if combo else OrderType.MARKET,
                symbol=position.security.symbol,
                security=position.security,
                quantity=neg(mul(lots, position.unit_quantity).copy_sign(position.quantity)),
                properties=OrderProperties(),
                group=manager,
            )
            for position in group.positions
        ]

    def _consult(self, calls: Sequence[_Call]) -> list[_Call]:
        offered = [SubmitOrderRequest(request) for call in calls for request in call.requests]
        wanted = self._run.hooks.call("on_margin_call", offered)
        kept = [core_of(request) for request in (offered if wanted is None else wanted)]
        return [call for call in calls if all(any(request is one for one in kept) for request in call.requests)]

    def _sell(self, calls: Sequence[_Call]) -> None:
        for call in sorted(calls, key=lambda each: each.unrealized):
            if self._handler.account.margin_remaining() >= 0:
                return
            for ticket in [self._handler.submit(request) for request in call.requests]:
                self._report(ticket)

    def _report(self, ticket: TicketCore) -> None:
        stamp = f"{datetime_of(self._run.zone.to_local(self._handler.now)):%m/%d/%Y %H:%M:%S}"
        order = ticket.order
        if order is not None:
            filled = f"{order.symbol.value} - Quantity: {short_text(order.quantity)} @ {short_text(ticket.average_price)}"
            self._run.log.engine(f"{stamp} - Executed MarginCallOrder: {filled}")

    # many moments at once ------------------------------------------------------------------------------------------------------------

    def first_due(self, times: Times) -> int | None:
        """Index of the first moment at which margin could be short, None for none."""
        if not times.size or self.model is MarginCallModel.NULL or not self._handler.account.groups.current():
            return None
        first, last = int(times[0]), int(times[-1])
        if not self._outlook.covers(self._run.ledger.version, first, last):
            self._outlook = self._look_ahead(first, last)
        due = self._outlook.due(max(first, self._next_check))
        index = times.size if due is None else int(np.searchsorted(times, due))
        return index if index < times.size else None

    def _look_ahead(self, first: Micros, last: Micros) -> Outlook:
        """The minutes of the day, from `first` on, at which the upper bound of the margin comes near the value (a warning nobody hears does not count)."""
        end = max(last, first // DAY * DAY + DAY)
        minutes = np.arange(first, end + MINUTE, MINUTE, dtype=np.int64)
        bound = np.zeros(minutes.size)
        for group in self._handler.account.groups.current():
            bound += maintenance_bound(group, minutes)
        values = self._run.ledger.value_array(minutes)
        heard = self._run.hooks.overrides("on_margin_call_warning")
        near = values - bound * SAFETY <= (float(WARNING_SHARE) if heard else 0.0) * values
        return Outlook(self._run.ledger.version, first, end, minutes[near])
