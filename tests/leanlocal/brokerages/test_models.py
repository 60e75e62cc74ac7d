"""Models an algorithm brings along, and what brokers refuse."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leanlocal.enums import AccountType, BrokerageName, OrderStatus
from leanlocal.runtime.exports import exported
from tests.leanlocal.memory_market import run_on
from tests.leanlocal.orders.test_trading_day import Desk, Leg, market

D = Decimal
NAMES = exported()


class HalfDollar(NAMES["FeeModel"]):  # type: ignore[misc,name-defined]
    def get_order_fee(self, parameters: Any) -> Any:
        return NAMES["OrderFee"](NAMES["CashAmount"](0.5 * parameters.order.absolute_quantity, "USD"))


class TwoCents:
    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        return 0.02


class AtMid(NAMES["ImmediateFillModel"]):  # type: ignore[misc,name-defined]
    def market_fill(self, asset: Any, order: Any) -> Any:
        fill = super().market_fill(asset, order)
        fill.fill_price = asset.price
        return fill


def test_users_fee_slippage_and_fill_models_are_asked(tmp_path: Path) -> None:
    class Own(Desk):
        def act(self) -> None:
            self.securities[self.share].set_slippage_model(TwoCents())
            option = self.securities[self.low]
            option.set_fee_model(HalfDollar())
            option.set_fill_model(AtMid())
            assert self.market_order(self.share, 10).average_fill_price == 100.03
            assert self.market_order(self.share, -10).average_fill_price == 99.97
            assert self.market_order(self.low, 3).average_fill_price == 1.0

    run = run_on(market(), Own, tmp_path)
    assert run.handler.events[-1].fee.amount == D("1.5")


def test_constant_fee_is_per_order(tmp_path: Path) -> None:
    class Constant(Desk):
        def act(self) -> None:
            self.securities[self.low].set_fee_model(NAMES["ConstantFeeModel"](2.5))
            self.market_order(self.low, 4)

    assert run_on(market(), Constant, tmp_path).handler.events[-1].fee.amount == D("2.5")


def refused(tmp_path: Path, broker: BrokerageName, send: Any) -> str:
    class Brokered(Desk):
        def initialize(self) -> None:
            self.set_brokerage_model(broker, AccountType.MARGIN)
            super().initialize()

        def act(self) -> None:
            send(self)

    events = run_on(market(), Brokered, tmp_path).handler.events
    assert all(event.status == OrderStatus.INVALID for event in events)
    return events[0].message


def test_tastytrade_refuses_market_combos(tmp_path: Path) -> None:
    text = refused(tmp_path, BrokerageName.TASTYTRADE, lambda a: a.combo_market_order([Leg.create(a.low, -1), Leg.create(a.lower, 1)], 1))
    assert text == (
        "BrokerageModel declared unable to submit order: [1,2] Warning - Code: NotSupported - The TastytradeBrokerageModel does not support ComboMarket order "
        "type. Only supports [Market,Limit,StopMarket,StopLimit,ComboLimit]"
    )


def test_interactive_brokers_has_no_closing_auction_for_options(tmp_path: Path) -> None:
    text = refused(tmp_path, BrokerageName.INTERACTIVE_BROKERS_BROKERAGE, lambda a: a.market_on_close_order(a.low, 1))
    assert "Unsupported order type for Option security type" in text


def test_unknown_broker_is_named(tmp_path: Path) -> None:
    class Other(Desk):
        def initialize(self) -> None:
            with pytest.raises(NotImplementedError, match="ZERODHA"):
                self.set_brokerage_model(BrokerageName.ZERODHA)
            super().initialize()

        def act(self) -> None:
            """Nothing."""

    run_on(market(), Other, tmp_path)


def test_cash_account_settles_sales_on_the_next_business_day(tmp_path: Path) -> None:
    class Cash(Desk):
        def initialize(self) -> None:
            self.set_brokerage_model(BrokerageName.INTERACTIVE_BROKERS_BROKERAGE, AccountType.CASH)
            super().initialize()

        def act(self) -> None:
            self.market_order(self.share, 100)
            self.market_order(self.share, -100)
            assert self.portfolio.unsettled_cash == 9999.0
            assert self.portfolio.margin_remaining == self.portfolio.cash

    run_on(market(), Cash, tmp_path)


def test_set_holdings_leaves_the_buffer_and_stays_put(tmp_path: Path) -> None:
    class Targets(Desk):
        def act(self) -> None:
            self.set_holdings(self.share, 1.0)
            assert self.portfolio[self.share].quantity == 997
            assert self.set_holdings(self.share, 1.0) == []
            self.set_holdings(self.share, -0.5)
            assert self.portfolio[self.share].quantity == -498

    run_on(market(), Targets, tmp_path)


def test_tradier_sells_nothing_short_good_till_cancelled(tmp_path: Path) -> None:
    text = refused(tmp_path, BrokerageName.TRADIER_BROKERAGE, lambda a: a.market_order(a.low, -1))
    assert text == (
        "BrokerageModel declared unable to submit order: [1] Warning - Code: ShortOrderIsGtc - You cannot place short stock orders with GTC, "
        "only day orders are allowed"
    )


def test_tradier_judges_the_type_of_an_order_before_anything_else(tmp_path: Path) -> None:
    text = refused(tmp_path, BrokerageName.TRADIER_BROKERAGE, lambda a: a.trailing_stop_order(a.low, -1, 0.1, False))
    assert text.endswith("The TradierBrokerageModel does not support TrailingStop order type. Only supports [Limit,Market,StopMarket,StopLimit]")


def test_tradier_keeps_the_quantity_of_a_working_order_and_fills_nothing_outside_the_session(tmp_path: Path) -> None:
    class Brokered(Desk):
        def initialize(self) -> None:
            self.set_brokerage_model(BrokerageName.TRADIER_BROKERAGE)
            super().initialize()
            self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(15, 59), lambda: self.limit_order(self.low, 1, 1.5))

        def act(self) -> None:
            self.limit_order(self.low, 1, 0.5).update_quantity(2)

    run = run_on(market(), Brokered, tmp_path)
    assert [(event.order.id, event.status.name, event.message) for event in run.handler.events] == [
        (1, "SUBMITTED", ""),
        (1, "SUBMITTED", "BrokerageModel declared unable to update order"),
        (2, "SUBMITTED", ""),
    ]
    assert run.handler.tickets[1].updates[0].response.message == (
        "OrderID: 1 Warning - Code: UpdateRejected - Tradier does not support updating order quantities."
    )
    assert run.handler.orders[1].quantity == 1


def test_tradestation_takes_combos_and_charges_options_per_contract(tmp_path: Path) -> None:
    class Brokered(Desk):
        def initialize(self) -> None:
            self.set_brokerage_model(BrokerageName.TRADE_STATION, AccountType.MARGIN)
            super().initialize()

        def act(self) -> None:
            self.combo_market_order([Leg.create(self.low, -1), Leg.create(self.lower, 1)], 2)
            self.market_order(self.share, 10)

    events = [event for event in run_on(market(), Brokered, tmp_path).handler.events if event.status == OrderStatus.FILLED]
    assert [event.fee.amount for event in events] == [D("1.20"), D("1.20"), 0]


def test_tradestation_has_auctions_only_for_shares(tmp_path: Path) -> None:
    text = refused(tmp_path, BrokerageName.TRADE_STATION, lambda a: a.market_on_close_order(a.low, 1))
    assert "does not support MarketOnClose orders for Option security type" in text
    text = refused(tmp_path, BrokerageName.TRADE_STATION, lambda a: a.combo_leg_limit_order([Leg.create(a.low, -1, 1.0), Leg.create(a.lower, 1, 1.0)], 1))
    assert "does not support ComboLegLimit order type" in text
