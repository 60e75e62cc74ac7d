"""A gateway that trades on paper: combos fill whole at the bid and ask of the market view, fees per contract, expiries at intrinsic value.

The same port as LEAN's, so the desk can be tried without an engine or a broker. Cash and holdings are its own books, kept apart from the desk's ledger:
comparing the two is how cash conservation is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isnan

from trading.bookkeeping import cash_of
from trading.events import Ending, Settlement
from trading.marks import closing_price
from trading.ports import News
from trading.pricing import leg_price, net_prices
from trading.settlement import intrinsic
from trading.structures import check_reduces, combined, quantities
from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.errors import InvariantBroken
from vocabulary.market import AccountView, MarketView
from vocabulary.orders import Fill, OrderRequest, OrderState, OrderStyle, OrderUpdate


@dataclass(frozen=True, slots=True)
class PaperFees:
    """Fee per contract, and per share for deliveries and hedges."""

    per_contract: Decimal = Decimal("0.65")
    per_share: Decimal = Decimal("0.005")

    def of(self, contract: Contract, quantity: int) -> Decimal:
        """Fee of one leg's fill."""
        rate = self.per_share if contract.asset is AssetClass.EQUITY else self.per_contract
        return rate * abs(quantity)


MarginOf = Callable[[Mapping[Contract, int], MarketView], float]


class PaperGateway:
    """Paper account. `view` is asked for prices at each call; margin_of values the margin of a book (none: no margin is kept)."""

    def __init__(self, view: MarketView, cash: Decimal, fees: PaperFees | None = None, margin_of: MarginOf | None = None) -> None:
        self._view, self.cash, self._fees, self._margin_of = view, cash, fees or PaperFees(), margin_of
        self.book: dict[Contract, int] = {}
        self.registered: set[Contract] = set()
        self._working: dict[str, OrderRequest] = {}
        self._last: dict[str, OrderUpdate] = {}
        self._known: dict[Contract, float] = {}
        self._news: list[News] = []
        self._events = 0

    def register(self, contract: Contract) -> bool:
        """Every contract the view can quote is tradable."""
        self.registered.add(contract)
        return True

    def release(self, contract: Contract) -> None:
        """Forget a contract. Raises InvariantBroken while it is held."""
        if self.book.get(contract):
            raise InvariantBroken(f"paper: {contract.key} is released while {self.book[contract]:+d} are held")
        self.registered.discard(contract)

    def submit(self, request: OrderRequest) -> None:
        """Fill at once where the quotes allow it, else keep working. A ticket id seen before is ignored: submitting is idempotent."""
        if request.ticket_id in self._last:
            return
        if request.reduces_only:
            check_reduces(self.book, quantities(request.structure, request.units))
        self._tell(request, OrderState.WORKING)
        self._working[request.ticket_id] = request
        self.advance()

    def reprice(self, ticket_id: str, limit: float) -> None:
        """Move a working limit and try again."""
        if ticket_id in self._working:
            self._working[ticket_id] = replace(self._working[ticket_id], limit=limit)
            self.advance()

    def cancel(self, ticket_id: str) -> None:
        """Cancel what is still working."""
        request = self._working.pop(ticket_id, None)
        if request is not None:
            self._tell(request, OrderState.CANCELLED)

    def advance(self) -> None:
        """Try all working orders against the quotes of now."""
        for request in list(self._working.values()):
            _, natural = net_prices(request.structure, self._view)
            reached = request.style is OrderStyle.COMBO_MARKET or (request.limit is not None and natural <= request.limit)
            if not isnan(natural) and reached:
                del self._working[request.ticket_id]
                self._fill(request)

    def settle_expiries(self) -> None:
        """End options whose expiry day has come to its close: cash settlement at intrinsic value, or delivery at the strike."""
        for contract, quantity in list(self.book.items()):
            spot = self._view.price(contract.underlying)
            if contract.right is not None and contract.expiry is not None and contract.expiry <= self._view.now.date() and spot is not None:
                self._expire(contract, quantity, spot)

    def drain(self) -> Sequence[News]:
        """What happened since the last call."""
        news, self._news = self._news, []
        return news

    def account(self) -> AccountView:
        """Cash plus the liquidation value of the book; a contract not quoted now is carried at its last known value. NaN when one was never quoted."""
        value = sum(self._liquidation(contract, quantity) for contract, quantity in self.book.items())
        margin = self._margin_of(self.book, self._view) if self._margin_of else 0.0
        equity = float(self.cash) + value
        return AccountView("USD", equity, float(self.cash), margin, equity - margin)

    def holdings(self) -> Mapping[Contract, int]:
        """Signed quantity per contract."""
        return dict(self.book)

    def ticket_update(self, ticket_id: str) -> OrderUpdate | None:
        """The last thing said about a ticket, with its fills."""
        return self._last.get(ticket_id)

    def _liquidation(self, contract: Contract, quantity: int) -> float:
        quote = self._view.quote(contract)
        price = float("nan") if quote is None else closing_price(quote, quantity)
        if not isnan(price):
            self._known[contract] = price
        return self._known.get(contract, float("nan")) * quantity * contract.multiplier

    def _fill(self, request: OrderRequest) -> None:
        fills = [self._leg_fill(request, contract, quantity) for contract, quantity in quantities(request.structure, request.units).items()]
        self._book(fills)
        self._tell(request, OrderState.FILLED, tuple(fills))

    def _leg_fill(self, request: OrderRequest, contract: Contract, quantity: int) -> Fill:
        quote = self._view.quote(contract)
        if quote is None:
            raise InvariantBroken(f"paper: {contract.key} lost its quote while {request.ticket_id} was filled")
        price = Decimal(repr(leg_price(quote, quantity)))
        return Fill(request.ticket_id, contract, quantity, price, self._fees.of(contract, quantity), self._view.now, self._event_id())

    def _expire(self, contract: Contract, quantity: int, spot: float) -> None:
        value = intrinsic(contract, spot)
        physical = value >= 0.01 and contract.asset is AssetClass.EQUITY_OPTION
        price = Decimal(0) if physical else Decimal(repr(round(value, 4)))
        ending = Ending.EXPIRED if value < 0.01 else (Ending.ASSIGNED if quantity < 0 else Ending.EXERCISED)
        delivered = self._delivery(contract, quantity) if physical else None
        own = Fill("", contract, -quantity, price, Decimal(0), self._view.now, self._event_id())
        self._book([own, delivered] if delivered else [own])
        self._news.append(Settlement(contract, -quantity, price, ending, self._view.now, own.event_id, delivered))

    def _delivery(self, contract: Contract, quantity: int) -> Fill:
        shares = Contract(AssetClass.EQUITY, contract.underlying, 1.0)
        signed = int(quantity * contract.multiplier) * (1 if contract.right is Right.CALL else -1)
        return Fill("", shares, signed, Decimal(repr(contract.strike)), Decimal(0), self._view.now, self._event_id())

    def _book(self, fills: Sequence[Fill]) -> None:
        for fill in fills:
            self.book = combined(self.book, {fill.contract: fill.quantity})
            self.cash += cash_of(fill) - fill.fee

    def _event_id(self) -> str:
        self._events += 1
        return f"paper-{self._events}"

    def _tell(self, request: OrderRequest, state: OrderState, fills: tuple[Fill, ...] = ()) -> None:
        update = OrderUpdate(request.ticket_id, state, self._view.now, fills)
        self._last[request.ticket_id] = update
        self._news.append(update)
