"""An algorithm that uses the LEAN edge directly and logs what it sees; test_lean_gateway runs it on the embedded engine."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from AlgorithmImports import QCAlgorithm

from trading.lean_gateway import LeanGateway
from trading.lean_gateway_market import LeanMarket
from trading.lean_gateway_symbols import LeanSymbols
from vocabulary.contracts import Contract, Leg, Right, Structure, StructureKind
from vocabulary.orders import OrderRequest, OrderStyle, OrderUpdate


class GatewayProbe(QCAlgorithm):
    """Two days around the early close of 3 July 2024 and the 0DTE Friday after it."""

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 3)
        self.set_end_date(2024, 7, 8)
        self.set_cash(200_000)
        self._symbols = LeanSymbols(self)
        for ticker in ("SPY", "VIX", "SPX"):
            self._symbols.add_underlying(ticker)
        self._market = LeanMarket(self, self._symbols, 1200.0)
        self._gateway = LeanGateway(self, self._symbols, self._market)
        self._legs: list[Contract] = []
        for day, hour, minute, what in (
            (3, 10, 0, self._look),
            (5, 10, 0, self._choose),
            (5, 10, 10, self._open),
            (5, 10, 11, self._next_minute),
            (5, 10, 15, self._after),
            (8, 9, 40, self._settled),
        ):
            self.schedule.on(self.date_rules.on(2024, 7, day), self.time_rules.at(hour, minute), what)

    def on_order_event(self, order_event: Any) -> None:
        self._gateway.hear(order_event)

    def _say(self, topic: str, **facts: object) -> None:
        self.log(json.dumps({"topic": topic, **facts}))

    def _look(self) -> None:
        market = self._market
        early, holiday = market.session("SPX", date(2024, 7, 3)), market.session("SPY", date(2024, 7, 4))
        bars, chain = market.daily("SPY", 5), market.chain("SPX")
        assert early is not None and chain is not None
        rows = [(contract.expiry, contract.right is Right.PUT, contract.strike) for contract in chain.contracts]
        fresh = LeanSymbols(self)
        fresh.add_underlying("SPX")
        same = [fresh.symbol(contract) == self._symbols.symbol(contract) for contract in list(chain.contracts)[::40]]
        self._say(
            "look",
            early=[early.open.isoformat(), early.close.isoformat()],
            holiday=holiday is None,
            bars=[str(day) for day in bars.day],
            vix=market.vix,
            opening=market.opening_price("SPY"),
            ordered=rows == sorted(rows),
            expired=any(expiry is not None and expiry < date(2024, 7, 3) for expiry, _, _ in rows),
            settlements=sorted({str(contract.settlement) for contract in chain.contracts}),
            rows=len(chain),
            symbols=all(same) and len(same) > 5,
            unknown=market.price("QQQ") is None,
        )

    def _choose(self) -> None:
        chain, spot = self._market.chain("SPX"), self._market.price("SPX")
        assert chain is not None and spot is not None
        puts = [contract for contract in chain.contracts if contract.expiry == date(2024, 7, 5) and contract.right is Right.PUT and contract.series == "SPXW"]
        near = sorted(puts, key=lambda contract: abs((contract.strike or 0) - spot + 20))
        self._legs = sorted(near[:3:2], key=lambda contract: contract.strike or 0)
        registered = [self._gateway.register(contract) for contract in self._legs]
        self._say("choose", registered=registered, quoted=[self._market.quote(contract) is not None for contract in self._legs])

    def _open(self) -> None:
        low, high = self._legs
        spread = Structure(StructureKind.PUT_SPREAD, (Leg(high, -1), Leg(low, 1)))
        quotes = [self._market.quote(contract) for contract in (high, low)]
        self._gateway.submit(OrderRequest("T1", spread, 2, OrderStyle.COMBO_MARKET, None, False, "T1 probe"))
        self._gateway.submit(OrderRequest("T2", Structure(StructureKind.LONG_PUT, (Leg(low, 1),)), 1, OrderStyle.COMBO_LIMIT, 0.01, False, "T2 probe"))
        news = [one for one in self._gateway.drain() if isinstance(one, OrderUpdate)]
        self._gateway.cancel("T2")
        asked = self._gateway.ticket_update("T1")
        assert asked is not None
        self._say(
            "open",
            ages=[quote.age if quote else None for quote in quotes],
            expected=[quotes[0].bid if quotes[0] else None, quotes[1].ask if quotes[1] else None],
            news=[(one.ticket_id, one.state.value, [(fill.contract.key, fill.quantity, float(fill.price)) for fill in one.fills]) for one in news],
            asked=[asked.state.value, len(asked.fills)],
            holdings={contract.key: quantity for contract, quantity in self._gateway.holdings().items()},
            legs=[high.key, low.key],
        )

    def _next_minute(self) -> None:
        high = self._legs[1]
        quote, security = self._market.quote(high), self.securities[self._symbols.symbol(high)]
        assert quote is not None
        same = [quote.bid == security.bid_price, quote.ask == security.ask_price, self._market.price("SPX") == self.securities["SPX"].price]
        self._say("next minute", same=same, once=self._market.quote(high) is quote, older=[quote.bid, quote.ask])

    def _after(self) -> None:
        self._say("after", news=[(one.ticket_id, one.state.value) for one in self._gateway.drain() if isinstance(one, OrderUpdate)])

    def _settled(self) -> None:
        found = [(str(one.contract.key), one.quantity, float(one.price), one.ending.value) for one in self._gateway.drain() if not isinstance(one, OrderUpdate)]
        spot = float(self._market.daily("SPX", 1).close[-1])
        self._say("settled", found=found, close=spot, strikes=[contract.strike for contract in self._legs], cash=float(self.portfolio.cash))
