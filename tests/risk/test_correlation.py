"""Every tradable symbol is in exactly one of the nine groups."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.correlation import BANNED, FINE_GROUPS, MEMBERS, Group, crisis_cap, fine_group_of, group_of, require_known
from risk.parameters import PhaseParameters
from strategies.roster import all_strategies
from vocabulary.errors import BadInput

GAPS_OF_THE_METHOD = ["SPX", "XSP", "VOO", "VTI", "NG", "HG", "QM", "RB", "HO", "XOP", "ZC", "ZS", "ZW", "LE", "HE", "6C", "6S", "M6E", "M6A"]


def test_nine_groups_and_no_symbol_in_two() -> None:
    counted = Counter(symbol for members in MEMBERS.values() for symbol in members)
    assert len(MEMBERS) == 9 and set(counted.values()) == {1}


def test_no_symbol_in_two_fine_groups_and_all_of_them_known() -> None:
    counted = Counter(symbol for group in FINE_GROUPS for symbol in group.members)
    assert set(counted.values()) == {1}
    assert all(group_of(symbol) is not None and fine_group_of(symbol) is not None for symbol in counted)


@pytest.mark.parametrize("symbol", GAPS_OF_THE_METHOD)
def test_the_gaps_of_the_sources_are_filled(symbol: str) -> None:
    assert group_of(symbol) is not None


def test_everything_the_strategies_trade_is_in_a_group() -> None:
    symbols = {f"{strategy.name.value}.symbols": strategy.symbols for strategy in all_strategies({}, PhaseParameters())}
    require_known(symbols)
    assert all(symbols.values())


@given(st.text(st.characters(categories=["Lu", "Nd"]), min_size=1, max_size=6))
def test_an_unknown_symbol_has_no_group_and_is_refused_in_a_configuration(symbol: str) -> None:
    if group_of(symbol) is None:
        with pytest.raises(BadInput, match=r"lt112\.symbols"):
            require_known({"lt112.symbols": (symbol,)})
    else:
        assert sum(symbol in members for members in MEMBERS.values()) == 1


def test_the_never_trade_list_is_refused() -> None:
    assert "NG" in BANNED
    with pytest.raises(BadInput, match="never-trade"):
        require_known({"strangle.futures": ("NG",)})


def test_only_metals_and_bonds_keep_two_in_a_crisis() -> None:
    assert {group for group in Group if crisis_cap(group) == 2} == {Group.METALS, Group.TREASURIES}
