"""Which model a contract of a run has, what a model of one's own is handed, and that QuantLib's models take their own rates and refuse foreign styles."""

from __future__ import annotations

from pathlib import Path

import pytest

from leanlocal.run import run_algorithm
from marketdata.leanfolder import LeanFolder

HEAD = """
from AlgorithmImports import *


class Priced(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2015, 12, 24)
        self.set_end_date(2015, 12, 24)
        goog = self.add_equity("GOOG").symbol
        self.call = Symbol.create_option(goog, "usa", OptionStyle.AMERICAN, OptionRight.CALL, 750, datetime(2016, 1, 15))
        self.security = self.add_option_contract(self.call)
        {setting}

    def on_data(self, slice):
        if self.time.hour * 100 + self.time.minute == 1030:
            contract = slice.option_chains[self.call.canonical].contracts[self.call]
            greeks = contract.greeks
            shown = (contract.implied_volatility, greeks.delta, greeks.gamma, greeks.vega, greeks.rho, contract.theoretical_price)
            self.log(type(self.security.price_model).__name__ + "|" + "|".join(f"{{value:.6g}}" for value in shown))
"""
OWN = """

class Mine:
    def evaluate(self, parameters):
        contract = parameters.contract
        return OptionPriceModelResult(contract.bid_price, contract.strike, Greeks(parameters.security.price))
"""


def logged(shared: Path, folder: Path, setting: str, tail: str = "") -> tuple[list[str], str]:
    (folder / "main.py").write_text(HEAD.format(setting=setting) + tail, encoding="utf-8")
    result = run_algorithm(folder / "main.py", LeanFolder(shared / "lean-data"), {}, storage=folder / "storage")
    return [str(line)[20:] for line in result.log], result.error


@pytest.mark.shared
def test_model_of_ones_own_is_handed_the_security_and_the_contract(shared: Path, tmp_path: Path) -> None:
    lines, error = logged(shared, tmp_path, "self.security.price_model = Mine()", OWN)
    assert not error
    assert lines == ["Mine|750|13|0|0|0|12.8"]


@pytest.mark.shared
def test_indicator_model_takes_its_own_rate_dividends_and_volatility_model(shared: Path, tmp_path: Path) -> None:
    first = logged(shared, tmp_path, "self.security.price_model = IndicatorBasedOptionPriceModel(OptionPricingModelType.BLACK_SCHOLES)")[0]
    given = (
        "self.security.price_model = IndicatorBasedOptionPriceModel(OptionPricingModelType.BLACK_SCHOLES, OptionPricingModelType.BLACK_SCHOLES, "
        "ConstantDividendYieldModel(0.0), ConstantRiskFreeRateInterestRateModel(0.01))"
    )
    assert logged(shared, tmp_path, given)[0] == first
    assert logged(shared, tmp_path, given.replace("(0.01)", "(0.05)"))[0] != first
    assert logged(shared, tmp_path, given.replace("(0.0)", "(0.05)"))[0] != first


@pytest.mark.shared
def test_quantlib_models_answer_and_refuse_foreign_styles(shared: Path, tmp_path: Path) -> None:
    tree = logged(shared, tmp_path, "self.security.price_model = OptionPriceModels.QuantLib.binomial_cox_ross_rubinstein()")[0]
    grid = logged(shared, tmp_path, "self.security.price_model = OptionPriceModels.QuantLib.crank_nicolson_fd()")[0]
    assert tree[0].split("|")[:2] == ["QLOptionPriceModel", grid[0].split("|")[1]]
    assert float(tree[0].split("|")[2]) == pytest.approx(float(grid[0].split("|")[2]), abs=0.02)
    _, error = logged(shared, tmp_path, "self.security.price_model = OptionPriceModels.QuantLib.black_scholes()")
    assert "American style options are not supported by option price model 'QLOptionPriceModel'" in error
    _, error = logged(shared, tmp_path, "self.security.price_model = OptionPriceModels.QuantLib.create('FdBatesVanillaEngine', 0.01)")
    assert "not in leanlocal" in error
