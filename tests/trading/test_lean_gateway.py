"""The LEAN edge on the embedded engine: what the desk sees of the market, and what comes back from its orders."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leanlocal.run import run_algorithm
from marketdata.synthetic import MarketParameters, SyntheticMarket

PROBE = Path(__file__).parent / "gateway_probe.py"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    market = SyntheticMarket(MarketParameters(seed=1, first=date(2024, 5, 1), last=date(2024, 7, 31)))
    result = run_algorithm(PROBE, market, {}, storage=tmp_path_factory.mktemp("storage"))
    assert result.status == "Completed", result.error
    lines = (json.loads(line[line.index("{") :]) for line in result.log if "topic" in line)
    return {line["topic"]: line for line in lines}


def test_sessions_know_the_early_close_in_new_york_time_and_the_holiday(seen: dict[str, Any]) -> None:
    opens, closes = seen["look"]["early"]
    assert opens == "2024-07-03T09:30:00-04:00"
    assert closes in ("2024-07-03T13:00:00-04:00", "2024-07-03T13:15:00-04:00")
    assert seen["look"]["holiday"]


def test_daily_bars_are_completed_ones(seen: dict[str, Any]) -> None:
    assert seen["look"]["bars"] == ["2024-06-26", "2024-06-27", "2024-06-28", "2024-07-01", "2024-07-02"]


def test_vix_and_opening_price_are_read_and_an_unknown_underlying_has_none(seen: dict[str, Any]) -> None:
    assert 5 < seen["look"]["vix"] < 90
    assert seen["look"]["opening"] > 0
    assert seen["look"]["unknown"]


def test_the_chain_is_sorted_alive_and_knows_its_settlements(seen: dict[str, Any]) -> None:
    look = seen["look"]
    assert look["rows"] > 100 and look["ordered"] and not look["expired"]
    assert look["settlements"] == ["Settlement.CASH_AM", "Settlement.CASH_PM"]


def test_a_contract_from_a_journal_becomes_the_symbol_the_chain_showed(seen: dict[str, Any]) -> None:
    assert seen["look"]["symbols"]


def test_a_contract_added_in_the_day_has_no_quote_before_its_first_row(seen: dict[str, Any]) -> None:
    assert seen["choose"] == {"topic": "choose", "registered": [True, True], "quoted": [False, False]}


def test_a_combo_is_reported_once_with_all_its_legs_at_bid_and_ask(seen: dict[str, Any]) -> None:
    opened = seen["open"]
    (ticket, state, fills), *rest = opened["news"]
    assert (ticket, state) == ("T1", "filled")
    assert [fill[:2] for fill in fills] == [[opened["legs"][0], -2], [opened["legs"][1], 2]]
    assert [fill[2] for fill in fills] == opened["expected"]
    assert [one[:2] for one in rest] == [["T2", "working"]]
    assert all(0 <= age < 900 for age in opened["ages"])


def test_a_quote_is_read_once_a_minute_and_anew_in_the_next(seen: dict[str, Any]) -> None:
    after = seen["next minute"]
    assert after["same"] == [True, True, True] and after["once"]
    assert after["older"][0] != seen["open"]["expected"][0]


def test_cancelling_is_confirmed_and_the_broker_can_be_asked_for_a_ticket(seen: dict[str, Any]) -> None:
    opened = seen["open"]
    assert seen["after"]["news"] == [["T2", "cancelled"]]
    assert opened["asked"] == ["filled", 2]
    assert opened["holdings"] == {opened["legs"][0]: -2, opened["legs"][1]: 2}


def test_a_cash_settled_expiry_pays_its_intrinsic_value(seen: dict[str, Any]) -> None:
    settled = seen["settled"]
    low, high = settled["strikes"]
    values = {high: max(0.0, high - settled["close"]), low: max(0.0, low - settled["close"])}
    assert len(settled["found"]) == 2
    for key, quantity, price, ending in settled["found"]:
        strike = float(key.rpartition(" ")[2])
        assert quantity == (2 if strike == high else -2)
        assert price == pytest.approx(values[strike], abs=0.01)
        assert ending == ("expired" if values[strike] < 0.01 else "assigned" if strike == high else "exercised")
