"""A plain strangle seller for `strangle_year.py`: two hundred contracts subscribed at any time, a new set every week, a look at the profit every minute."""

# ruff: noqa: F403, F405
from AlgorithmImports import *  # pyright: ignore[reportWildcardImportFromLibrary]

CONTRACTS = 200
DAYS_TO_EXPIRY = (30, 60)
DISTANCE = 0.04


class WeeklyStrangle(QCAlgorithm):
    """Sells a 4 % strangle on Mondays; bought back at half the credit, at twice the credit lost, or on the week's last afternoon."""

    def initialize(self) -> None:
        """Dates come from parameters."""
        self.set_start_date(*(int(part) for part in self.get_parameter("start").split("-")))
        self.set_end_date(*(int(part) for part in self.get_parameter("end").split("-")))
        self.set_cash(1_000_000)
        self.spy = self.add_equity("SPY", Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
        self.contracts: list[Symbol] = []
        self.legs: list[Symbol] = []
        self.credit = 0.0
        self.schedule.on(self.date_rules.week_start(self.spy), self.time_rules.midnight, self.roll)
        self.schedule.on(self.date_rules.week_start(self.spy), self.time_rules.at(10, 0), self.enter)
        self.schedule.on(self.date_rules.week_end(self.spy), self.time_rules.before_market_close(self.spy, 30), self.leave)

    def roll(self) -> None:
        """Another two hundred contracts: the strikes around the money that expire in thirty to sixty days."""
        for symbol in self.contracts:
            self.remove_option_contract(symbol)
        chain = list(self.option_chain(self.spy))
        spot = chain[0].underlying_last_price
        listed = [c for c in chain if DAYS_TO_EXPIRY[0] <= (c.expiry - self.time).days <= DAYS_TO_EXPIRY[1]]
        near = sorted(listed, key=lambda c: (abs(c.strike - spot), c.expiry, c.strike, c.right))
        self.contracts = [self.add_option_contract(c.symbol).symbol for c in near[:CONTRACTS]]

    def enter(self) -> None:
        """Sell the put and the call nearest to four per cent away."""
        spot = self.securities[self.spy].price
        aims = ((OptionRight.PUT, spot * (1 - DISTANCE)), (OptionRight.CALL, spot * (1 + DISTANCE)))
        self.legs = [min((s for s in self.contracts if s.id.option_right == right), key=lambda s: abs(s.id.strike_price - aim)) for right, aim in aims]
        tickets = self.combo_market_order([Leg.create(symbol, 1) for symbol in self.legs], -1)
        self.credit = sum(ticket.average_fill_price for ticket in tickets) * 100

    def on_data(self, slice: Slice) -> None:
        """Take the profit or the loss."""
        if not self.legs or not self.portfolio[self.legs[0]].invested:
            return
        profit = sum(self.portfolio[symbol].unrealized_profit for symbol in self.legs)
        if profit >= 0.5 * self.credit or profit <= -2 * self.credit:
            self.leave()

    def leave(self) -> None:
        """Buy the strangle back."""
        if self.legs and self.portfolio[self.legs[0]].invested:
            self.combo_market_order([Leg.create(symbol, 1) for symbol in self.legs], 1)
        self.legs = []
