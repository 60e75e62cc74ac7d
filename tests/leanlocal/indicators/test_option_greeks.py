"""Greeks indicators must show what LEAN logged for the chain of the same minute, and take LEAN's forms of arguments."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from leanlocal.enums import OptionPricingModelType, OptionRight, OptionStyle, SecurityType
from leanlocal.indicators.option_greeks import Delta, ImpliedVolatility, OptionIndicatorBase, Theta
from leanlocal.run import run_algorithm
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol
from marketdata.leanfolder import LeanFolder
from vocabulary.errors import BadInput

ALGORITHM = """
from AlgorithmImports import *


class Watching(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2015, 12, 24)
        self.set_end_date(2015, 12, 24)
        goog = self.add_equity("GOOG").symbol
        rights, expiry = (OptionRight.CALL, OptionRight.PUT), datetime(2016, 1, 15)
        call, put = (Symbol.create_option(goog, "usa", OptionStyle.AMERICAN, right, 750, expiry) for right in rights)
        self.call, self.other = call, put
        for contract in (call, put):
            self.add_option_contract(contract)
        self.volatility = self.iv(call, put)
        self.greeks = [self.d(call, put), self.g(call, put), self.v(call, put), self.t(call, put), self.r(call, put)]
        self.own = Delta("own", call, InterestRateProvider(), DividendYieldProvider(goog), put)
        self.own.implied_volatility = self.volatility
        for symbol in (call, goog, put):
            self.register_indicator(symbol, self.own, Resolution.MINUTE)
        self.middle = self.iv(call, put)
        self.middle.set_smoothing_function(lambda own, mirror: (own + mirror) / 2)
        self.put, self.variance = self.iv(put), self.v(goog, 3)
        self.log(f"names|{self.volatility.name}|{self.greeks[0].name}|{self.volatility.expiry}|{self.variance.name}")

    def on_data(self, slice):
        if self.time.hour * 100 + self.time.minute in (931, 1030, 1300):
            shown = [i.current.value for i in (self.volatility, *self.greeks, self.volatility.theoretical_price)]
            self.log(f"{self.time:%H%M}|" + "|".join(f"{value:.10g}" for value in shown))
            past = self.indicator_history(Delta(self.call, 0.01, 0.0, self.other), [self.call, self.call.underlying, self.other], 4)
            columns = ",".join(past.data_frame.columns)
            again = past.current[-1].value == self.greeks[0].current.value and past.current[-1].end_time == self.time
            self.log(f"past|{again}|{columns}")
            low, high = sorted([self.volatility.current.value, self.put.current.value])
            self.log(f"checks|{self.own.current.value == self.greeks[0].current.value}|{low <= self.middle.current.value <= high}|{self.own.is_ready}")
"""
RECORDED = re.compile(
    r"contract\|(\d+)\|GOOG  160115C00750000\|.*iv=(\S+?)\|delta=(\S+?)\|gamma=(\S+?)\|vega=(\S+?)\|.*theta_day=(\S+?)\|rho=(\S+?)\|.*theo=(\S+?)\|"
)


@pytest.mark.shared
def test_indicators_show_what_lean_logged_for_the_chain(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(ALGORITHM, encoding="utf-8")
    result = run_algorithm(tmp_path / "main.py", LeanFolder(shared / "lean-data"), {}, storage=tmp_path / "storage")
    assert not result.error
    lines = [str(line)[20:] for line in result.log]
    recorded = (shared / "parity/sample/10_greeks_equity/expected/log.txt").read_text()
    expected = ["|".join([found[1].zfill(4), *found.groups()[1:]]) for found in RECORDED.finditer(recorded)]
    assert len(expected) == 3
    assert [line for line in lines if line[0].isdigit()] == expected
    named = "(,,ForwardTree,GOOG  160115C00750000_min)"
    assert lines[0].startswith(f"names|ImpliedVolatility{named}|Delta{named}|2016-01-15 16:00:00|V(3,")
    columns = "current,dividendyield,impliedvolatility,oppositeprice,price,riskfreerate,underlyingprice"
    assert [line for line in lines if line.startswith("past")] == [f"past|True|{columns}"] * 3
    assert [line for line in lines if line.startswith("checks")] == ["checks|True|True|True"] * 3


def option(style: OptionStyle = OptionStyle.AMERICAN) -> Symbol:
    return Symbol.create_option(Symbol.create("XYZ", SecurityType.EQUITY, "usa"), "usa", style, OptionRight.CALL, 100, datetime(2024, 9, 20))


def test_arguments_come_with_or_without_a_name_by_place_or_by_word() -> None:
    contract = option()
    named, bare = Theta("mine", contract, 0.03, 0.01), Theta(contract, dividend_yield=0.01, risk_free_rate=0.03)
    assert (named.name, bare.name) == ("mine", f"Theta({contract},,)")
    assert bare.strike == 100.0
    assert not bare.use_mirror_contract
    assert not bare.is_ready
    for wrong in ((), ("only a name",), (contract, 0.0, 0.0, None, None, None, 7)):
        with pytest.raises(ArgumentException):
            Delta(*wrong)
    with pytest.raises(ArgumentException):
        ImpliedVolatility(contract, colour="red")


def test_default_model_follows_the_style() -> None:
    assert OptionIndicatorBase.get_option_model(None, OptionStyle.EUROPEAN) is OptionPricingModelType.BLACK_SCHOLES
    assert OptionIndicatorBase.get_option_model(None, OptionStyle.AMERICAN) is OptionPricingModelType.FORWARD_TREE
    chosen = OptionPricingModelType.BINOMIAL_COX_ROSS_RUBINSTEIN
    assert OptionIndicatorBase.get_option_model(chosen, OptionStyle.EUROPEAN) is chosen


def test_settlement_is_only_known_in_a_run() -> None:
    with pytest.raises(BadInput, match="outside of a run"):
        _ = ImpliedVolatility(option()).expiry
