"""Chains: finding and cutting rows without looking at every contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import overload

import numpy as np

from tests.priced_world import PricedWorld
from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.market import Chain


class CountedContracts(Sequence[Contract]):
    """Contracts that count how many of them were asked for."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self._contracts = contracts
        self.asked = 0

    def __len__(self) -> int:
        return len(self._contracts)

    @overload
    def __getitem__(self, index: int) -> Contract: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Contract]: ...
    def __getitem__(self, index: int | slice) -> Contract | Sequence[Contract]:
        self.asked += 1
        return self._contracts[index]


def spy_chain() -> Chain:
    chain = PricedWorld().chain("SPY")
    assert chain is not None
    return chain


def test_every_contract_is_found_in_its_own_row() -> None:
    chain = spy_chain()
    rows = range(0, len(chain), 37)
    assert [chain.row_of(chain.contracts[row]) for row in rows] == list(rows)


def test_what_the_chain_does_not_list_has_no_row() -> None:
    chain = spy_chain()
    listed = chain.contracts[0]
    other = Right.PUT if listed.right is Right.CALL else Right.CALL
    assert chain.row_of(replace(listed, expiry=date(1999, 1, 15))) is None
    assert chain.row_of(replace(listed, series="SPYX")) is None
    assert chain.row_of(replace(listed, right=other)) != 0
    assert chain.row_of(Contract(AssetClass.EQUITY, "SPY", 1.0)) is None


def test_cutting_and_searching_ask_only_for_the_rows_they_need() -> None:
    chain = spy_chain()
    counted = CountedContracts(chain.contracts)
    lazy = replace(chain, contracts=counted)
    wanted = chain.contracts[len(chain) // 2]
    assert lazy.row_of(wanted) == len(chain) // 2
    part = lazy.rows(np.arange(len(chain)) < 5)
    assert list(part.contracts) == list(chain.contracts[:5])
    assert counted.asked <= 8
